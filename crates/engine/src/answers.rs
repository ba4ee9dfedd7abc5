//! What language models wrote to questions that may be asked again, as they wrote it: kept in this process, for a while.
//!
//! An answer is found by a digest of all that it stands on, the organization and the version of its knowledge first: so none is
//! found by another organization, and none after knowledge has changed. What goes into the digest, and what is never
//! kept, [`crate::turn`] decides.

use std::sync::Arc;
use std::time::Duration;

use acs_domain::knowledge::Vector;
use acs_domain::port::embed::likeness;
use moka::sync::Cache;
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;

/// How many questions that differ in words alone are kept side by side.
const MAX_ALIKE: usize = 4;
/// What an answer takes beside its words and its vector, about.
const OVERHEAD_BYTES: usize = 250;

/// Which answers are kept.
#[derive(Debug, Clone, Copy)]
pub struct AnswerSettings {
    /// How much memory they take together, at the most; 0: none is kept.
    pub bytes: u64,
    /// For how long.
    pub keep: Duration,
    /// From which likeness on two questions are one in other words.
    pub likeness: f32,
}

/// The SHA-256 of all that an answer stands on.
pub(crate) type Grounds = [u8; 32];

/// A question, by what its answer stands on.
#[derive(Debug, Clone)]
pub(crate) struct Asking {
    /// With the very prompt.
    pub(crate) exact: Grounds,
    /// Without the question's words; and what the question means. `None` where its meaning is not known.
    pub(crate) semantic: Option<(Grounds, Meaning)>,
}

/// What a question means.
#[derive(Debug, Clone)]
pub(crate) struct Meaning {
    pub(crate) vector: Vector,
    /// The cosine of strangers to the model that gave it.
    pub(crate) strangers: f32,
}

/// A model's whole reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    /// Its words, as they came.
    pub(crate) text: String,
    /// The model, as its provider calls it.
    pub(crate) model: String,
    /// How many models of the route stand before it.
    pub(crate) level: u32,
    /// When it was written.
    pub(crate) at: OffsetDateTime,
}

/// How a kept answer was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Match {
    /// The prompt is the same, letter by letter.
    Exact,
    /// The question is the same in other words.
    Semantic,
}

impl Match {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Semantic => "semantic",
        }
    }
}

type Alike = Arc<[(Option<Vector>, Arc<Kept>)]>;

/// The answers that are kept.
pub(crate) struct AnswerCache {
    settings: AnswerSettings,
    kept: Cache<Grounds, Alike>,
}

impl AnswerCache {
    pub(crate) fn new(settings: AnswerSettings) -> Self {
        let weigh = |_: &Grounds, alike: &Alike| {
            let bytes = alike.iter().map(|(vector, kept)| {
                kept.text.len() + vector.as_ref().map_or(0, |vector| vector.len() * 4) + OVERHEAD_BYTES
            });
            u32::try_from(bytes.sum::<usize>()).unwrap_or(u32::MAX)
        };
        Self {
            settings,
            kept: Cache::builder()
                .weigher(weigh)
                .max_capacity(settings.bytes)
                .time_to_live(settings.keep)
                .build(),
        }
    }

    /// A cache that keeps nothing.
    pub(crate) fn off() -> Self {
        Self::new(AnswerSettings {
            bytes: 0,
            keep: Duration::ZERO,
            likeness: 1.0,
        })
    }

    pub(crate) fn is_on(&self) -> bool {
        self.settings.bytes > 0
    }

    /// What was answered to the same question, at `now`.
    pub(crate) fn find(&self, asking: &Asking, now: OffsetDateTime) -> Option<(Match, Arc<Kept>)> {
        let fresh = |kept: &Kept| now - kept.at <= self.settings.keep;
        let exact = self.kept.get(&asking.exact);
        if let Some((_, kept)) = exact
            .iter()
            .flat_map(|alike| alike.iter())
            .find(|(_, kept)| fresh(kept))
        {
            return Some((Match::Exact, Arc::clone(kept)));
        }
        let (grounds, meaning) = asking.semantic.as_ref()?;
        let alike = self.kept.get(grounds)?;
        let like = |vector: &Option<Vector>| {
            let cosine = vector.as_ref().map(|vector| cosine(vector, &meaning.vector));
            cosine.is_some_and(|cosine| likeness(cosine, meaning.strangers) >= self.settings.likeness)
        };
        let found = alike.iter().find(|(vector, kept)| like(vector) && fresh(kept));
        found.map(|(_, kept)| (Match::Semantic, Arc::clone(kept)))
    }

