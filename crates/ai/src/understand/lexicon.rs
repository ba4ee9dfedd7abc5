//! The words of `lexicon.txt` that carry feeling, found at the beginning of a run of words.

use std::collections::HashMap;
use std::sync::LazyLock;

use acs_domain::analysis::EmotionLabel;

/// What a word says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Feeling {
    /// From -1 (bad) to 1 (good).
    pub valence: f32,
    /// The emotion it shows, if one in particular.
    pub emotion: Option<EmotionLabel>,
}

/// The entry that begins a run of words, and how many of them it takes.
pub(super) fn look_up(words: &[&str]) -> Option<(Feeling, usize)> {
    let first = words.first()?;
    if let Some(phrases) = LEXICON.phrases.get(first) {
        for (rest, feeling) in phrases {
            if words[1..].starts_with(rest) {
                return Some((*feeling, rest.len() + 1));
            }
        }
    }
    if let Some(feeling) = LEXICON.words.get(first) {
        return Some((*feeling, 1));
    }
    let ends = first
        .char_indices()
        .map(|(at, _)| at)
        .filter(|at| *at >= SHORTEST_STEM)
        .chain([first.len()]);
    let stem = ends.rev().find_map(|end| LEXICON.stems.get(&first[..end]));
    stem.map(|feeling| (*feeling, 1))
}

/// The shortest stem in the list, in bytes.
const SHORTEST_STEM: usize = 3;

struct Lexicon {
    words: HashMap<&'static str, Feeling>,
    stems: HashMap<&'static str, Feeling>,
    /// By their first word: the other words, longest first.
    phrases: HashMap<&'static str, Vec<(Vec<&'static str>, Feeling)>>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut lexicon = Lexicon {
        words: HashMap::new(),
        stems: HashMap::new(),
        phrases: HashMap::new(),
    };
    for (feeling, entry) in entries() {
        let mut parts = entry.split(' ');
        let first = parts.next().unwrap_or_default();
        let rest: Vec<&str> = parts.collect();
        if !rest.is_empty() {
            lexicon.phrases.entry(first).or_default().push((rest, feeling));
        } else if let Some(stem) = first.strip_suffix('*') {
            lexicon.stems.insert(stem, feeling);
        } else {
            lexicon.words.insert(first, feeling);
        }
    }
    for phrases in lexicon.phrases.values_mut() {
        phrases.sort_by_key(|(rest, _)| std::cmp::Reverse(rest.len()));
    }
    lexicon
});

/// Every entry of the file, with its feeling. What is not in the file's form is a group or an entry less, which a test
/// tells.
fn entries() -> impl Iterator<Item = (Feeling, &'static str)> {
    let mut group = None;
    let lines = include_str!("lexicon.txt").lines();
    lines
        .filter(|line| !line.starts_with("# "))
        .filter_map(move |line| {
            let head = line.strip_prefix('[').and_then(|line| line.strip_suffix(']'));
            if let Some(head) = head {
                group = feeling(head);
                return None;
            }
            group.map(|feeling| line.split(',').map(move |entry| (feeling, entry.trim())))
        })
        .flatten()
        .filter(|(_, entry)| !entry.is_empty())
}

/// The feeling in a group's head, such as `joy 0.65`.
fn feeling(head: &str) -> Option<Feeling> {
    let (emotion, valence) = head.split_once(' ')?;
    let emotion = match emotion {
        "none" => None,
        other => Some(other.parse().ok()?),
    };
    let valence = valence.parse().ok()?;
    Some(Feeling { valence, emotion })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_pass_words_and_words_pass_stems() {
        assert_eq!(
            look_up(&["fed", "up", "now"]).map(|(feeling, taken)| (feeling.emotion, taken)),
            Some((Some(EmotionLabel::Frustration), 2))
        );
        assert_eq!(
            look_up(&["thanks", "for", "nothing"]).map(|(feeling, _)| feeling.emotion),
            Some(Some(EmotionLabel::Anger))
        );
        assert_eq!(
            look_up(&["disappointingly"]).map(|(feeling, _)| feeling.emotion),
            Some(Some(EmotionLabel::Disappointment))
        );
        assert_eq!(look_up(&["table"]), None);
        assert_eq!(look_up(&[]), None);
    }

    #[test]
    fn every_group_names_a_feeling() {
        let heads = include_str!("lexicon.txt")
            .lines()
            .filter_map(|line| line.strip_prefix('['));
        let mut count = 0;
        for head in heads {
            let feeling = head.strip_suffix(']').and_then(feeling);
            assert!(
                feeling.is_some_and(|feeling| feeling.valence.abs() <= 1.0),
                "{head}"
            );
            count += 1;
        }
        assert!(count > 10);
    }

    #[test]
    fn every_entry_is_in_the_form_that_texts_are_brought_to() {
        for (_, entry) in entries() {
            assert_eq!(entry, entry.to_lowercase());
            assert!(!entry.contains(['’', '“']) && !entry.contains("  "));
            let stem = entry.strip_suffix('*');
            assert!(
                stem.is_none_or(|stem| stem.len() >= SHORTEST_STEM && !stem.contains([' ', '*'])),
                "{entry}"
            );
        }
    }

    #[test]
    fn no_entry_stands_twice() {
        let mut all: Vec<&str> = entries().map(|(_, entry)| entry).collect();
        all.sort_unstable();
        for pair in all.windows(2) {
            assert_ne!(pair[0], pair[1]);
        }
    }
}
