//! Numbers of payment cards.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::{Found, Message, SEPARATOR};

#[expect(clippy::expect_used, reason = "the pattern is fixed and the tests compile it")]
static DIGITS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!("[0-9](?:{SEPARATOR}{{0,2}}[0-9]){{11,}}")).expect("a fixed pattern")
});

/// How the digits of cards are grouped in print.
const GROUPINGS: [&[usize]; 5] = [
    &[4, 4, 4, 4],
    &[4, 6, 5],
    &[4, 6, 4],
    &[4, 4, 4, 4, 3],
    &[4, 4, 4, 4, 2],
];

/// Words before twelve digits that say they are a card's.
const TELLING: [&str; 6] = ["card", "cc", "credit", "debit", "maestro", "karte"];
/// How many words before a number are looked at.
const REACH: usize = 5;

/// Numbers of 12 to 19 digits that begin as cards do and whose check digit (ISO/IEC 7812, Luhn) is right; digits alone.
pub(super) fn find(message: &Message<'_>) -> Vec<Found> {
    let folded = message.folded();
    let text = &*folded.text;
    let mut found = Vec::new();
    for run in DIGITS.find_iter(text) {
        let mut groups = groups(run.as_str(), run.start());
        // What goes on in letters is no part of a card.
        if text[..run.start()].ends_with(char::is_alphanumeric) {
            groups.remove(0);
        }
        if text[run.end()..].starts_with(char::is_alphanumeric) {
            groups.pop();
        }
        let (Some(first), Some(last)) = (groups.first(), groups.last()) else {
            continue;
        };
        let range = first.start..last.end;
        // Blanks and hyphens may stand anywhere; other marks stand between the groups of a card, or it is none.
        let written = &text[range.clone()];
        let plain = written
            .bytes()
            .all(|c| c.is_ascii_digit() || matches!(c, b' ' | b'-'))
            && !written.contains("  ");
        let whole = (plain || is_grouped(&groups))
            .then(|| card(message, range))
            .flatten();
        match whole {
            Some(card) => found.push(card),
            None => found.extend(within(message, &groups)),
        }
    }
    found
}

/// Whether digits are grouped as in print, or each stands for itself.
fn is_grouped(groups: &[Range<usize>]) -> bool {
    let lengths = || groups.iter().map(Range::len);
    groups.len() == 1
        || lengths().all(|length| length == 1)
        || GROUPINGS.iter().any(|sizes| lengths().eq(sizes.iter().copied()))
}

/// Cards in a longer run of groups: another number may stand right before or behind.
fn within(message: &Message<'_>, groups: &[Range<usize>]) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < groups.len() {
        let fits = |sizes: &&[usize]| {
            let lengths = groups[at..].iter().map(Range::len);
            groups.len() - at >= sizes.len() && lengths.zip(*sizes).all(|(length, size)| length == *size)
        };
        let whole = (groups[at].len() >= 12).then_some(1);
        let taken = whole.into_iter().chain(
            GROUPINGS
                .iter()
                .copied()
                .filter(|sizes| fits(sizes))
                .map(<[usize]>::len),
        );
        let card = taken
            .filter_map(|taken| {
                Some((
                    card(message, groups[at].start..groups[at + taken - 1].end)?,
                    taken,
                ))
            })
            .next();
        match card {
            Some((card, taken)) => {
                found.push(card);
                at += taken;
            }
            None => at += 1,
        }
    }
    found
}

/// The byte ranges of the groups of a run that begins at `start`.
fn groups(run: &str, start: usize) -> Vec<Range<usize>> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    for (at, _) in run.bytes().enumerate().filter(|(_, c)| c.is_ascii_digit()) {
        let at = start + at;
        match groups.last_mut().filter(|group| group.end == at) {
            Some(group) => group.end += 1,
            None => groups.push(at..at + 1),
        }
    }
    groups
}

