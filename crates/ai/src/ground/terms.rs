//! What a text talks about: its words in one form, synonyms as one, without those that tell nothing.

use std::collections::HashMap;
use std::sync::Arc;

use acs_domain::port::retrieve::Retriever;
use moka::sync::Cache;

use super::vocabulary::Vocabulary;

/// How many words are remembered.
const REMEMBERED: u64 = 50_000;
/// Put before a word, so that a stop word that stands alone is still left out. A number is none.
const ANCHOR: &str = "0";

/// Words to terms.
#[derive(Clone)]
pub(super) struct Terms {
    words: Arc<dyn Retriever>,
    synonyms: Arc<HashMap<String, String>>,
    fillers: Arc<std::collections::HashSet<String>>,
    known: Cache<Box<str>, Arc<[String]>>,
}

impl Terms {
    pub(super) fn new(words: Arc<dyn Retriever>) -> Self {
        let english = Vocabulary::of("en");
        let first = |form: &str| of_word(&*words, form).into_iter().next();
        let mut synonyms = HashMap::new();
        for line in english.lines("synonym") {
            let mut stems = line.forms.iter().filter_map(|form| first(form));
            let Some(head) = stems.next() else { continue };
            for stem in stems.filter(|stem| *stem != head) {
                synonyms.insert(stem, head.clone());
            }
        }
        let fillers = english.forms("filler").filter_map(first).collect();
        Self {
            synonyms: Arc::new(synonyms),
            fillers: Arc::new(fillers),
            known: Cache::new(REMEMBERED),
            words,
        }
    }

    /// The terms of one word: none for a stop word or filler, two for a compound with a hyphen.
    pub(super) fn of_word(&self, word: &str) -> Arc<[String]> {
        if let Some(known) = self.known.get(word) {
            return known;
        }
        let terms: Arc<[String]> = of_word(&*self.words, word)
            .into_iter()
            .filter(|term| !self.fillers.contains(term))
            .map(|term| self.synonyms.get(&term).cloned().unwrap_or(term))
            .collect();
        self.known.insert(word.into(), Arc::clone(&terms));
        terms
    }

    /// The terms of a text.
    pub(super) fn of(&self, text: &str) -> Vec<String> {
        let words = text.split(|c: char| !(c.is_alphanumeric() || "'’-".contains(c)));
        let words = words.filter(|word| word.chars().any(char::is_alphabetic));
        words
            .flat_map(|word| self.of_word(&word.to_lowercase()).to_vec())
            .collect()
    }
}

fn of_word(words: &dyn Retriever, word: &str) -> Vec<String> {
    let mut terms = words.terms(&format!("{ANCHOR} {word}"));
    terms.retain(|term| term != ANCHOR);
    terms
}
