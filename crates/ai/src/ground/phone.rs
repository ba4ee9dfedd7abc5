//! Phone numbers: seven digits or more, in groups or behind a plus, or said digit by digit.

use super::address::TAKEN;
use super::vocabulary::Vocabulary;

const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// Takes phone numbers out of a text, and gives their digits.
pub(super) fn take(text: &str, words: &Vocabulary) -> (String, Vec<String>) {
    let mut rest = String::with_capacity(text.len());
    let mut phones = Vec::new();
    let mut run = String::new();
    let part = |c: char| c.is_ascii_digit() || " ()-–./+\u{a0}\u{202f}\u{2011}".contains(c);
    let mut flush = |run: &mut String, rest: &mut String| {
        let digits: String = run.chars().filter(char::is_ascii_digit).collect();
        let number = run.trim_matches(|c: char| !c.is_ascii_digit() && c != '+');
        let grouped = number.chars().any(|c| !c.is_ascii_digit());
        if DIGITS.contains(&digits.len()) && grouped && !is_day(number) && !is_amount(number) {
            phones.push(digits);
            rest.push_str(&format!(" {TAKEN} "));
        } else {
            rest.push_str(run);
        }
        run.clear();
    };
    for c in text.chars() {
        if part(c) {
            run.push(c);
        } else {
            flush(&mut run, &mut rest);
            rest.push(c);
        }
    }
    flush(&mut run, &mut rest);
    phones.extend(spoken(text, words));
    phones.extend(lettered(text));
    (rest, phones)
}

/// `2026-03-12` and `12.03.2026` are no phone numbers.
fn is_day(text: &str) -> bool {
    let groups: Vec<usize> = text.split(['-', '.', '/']).map(str::len).collect();
    matches!(groups.as_slice(), [4, 2, 2] | [2 | 1, 2 | 1, 4])
}

/// Neither are `1.000.000` and `1 000 000`.
fn is_amount(text: &str) -> bool {
    let mut groups = text.split(['.', ' ', '\u{a0}', '\u{202f}']);
    let first = groups.next().unwrap_or_default();
    (1..=3).contains(&first.len())
        && first.chars().all(|c| c.is_ascii_digit())
        && groups.all(|group| group.len() == 3 && group.chars().all(|c| c.is_ascii_digit()))
}

/// `zero eight hundred …`: seven number words in a row that are one digit each.
fn spoken(text: &str, words: &Vocabulary) -> Option<String> {
    let mut best = String::new();
    let mut run = String::new();
    let parts = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    for word in parts {
        let word = word.to_lowercase();
        let digit = match word.as_str() {
            "zero" | "oh" | "null" | "cero" | "nul" => Some(0),
            "one" | "eins" | "un" | "uno" | "een" | "um" => Some(1),
            digit if digit.len() == 1 => digit.parse().ok(),
            word => words.number(word).filter(|digit| *digit < 10),
        };
        match digit {
            Some(digit) => run.push_str(&digit.to_string()),
            None => run.clear(),
        }
        if run.len() > best.len() {
            best.clone_from(&run);
        }
    }
    (best.len() >= *DIGITS.start()).then_some(best)
}

/// `1-800-FLOWERS`.
fn lettered(text: &str) -> Option<String> {
    let vanity = |word: &&str| {
        let mut groups = word.split('-');
        let digits = |group: Option<&str>| {
            group.is_some_and(|group| !group.is_empty() && group.bytes().all(|c| c.is_ascii_digit()))
        };
        let (first, second) = (groups.next(), groups.next());
        digits(first)
            && second.is_some()
            && std::iter::once(second.unwrap_or_default())
                .chain(groups)
                .any(|group| group.len() >= 4 && group.chars().all(|c| c.is_ascii_uppercase()))
    };
    text.split_whitespace().find(vanity).map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Call +49 30 123 45 67 now", &["49301234567"])]
    #[case("Call 020.555.0199", &["0205550199"])]
    #[case("Call (020) 555-0199.", &["0205550199"])]
    #[case("Call +31205550199", &["31205550199"])]
    #[case("dial zero two zero five five five zero one", &["02055501"])]
    #[case("dial 1-800-FLOWERS", &["1-800-flowers"])]
    #[case("from 2026-03-12 on, 1.000.000 times, 08:00 to 20:00, 3 to 5 days", &[])]
    fn numbers_to_call_are_found(#[case] text: &str, #[case] expected: &[&str]) {
        assert_eq!(take(text, Vocabulary::of("en")).1, expected);
    }
}
