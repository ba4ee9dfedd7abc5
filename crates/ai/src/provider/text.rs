//! Text out of bytes that end anywhere, as a model's tokens do.

use std::str;

/// Bytes that wait for the rest of their letter.
#[derive(Debug, Default)]
pub(super) struct Text {
    begun: Vec<u8>,
}

impl Text {
    /// The letters that these bytes make whole. Bytes that can belong to none are one `�` each run.
    pub(super) fn push(&mut self, bytes: &[u8]) -> String {
        self.begun.extend_from_slice(bytes);
        let mut whole = String::with_capacity(self.begun.len());
        let mut begun = Vec::new();
        let mut chunks = self.begun.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            whole.push_str(chunk.valid());
            let invalid = chunk.invalid();
            if chunks.peek().is_none() && begins_a_letter(invalid) {
                begun.extend_from_slice(invalid);
            } else if !invalid.is_empty() {
                whole.push(char::REPLACEMENT_CHARACTER);
            }
        }
        self.begun = begun;
        whole
    }

    /// What is left of a letter whose rest never came.
    pub(super) fn finish(self) -> String {
        String::from_utf8_lossy(&self.begun).into_owned()
    }
}

fn begins_a_letter(bytes: &[u8]) -> bool {
    str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(pieces: &[&[u8]]) -> Vec<String> {
        let mut text = Text::default();
        let mut read: Vec<String> = pieces.iter().map(|piece| text.push(piece)).collect();
        read.push(text.finish());
        read
    }

    #[test]
    fn a_letter_comes_once_its_last_byte_is_there() {
        assert_eq!(read(&[b"a\xF0\x9F", b"\x98", b"\x80b"]), ["a", "", "😀b", ""]);
    }

    #[test]
    fn what_is_no_letter_is_replaced_and_what_follows_is_read() {
        assert_eq!(
            read(&[b"\xF0\x9F", b"a", b"\xFFb"]),
            ["", "\u{FFFD}a", "\u{FFFD}b", ""]
        );
        assert_eq!(read(&[b"a\xC3"]), ["a", "\u{FFFD}"]);
    }

    proptest! {
        #[test]
        fn text_is_the_same_wherever_it_is_cut(bytes: Vec<u8>, cuts: Vec<prop::sample::Index>) {
            let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            let pieces: Vec<&[u8]> = cuts.windows(2).map(|cut| &bytes[cut[0]..cut[1]]).collect();
            prop_assert_eq!(read(&pieces).concat(), String::from_utf8_lossy(&bytes).into_owned());
        }
    }
}
