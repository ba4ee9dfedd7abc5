//! A long question in parts, each short enough to have one meaning.
//!
//! The vector of a long message lies between the things that it is about, and near none of them; what the sentence model does
//! not read of it is lost besides.

use super::cut::size;
use crate::sentence;

/// A part is about this long at least, in tokens as [`size`] guesses them.
const LEAST: usize = 120;
/// Each part takes as long to embed as a question.
const MOST: usize = 4;

/// Runs of whole sentences, about equally long; none for a text that is one part itself.
pub(super) fn parts(text: &str) -> Vec<String> {
    let total = size(text);
    let count = (total / LEAST).min(MOST);
    if count < 2 {
        return Vec::new();
    }
    let mut runs: Vec<Option<(usize, usize)>> = vec![None; count];
    let mut before = 0;
    for range in sentence::sentences(text) {
        let own = size(&text[range.clone()]);
        let place = ((before + own / 2) * count / total).min(count - 1);
        before += own;
        let start = runs[place].map_or(range.start, |(start, _)| start);
        runs[place] = Some((start, range.end));
    }
    let parts: Vec<String> = runs
        .into_iter()
        .flatten()
        .map(|(start, end)| text[start..end].to_owned())
        .collect();
    if parts.len() > 1 { parts } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_usual_question_is_one_part() {
        assert!(parts("How do I reset my password? I have lost the old one.").is_empty());
        assert!(parts("").is_empty());
    }

    #[test]
    fn a_long_message_falls_into_parts_at_its_sentences() {
        let sentence = "I would like to know what became of the lamp that I sent back to you. ";
        let parts = parts(&sentence.repeat(16));
        assert!((2..=MOST).contains(&parts.len()), "{}", parts.len());
        for part in parts {
            assert!(part.starts_with("I would") && part.ends_with("to you."), "{part}");
        }
    }

    proptest! {
        #[test]
        fn parts_are_few_and_follow_each_other_in_the_text(text in "([a-z ]{1,90}[.?!\n] ){0,60}") {
            let parts = parts(&text);
            prop_assert!(parts.len() <= MOST && parts.len() != 1);
            let mut from = 0;
            for part in parts {
                let at = text[from..].find(&part);
                prop_assert!(at.is_some(), "{part:?}");
                from += at.unwrap_or_default() + part.len();
            }
        }
    }
}
