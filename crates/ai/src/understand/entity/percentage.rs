//! Percentages.

use std::sync::LazyLock;

use regex::Regex;

use super::{Found, Message, amount};

#[expect(clippy::expect_used, reason = "the pattern is fixed and the tests compile it")]
static PERCENTAGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?i)(?P<amount>[-−]?{})[ \u{{a0}}\u{{202f}}]?(?:%|％|(?:percent|per cent|pct|prozent|por ciento|pour ?cent|per cento)(?-u:\b))",
        amount::PATTERN
    ))
    .expect("a fixed pattern")
});

/// Numbers with the sign or the word, as `12.5%`.
pub(super) fn find(message: &Message<'_>) -> Vec<Found> {
    if !message.has_digits {
        return Vec::new();
    }
    let text = message.text;
    let mut found = Vec::new();
    for captures in PERCENTAGE.captures_iter(text) {
        let (Some(whole), Some(number)) = (captures.get(0), captures.name("amount")) else {
            continue;
        };
        let mut range = whole.range();
        let mut written = number.as_str();
        // A dash between numbers (`5-10 %`) is a range's, not a minus; so is one behind a word.
        if let Some(rest) = written.strip_prefix(['-', '−'])
            && text[..range.start].ends_with(|c: char| c.is_alphanumeric() || c == '%')
        {
            range.start += written.len() - rest.len();
            written = rest;
        }
        if text[..range.start].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | ',')) {
            continue;
        }
        let sign = if written.starts_with(['-', '−']) {
            "-"
        } else {
            ""
        };
        let normalized = format!("{sign}{}%", amount::plain(written.trim_start_matches(['-', '−'])));
        found.push(Found {
            range,
            normalized,
            confidence: 0.98,
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::normalized;
    use super::*;

    fn percentages(text: &str) -> Vec<String> {
        normalized(find, text)
    }

    #[test]
    fn signs_and_words_count_alike() {
        assert_eq!(
            percentages("20%, 12,5 % or 3 percent; 19 Prozent, -5 %"),
            ["20%", "12.5%", "3%", "19%", "-5%"]
        );
    }

    #[test]
    fn a_dash_between_numbers_is_no_minus() {
        assert_eq!(percentages("5-10 %"), ["10%"]);
    }

    #[test]
    fn codes_are_no_percentages() {
        assert!(percentages("SAVE20% v1.2.3% 20 percents").is_empty());
    }
}