    /// Keeps what was answered to a question.
    pub(crate) fn keep(&self, asking: &Asking, kept: Kept) {
        let kept = Arc::new(kept);
        self.kept
            .insert(asking.exact, Arc::new([(None, Arc::clone(&kept))]));
        if let Some((grounds, meaning)) = &asking.semantic {
            let before = self.kept.get(grounds);
            let others = before.iter().flat_map(|alike| alike.iter().cloned());
            let newest = std::iter::once((Some(Arc::clone(&meaning.vector)), kept)).chain(others);
            self.kept.insert(*grounds, newest.take(MAX_ALIKE).collect());
        }
    }
}

/// The digest of these parts. Each has its length before it, so that no two lists of parts read alike.
pub(crate) fn grounds<'p>(parts: impl IntoIterator<Item = &'p [u8]>) -> Grounds {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}

fn cosine(a: &Vector, b: &Vector) -> f32 {
    if a.len() != b.len() {
        return 0.0;
    }
    a.iter().zip(b.iter()).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOON: OffsetDateTime = datetime!(2026-03-10 12:00 UTC);

    fn cache(bytes: u64) -> AnswerCache {
        AnswerCache::new(AnswerSettings {
            bytes,
            keep: Duration::from_secs(3_600),
            likeness: 0.97,
        })
    }

    /// A question with this prompt, and a meaning at this angle.
    fn asking(prompt: &str, grounds_of: &str, degrees: f32) -> Asking {
        let (sin, cos) = degrees.to_radians().sin_cos();
        Asking {
            exact: grounds([b"exact".as_slice(), prompt.as_bytes()]),
            semantic: Some((
                grounds([b"semantic".as_slice(), grounds_of.as_bytes()]),
                Meaning {
                    vector: Arc::new([cos, sin]),
                    strangers: 0.0,
                },
            )),
        }
    }

    fn reply(text: &str) -> Kept {
        Kept {
            text: text.to_owned(),
            model: "small-1".to_owned(),
            level: 0,
            at: NOON,
        }
    }

    fn found(cache: &AnswerCache, asking: &Asking, now: OffsetDateTime) -> Option<(Match, String)> {
        let found = cache.find(asking, now);
        found.map(|(how, kept)| (how, kept.text.clone()))
    }

    #[test]
    fn the_same_prompt_is_found_exactly_and_the_same_question_by_its_meaning() {
        let cache = cache(1 << 20);
        cache.keep(&asking("a", "x", 0.0), reply("yes"));
        let hit = |how| Some((how, "yes".to_owned()));
        assert_eq!(found(&cache, &asking("a", "x", 90.0), NOON), hit(Match::Exact));
        assert_eq!(found(&cache, &asking("b", "x", 10.0), NOON), hit(Match::Semantic));
        assert_eq!(
            found(&cache, &asking("b", "x", 20.0), NOON),
            None,
            "cos 20° is .94"
        );
        assert_eq!(
            found(&cache, &asking("b", "y", 0.0), NOON),
            None,
            "it stands on something else"
        );
    }

    #[test]
    fn of_those_in_other_words_some_are_kept_side_by_side() {
        let cache = cache(1 << 20);
        for (number, degrees) in [0.0_f32, 30.0, 60.0].into_iter().enumerate() {
            cache.keep(
                &asking(&number.to_string(), "x", degrees),
                reply(&number.to_string()),
            );
        }
        assert_eq!(
            found(&cache, &asking("other", "x", 5.0), NOON),
            Some((Match::Semantic, "0".to_owned()))
        );
        for number in 0..MAX_ALIKE {
            cache.keep(&asking(&format!("more {number}"), "x", 90.0), reply("more"));
        }
        assert_eq!(
            found(&cache, &asking("other", "x", 5.0), NOON),
            None,
            "the oldest goes"
        );
    }

    #[test]
    fn what_is_old_is_not_found() {
        let cache = cache(1 << 20);
        cache.keep(&asking("a", "x", 0.0), reply("yes"));
        let hour = Duration::from_secs(3_600);
        assert!(found(&cache, &asking("a", "x", 0.0), NOON + hour).is_some());
        let later = NOON + hour + Duration::from_secs(1);
        assert_eq!(found(&cache, &asking("a", "x", 0.0), later), None);
        assert_eq!(found(&cache, &asking("b", "x", 0.0), later), None);
    }

    #[test]
    fn no_more_is_kept_than_there_is_room_for() {
        let cache = cache(64 * 1024);
        for number in 0..200 {
            let question = asking(&format!("{number}"), &format!("{number}"), 0.0);
            cache.keep(&question, reply(&"x".repeat(1_000)));
        }
        cache.kept.run_pending_tasks();
        assert!(cache.kept.weighted_size() <= 64 * 1024);
        assert!(cache.kept.entry_count() > 10);
    }
}
