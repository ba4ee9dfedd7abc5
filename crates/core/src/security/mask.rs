//! Showing an identifier in a log without giving it away.

/// How many characters stay visible at either end.
const VISIBLE: usize = 4;

/// The text with stars for all but its first and last four characters; all stars where these would be more than half.
#[must_use]
pub fn mask(text: &str) -> String {
    let n = text.chars().count();
    let shown = if n >= VISIBLE * 4 { VISIBLE } else { 0 };
    text.chars()
        .enumerate()
        .map(|(at, c)| if at < shown || at >= n - shown { c } else { '*' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_the_ends_of_a_long_text_are_shown() {
        assert_eq!(mask("acs_A1b2C3d4_secret"), "acs_***********cret");
        assert_eq!(mask("short-one"), "*********");
        assert_eq!(mask(""), "");
    }

    proptest! {
        #[test]
        fn at_least_half_is_hidden_and_the_length_stays(text in "[^*]{0,60}") {
            let masked = mask(&text);
            let (n, stars) = (text.chars().count(), masked.chars().filter(|&c| c == '*').count());
            prop_assert_eq!(masked.chars().count(), n);
            prop_assert!(stars * 2 >= n);
        }
    }
}
