//! A sentence as its reader sees it.

use acs_core::clean::hidden;
use unicode_normalization::UnicodeNormalization;

/// The zeros of the scripts that write numbers with digits of their own; each is followed by the other nine (Unicode 16,
/// general category Nd). Those that look like ASCII's have its digits as their compatibility form.
const ZEROS: [char; 36] = [
    '\u{660}',
    '\u{6f0}',
    '\u{7c0}',
    '\u{966}',
    '\u{9e6}',
    '\u{a66}',
    '\u{ae6}',
    '\u{b66}',
    '\u{be6}',
    '\u{c66}',
    '\u{ce6}',
    '\u{d66}',
    '\u{de6}',
    '\u{e50}',
    '\u{ed0}',
    '\u{f20}',
    '\u{1040}',
    '\u{1090}',
    '\u{17e0}',
    '\u{1810}',
    '\u{1946}',
    '\u{19d0}',
    '\u{1a80}',
    '\u{1a90}',
    '\u{1b50}',
    '\u{1bb0}',
    '\u{1c40}',
    '\u{1c50}',
    '\u{a620}',
    '\u{a8d0}',
    '\u{a900}',
    '\u{a9d0}',
    '\u{a9f0}',
    '\u{aa50}',
    '\u{abf0}',
    '\u{104a0}',
];

/// Without what nobody sees, in compatibility form (`．` is `.`, `１` is `1`), with the digits of ASCII.
pub(super) fn visible(sentence: &str) -> String {
    let joins = |c: &char| {
        !matches!(
            c,
            '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{34f}' | '\u{fe00}'..='\u{fe0f}'
        )
    };
    let seen = sentence.chars().filter(|&c| !hidden(c)).filter(joins);
    seen.nfkc().map(|c| digit(c).unwrap_or(c)).collect()
}

/// The digit of ASCII for one of another script.
fn digit(c: char) -> Option<char> {
    let zero = ZEROS.partition_point(|zero| *zero <= c).checked_sub(1)?;
    let value = u32::from(c) - u32::from(*ZEROS.get(zero)?);
    char::from_digit(value, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_checked_is_what_is_read() {
        for (text, expected) in [
            ("ev\u{200b}il．example １２ [1]!", "evil.example 12 [1]!"),
            ("٠٨٠٠ ۵۵۵ १२३४ ๙๙", "0800 555 1234 99"),
            ("Größe, 日本, 한국, ½", "Größe, 日本, 한국, 1⁄2"),
        ] {
            assert_eq!(visible(text), expected);
        }
    }

    #[test]
    fn the_zeros_stand_in_order() {
        assert!(ZEROS.is_sorted());
        assert!(
            ZEROS
                .iter()
                .all(|zero| digit(*zero) == Some('0') && zero.is_numeric())
        );
        assert_eq!(
            (digit('a'), digit('\u{65f}'), digit('\u{66a}')),
            (None, None, None)
        );
    }
}
