//! Which languages a word is common in, by the lists of `common_words.txt`.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::latin::CODES;

/// A set of languages: bit n stands for the nth of [`CODES`].
pub(super) type Languages = u16;

/// The languages that a word, in lower case, is common in; and whether only once its marks are left out, as in `manana`.
pub(super) fn look_up(word: &str) -> (Languages, bool) {
    if let Some(languages) = WORDS.written.get(word) {
        return (*languages, false);
    }
    (WORDS.bare.get(word).copied().unwrap_or_default(), true)
}

/// Whether a word is common in none of the languages, but in one that is not told.
pub(super) fn is_foreign(word: &str) -> bool {
    WORDS.foreign.contains(word) && look_up(word).0 == 0
}

struct Words {
    written: HashMap<&'static str, Languages>,
    /// Words of languages that are not told.
    foreign: HashSet<&'static str>,
    /// Words with marks, without them.
    bare: HashMap<String, Languages>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut words = Words {
        written: HashMap::new(),
        foreign: foreign().collect(),
        bare: HashMap::new(),
    };
    for (bit, word) in entries() {
        *words.written.entry(word).or_default() |= bit;
        if !word.is_ascii() {
            *words.bare.entry(without_marks(word)).or_default() |= bit;
        }
    }
    words
});

/// Each word of the file with its language. A line that is not in the file's form is left out, which a test tells.
fn entries() -> impl Iterator<Item = (Languages, &'static str)> {
    let lines = include_str!("common_words.txt").lines();
    lines
        .filter_map(|line| {
            let (code, words) = line.split_once(": ")?;
            let place = CODES.iter().position(|known| *known == code)?;
            Some(words.split_whitespace().map(move |word| (1 << place, word)))
        })
        .flatten()
}

/// The words behind a dash.
fn foreign() -> impl Iterator<Item = &'static str> {
    let lines = include_str!("common_words.txt").lines();
    let words = lines.filter_map(|line| line.strip_prefix("-: "));
    words.flat_map(str::split_whitespace)
}

fn without_marks(word: &str) -> String {
    let mut bare = String::with_capacity(word.len());
    for c in word.nfd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'ı' => bare.push('i'),
            'đ' => bare.push('d'),
            'ß' => bare.push_str("ss"),
            c => bare.push(c),
        }
    }
    bare
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_remark_or_a_language_with_words_in_lower_case() {
        for line in include_str!("common_words.txt")
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
        {
            let (code, words) = line.split_once(": ").unwrap();
            assert!(CODES.contains(&code) || code == "-", "{line}");
            assert_eq!(words, words.to_lowercase());
        }
        for code in CODES {
            let place = CODES.iter().position(|known| *known == code).unwrap();
            let count = entries().filter(|(bit, _)| *bit == 1 << place).count();
            assert!(count > 150, "{code} has {count} words");
        }
    }

    #[test]
    fn a_word_may_be_common_in_several_languages_and_be_written_without_marks() {
        let (languages, bare) = look_up("no");
        assert!(languages.count_ones() > 2 && !bare);
        assert_eq!(look_up("manana"), (look_up("mañana").0, true));
        assert_eq!(look_up("qwertz").0, 0);
    }
}
