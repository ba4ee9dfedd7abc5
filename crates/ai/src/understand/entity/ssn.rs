//! Social security numbers of the United States.

use std::sync::LazyLock;

use regex::Regex;

use super::{Found, Message};

#[expect(clippy::expect_used, reason = "the pattern is fixed and the tests compile it")]
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u)([0-9]{3})([- ]?)([0-9]{2})([- ]?)([0-9]{4})").expect("a fixed pattern")
});

/// What says that nine bare digits are such a number.
const TELLING: [&str; 4] = ["ssn", "ssns", "social", "itin"];
/// How many words before the number are looked at.
const REACH: usize = 6;

/// `123-45-6789`, or nine digits behind a word that tells; only numbers that can have been given out (SSA, POMS RM
/// 10201.035: no part is all zeros, the area is neither 666 nor above 899).
pub(super) fn find(message: &Message<'_>) -> Vec<Found> {
    if !message.has_digits {
        return Vec::new();
    }
    let mut found = Vec::new();
    for captures in NUMBER.captures_iter(message.text) {
        let (_, [area, first, group, second, serial]) = captures.extract();
        let Some(range) = captures.get(0).map(|whole| whole.range()) else {
            continue;
        };
        let possible = !matches!(area, "000" | "666") && area < "900" && group != "00" && serial != "0000";
        if !possible || first != second || !message.stands_alone(&range) || is_continued(message.text, &range)
        {
            continue;
        }
        let told = message.told_before(range.start, REACH, &TELLING);
        let confidence = match (first, told) {
            (_, true) => 0.98,
            ("-", false) => 0.9,
            _ => continue,
        };
        found.push(Found {
            range,
            normalized: format!("{area}-{group}-{serial}"),
            confidence,
        });
    }
    found
}

/// Whether a longer number goes on behind a hyphen or point: `123-45-6789-01`.
fn is_continued(text: &str, range: &std::ops::Range<usize>) -> bool {
    let joined = |c: char| matches!(c, '-' | '.' | '/');
    let mut behind = text[range.end..].chars();
    let mut before = text[..range.start].chars().rev();
    (behind.next().is_some_and(joined) && behind.next().is_some_and(|c| c.is_ascii_digit()))
        || (before.next().is_some_and(joined) && before.next().is_some_and(|c| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::super::normalized;
    use super::*;

    fn numbers(text: &str) -> Vec<String> {
        normalized(find, text)
    }

    #[test]
    fn the_form_or_a_word_before_it_tells() {
        assert_eq!(
            numbers("It's 078-05-1120. My SSN is 078051121, and my social security number 078 05 1122"),
            ["078-05-1120", "078-05-1121", "078-05-1122"]
        );
    }

    #[test]
    fn numbers_that_were_never_given_out_are_refused() {
        assert!(numbers("000-12-3456 666-12-3456 900-12-3456 123-00-4567 123-45-0000").is_empty());
    }

    #[test]
    fn bare_digits_and_parts_of_longer_numbers_are_refused() {
        assert!(numbers("078051120, 078 05 1120, 078-05-1120-1, 1-078-05-1120, 12-078-05-11203").is_empty());
    }
}
