//! Parts of a message that may each want something: "cancel my order and tell me when the refund arrives".
//!
//! A message is parted at the ends of sentences, at semicolons, and where a conjunction stands between runs of at least
//! three words. Too many parts do no harm: a part that says nothing of its own is not counted.

use crate::sentence::sentences;

/// As many parts are looked at.
const MOST: usize = 8;
/// So many words at least are left on either side of a conjunction.
const FEWEST_WORDS: usize = 3;
/// Words that may join two wishes, in the languages whose wishes we know to join.
const CONJUNCTIONS: [&str; 18] = [
    "and",
    "also",
    "but",
    "then",
    "plus",
    "und",
    "aber",
    "außerdem",
    "dann",
    "y",
    "además",
    "pero",
    "et",
    "mais",
    "puis",
    "e",
    "ma",
    "inoltre",
];

/// The parts of a text, in their order; the whole text if nothing parts it.
#[must_use]
pub fn clauses(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    for sentence in sentences(text) {
        for piece in text[sentence].split(';') {
            part(piece, &mut parts);
            if parts.len() >= MOST {
                parts.truncate(MOST);
                return parts;
            }
        }
    }
    parts
}

/// Parts a piece at its conjunctions.
fn part<'t>(piece: &'t str, parts: &mut Vec<&'t str>) {
    let words: Vec<(usize, &str)> = piece
        .split_whitespace()
        // Within the piece, as all its words are.
        .map(|word| (word.as_ptr() as usize - piece.as_ptr() as usize, word))
        .collect();
    let (mut first, mut start) = (0, 0);
    for (place, (at, word)) in words.iter().enumerate() {
        let joins = CONJUNCTIONS.iter().any(|known| known.eq_ignore_ascii_case(word));
        if joins && place >= first + FEWEST_WORDS && words.len() > place + FEWEST_WORDS {
            push(&piece[start..*at], parts);
            (first, start) = (place + 1, at + word.len());
        }
    }
    push(&piece[start..], parts);
}

fn push<'t>(part: &'t str, parts: &mut Vec<&'t str>) {
    let part = part.trim_matches(|c: char| c.is_whitespace() || c == ',');
    if part.chars().any(char::is_alphanumeric) {
        parts.push(part);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("cancel my order and tell me when the refund arrives", &["cancel my order", "tell me when the refund arrives"])]
    #[case("Where is my parcel? I want my money back!", &["Where is my parcel?", "I want my money back!"])]
    #[case("change my address; then send me the invoice", &["change my address", "then send me the invoice"])]
    #[case("Ich will kündigen, bitte schnell, und was kostet mich das", &["Ich will kündigen, bitte schnell", "was kostet mich das"])]
    fn wishes_are_parted(#[case] text: &str, #[case] parts: &[&str]) {
        assert_eq!(clauses(text), parts);
    }

    #[rstest]
    #[case("do you sell salt and pepper mills")]
    #[case("where is my order")]
    #[case("terms and conditions")]
    fn one_wish_is_left_whole(#[case] text: &str) {
        assert_eq!(clauses(text), [text]);
    }

    #[test]
    fn nothing_has_no_parts() {
        assert!(clauses("").is_empty() && clauses(" ?! ").is_empty());
    }

    proptest! {
        #[test]
        fn any_text_has_few_parts_in_their_order(text in "(\\PC{0,12}( and |; |\\. | )?){0,40}") {
            let parts = clauses(&text);
            prop_assert!(parts.len() <= MOST);
            let places: Vec<usize> = parts.iter().map(|part| part.as_ptr() as usize).collect();
            prop_assert!(places.is_sorted_by(|a, b| a < b));
        }
    }
}
