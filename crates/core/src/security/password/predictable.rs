//! What makes a password easy to guess in spite of its length. Texts come in lower case.

use std::collections::HashSet;
use std::sync::LazyLock;

static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("../../../data/common-passwords.txt")
        .lines()
        .collect()
});

/// Rows of keys, in the layouts that most people have.
const KEYBOARD: [&str; 6] = [
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "yxcvbnm",
    "azertyuiop",
];

/// Whether many people use it, as it is or with digits and signs around it.
pub(super) fn common(text: &str) -> bool {
    let core = text.trim_matches(|c: char| !c.is_alphabetic());
    COMMON.contains(text) || COMMON.contains(core)
}

/// Whether it is one piece over and over, or has hardly any different characters.
pub(super) fn repetitive(text: &str) -> bool {
    const FEWEST_DIFFERENT: usize = 4;
    let chars: Vec<char> = text.chars().collect();
    let different: HashSet<&char> = chars.iter().collect();
    let repeats = |period: usize| chars.iter().zip(&chars[period..]).all(|(a, b)| a == b);
    different.len() < FEWEST_DIFFERENT || (1..=chars.len() / 2).any(repeats)
}

/// Whether at least three quarters of its steps follow the alphabet, the digits or a row of keys, either way.
pub(super) fn sequential(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let steps = chars.len().saturating_sub(1);
    let followed = chars
        .windows(2)
        .filter(|pair| follows(pair[0], pair[1]) || follows(pair[1], pair[0]))
        .count();
    steps > 0 && followed * 4 >= steps * 3
}

fn follows(a: char, b: char) -> bool {
    let in_order = a.is_alphanumeric() && b.is_alphanumeric() && u32::from(a) + 1 == u32::from(b);
    let beside = |row: &&str| {
        row.find(a)
            .is_some_and(|at| row[at + a.len_utf8()..].starts_with(b))
    };
    in_order || (a, b) == ('9', '0') || KEYBOARD.iter().any(beside)
}

/// Whether it holds some of these words, longest first, and nothing beside them but digits and signs.
pub(super) fn made_of(text: &str, words: &[String]) -> bool {
    let rest = words
        .iter()
        .fold(text.to_owned(), |rest, word| rest.replace(word.as_str(), " "));
    rest != text && !rest.chars().any(char::is_alphabetic)
}
