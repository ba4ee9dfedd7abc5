//! How far an organization's heads and phrases are to be trusted, told by its own phrases: some are held out, heads are
//! trained on the rest, and what these make of the others shows what a margin and nearness count here, and how often a
//! confidence is right.
//!
//! Organizations differ: where intents are many ways to say nearly the same, the nearest phrases count for more. What is found
//! starts from what was fitted for all ([`Blend::TRAINED`]) and leaves it as far as there are phrases to show so.

use std::collections::HashMap;

use acs_domain::port::understand::Phrase;

use super::blend::{Blend, Counts, Evidence};
use super::lesson::{self, Amount};
use super::nearest::IntentIndex;
use crate::learn::{BadBytes, Choice, Platt, Reader, Writer, weigh};

/// Each of so many parts is held out once; of many phrases, one part is enough.
const PARTS: usize = 5;
/// About as many of many phrases are held out.
const ENOUGH: usize = 1_500;
/// How strongly the fits hold to what they start from.
const HOLD: f64 = 0.5;

/// What was found for one organization.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Trust {
    /// With a vector.
    pub(super) with_meaning: Counts,
    /// By words alone.
    pub(super) by_words: Counts,
}

impl Trust {
    /// What the phrases show. `None` when `stop` says so.
    pub(super) fn learn(phrases: &[Phrase], stop: &dyn Fn() -> bool) -> Option<Self> {
        let amount = Amount::of(phrases.len());
        let parts = (phrases.len() / ENOUGH).max(PARTS);
        let rounds = if amount == Amount::Few { parts } else { 1 };
        let places = places(phrases);
        let (mut with_meaning, mut by_words) = (Vec::new(), Vec::new());
        for round in 0..rounds {
            // The first phrase of an intent always teaches, so that each is known.
            let is_held = |place: usize| places[place] > 0 && places[place] % parts == round;
            let taught = phrases.iter().enumerate().filter(|(place, _)| !is_held(*place));
            let taught: Vec<Phrase> = taught.map(|(_, phrase)| phrase.clone()).collect();
            if taught.len() == phrases.len() {
                continue;
            }
            // Not even which words there are is taken from what is held out: new texts have words that nobody knew.
            let heads = lesson::heads(&taught, amount, stop)?;
            let index = IntentIndex::learn(taught);
            let classes: Vec<Option<usize>> = index.names().map(|name| heads.class(name)).collect();
            let names: HashMap<&str, usize> = index.names().zip(0..).collect();
            for (place, phrase) in phrases.iter().enumerate().filter(|(place, _)| is_held(*place)) {
                if place.is_multiple_of(64) && stop() {
                    return None;
                }
                // An intent beyond the most that are trained.
                let Some(right) = names.get(phrase.intent.as_str()).copied() else {
                    continue;
                };
                if classes[right].is_none() {
                    continue;
                }
                let asked = |vector| heads.evidence(&phrase.text, vector, &index, &classes);
                if !phrase.vector.is_empty() {
                    with_meaning.push((asked(Some(&phrase.vector)), right));
                }
                by_words.push((asked(None), right));
            }
        }
        let intents = places.iter().filter(|place| **place == 0).count();
        let phrases_each = phrases.len() as f32 / intents.max(1) as f32;
        Some(Self {
            with_meaning: fit(
                &mut with_meaning,
                Blend::TRAINED.with_meaning.counts(phrases_each),
            ),
            by_words: fit(&mut by_words, Blend::TRAINED.by_words.counts(phrases_each)),
        })
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        for counts in [self.with_meaning, self.by_words] {
            writer.float(counts.margin);
            writer.float(counts.near);
            writer.float(counts.sure.slope);
            writer.float(counts.sure.bias);
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, BadBytes> {
        let mut counts = || {
            Ok(Counts {
                margin: reader.float()?,
                near: reader.float()?,
                sure: Platt {
                    slope: reader.float()?,
                    bias: reader.float()?,
                },
            })
        };
        Ok(Self {
            with_meaning: counts()?,
            by_words: counts()?,
        })
    }
}

/// The how manieth of its intent each phrase is.
fn places(phrases: &[Phrase]) -> Vec<usize> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut places = Vec::with_capacity(phrases.len());
    for phrase in phrases {
        let next = seen.entry(&phrase.intent).or_default();
        places.push(*next);
        *next += 1;
    }
    places
}

/// What margins and nearness count under which the right intents are the least surprising, and then what the confidence of
/// the first means.
fn fit(outcomes: &mut [(Evidence, usize)], start: Counts) -> Counts {
    let choice = |(evidence, right): &(Evidence, usize)| {
        let near = |place| evidence.near.get(place).copied().unwrap_or(0.0);
        let margins = evidence.margins.iter().enumerate();
        Choice {
            options: margins
                .map(|(place, margin)| [margin.unwrap_or(super::heads::UNLIKE), near(place)])
                .collect(),
            right: *right,
        }
    };
    let choices: Vec<Choice<2>> = outcomes.iter().map(choice).collect();
    let [margin, near] = weigh(&choices, [start.margin, start.near].map(f64::from), HOLD);
    let counts = Counts {
        // More of either never speaks against an intent.
        margin: margin.max(0.0) as f32,
        near: near.max(0.0) as f32,
        ..start
    };
    let judged: Vec<Choice<2>> = outcomes
        .iter_mut()
        .filter_map(|(evidence, right)| {
            evidence.counts = Some(counts);
            let (_, confidences) = Blend::TRAINED.confidences(evidence);
            let first = (0..confidences.len()).max_by(|a, b| confidences[*a].total_cmp(&confidences[*b]))?;
            Some(Choice {
                options: vec![[super::blend::log_odds(confidences[first]), 1.0], [0.0, 0.0]],
                right: usize::from(first != *right),
            })
        })
        .collect();
    let [slope, bias] = weigh(&judged, [1.0, 0.0], HOLD);
    Counts {
        sure: Platt {
            slope: slope.max(0.0) as f32,
            bias: bias as f32,
        },
        ..counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::sigmoid;

    /// Two intents that are said in the same words, and whose vectors tell them apart.
    fn same_words() -> Vec<Phrase> {
        let said = [
            "pay", "bill", "card", "order", "refund", "parcel", "code", "plan", "seat", "ticket",
        ];
        let phrase = |n: usize| Phrase {
            intent: ["first", "second"][n % 2].to_owned(),
            text: format!("about my {}", said[n / 2 % said.len()]),
            vector: [[1.0, 0.0], [0.0, 1.0]][n % 2].as_slice().into(),
        };
        (0..60).map(phrase).collect()
    }

    fn trust(phrases: &[Phrase]) -> Trust {
        Trust::learn(phrases, &|| false).unwrap()
    }

    #[test]
    fn what_tells_nothing_is_not_trusted_and_what_tells_all_is() {
        let trust = trust(&same_words());
        // Half of the guesses are right by chance.
        let by_words = trust.by_words.sure.probability(0.0);
        assert!(by_words < 0.65, "{trust:?}");
        let with_meaning = trust.with_meaning.sure.probability(2.0);
        assert!(with_meaning > sigmoid(2.0), "{trust:?}");
    }

    #[test]
    fn too_few_phrases_to_hold_any_out_leave_what_was_known_before() {
        let few = &same_words()[..2];
        let start = Blend::TRAINED.with_meaning.counts(1.0);
        assert_eq!(trust(few).with_meaning, start);
    }

    #[test]
    fn it_stops_when_told() {
        let phrases = same_words();
        assert_eq!(Trust::learn(&phrases, &|| true), None);
    }

    #[test]
    fn places_count_each_intent_by_itself() {
        assert_eq!(places(&same_words())[..6], [0, 0, 1, 1, 2, 2]);
    }
}
