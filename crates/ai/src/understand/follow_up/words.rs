//! The words by which a message leans on what was said before, by language; lower case, without marks and apostrophes.

use std::sync::LazyLock;

use super::Token;
use crate::retrieve::is_stop_word;

/// What such words are in one language.
#[derive(Debug)]
pub(super) struct Words {
    code: &'static str,
    /// Join a message to the one before.
    joins: Vec<&'static str>,
    /// Ask the same of something else.
    asks_about: Vec<Vec<&'static str>>,
    /// Go back to something earlier.
    returns: Vec<Vec<&'static str>>,
    /// Point to what was named before.
    pointing: Vec<&'static str>,
    /// Another of the same kind.
    one: Vec<&'static str>,
    articles: Vec<&'static str>,
    prepositions: Vec<&'static str>,
    /// Stand before a verb.
    doers: Vec<&'static str>,
    /// Verbs and words of questions that tell nothing of the subject.
    general: Vec<&'static str>,
    /// Begin a question.
    asking: Vec<&'static str>,
    /// A pronoun behind them points to nothing.
    hollow: Vec<Vec<&'static str>>,
}

/// How a message begins.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Opening {
    /// So many words.
    pub(super) length: usize,
    /// It goes on with what was said.
    pub(super) goes_on: bool,
    /// It asks the same of something else.
    pub(super) asks_about: bool,
}

static ALL: LazyLock<Vec<Words>> = LazyLock::new(|| {
    let file = include_str!("words.txt");
    let sections = file.split("\n[").skip(1);
    sections.filter_map(Words::read).collect()
});

impl Words {
    pub(super) fn of(language: &str) -> Option<&'static Self> {
        ALL.iter().find(|words| words.code == language)
    }

    /// A section of the file: the code of a language, then a list a line. A line that is not in that form is left out,
    /// which a test tells.
    fn read(section: &'static str) -> Option<Self> {
        let (code, lines) = section.split_once(']')?;
        let lists = || lines.lines().filter_map(|line| line.split_once(": "));
        let words = |name: &str| -> Vec<&'static str> {
            let named = lists().filter(|(list, _)| *list == name);
            named.flat_map(|(_, words)| words.split(' ')).collect()
        };
        let phrases = |name: &str| -> Vec<Vec<&'static str>> {
            let named = lists().filter(|(list, _)| *list == name);
            let phrases = named.flat_map(|(_, phrases)| phrases.split(" | "));
            phrases.map(|phrase| phrase.split(' ').collect()).collect()
        };
        Some(Self {
            code,
            joins: words("joins"),
            asks_about: phrases("asks_about"),
            returns: phrases("returns"),
            pointing: words("pointing"),
            one: words("one"),
            articles: words("articles"),
            prepositions: words("prepositions"),
            doers: words("doers"),
            general: words("general"),
            asking: words("asking"),
            hollow: phrases("hollow"),
        })
    }

    pub(super) fn opening(&self, tokens: &[Token]) -> Opening {
        let joins = tokens
            .iter()
            .take_while(|token| self.joins.contains(&&*token.folded))
            .count();
        let about = longest(&self.asks_about, &tokens[joins..]);
        Opening {
            length: joins + about.unwrap_or(0),
            goes_on: joins > 0,
            asks_about: about.is_some(),
        }
    }

    /// How many words say that the message returns to something.
    pub(super) fn returning(&self, tokens: &[Token]) -> Option<usize> {
        let joins = tokens
            .iter()
            .take_while(|token| self.joins.contains(&&*token.folded))
            .count();
        Some(joins + longest(&self.returns, &tokens[joins..])?)
    }

    /// Whether the words name something and say nothing about it.
    pub(super) fn is_fragment(&self, tokens: &[Token]) -> bool {
        let says = |token: &Token| {
            self.asking.contains(&&*token.folded)
                || (self.is_doer(token) && !self.is_preposition(token))
                || self.general.contains(&&*token.folded)
        };
        tokens
            .iter()
            .any(|token| self.is_content(token) || self.is_one(token))
            && !tokens.iter().any(says)
    }

    /// Whether a message asks.
    pub(super) fn asks(&self, message: &str, tokens: &[Token]) -> bool {
        let open = tokens.iter().find(|token| !self.joins.contains(&&*token.folded));
        message.trim_end().ends_with(['?', '？'])
            || open.is_some_and(|token| self.asking.contains(&&*token.folded))
    }

    /// Whether the word tells what a text is about.
    pub(super) fn is_content(&self, token: &Token) -> bool {
        let word = &*token.folded;
        !is_stop_word(self.code, word)
            && ![
                &self.general,
                &self.pointing,
                &self.one,
                &self.joins,
                &self.asking,
                &self.doers,
            ]
            .iter()
            .any(|list| list.contains(&word))
    }

    /// Whether the word points to something named before, and does not stand with a word that names it.
    pub(super) fn points_back(&self, tokens: &[Token], place: usize) -> bool {
        let is_alone = |next: &Token| !self.is_content(next);
        self.pointing.contains(&&*tokens[place].folded) && tokens.get(place + 1).is_none_or(is_alone)
    }

    /// Whether a pronoun in such words points to nothing: `is it possible to …`.
    pub(super) fn is_hollow(&self, tokens: &[Token]) -> bool {
        (0..tokens.len()).any(|place| longest(&self.hollow, &tokens[place..]).is_some())
    }

    pub(super) fn is_asking(&self, token: &Token) -> bool {
        self.asking.contains(&&*token.folded)
    }

    pub(super) fn is_one(&self, token: &Token) -> bool {
        self.one.contains(&&*token.folded)
    }

    pub(super) fn is_article(&self, token: &Token) -> bool {
        self.articles.contains(&&*token.folded)
    }

    pub(super) fn is_preposition(&self, token: &Token) -> bool {
        self.prepositions.contains(&&*token.folded)
    }

    pub(super) fn is_doer(&self, token: &Token) -> bool {
        self.doers.contains(&&*token.folded)
    }
}

/// The length of the longest of some word sequences that the tokens begin with.
fn longest(sequences: &[Vec<&'static str>], tokens: &[Token]) -> Option<usize> {
    let begins = |sequence: &&Vec<&'static str>| {
        sequence.len() <= tokens.len()
            && sequence
                .iter()
                .zip(tokens)
                .all(|(word, token)| *word == token.folded)
    };
    sequences.iter().filter(begins).map(Vec::len).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_words_are_in_the_form_in_which_they_are_compared() {
        assert_eq!(ALL.len(), 7);
        let lines = include_str!("words.txt").lines();
        let mut lists = lines.filter(|line| !line.is_empty() && !line.starts_with(['#', '[']));
        assert!(lists.all(|line| line.contains(": ")));
        for words in ALL.iter() {
            let lists = [
                &words.joins,
                &words.pointing,
                &words.one,
                &words.articles,
                &words.prepositions,
                &words.doers,
                &words.general,
                &words.asking,
            ];
            let sequences = [&words.asks_about, &words.returns, &words.hollow];
            let all = lists
                .into_iter()
                .flatten()
                .chain(sequences.into_iter().flatten().flatten());
            for word in all {
                let folded = super::super::tokens(word);
                assert_eq!(folded.len(), 1, "{word}");
                assert_eq!(folded[0].folded, *word);
            }
        }
    }
}
