//! The words that carry feeling, language by language, found at the beginning of a run of words.
//!
//! `lexicon.txt` holds the English ones and the signs of all languages, `lexicon/` one file for each other language. A
//! group's head names an emotion and a valence, or what its words do to those beside them (`[negation]`).

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::LazyLock;

use acs_domain::analysis::EmotionLabel;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What a word says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Feeling {
    /// From -1 (bad) to 1 (good).
    pub valence: f32,
    /// The emotion it shows, if one in particular.
    pub emotion: Option<EmotionLabel>,
    /// A formula of letters: who is `afraid that` a number is wrong feels nothing.
    pub formula: bool,
}

/// What a word does to the feelings beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Turn {
    /// Makes the contrary of it.
    Negation,
    Stronger,
    Weaker,
    /// What follows counts more than what stands before.
    Contrast,
    /// What follows counts less.
    Concession,
}

/// The languages' files; the first is English and has the signs.
const FILES: [(&str, &str); 16] = [
    ("en", include_str!("lexicon.txt")),
    ("ar", include_str!("lexicon/ar.txt")),
    ("de", include_str!("lexicon/de.txt")),
    ("es", include_str!("lexicon/es.txt")),
    ("fr", include_str!("lexicon/fr.txt")),
    ("hi", include_str!("lexicon/hi.txt")),
    ("it", include_str!("lexicon/it.txt")),
    ("ja", include_str!("lexicon/ja.txt")),
    ("ko", include_str!("lexicon/ko.txt")),
    ("nl", include_str!("lexicon/nl.txt")),
    ("pt", include_str!("lexicon/pt.txt")),
    ("ru", include_str!("lexicon/ru.txt")),
    ("sv", include_str!("lexicon/sv.txt")),
    ("tr", include_str!("lexicon/tr.txt")),
    ("vi", include_str!("lexicon/vi.txt")),
    ("zh", include_str!("lexicon/zh.txt")),
];

/// Languages in which a mark makes another word of a word, so that none may be left out.
const MARKED: [&str; 2] = ["hi", "vi"];

/// The shortest stem in the lists, in bytes.
const SHORTEST_STEM: usize = 3;

/// The words of one language.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    words: HashMap<String, Feeling>,
    stems: HashMap<String, Feeling>,
    /// By their first word: the other words, longest first. The last may be a stem, with its star.
    phrases: HashMap<String, Vec<(Vec<String>, Feeling)>>,
    /// By the first sign of their first word: what turns the words that follow, longest first.
    turns: HashMap<char, Vec<(Vec<String>, Turn)>>,
    /// The same for what negates the words before it.
    behind: HashMap<char, Vec<(Vec<String>, Turn)>>,
    code: &'static str,
}

/// What stands in a group.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Group {
    Feeling(Feeling),
    Turn(Turn),
    /// A negation of what stands before it.
    Behind,
}

static LEXICONS: LazyLock<HashMap<&str, Lexicon>> = LazyLock::new(|| {
    let read = |(code, file): &(&'static str, &'static str)| (*code, Lexicon::read(code, file));
    FILES.iter().map(read).collect()
});

/// Signs alone, for languages without a file.
static SIGNS: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::read("", ""));

