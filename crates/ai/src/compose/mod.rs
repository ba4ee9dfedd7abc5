//! The grounded composer: replies made of the sources' own sentences, without a language model.
//!
//! | file | what it holds |
//! |---|---|
//! | `asked`, `wanted` | the question: its words with their weight, its parts, what it wants |
//! | `reading` | what was found, sentence by sentence, beside the question |
//! | `memory` | the words of sentences that were read before |
//! | `select` | which sentences answer |
//! | `evidence`, `logistic`, `weights` | how likely they are right |
//! | `draft` | the reply with its markers and citations |
//! | `lexis` | small word knowledge |
//!
//! What it promises: every word of a reply but the markers stands in a source, in the source's order; the marker `[n]`
//! stands behind the words of citation `n`, whose quote they are; a reply has at most three extracts and about 700 code
//! points; the same question and hits give the same reply.
//!
//! The weights are trained on public data by `examples/evaluate_answers`, which also says how well all this does.

mod asked;
mod draft;
mod evidence;
mod lexis;
mod logistic;
mod memory;
mod reading;
mod select;
mod wanted;
mod weights;

use std::sync::Arc;

use acs_domain::knowledge::Hit;
use acs_domain::port::compose::{Composer, Draft, Question};
use acs_domain::port::retrieve::Retriever;

pub(crate) use draft::cite;
pub use evidence::{Evidence, FEATURES};
pub use logistic::Logistic;
pub use weights::Weights;

use memory::Memory;
use reading::Reading;

/// Composes replies out of found passages.
#[derive(Clone)]
pub struct GroundedComposer {
    memory: Memory,
    weights: Weights,
}

impl GroundedComposer {
    /// A composer that compares the words which `words` finds in texts.
    #[must_use]
    pub fn new(words: Arc<dyn Retriever>) -> Self {
        Self::with_weights(words, Weights::TRAINED)
    }

    /// The same with other weights: for training.
    #[must_use]
    pub fn with_weights(words: Arc<dyn Retriever>, weights: Weights) -> Self {
        Self {
            memory: Memory::new(words),
            weights,
        }
    }

    /// What the confidence of the reply to `question` stands on: for training and for explaining.
    #[must_use]
    pub fn evidence(&self, question: &Question, hits: &[Hit]) -> Option<Evidence> {
        let reading = Reading::new(question, hits, &self.memory);
        select::choose(&reading).map(|choice| Evidence::new(&reading, &choice))
    }

    /// How far the reply to `question` is ahead of what other entries would say, in log odds: for setting when to ask back.
    #[must_use]
    pub fn lead(&self, question: &Question, hits: &[Hit]) -> Option<f32> {
        let reading = Reading::new(question, hits, &self.memory);
        let (_, behind) = *select::choose(&reading)?.others.first()?;
        Some(behind)
    }
}

impl Composer for GroundedComposer {
    fn compose(&self, question: &Question, hits: &[Hit]) -> Option<Draft> {
        let reading = Reading::new(question, hits, &self.memory);
        let choice = select::choose(&reading)?;
        let confidence = Evidence::new(&reading, &choice).confidence(&self.weights);
        Some(draft::write(&reading, &choice, confidence))
    }
}

#[cfg(test)]
mod tests;
