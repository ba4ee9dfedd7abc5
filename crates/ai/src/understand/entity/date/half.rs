//! `am` and `pm`, which say the half of the day.

use super::super::message::Message;

/// `am` and `pm` in their forms.
pub(super) struct Half {
    pub(super) afternoon: bool,
    pub(super) next: usize,
    /// The bytes of the point that ends it.
    pub(super) marks: usize,
}

/// The half of the day that begins with a token.
pub(super) fn half(message: &Message<'_>, at: usize) -> Option<Half> {
    if !matches!(message.gap(at.checked_sub(1)?), "" | " " | "\u{a0}" | "\u{202f}") {
        return None;
    }
    match message.word(at) {
        "am" | "pm" => Some(Half {
            afternoon: message.word(at) == "pm",
            next: at + 1,
            marks: 0,
        }),
        "a" | "p" if message.gap(at) == "." && message.word(at + 1) == "m" => Some(Half {
            afternoon: message.word(at) == "p",
            next: at + 2,
            marks: usize::from(message.gap(at + 1).starts_with('.')),
        }),
        _ => None,
    }
}
