//! E-mail addresses, those with letters beyond ASCII among them (RFC 6531).

use std::ops::Range;

use super::{Found, Message};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The longest part before the `@`, in bytes (RFC 5321).
const LONGEST_LOCAL: usize = 64;
/// The longest label of a domain, in bytes (RFC 1035).
const LONGEST_LABEL: usize = 63;
/// How many letters the last label of a domain has.
const LAST_LABEL: std::ops::RangeInclusive<usize> = 2..=24;

/// Addresses with a domain of at least two labels; composed, in lower case.
pub(super) fn find(message: &Message<'_>) -> Vec<Found> {
    let text = message.text;
    let mut found: Vec<Found> = Vec::new();
    for (at, _) in text.match_indices('@') {
        let free = found.last().map_or(0, |before| before.range.end);
        if let Some(range) = address(text, at).filter(|range| range.start >= free) {
            found.push(Found {
                normalized: text[range.clone()].nfc().flat_map(char::to_lowercase).collect(),
                range,
                confidence: 0.99,
            });
        }
    }
    found
}

/// The address around an `@`.
fn address(text: &str, at: usize) -> Option<Range<usize>> {
    let local = |c: char| is_letter(c) || matches!(c, '.' | '_' | '%' | '+' | '\'' | '-');
    let start = at - last_of(&text[..at], local, LONGEST_LOCAL)?.len();
    let start = at - text[start..at].trim_start_matches(|c| !is_letter(c)).len();
    let domain = &text[at + 1..];
    let end = domain
        .find(|c| !(is_letter(c) || matches!(c, '.' | '-')))
        .unwrap_or(domain.len());
    let mut whole = 0;
    let (mut length, mut labels) = (0, 0);
    for label in domain[..end].split('.') {
        if label.is_empty()
            || label.len() > LONGEST_LABEL
            || label.starts_with('-')
            || label.trim_end_matches('-').is_empty()
        {
            break;
        }
        let kept = label.trim_end_matches('-');
        labels += 1;
        length += kept.len() + usize::from(labels > 1);
        let letters = kept.chars().filter(|c| !is_combining_mark(*c));
        let last = kept.chars().all(|c| c.is_alphabetic() || is_combining_mark(c))
            && LAST_LABEL.contains(&letters.count());
        if labels > 1 && last {
            whole = length;
        }
        if kept.len() < label.len() {
            break;
        }
    }
    // A label that is cut would be another domain's: `a@b.example_c`.
    let stands = !domain[whole..].starts_with('_');
    (whole > 0 && start < at && stands).then(|| start..at + 1 + whole)
}

/// The end of a text that is made of such signs; nothing when it is longer than allowed.
fn last_of(text: &str, allowed: impl Fn(char) -> bool, most: usize) -> Option<&str> {
    let mut length = 0;
    for c in text.chars().rev().take_while(|c| allowed(*c)) {
        length += c.len_utf8();
        if length > most {
            return None;
        }
    }
    Some(&text[text.len() - length..])
}

/// Letters, digits and accents that addresses are written with. Words of the scripts that set no blanks stand right before
/// and behind an address without being part of it.
fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || (!c.is_ascii() && (c.is_alphanumeric() || is_combining_mark(c)) && !is_unspaced(c))
}

fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c), 0x0E00..=0x0EFF | 0x1100..=0x11FF | 0x2E80..=0xABFF | 0xAC00..=0xD7FF | 0xF900..=0xFAFF | 0xFF00..=0x3_FFFF)
}

#[cfg(test)]
mod tests {
    use super::super::normalized;
    use super::*;

    fn addresses(text: &str) -> Vec<String> {
        normalized(find, text)
    }

    #[test]
    fn addresses_end_before_the_sentence_does() {
        assert_eq!(
            addresses("Mail Ann+shop@Mail.Acme.Example. Or (b@c.de)!"),
            ["ann+shop@mail.acme.example", "b@c.de"]
        );
    }

    #[test]
    fn letters_of_any_alphabet_may_be_in_them() {
        for (text, address) in [
            ("Schreib an Müller@Exämple.de.", "müller@exämple.de"),
            ("a jose\u{301}@x.fr, por favor", "josé@x.fr"),
            ("почта иван@пример.рф", "иван@пример.рф"),
            ("我的邮箱是jo@acme.example谢谢", "jo@acme.example"),
            ("jo@acme.example으로 보내 주세요", "jo@acme.example"),
            ("œuvre.ñ@día.example", "œuvre.ñ@día.example"),
        ] {
            assert_eq!(addresses(text), [address], "{text}");
        }
    }

    #[test]
    fn what_has_no_domain_is_no_address() {
        assert!(addresses("@handle, a@b, me @ home.example, x@y..de, é@, @é.de, a@b.c1 d@e.5").is_empty());
        let long = format!("{}@acme.example", "a".repeat(65));
        assert!(addresses(&long).is_empty());
    }
}
