//! Finding knowledge: how entries are cut into passages, which words count, and how found passages are put in order.
//!
//! | file | what it holds |
//! |---|---|
//! | `terms` | a text's searchable words, in one form |
//! | `stop_words` | words that say nothing about a text's subject |
//! | `essence` | what another way of asking must have too |
//! | `markdown` | Markdown and HTML to plain parts under their headings |
//! | `cut` | those parts to passages of a size that is found and quoted well |
//! | `rank` | the order of passages: meaning and words together |
//! | `parts` | long questions to parts |
//! | `rerank` | the last order, by what only the passages themselves tell |
//! | `spelling` | slips of the pen |
//!
//! Figures of the whole way – cutting, words, vectors, order – come from `examples/tune_retrieval.rs`.

mod cut;
mod essence;
mod markdown;
mod parts;
mod rank;
mod rerank;
mod spelling;
mod stop_words;
mod terms;

use std::collections::HashSet;

use acs_domain::knowledge::{EntryText, Hit, Vector};
use acs_domain::port::retrieve::{Cutting, Ranked, Retriever};
use acs_domain::port::store::knowledge::Nominations;

pub use rank::Weights;
pub(crate) use spelling::respell;
pub use terms::Words;

/// Whether a word, in lower case without marks and apostrophes, says nothing about a text's subject; `false` in a language
/// that has no list.
pub(crate) fn is_stop_word(language: &str, word: &str) -> bool {
    stop_words::of_language(language).contains(&word)
}

/// Cuts and ranks by fixed rules: no model, no I/O. Cutting a long entry takes milliseconds.
#[derive(Debug, Default)]
pub struct RuleRetriever {
    words: Words,
    weights: Weights,
}

impl RuleRetriever {
    /// A retriever whose words are those of a language (ISO 639-1; English where the code is unknown).
    #[must_use]
    pub fn new(language: &str, weights: Weights) -> Self {
        Self {
            words: Words::of_language(language),
            weights,
        }
    }
}

impl Retriever for RuleRetriever {
    fn cut(&self, entry: &EntryText) -> Vec<Cutting> {
        cut::cut(entry, &self.words)
    }

    fn embedded(&self, title: &str, tags: &[String], heading: &str, text: &str) -> String {
        cut::embedded([title, &tags.join(", "), heading, text])
    }

    fn terms(&self, text: &str) -> Vec<String> {
        self.words.terms(text)
    }

    fn essence(&self, question: &str, language: &str, hits: &[Hit]) -> Vec<String> {
        let terms = hits.iter().flat_map(|hit| &hit.found.passage.terms);
        let told: HashSet<&str> = terms.map(String::as_str).collect();
        essence::essence(question, language, &told, &self.words)
    }

    fn respell(&self, word: &str, known: &[String]) -> Option<String> {
        respell(word, known.iter().map(String::as_str)).map(str::to_owned)
    }

    fn rank(&self, nominations: &Nominations) -> Vec<Ranked> {
        rank::rank(nominations, self.weights)
    }

    fn parts(&self, question: &str) -> Vec<String> {
        parts::parts(question)
    }

    fn rerank(&self, parts: &[Vector], strangers: f32, hits: &mut [Hit]) {
        rerank::rerank(parts, strangers, self.weights.share, hits);
    }
}
