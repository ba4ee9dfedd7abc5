//! A text in the form in which rules and the head compare it: words of small letters, without accents, disguises and
//! what nobody sees.
//!
//! Undone are other forms of the same letter (Unicode NFKC), letters of another alphabet inside a Latin word that only
//! look like Latin ones (Unicode TR 39), digits and signs in the place of letters (`1gn0re`), letters written apart
//! (`i g n o r e`), letters of emoji, and characters without a width. One pass, in time linear to the text.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

use super::hidden::is_unseen;
use super::likeness::{drawn_letter, folded, likeness, written_whole};

/// How long a word is followed, in bytes: what is longer is cut into several.
const MAX_WORD: usize = 48;
/// From so many single letters on, they are one word written apart.
const APART: usize = 4;

/// The words of a text.
#[derive(Debug, Default)]
pub(super) struct Words {
    text: String,
    words: Vec<Word>,
}

#[derive(Debug, Clone, Copy)]
struct Word {
    start: u32,
    end: u32,
    /// How many characters stand between it and the word before.
    gap: u32,
    /// Whether it was written in a way that hides what it is.
    disguised: bool,
}

impl Words {
    /// The words of `text`.
    pub(super) fn read(text: &str) -> Self {
        let mut reader = Reader::new(text.len());
        for c in text.chars() {
            if c.is_ascii() {
                reader.take(c.to_ascii_lowercase());
            } else if is_unseen(c) {
                reader.unseen();
            } else if let Some(letter) = drawn_letter(c) {
                reader.disguise();
                reader.take(letter);
            } else if let Some(letters) = folded(c) {
                letters.chars().for_each(|letter| reader.take(letter));
            } else {
                decompose_compatible(c, |part| {
                    if !is_combining_mark(part) {
                        part.to_lowercase().for_each(|small| reader.take(small));
                    }
                });
            }
        }
        reader.finish()
    }

    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// The word at a place.
    pub(super) fn word(&self, at: usize) -> &str {
        let Word { start, end, .. } = self.words[at];
        &self.text[start as usize..end as usize]
    }

    /// All words, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|at| self.word(at))
    }

    /// All words, those between which nothing stands as one.
    pub(super) fn runs(&self) -> impl Iterator<Item = &str> {
        let together = |_: &Word, next: &Word| next.gap == 0;
        self.words.chunk_by(together).filter_map(|run| {
            self.text
                .get(run.first()?.start as usize..run.last()?.end as usize)
        })
    }

    /// Whether one of the words from `start` to before `end` was disguised.
    pub(super) fn any_disguised(&self, start: usize, end: usize) -> bool {
        self.words[start..end].iter().any(|word| word.disguised)
    }

    /// The same words with every letter replaced by the one 13 places on: English that was hidden so is readable.
    pub(super) fn rotated(&self) -> Self {
        let rotate = |c: char| match c {
            'a'..='m' => char::from(c as u8 + 13),
            'n'..='z' => char::from(c as u8 - 13),
            other => other,
        };
        Self {
            text: self.text.chars().map(rotate).collect(),
            words: self.words.clone(),
        }
    }

    /// The words spelt from their ends, last first: English that was written backwards is readable.
    pub(super) fn reversed(&self) -> Self {
        let mut reversed = Self {
            text: String::with_capacity(self.text.len()),
            words: Vec::with_capacity(self.len()),
        };
        for at in (0..self.len()).rev() {
            let start = reversed.text.len();
            reversed.text.extend(self.word(at).chars().rev());
            reversed.words.push(Word {
                start: index(start),
                end: index(reversed.text.len()),
                ..self.words[at]
            });
        }
        reversed
    }

    /// Words that are written letter by letter become one.
    fn joined(mut self) -> Self {
        let single = |word: &Word| word.end - word.start == 1;
        if self.words.windows(APART).all(|run| !run.iter().all(single)) {
            return self;
        }
        let mut words: Vec<Word> = Vec::with_capacity(self.len());
        let mut at = 0;
        while at < self.len() {
            let begins = self.words[at];
            let run = self.words[at..]
                .iter()
                .skip(1)
                .take_while(|word| single(word) && word.gap == 1)
                .count();
            if single(&begins) && run + 1 >= APART.min(3) {
                // The letters stand side by side in `text`, for nothing else is kept there.
                let end = self.words[at + run].end;
                words.push(Word {
                    end,
                    disguised: true,
                    ..begins
                });
                at += run + 1;
            } else {
                words.push(begins);
                at += 1;
            }
        }
        self.words = words;
        self
    }
}

/// Takes characters and cuts them into words.
struct Reader {
    words: Words,
    start: usize,
    gap: u32,
    letters: u32,
    /// Digits and signs that may stand for letters.
    stand_ins: u32,
    latin: bool,
    other: bool,
    disguised: bool,
}

impl Reader {
    fn new(bytes: usize) -> Self {
        Self {
            words: Words {
                text: String::with_capacity(bytes),
                words: Vec::with_capacity(bytes / 5),
            },
            start: 0,
            gap: 0,
            letters: 0,
            stand_ins: 0,
            latin: false,
            other: false,
            disguised: false,
        }
    }

    fn take(&mut self, c: char) {
        let text = &mut self.words.text;
        match c {
            'a'..='z' => {
                self.letters += 1;
                self.latin = true;
                text.push(c);
            }
            '0'..='9' => {
                self.stand_ins += 1;
                text.push(c);
            }
            // Between letters they are letters themselves (p@ss, $ystem).
            '@' | '$' if text.len() > self.start || c == '$' => {
                self.stand_ins += 1;
                text.push(c);
            }
            // it's, don't: one word.
            '\'' | '’' if text.len() > self.start => return,
            c if written_whole(c) => {
                self.end();
                self.words.text.push(c);
                self.letters += 1;
                self.end();
                return;
            }
            c if c.is_alphanumeric() => {
                self.letters += 1;
                self.other = true;
                text.push(c);
            }
            _ => {
                self.end();
                self.gap = self.gap.saturating_add(1);
                return;
            }
        }
        if self.words.text.len() - self.start >= MAX_WORD {
            self.end();
        }
    }

    /// Something between two letters that nobody sees: it does not part them.
    fn unseen(&mut self) {
        if self.words.text.len() > self.start {
            self.disguised = true;
        }
    }

    fn disguise(&mut self) {
        self.disguised = true;
    }

    fn end(&mut self) {
        let start = self.start;
        if self.words.text.len() > start {
            let mixed = self.latin && self.other;
            // Not what is mostly digits: an order's number stays one.
            let stands_in = self.stand_ins > 0 && self.letters >= 2 && self.stand_ins <= self.letters * 2;
            if mixed || stands_in {
                let plain: String = self.words.text[start..].chars().map(likeness).collect();
                self.words.text.truncate(start);
                self.words.text.push_str(&plain);
            }
            self.words.words.push(Word {
                start: index(start),
                end: index(self.words.text.len()),
                gap: self.gap,
                disguised: self.disguised || mixed || stands_in,
            });
            self.gap = 0;
        }
        self.start = self.words.text.len();
        (self.letters, self.stand_ins) = (0, 0);
        (self.latin, self.other, self.disguised) = (false, false, false);
    }

    fn finish(mut self) -> Words {
        self.end();
        self.words.joined()
    }
}

/// Texts are far shorter than 4 GB; a longer one loses words, not its safety.
fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