/// The card that bytes of the folded text are.
fn card(message: &Message<'_>, range: Range<usize>) -> Option<Found> {
    let folded = message.folded();
    let digits: String = folded.text[range.clone()]
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    let range = folded.written(&range);
    let varied = digits.bytes().any(|digit| !digits.starts_with(char::from(digit)));
    let card = match digits.len() {
        13..=19 if digits.starts_with(['2', '3', '4', '5', '6']) => true,
        15 => digits.starts_with("1800"),
        12 => {
            let maestro = ["50", "56", "57", "58", "6"];
            maestro.iter().any(|start| digits.starts_with(start))
                && message.told_before(range.start, REACH, &TELLING)
        }
        _ => false,
    };
    (card && varied && luhn(&digits)).then_some(Found {
        range,
        normalized: digits,
        confidence: 0.97,
    })
}

/// Whether the digits' check sum is right: every second one from the right is doubled.
fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0');
            match (place % 2, digit) {
                (0, digit) => digit,
                (_, digit) if digit > 4 => digit * 2 - 9,
                (_, digit) => digit * 2,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::normalized;
    use super::*;

    fn cards(text: &str) -> Vec<String> {
        normalized(find, text)
    }

    #[test]
    fn cards_are_found_however_they_are_grouped() {
        assert_eq!(
            cards("4111111111111111, 5500-0000-0000-0004 or 3400 000000 00009?"),
            ["4111111111111111", "5500000000000004", "340000000000009"]
        );
    }

    #[test]
    fn marks_and_digits_of_any_kind_do_not_hide_a_card() {
        for text in [
            "4111\u{a0}1111\u{a0}1111\u{a0}1111",
            "4111  1111  1111  1111",
            "4111.1111.1111.1111",
            "4111–1111–1111–1111",
            "4111_1111_1111_1111",
            "4111\u{200b}1111\u{200b}1111\u{200b}1111",
            "４１１１　１１１１　１１１１　１１１１",
            "٤١١١ ١١١١ ١١١١ ١١١١",
            "४१११-११११-११११-११११",
            "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
            "é: 4111\u{2009}1111\u{202f}1111\u{2011}1111",
        ] {
            let found = find(&Message::new(text, super::super::Context::default()));
            assert_eq!(cards(text), ["4111111111111111"], "{text}");
            let value = &text[found[0].range.clone()];
            assert!(
                value.starts_with(['4', '４', '٤', '४']) && value.ends_with(['1', '１', '١', '१']),
                "{value}"
            );
        }
    }

    #[test]
    fn numbers_with_marks_that_are_grouped_otherwise_are_no_cards() {
        for text in [
            "30.569.309.025.904",
            "2026.11.22 10.30.45",
            "3056.93.0902.5904",
            "305_69309_025_904",
        ] {
            assert!(cards(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn numbers_right_beside_a_card_do_not_hide_it() {
        assert_eq!(cards("order 2 4111 1111 1111 1111 123"), ["4111111111111111"]);
        assert_eq!(
            cards("99 5500000000000004 4111-1111-1111-1111"),
            ["5500000000000004", "4111111111111111"]
        );
    }

    #[test]
    fn old_and_short_forms_are_cards_too() {
        assert_eq!(
            cards("180016070420458, my card 675984103431"),
            ["180016070420458", "675984103431"]
        );
        assert!(cards("the number 675984103431").is_empty());
    }

    #[test]
    fn other_long_numbers_are_no_cards() {
        assert!(
            cards("4111111111111112 4444444444444449 12345 order41111111111111111 1234567812345670")
                .is_empty()
        );
    }

    proptest! {
        #[test]
        fn one_wrong_digit_makes_it_no_card(place in 1_usize..16, by in 1_u8..10) {
            let mut digits = b"4111111111111111".to_vec();
            digits[place] = b'0' + (digits[place] - b'0' + by) % 10;
            prop_assert!(!luhn(std::str::from_utf8(&digits).unwrap()));
        }
    }
}
