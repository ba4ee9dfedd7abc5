//! International bank account numbers (ISO 13616).

use std::sync::LazyLock;

use regex::Regex;

use super::{Found, Message, stands_alone};

#[expect(clippy::expect_used, reason = "the pattern is fixed and the tests compile it")]
static NUMBER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i-u)[a-z]{2}[0-9]{2}(?:[ -]?[a-z0-9]){11,30}").expect("a fixed pattern"));

/// How many characters the numbers of each country have.
const LENGTHS: [(&str, usize); 36] = [
    ("AD", 24),
    ("AE", 23),
    ("AT", 20),
    ("BE", 16),
    ("BG", 22),
    ("CH", 21),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DK", 18),
    ("EE", 20),
    ("ES", 24),
    ("FI", 18),
    ("FR", 27),
    ("GB", 22),
    ("GR", 27),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IL", 23),
    ("IS", 26),
    ("IT", 27),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("MC", 27),
    ("MT", 31),
    ("NL", 18),
    ("NO", 15),
    ("PL", 28),
    ("PT", 25),
    ("RO", 24),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
];

/// Numbers of the right length whose check digits (mod 97, ISO 7064) are right; without blanks, in capitals.
pub(super) fn find(message: &Message<'_>) -> Vec<Found> {
    if !message.has_digits {
        return Vec::new();
    }
    let text = message.text;
    let mut found = Vec::new();
    for candidate in NUMBER.find_iter(text) {
        let country = candidate.as_str()[..2].to_ascii_uppercase();
        let Some(&(_, length)) = LENGTHS.iter().find(|(code, _)| *code == country) else {
            continue;
        };
        // The pattern may have run on into the next word.
        let signs = candidate
            .as_str()
            .char_indices()
            .filter(|(_, c)| c.is_ascii_alphanumeric());
        let Some((last, _)) = signs.clone().nth(length - 1) else {
            continue;
        };
        let number: String = signs.take(length).map(|(_, c)| c.to_ascii_uppercase()).collect();
        let range = candidate.start()..candidate.start() + last + 1;
        if stands_alone(text, &range) && remainder(&number) == 1 {
            found.push(Found {
                range,
                normalized: number,
                confidence: 0.99,
            });
        }
    }
    found
}

/// The number modulo 97, its first four signs last and letters as 10 to 35.
fn remainder(number: &str) -> u32 {
    let (head, tail) = number.split_at(4);
    tail.chars().chain(head.chars()).fold(0, |rest, c| {
        let value = c.to_digit(36).unwrap_or(0);
        (rest * if value > 9 { 100 } else { 10 } + value) % 97
    })
}

#[cfg(test)]
mod tests {
    use super::super::normalized;
    use super::*;

    fn numbers(text: &str) -> Vec<String> {
        normalized(find, text)
    }

    #[test]
    fn numbers_are_found_however_they_are_grouped() {
        assert_eq!(
            numbers(
                "de89 3704 0044 0532 0130 00 please, GB29NWBK60161331926819. FR14 2004 1010 0505 0001 3M02 606"
            ),
            [
                "DE89370400440532013000",
                "GB29NWBK60161331926819",
                "FR1420041010050500013M02606"
            ]
        );
    }

    #[test]
    fn wrong_check_digits_lengths_and_countries_are_refused() {
        assert!(
            numbers(
                "DE88370400440532013000 DE8937040044053201300 ZZ89370400440532013000 xDE89370400440532013000"
            )
            .is_empty()
        );
    }
}