impl Lexicon {
    /// The words of a language by its ISO 639-1 code; without one, the English ones.
    pub(super) fn of(code: Option<&str>) -> &'static Self {
        LEXICONS.get(code.unwrap_or("en")).unwrap_or(&SIGNS)
    }

    fn read(code: &'static str, file: &'static str) -> Self {
        let mut lexicon = Self {
            code,
            ..Self::default()
        };
        let is_sign = |entry: &&str| !entry.starts_with(char::is_alphanumeric);
        if !lexicon.is_english() {
            for (group, entry) in entries(FILES[0].1).filter(|(_, entry)| is_sign(entry)) {
                lexicon.add(group, entry);
            }
        }
        for (group, entry) in entries(file) {
            let bare = without_marks(entry);
            if bare != entry && !MARKED.contains(&code) {
                lexicon.add(group, &bare);
            }
        }
        // What is written in full passes what is not.
        for (group, entry) in entries(file) {
            lexicon.add(group, entry);
        }
        for phrases in lexicon.phrases.values_mut() {
            phrases.sort_by_key(|(rest, _)| Reverse(rest.len()));
        }
        for turns in lexicon.turns.values_mut().chain(lexicon.behind.values_mut()) {
            turns.sort_by_key(|(words, _)| Reverse(words.len()));
        }
        lexicon
    }

    fn add(&mut self, group: Group, entry: &str) {
        let mut parts = parts(entry);
        let (turns, turn) = match group {
            Group::Feeling(feeling) => {
                let first = parts.remove(0);
                if !parts.is_empty() {
                    let phrases = self.phrases.entry(first).or_default();
                    phrases.retain(|(rest, _)| *rest != parts);
                    phrases.push((parts, feeling));
                } else if let Some(stem) = first.strip_suffix('*') {
                    self.stems.insert(stem.to_owned(), feeling);
                } else {
                    self.words.insert(first, feeling);
                }
                return;
            }
            Group::Turn(turn) => (&mut self.turns, turn),
            Group::Behind => (&mut self.behind, Turn::Negation),
        };
        if let Some(first) = entry.chars().next() {
            turns.entry(first).or_default().push((parts, turn));
        }
    }

    /// The entry that begins a run of words, and how many of them it takes.
    pub(super) fn look_up(&self, words: &[&str]) -> Option<(Feeling, usize)> {
        let first = *words.first()?;
        if let Some(phrases) = self.phrases.get(first) {
            for (rest, feeling) in phrases {
                if begin(rest, &words[1..]) {
                    return Some((*feeling, rest.len() + 1));
                }
            }
        }
        if let Some(feeling) = self.words.get(first) {
            return Some((*feeling, 1));
        }
        let ends = first
            .char_indices()
            .map(|(at, _)| at)
            .filter(|at| *at >= SHORTEST_STEM)
            .chain([first.len()]);
        let stem = ends.rev().find_map(|end| self.stems.get(&first[..end]));
        stem.map(|feeling| (*feeling, 1))
    }

    /// What the first of these words does to those that follow.
    pub(super) fn turn(&self, words: &[&str]) -> Option<Turn> {
        let first = words.first()?;
        if self.is_english() && first.ends_with("n't") {
            return Some(Turn::Negation);
        }
        turn_in(&self.turns, words)
    }

    /// Whether these words negate what stands before them.
    pub(super) fn negates_behind(&self, words: &[&str]) -> bool {
        turn_in(&self.behind, words).is_some()
    }

    /// Whether this is English, whose turns of speech are known best.
    pub(super) fn is_english(&self) -> bool {
        self.code == "en"
    }

    /// Whether a capital within a sentence makes a name of a word: German writes every noun so.
    pub(super) fn names_have_capitals(&self) -> bool {
        self.code != "de"
    }
}

fn turn_in(turns: &HashMap<char, Vec<(Vec<String>, Turn)>>, words: &[&str]) -> Option<Turn> {
    let first = words.first()?.chars().next()?;
    let known = turns.get(&first)?;
    known
        .iter()
        .find(|(entry, _)| begin(entry, words))
        .map(|(_, turn)| *turn)
}

/// Whether words begin with an entry's.
fn begin(entry: &[String], words: &[&str]) -> bool {
    entry.len() <= words.len()
        && entry
            .iter()
            .zip(words)
            .all(|(part, word)| match part.strip_suffix('*') {
                Some(stem) => word.starts_with(stem),
                None => part == word,
            })
}

/// The words of an entry, as they are cut out of a text.
fn parts(entry: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for word in entry.split(' ') {
        let mut open = false;
        for c in word.chars() {
            let whole = written_whole(c);
            match parts.last_mut() {
                Some(last) if open && !whole => last.push(c),
                _ => parts.push(c.to_string()),
            }
            open = !whole;
        }
    }
    parts
}

/// Whether a sign is read as a word of its own: Chinese and Japanese put no spaces.
pub(super) fn written_whole(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

/// A word as it is written in a hurry: `decepcion`.
fn without_marks(word: &str) -> String {
    let bare = word.nfd().filter(|c| !is_combining_mark(*c));
    bare.collect::<String>().replace('ß', "ss").replace('ı', "i")
}

/// Every entry of a file, with its group. What is not in the file's form is a group or an entry less, which a test tells.
fn entries(file: &'static str) -> impl Iterator<Item = (Group, &'static str)> {
    let mut current = None;
    file.lines()
        .filter(|line| !line.starts_with("# "))
        .filter_map(move |line| {
            let head = line.strip_prefix('[').and_then(|line| line.strip_suffix(']'));
            if let Some(head) = head {
                current = group(head);
                return None;
            }
            current.map(|group| line.split(',').map(move |entry| (group, entry.trim())))
        })
        .flatten()
        .filter(|(_, entry)| !entry.is_empty())
}

/// What a group's head says, such as `joy 0.65` or `negation`.
fn group(head: &str) -> Option<Group> {
    Some(match head {
        "negation" => Group::Turn(Turn::Negation),
        "negation behind" => Group::Behind,
        "stronger" => Group::Turn(Turn::Stronger),
        "weaker" => Group::Turn(Turn::Weaker),
        "contrast" => Group::Turn(Turn::Contrast),
        "concession" => Group::Turn(Turn::Concession),
        "formula" => Group::Feeling(Feeling {
            valence: 0.0,
            emotion: None,
            formula: true,
        }),
        _ => {
            let (emotion, valence) = head.split_once(' ')?;
            let emotion = match emotion {
                "none" => None,
                other => Some(other.parse().ok()?),
            };
            let valence = valence.parse().ok()?;
            Group::Feeling(Feeling {
                valence,
                emotion,
                formula: false,
            })
        }
    })
}

#[cfg(test)]
mod tests;
