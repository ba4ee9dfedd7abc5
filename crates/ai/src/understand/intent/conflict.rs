//! Phrases that teach nothing new, or teach two things at once.

use std::collections::HashMap;

use acs_domain::port::understand::Conflict;
use unicode_normalization::UnicodeNormalization;

/// Names each phrase that says the same as an earlier one, in their order. Phrases are `(intent, text)`; case, punctuation
/// and spaces make no difference.
#[must_use]
pub fn conflicts<'p>(phrases: impl IntoIterator<Item = (&'p str, &'p str)>) -> Vec<Conflict> {
    // For each wording the intents that it teaches, and where each does so first.
    let mut known: HashMap<String, Vec<(&str, usize)>> = HashMap::new();
    let mut found = Vec::new();
    for (place, (intent, text)) in phrases.into_iter().enumerate() {
        let taught = known.entry(wording(text)).or_default();
        let same = taught.iter().find(|(known, _)| *known == intent);
        let other = taught.iter().find(|(known, _)| *known != intent);
        let conflict = |first: usize, contradicts| Conflict {
            place,
            first,
            contradicts,
        };
        match (same, other) {
            (Some((_, first)), _) => found.push(conflict(*first, false)),
            (None, Some((_, first))) => {
                found.push(conflict(*first, true));
                taught.push((intent, place));
            }
            (None, None) => taught.push((intent, place)),
        }
    }
    found
}

/// The words alone; the text as it stands if it has none.
fn wording(text: &str) -> String {
    let plain: String = text.nfkc().flat_map(char::to_lowercase).collect();
    let mut wording = String::with_capacity(plain.len());
    for word in plain
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        if !wording.is_empty() {
            wording.push(' ');
        }
        wording.push_str(word);
    }
    if wording.is_empty() { plain } else { wording }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conflict(place: usize, first: usize, contradicts: bool) -> Conflict {
        Conflict {
            place,
            first,
            contradicts,
        }
    }

    #[test]
    fn what_is_said_twice_is_named_with_the_first_that_says_it() {
        let phrases = [
            ("track", "Where is my order?"),
            ("track", "where is my parcel"),
            ("track", "where  is my ORDER"),
            ("cancel", "where is my order!"),
            ("cancel", "where is my order"),
        ];
        assert_eq!(
            conflicts(phrases),
            [conflict(2, 0, false), conflict(3, 0, true), conflict(4, 3, false)]
        );
    }

    #[test]
    fn different_words_do_not_conflict() {
        assert!(conflicts([("a", "stop it"), ("b", "stop this"), ("a", "👍"), ("b", "👎")]).is_empty());
    }

    #[test]
    fn no_phrases_have_no_conflicts() {
        assert!(conflicts([]).is_empty());
    }
}
