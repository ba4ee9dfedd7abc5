//! Parts of a message that may each want something: "cancel my order and tell me when the refund arrives".
//!
//! A message is parted at the ends of sentences, at semicolons, and where a conjunction or a comma stands between runs of at
//! least two words. Too many parts do no harm: a part that says nothing of its own is not counted.

use crate::sentence::sentences;

/// As many parts are looked at.
const MOST: usize = 8;
/// So many words at least are left on either side of a conjunction or a comma.
const FEWEST_WORDS: usize = 2;
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
    let joins = |word: &str| CONJUNCTIONS.iter().any(|known| known.eq_ignore_ascii_case(word));
    let (mut first, mut start) = (0, 0);
    for (place, (at, word)) in words.iter().enumerate() {
        let rest = words.len() - place - 1;
        let is_next = word.ends_with(',') && rest >= FEWEST_WORDS && place + 1 >= first + FEWEST_WORDS;
        // Two words behind a conjunction are rather a name: "salt and pepper mills".
        let is_joined = joins(word) && rest > FEWEST_WORDS && place >= first + FEWEST_WORDS;
        if is_next {
            push(&piece[start..at + word.len()], parts);
            (first, start) = (place + 1, at + word.len());
        } else if is_joined {
            push(&piece[start..*at], parts);
        }
        // It says nothing of its own at the beginning of a part either.
        if is_joined || (place > 0 && place == first && joins(word)) {
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
    #[case("Ich will kündigen, bitte schnell, und was kostet mich das", &["Ich will kündigen", "bitte schnell", "was kostet mich das"])]
    #[case("please cancel the order, track my package and reset my password", &["please cancel the order", "track my package", "reset my password"])]
    #[case("cancel it, and has my money been returned?", &["cancel it", "has my money been returned?"])]
    fn wishes_are_parted(#[case] text: &str, #[case] parts: &[&str]) {
        assert_eq!(clauses(text), parts);
    }

    #[rstest]
    #[case("do you sell salt and pepper mills")]
    #[case("where is my order")]
    #[case("terms and conditions")]
    #[case("Hello, where is my order")]
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
