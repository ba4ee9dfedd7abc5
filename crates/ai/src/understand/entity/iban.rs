//! International bank account numbers (ISO 13616).

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::{Found, Message, SEPARATOR, stands_alone};

#[expect(clippy::expect_used, reason = "the pattern is fixed and the tests compile it")]
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(
        "[A-Za-z]{{2}}{SEPARATOR}{{0,2}}[0-9]{SEPARATOR}?[0-9](?:{SEPARATOR}{{0,2}}[A-Za-z0-9]){{11,30}}"
    ))
    .expect("a fixed pattern")
});

/// How many characters the numbers of each country have.
const LENGTHS: [(&str, usize); 70] = [
    ("AD", 24),
    ("AE", 23),
    ("AL", 28),
    ("AT", 20),
    ("AZ", 28),
    ("BA", 20),
    ("BE", 16),
    ("BG", 22),
    ("BH", 22),
    ("BR", 29),
    ("BY", 28),
    ("CH", 21),
    ("CR", 22),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DK", 18),
    ("DO", 28),
    ("EE", 20),
    ("EG", 29),
    ("ES", 24),
    ("FI", 18),
    ("FO", 18),
    ("FR", 27),
    ("GB", 22),
    ("GE", 22),
    ("GI", 23),
    ("GL", 18),
    ("GR", 27),
    ("GT", 28),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IL", 23),
    ("IQ", 23),
    ("IS", 26),
    ("IT", 27),
    ("JO", 30),
    ("KW", 30),
    ("KZ", 20),
    ("LB", 28),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("MC", 27),
    ("MD", 24),
    ("ME", 22),
    ("MK", 19),
    ("MT", 31),
    ("MU", 30),
    ("NL", 18),
    ("NO", 15),
    ("PK", 24),
    ("PL", 28),
    ("PS", 29),
    ("PT", 25),
    ("QA", 29),
    ("RO", 24),
    ("RS", 22),
    ("SA", 24),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
    ("SM", 27),
    ("TN", 24),
    ("TR", 26),
    ("UA", 29),
    ("VA", 22),
    ("XK", 20),
];

/// Numbers of the right length whose check digits (mod 97, ISO 7064) are right; without blanks, in capitals.
pub(super) fn find(message: &Message<'_>) -> Vec<Found> {
    let folded = message.folded();
    let text = &*folded.text;
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(candidate) = NUMBER.find_at(text, from) {
        // A word before the number may look like the beginning of one.
        from = candidate.start() + 1;
        if let Some((range, number)) = number(text, candidate) {
            from = range.end;
            found.push(Found {
                range: folded.written(&range),
                normalized: number,
                confidence: 0.99,
            });
        }
    }
    found
}

/// The number that a candidate begins with, and its bytes: the pattern may have run on into the next word.
fn number(text: &str, candidate: regex::Match<'_>) -> Option<(Range<usize>, String)> {
    let country = candidate.as_str().get(..2)?.to_ascii_uppercase();
    let (_, length) = LENGTHS.iter().find(|(code, _)| *code == country)?;
    let signs = candidate
        .as_str()
        .char_indices()
        .filter(|(_, c)| c.is_ascii_alphanumeric());
    let (last, _) = signs.clone().nth(length - 1)?;
    let number: String = signs.take(*length).map(|(_, c)| c.to_ascii_uppercase()).collect();
    let range = candidate.start()..candidate.start() + last + 1;
    (stands_alone(text, &range) && remainder(&number) == 1).then_some((range, number))
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
    fn marks_and_digits_of_any_kind_do_not_hide_a_number() {
        for text in [
            "DE89\u{a0}3704\u{a0}0044\u{a0}0532\u{a0}0130\u{a0}00",
            "DE89.3704.0044.0532.0130.00",
            "IBAN no 12 DE 89  3704  0044  0532  0130  00",
            "DE89\u{200b}370400440532013000",
            "DE89_3704–0044_0532_0130_00",
            "ＤＥ８９３７０４００４４０５３２０１３０００",
            "DE٨٩ ٣٧٠٤ ٠٠٤٤ ٠٥٣٢ ٠١٣٠ ٠٠",
        ] {
            assert_eq!(numbers(text), ["DE89370400440532013000"], "{text}");
        }
        assert_eq!(
            numbers("TR33 0006 1005 1978 6457 8413 26"),
            ["TR330006100519786457841326"]
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
