//! Numbers by value: `1,000`, `1.000` and `one thousand`, as each language writes them.

use super::unit::ONE;
use super::vocabulary::Vocabulary;

/// More digits than this are a code, not a number.
const LONGEST: usize = 15;

/// The value of a number in digits, in millionths; `None` for a code. `is_money`: three digits behind a mark are thousands
/// in any language.
pub(super) fn of_digits(text: &str, words: &Vocabulary, is_money: bool) -> Option<i128> {
    let digits: Vec<&str> = text.split(['.', ',', '\'', '’', '\u{a0}', '\u{202f}']).collect();
    let plain = digits
        .iter()
        .all(|group| !group.is_empty() && group.bytes().all(|c| c.is_ascii_digit()));
    if !plain || digits.iter().map(|group| group.len()).sum::<usize>() > LONGEST {
        return None;
    }
    let marks: Vec<char> = text.chars().filter(|c| !c.is_ascii_digit()).collect();
    let fraction = match (marks.as_slice(), digits.as_slice()) {
        ([], _) => None,
        // `1.234,5`: the last mark is another.
        ([.., before, last], [.., end]) => (before != last).then_some(*end),
        ([mark], [whole, end]) => {
            let point = if words.is_full() && words.code != "en" {
                ','
            } else {
                '.'
            };
            let thousands =
                end.len() == 3 && whole.len() <= 3 && (is_money || *mark != point) && !whole.starts_with('0');
            (!thousands).then_some(*end)
        }
        _ => return None,
    };
    let whole = &digits[..digits.len() - usize::from(fraction.is_some())];
    if whole.iter().skip(1).any(|group| group.len() != 3) {
        return None;
    }
    let whole: i128 = whole.concat().parse().ok()?;
    Some(whole * ONE + fraction.map_or(Some(0), millionths)?)
}

fn millionths(digits: &str) -> Option<i128> {
    let six: String = digits.chars().chain("000000".chars()).take(6).collect();
    six.parse().ok()
}

/// The number that the words begin with, in millionths, and how many of them it takes: `two hundred and fifty`.
pub(super) fn of_words(parts: &[&str], words: &Vocabulary) -> Option<(i128, usize)> {
    let (mut total, mut current, mut taken) = (0_i128, None::<i128>, 0);
    for (place, part) in parts.iter().enumerate() {
        let joins = matches!(*part, "and" | "und" | "et" | "y" | "e" | "en");
        if joins
            && current.is_some_and(|value| value >= 100)
            && parts
                .get(place + 1)
                .is_some_and(|next| words.number(next).is_some())
        {
            continue;
        }
        let hundreds = parts
            .get(place + 1)
            .and_then(|next| words.number(next))
            .is_some_and(|next| next >= 100);
        let of_word = |word: &str| {
            words
                .number(word)
                .or((hundreds && words.lists("one", word)).then_some(1))
        };
        let values: Option<Vec<i128>> = part.split('-').map(of_word).collect();
        let Some(values) = values.filter(|values| !values.is_empty()) else {
            break;
        };
        let value: i128 = values.iter().sum();
        match current {
            _ if value >= 1_000 => {
                total += current.unwrap_or(1) * value;
                current = None;
            }
            Some(known) if value == 100 && known < 10 => current = Some(known * 100),
            Some(known)
                if (value < 10 && known % 10 == 0 && known >= 20) || (value < 100 && known % 100 == 0) =>
            {
                current = Some(known + value);
            }
            Some(_) => break,
            None => current = Some(value),
        }
        taken = place + 1;
    }
    (taken > 0).then_some(((total + current.unwrap_or(0)) * ONE, taken))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("1,000", "en", false, Some(1_000_000_000))]
    #[case("1.000", "de", false, Some(1_000_000_000))]
    #[case("1.500", "en", false, Some(1_500_000))]
    #[case("1.000", "en", true, Some(1_000_000_000))]
    #[case("1,500", "fr", false, Some(1_500_000))]
    #[case("1.234,56", "de", false, Some(1_234_560_000))]
    #[case("1'000", "de", false, Some(1_000_000_000))]
    #[case("4,90", "en", false, Some(4_900_000))]
    #[case("0.125", "en", false, Some(125_000))]
    #[case("1234567890123456", "en", false, None)]
    #[case("4K", "en", false, None)]
    fn digits_have_a_value(
        #[case] text: &str,
        #[case] language: &str,
        #[case] is_money: bool,
        #[case] expected: Option<i128>,
    ) {
        assert_eq!(of_digits(text, Vocabulary::of(language), is_money), expected);
    }

    #[rstest]
    #[case("thirty days", "en", Some((30, 1)))]
    #[case("one thousand", "en", Some((1_000, 2)))]
    #[case("one moment", "en", None)]
    #[case("two thousand five hundred", "en", Some((2_500, 4)))]
    #[case("two hundred and fifty euros", "en", Some((250, 4)))]
    #[case("twenty-five", "en", Some((25, 1)))]
    #[case("twenty five three", "en", Some((25, 2)))]
    #[case("eintausend", "de", Some((1_000, 1)))]
    #[case("the end", "en", None)]
    fn words_have_a_value(
        #[case] text: &str,
        #[case] language: &str,
        #[case] expected: Option<(i128, usize)>,
    ) {
        let parts: Vec<&str> = text.split(' ').collect();
        let expected = expected.map(|(value, taken)| (value * ONE, taken));
        assert_eq!(of_words(&parts, Vocabulary::of(language)), expected);
    }
}
