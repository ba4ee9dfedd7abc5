//! Post-office boxes and military addresses, which have fixed forms. The personal-data model finds streets.

use std::sync::LazyLock;

use regex::Regex;

use super::{Found, Message};

#[expect(clippy::expect_used, reason = "the pattern is fixed and the tests compile it")]
static BOX: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i-u)\b(?:p\.?\x20?o\.?\x20?box\x20[0-9]{1,6}|postfach\x20[0-9]{1,6}|(?:psc|cmr|unit)\x20[0-9]{1,5},?\x20box\x20[0-9]{1,5}(?:\s+(?:apo|fpo|dpo),?\x20(?:aa|ae|ap)\x20[0-9]{5})?)\b",
    )
    .expect("a fixed pattern")
});

/// `P.O. Box 149`, `PSC 6293, Box 8158 APO AP 04336` (USPS Publication 28, sections 22 and 28); in single blanks.
pub(super) fn find(message: &Message<'_>) -> Vec<Found> {
    if !message.has_digits {
        return Vec::new();
    }
    let found = BOX.find_iter(message.text).map(|address| Found {
        range: address.range(),
        normalized: address.as_str().split_whitespace().collect::<Vec<_>>().join(" "),
        confidence: 0.9,
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::super::normalized;
    use super::*;

    fn addresses(text: &str) -> Vec<String> {
        normalized(find, text)
    }

    #[test]
    fn boxes_are_found_in_their_forms() {
        assert_eq!(
            addresses("to P.O. Box 149, po box 7 or PSC 6293, Box 8158\nAPO AP 04336; Postfach 1234"),
            [
                "P.O. Box 149",
                "po box 7",
                "PSC 6293, Box 8158 APO AP 04336",
                "Postfach 1234"
            ]
        );
    }

    #[test]
    fn other_boxes_are_no_addresses() {
        assert!(addresses("unit 12 and box 3, a po boxing 5, 2 boxes, unit price").is_empty());
    }
}
