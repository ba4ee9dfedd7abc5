//! Numbers in English words: `twenty-five`, `two hundred`, `one and a half million`.

use super::Message;

/// Words that count for themselves.
const ONES: [(&str, u64); 30] = [
    ("zero", 0),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("eighteen", 18),
    ("nineteen", 19),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fourty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
    ("dozen", 12),
];

/// Words that count what stands before them.
const TIMES: [(&str, u64); 4] = [
    ("hundred", 100),
    ("thousand", 1_000),
    ("million", 1_000_000),
    ("billion", 1_000_000_000),
];

/// A number in words has no more of them.
const MOST_WORDS: usize = 8;

/// The number that ends with a token, and the token that it begins with.
pub(super) fn ending_with(message: &Message<'_>, last: usize) -> Option<(usize, u64)> {
    let mut first = last + 1;
    while first > 0 && last + 1 - first < MOST_WORDS && (first > last || is_joined(message, first - 1)) {
        let word = message.word(first - 1);
        let article = first <= last && matches!(word, "a" | "and");
        if !article && of(&ONES, word).is_none() && of(&TIMES, word).is_none() {
            break;
        }
        first -= 1;
        if word == "a" {
            break;
        }
    }
    while first <= last && message.word(first) == "and" {
        first += 1;
    }
    let number = (first <= last).then(|| value(message, first, last)).flatten()?;
    Some((first, number))
}

fn value(message: &Message<'_>, first: usize, last: usize) -> Option<u64> {
    let (mut whole, mut part) = (0_u64, 0_u64);
    for index in first..=last {
        let word = message.word(index);
        if word == "and" {
            continue;
        }
        if word == "a" {
            part = 1;
        } else if let Some(one) = of(&ONES, word) {
            // `twenty five` is one number, `five six` are two.
            let follows = part == 0
                || part.is_multiple_of(100)
                || (part % 100 >= 20 && part.is_multiple_of(10) && one < 10);
            part = follows.then_some(part + one)?;
        } else if let Some(times) = of(&TIMES, word) {
            if times == 100 {
                part = part.max(1) * 100;
            } else {
                whole += part.max(1) * times;
                part = 0;
            }
        }
    }
    Some(whole + part)
}

/// Whether nothing but a blank or a hyphen stands between a token and the next.
fn is_joined(message: &Message<'_>, index: usize) -> bool {
    matches!(message.gap(index), " " | "-")
}

fn of(table: &[(&str, u64)], word: &str) -> Option<u64> {
    table
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use super::super::Context;
    use super::*;

    fn number(text: &str) -> Option<(usize, u64)> {
        let message = Message::new(text, Context::default());
        ending_with(&message, message.tokens.len() - 1)
    }

    #[test]
    fn words_are_summed_as_they_are_said() {
        for (text, expected) in [
            ("twenty", (0, 20)),
            ("pay twenty-five", (1, 25)),
            ("two hundred and fifty", (0, 250)),
            ("a hundred", (0, 100)),
            ("one million two hundred thousand", (0, 1_200_000)),
            ("cats and thirteen thousand", (2, 13_000)),
        ] {
            assert_eq!(number(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_words_are_no_numbers() {
        for text in ["a", "and", "lamps", "five six", "hundreds"] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
