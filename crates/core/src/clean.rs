//! Cleaning of untrusted text: what a person sees is what is stored and what a model reads.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Text after cleaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cleaned<'a> {
    /// The text.
    pub text: Cow<'a, str>,
    /// Whether characters were taken out that no one would have seen. White space at the ends, other line ends and
    /// another spelling of the same letter do not count.
    pub removed: bool,
}

/// Cleans text: NFC, line ends as `\n`, no white space around it, and none of the [`hidden`] characters. Never cuts:
/// a text that is too long stays so, for its reader to refuse. Cleaning twice changes nothing more.
#[must_use]
pub fn clean(text: &str) -> Cleaned<'_> {
    let removed = text.chars().any(hidden);
    if !removed && !text.contains('\r') && is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return Cleaned {
            text: Cow::Borrowed(text.trim()),
            removed,
        };
    }
    // Hidden characters go first: one may stand between a letter and its accent.
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    let seen: String = lines.chars().filter(|&c| !hidden(c)).nfc().collect();
    Cleaned {
        text: Cow::Owned(seen.trim().to_owned()),
        removed,
    }
}

/// Whether a character does something to a text that its reader does not see: control characters except tab and line
/// ends, marks that reverse the order of letters (Unicode TR 36), characters without a width that no script needs, and
/// tag characters and the selectors behind them, which spell text that only a program reads.
#[must_use]
pub fn hidden(c: char) -> bool {
    let control = c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    let direction =
        matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{061C}');
    let no_width =
        matches!(c, '\u{180E}' | '\u{200B}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}');
    let tag = matches!(c, '\u{E0000}'..='\u{E0FFF}');
    control || direction || no_width || tag
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cleaned(text: &str) -> (String, bool) {
        let result = clean(text);
        (result.text.into_owned(), result.removed)
    }

    #[test]
    fn what_no_one_sees_is_taken_out_and_told() {
        for (text, expected) in [
            ("a\0b", "ab"),
            ("a\u{1b}[31mb\u{7f}", "a[31mb"),
            ("pay \u{202e}001\u{202c} now", "pay 001 now"),
            ("\u{2066}x\u{2069}\u{200e}\u{200f}\u{61c}", "x"),
            ("hi\u{e0069}\u{e0067}", "hi"),
            ("hi\u{e0159}\u{e0152}", "hi"),
            ("i\u{200b}g\u{2060}n\u{feff}ore", "ignore"),
            ("e\0\u{301}", "é"),
        ] {
            assert_eq!(cleaned(text), (expected.to_owned(), true), "{text:?}");
        }
    }

    #[test]
    fn other_spellings_of_the_same_text_become_one_without_a_word() {
        for (text, expected) in [
            ("  hello\n", "hello"),
            ("a\r\nb\rc\td", "a\nb\nc\td"),
            ("Cafe\u{301}", "Café"),
            ("family 👨‍👩‍👧 zero\u{200d}width", "family 👨‍👩‍👧 zero\u{200d}width"),
        ] {
            assert_eq!(cleaned(text), (expected.to_owned(), false), "{text:?}");
        }
    }

    #[test]
    fn clean_text_is_not_copied() {
        assert!(matches!(
            clean(" where is my order? ").text,
            Cow::Borrowed("where is my order?")
        ));
    }

    #[test]
    fn long_text_is_never_cut() {
        let long = "a\0".repeat(20_000);
        assert_eq!(clean(&long).text.len(), 20_000);
    }

    proptest! {
        #[test]
        fn cleaning_twice_is_cleaning_once(text in any::<String>()) {
            let (once, _) = cleaned(&text);
            prop_assert_eq!(cleaned(&once), (once, false));
        }

        #[test]
        fn nothing_hidden_is_left(text in "[a\u{301}\r\n\t \0\u{200f}\u{202e}\u{e0041}é]{0,20}") {
            prop_assert!(!cleaned(&text).0.contains(|c| hidden(c) || c == '\r'));
        }
    }
}
