//! Names of persons, where the words before them leave little doubt. The personal-data model finds the others.

use super::{Found, Message};

/// Phrases that a name follows, and whether it may stand in small letters behind them.
const BEFORE: [(&[&str], bool); 17] = [
    (&["my", "name", "is"], true),
    (&["my", "name", "s"], true),
    (&["my", "full", "name", "is"], true),
    (&["mein", "name", "ist"], true),
    (&["ich", "heiße"], true),
    (&["me", "llamo"], true),
    (&["mi", "nombre", "es"], true),
    (&["je", "m", "appelle"], true),
    (&["mr"], false),
    (&["mrs"], false),
    (&["ms"], false),
    (&["miss"], false),
    (&["dr"], false),
    (&["herr"], false),
    (&["frau"], false),
    (&["regards"], false),
    (&["sincerely"], false),
];

/// Words that are no names behind such phrases.
const NO_NAMES: [&str; 34] = [
    "not",
    "wrong",
    "misspelled",
    "spelled",
    "incorrect",
    "on",
    "in",
    "the",
    "a",
    "and",
    "or",
    "but",
    "listed",
    "still",
    "missing",
    "is",
    "also",
    "now",
    "being",
    "different",
    "changed",
    "written",
    "your",
    "my",
    "i",
    "nicht",
    "falsch",
    "und",
    "y",
    "et",
    "for",
    "with",
    "to",
    "from",
];
/// The most words of a name.
const LONGEST: usize = 4;

/// Names behind "my name is", titles and greetings at the end; as written.
pub(super) fn find(message: &Message<'_>) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for at in 0..message.tokens.len() {
        let phrase = BEFORE.iter().find(|(words, _)| {
            words
                .iter()
                .enumerate()
                .all(|(step, word)| message.word(at + step) == *word)
        });
        let Some((words, small)) = phrase else { continue };
        let first = at + words.len();
        let title = words.len() == 1;
        if !message.text[..message.tokens[at].start].ends_with(char::is_alphanumeric)
            && let Some(last) = name(message, first, *small)
        {
            found.push(Found {
                range: message.tokens[first].start..message.tokens[last].end,
                normalized: message.text[message.tokens[first].start..message.tokens[last].end].to_owned(),
                confidence: if title { 0.8 } else { 0.85 },
            });
        }
    }
    found
}

/// The last token of a name.
fn name(message: &Message<'_>, first: usize, small: bool) -> Option<usize> {
    let gap = message.gap(first.checked_sub(1)?);
    if !matches!(gap, " " | ". " | ": " | ", " | ",\n" | "\n" | ",\n\n") {
        return None;
    }
    let fits = |at: usize| {
        let token = message.tokens.get(at)?;
        let written = &message.text[token.start..token.end];
        let capital = written.starts_with(char::is_uppercase);
        let word = message.word(at);
        // Behind its first word a capital is enough: `Jo A. Doe`.
        let name = !NO_NAMES.contains(&word) || (capital && at > first);
        (!token.digits && (capital || small) && name).then_some(capital)
    };
    let capital = fits(first)?;
    let mut last = first;
    while last + 1 < first + LONGEST
        && matches!(message.gap(last), " " | "-" | "'" | "’" | ". ")
        // A point ends the name unless it shortens a part of it.
        && (message.gap(last) != ". " || message.word(last).len() == 1)
        && fits(last + 1).is_some_and(|next| next && capital)
    {
        last += 1;
    }
    Some(last)
}

#[cfg(test)]
mod tests {
    use super::super::normalized;
    use super::*;

    fn names(text: &str) -> Vec<String> {
        normalized(find, text)
    }

    #[test]
    fn names_follow_their_phrases() {
        assert_eq!(
            names("Hi, my name is Jo A. Müller-Doe. Mr. O'Neil and Mrs Ann knew.\n\nBest regards,\nZoë"),
            ["Jo A. Müller-Doe", "O'Neil", "Ann", "Zoë"]
        );
        assert_eq!(names("my name is rubija and I"), ["rubija"]);
    }

    #[test]
    fn other_words_are_no_names() {
        assert!(
            names("my name is wrong. My name is not on it. regards to all, ms office, in drs Smith")
                .is_empty()
        );
    }
}
