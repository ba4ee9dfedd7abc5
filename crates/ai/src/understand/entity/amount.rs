//! Numbers as people write them.

/// A number in any grouping (`1,234.50`, `1.234,50`, `1 234`, `12,5`, `1,00,000`), and nothing else: a pattern for others to
/// build on.
pub(super) const PATTERN: &str = r"(?:[0-9]{1,3}(?:[ \u{a0}\u{202f}][0-9]{3})+|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}|[0-9]+(?:[.,'’][0-9]{3})*)(?:[.,][0-9]{1,4})?";

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

/// A plain number times a power of ten: `1.5` thousands are `1500`.
pub(super) fn scaled(plain: &str, power: usize) -> String {
    let (whole, decimals) = plain.split_once('.').unwrap_or((plain, ""));
    let moved = decimals.len().min(power);
    let mut number = format!("{whole}{}{}", &decimals[..moved], "0".repeat(power - moved));
    let leading = number.len() - number.trim_start_matches('0').len();
    number.drain(..leading.min(number.len().saturating_sub(1)));
    if moved < decimals.len() {
        number.push('.');
        number.push_str(&decimals[moved..]);
    }
    number
}

#[cfg(test)]
mod tests {
    use super::{plain, scaled};

    #[test]
    fn a_power_of_ten_moves_the_point() {
        for (number, power, expected) in [
            ("1.5", 3, "1500"),
            ("12.5", 6, "12500000"),
            ("10", 3, "10000"),
            ("0.25", 3, "250"),
            ("1.23456", 3, "1234.56"),
            ("0", 3, "0"),
        ] {
            assert_eq!(scaled(number, power), expected, "{number}");
        }
    }

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
            ("1,00,000.50", "100000.50"),
            ("12,34,567", "1234567"),
        ] {
            assert_eq!(plain(written), expected, "{written}");
        }
    }
}
