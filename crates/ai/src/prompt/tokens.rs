//! How many tokens a text may be: no model's tokens are known here, so it is estimated from above.

/// How many bytes make a token. Models' own tokens have about four of English, five of Cyrillic and three of Chinese: what is
/// counted here is rather too much than too little, and a sum of parts is never less than their whole.
const BYTES: usize = 3;
/// What a message takes besides its words: marks of who speaks.
const AROUND: usize = 4;

/// An estimate for a text.
pub(super) fn text(text: &str) -> usize {
    text.len().div_ceil(BYTES)
}

/// An estimate for a message.
pub(super) fn message(words: &str) -> usize {
    text(words) + AROUND
}
