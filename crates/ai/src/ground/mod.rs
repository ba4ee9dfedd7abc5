//! The check of a reply's sentences against what they may stand on.
//!
//! | file | what it holds |
//! |---|---|
//! | `check` | the verdict on one sentence |
//! | `library`, `candidates`, `stretch` | the sources, read once; a few of their sentences held against one of the reply |
//! | `claims` | what a sentence claims that can be checked letter by letter |
//! | `address`, `phone`, `figure`, `promised`, `denial`, `courtesy` | kinds of claims, and sentences without any |
//! | `conflict` | sentences of two entries that cannot both be true |
//! | `number`, `unit`, `token`, `terms`, `visible` | the values, units and words that those are made of |
//! | `vocabulary`, `words/` | what must be known of a language |
//!
//! What it promises: an address, phone number, figure, weekday, quotation, name or promise that stands in no source never
//! passes, nor does one that the sources say of something else, a denial turned round or a condition left out. Words decide
//! first; where they do not, how like the meaning is may, but only over what is left when all of that agrees.
//!
//! How it was measured, and what it cannot see: `docs/models/grounding.md`.

mod address;
mod candidates;
mod check;
mod claims;
mod conflict;
mod courtesy;
mod denial;
mod figure;
mod library;
mod number;
mod phone;
mod promised;
mod stretch;
mod terms;
mod token;
mod unit;
mod visible;
mod vocabulary;

use std::sync::Arc;

use acs_domain::port::ground::{Checker, Grounding, Sources};
use acs_domain::port::retrieve::Retriever;

use check::SourceChecker;
use terms::Terms;

/// Checks sentences by rules over words, figures and denials, and by meaning where those leave it open.
#[derive(Clone)]
pub struct RuleGrounding {
    terms: Terms,
}

impl RuleGrounding {
    /// A check that compares the words which `words` finds in texts.
    #[must_use]
    pub fn new(words: Arc<dyn Retriever>) -> Self {
        Self {
            terms: Terms::new(words),
        }
    }
}

impl Grounding for RuleGrounding {
    fn read(&self, sources: &Sources) -> Arc<dyn Checker> {
        Arc::new(SourceChecker::new(sources, &self.terms))
    }

    fn sentences<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let starts = crate::sentence::sentences(text)
            .into_iter()
            .map(|range| range.start);
        let cuts: Vec<usize> = std::iter::once(0)
            .chain(starts.skip(1))
            .chain([text.len()])
            .collect();
        let pieces = cuts.windows(2).filter_map(|cut| text.get(cut[0]..cut[1]));
        pieces.filter(|piece| !piece.is_empty()).collect()
    }
}

#[cfg(test)]
mod tests;
