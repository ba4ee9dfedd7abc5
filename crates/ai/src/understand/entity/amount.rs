//! Numbers as people write them.

/// A number in any grouping (`1,234.50`, `1.234,50`, `1 234`, `12,5`), and nothing else: a pattern for others to build on.
pub(super) const PATTERN: &str =
    r"(?:[0-9]{1,3}(?:[ \u{a0}\u{202f}][0-9]{3})+|[0-9]+(?:[.,'’][0-9]{3})*)(?:[.,][0-9]{1,4})?";

/// The number with a point for its decimals and no grouping: `1234.50`. Of two marks the last is the decimal's; a single
/// mark before exactly three digits groups thousands, unless nothing but 0 stands before it.
pub(super) fn plain(written: &str) -> String {
    let marks: Vec<(usize, char)> = written
        .char_indices()
        .filter(|(_, c)| matches!(c, '.' | ','))
        .collect();
    let decimal = match marks.as_slice() {
        [] => None,
        [(at, _)] => {
            let thousands = written.len() - at == 4 && !written[..*at].trim_start_matches('0').is_empty();
            (!thousands).then_some(*at)
        }
        [first, .., last] => (first.1 != last.1).then_some(last.0),
    };
    let digits = |part: &str| part.chars().filter(char::is_ascii_digit).collect::<String>();
    match decimal {
        Some(at) => format!("{}.{}", digits(&written[..at]), digits(&written[at..])),
        None => digits(written),
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn all_groupings_give_one_form() {
        for (written, expected) in [
            ("5", "5"),
            ("12,5", "12.5"),
            ("12.50", "12.50"),
            ("1,234", "1234"),
            ("1.234", "1234"),
            ("0.125", "0.125"),
            ("1,234.50", "1234.50"),
            ("1.234,50", "1234.50"),
            ("1.234.567", "1234567"),
            ("1 234 567,8", "1234567.8"),
            ("1’000", "1000"),
        ] {
            assert_eq!(plain(written), expected, "{written}");
        }
    }
}
