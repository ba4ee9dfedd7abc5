//! A text in the forms that rules compare: full-width signs, digits of other scripts and letters with loose accents as
//! their usual ones. Where each sign came from is kept.

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The zeros of the decimal digits that people write with besides 0 to 9; nine digits follow each (Unicode, `Nd`).
/// Full-width digits need no line: compatibility folds them.
const ZEROS: [u32; 18] = [
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0E50,
    0x0ED0, 0x0F20, 0x1040, 0x17E0, 0x1810,
];

/// A folded text and the way back to the text as written.
#[derive(Debug)]
pub(super) struct Folded<'a> {
    /// The folded text.
    pub(super) text: Cow<'a, str>,
    /// The first byte of each cluster, here and as written; empty while both are the same.
    starts: Vec<(usize, usize)>,
    written_len: usize,
}

impl<'a> Folded<'a> {
    /// Signs in their usual forms; capitals stay.
    pub(super) fn signs(text: &'a str) -> Self {
        Self::by(text, false)
    }

    /// The same in small letters, of any script.
    pub(super) fn small(text: &'a str) -> Self {
        Self::by(text, true)
    }

    fn by(written: &'a str, small: bool) -> Self {
        let mut folded = Self {
            text: Cow::Borrowed(written),
            starts: Vec::new(),
            written_len: written.len(),
        };
        if written.is_ascii() {
            if small {
                folded.text = Cow::Owned(written.to_ascii_lowercase());
            }
            return folded;
        }
        let mut text = String::with_capacity(written.len());
        let mut rest = written.char_indices().peekable();
        while let Some((at, first)) = rest.next() {
            folded.starts.push((text.len(), at));
            if first.is_ascii() && rest.peek().is_none_or(|(_, next)| next.is_ascii()) {
                text.push(if small { first.to_ascii_lowercase() } else { first });
                continue;
            }
            // Accents are one with their letter.
            let mut end = at + first.len_utf8();
            while let Some((_, mark)) = rest.next_if(|(_, next)| is_combining_mark(*next)) {
                end += mark.len_utf8();
            }
            for c in written[at..end].nfkc().map(digit) {
                if small {
                    text.extend(c.to_lowercase());
                } else {
                    text.push(c);
                }
            }
        }
        folded.text = Cow::Owned(text);
        folded
    }

    /// The bytes as written that bytes of the folded text came from: whole clusters.
    pub(super) fn written(&self, range: &Range<usize>) -> Range<usize> {
        if self.starts.is_empty() {
            return range.clone();
        }
        let begun = self.starts.partition_point(|(folded, _)| *folded <= range.start);
        let ended = self.starts.partition_point(|(folded, _)| *folded < range.end);
        let start = begun.checked_sub(1).and_then(|at| self.starts.get(at));
        let end = self.starts.get(ended);
        start.map_or(0, |(_, written)| *written)..end.map_or(self.written_len, |(_, written)| *written)
    }
}

/// A decimal digit of any script as 0 to 9; other signs as they are.
fn digit(c: char) -> char {
    let value = |zero: &u32| {
        u32::from(c)
            .checked_sub(*zero)
            .and_then(|value| char::from_digit(value, 10))
    };
    if c.is_ascii() {
        return c;
    }
    ZEROS.iter().find_map(value).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn signs_take_their_usual_form_and_know_where_they_stood() {
        let written = "Ａb ٤１ e\u{301} ﬁn";
        let folded = Folded::signs(written);
        assert_eq!(folded.text, "Ab 41 é fin");
        let at = folded.text.find("41").unwrap();
        assert_eq!(&written[folded.written(&(at..at + 2))], "٤１");
        let at = folded.text.find('é').unwrap();
        assert_eq!(&written[folded.written(&(at..at + 2))], "e\u{301}");
        let at = folded.text.find("in").unwrap();
        assert_eq!(
            &written[folded.written(&(at..at + 2))],
            "ﬁn",
            "a ligature is not cut"
        );
    }

    #[test]
    fn capitals_of_any_script_are_small_on_demand() {
        assert_eq!(Folded::small("ZØRBLAX ЗАВТРА").text, "zørblax завтра");
        assert_eq!(Folded::signs("ZØRBLAX").text, "ZØRBLAX");
    }

    proptest! {
        #[test]
        fn any_part_comes_from_a_part(text in "\\PC{0,12}[a-z0-9٠-٩é]{0,6}\\PC{0,12}", from in 0_usize..30, length in 1_usize..9) {
            for folded in [Folded::signs(&text), Folded::small(&text)] {
                let start = folded.text.floor_char_boundary(from.min(folded.text.len()));
                let end = folded.text.floor_char_boundary((start + length).min(folded.text.len()));
                let written = folded.written(&(start..end));
                prop_assert!(start == end || text.get(written).is_some_and(|part| !part.is_empty()));
            }
        }
    }
}
