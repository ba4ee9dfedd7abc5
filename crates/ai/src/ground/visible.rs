//! A sentence as its reader sees it.

use acs_core::clean::hidden;
use unicode_normalization::UnicodeNormalization;

/// Without what nobody sees, in compatibility form (`．` is `.`, `１` is `1`), and without the numbers of its sources:
/// `[1]`, `[2, 3]`.
pub(super) fn visible(sentence: &str) -> String {
    let joins = |c: &char| {
        !matches!(
            c,
            '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{34f}' | '\u{fe00}'..='\u{fe0f}'
        )
    };
    let seen: String = sentence
        .chars()
        .filter(|&c| !hidden(c))
        .filter(joins)
        .nfkc()
        .collect();
    without_markers(&seen)
}

fn without_markers(sentence: &str) -> String {
    let mut plain = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some((before, behind)) = rest.split_once('[') {
        plain.push_str(before);
        match behind.split_once(']') {
            Some((inside, after))
                if !inside.is_empty()
                    && inside.chars().all(|c| c.is_ascii_digit() || ", ".contains(c))
                    // `[1](https://…)` is a link.
                    && !after.starts_with('(') =>
            {
                rest = after;
            }
            _ => {
                plain.push('[');
                rest = behind;
            }
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_checked_is_what_is_read() {
        assert_eq!(
            visible("ev\u{200b}il．example １２ [1] [2, 3]!"),
            "evil.example 12  !"
        );
        assert_eq!(visible("[1](evil.example)"), "[1](evil.example)");
    }
}
