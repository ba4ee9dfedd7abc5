//! The weights of the two models that answers depend on: which sentence answers, and whether the reply is right.

use super::evidence::FEATURES;
use super::logistic::Logistic;
use super::select::SENTENCE_FEATURES;

/// What was learnt about answers.
#[derive(Debug, Clone, Copy)]
pub struct Weights {
    /// Whether a sentence answers.
    pub sentence: Logistic<{ SENTENCE_FEATURES.len() }>,
    /// Whether a reply is right.
    pub answer: Logistic<{ FEATURES.len() }>,
    /// The same where meanings could not be compared.
    pub answer_by_words: Logistic<{ FEATURES.len() }>,
}

impl Weights {
    /// The weights that come with the program.
    pub const TRAINED: Self = Self {
        sentence: Logistic {
            bias: -4.0,
            weights: [4.0, 1.0, 2.0, 2.0, 1.0, 1.0, 0.0, 0.0, 0.5, 0.3, -0.3, 0.0, 0.0, -0.5],
        },
        answer: Logistic {
            bias: 0.0,
            weights: [0.0; FEATURES.len()],
        },
        answer_by_words: Logistic {
            bias: 0.0,
            weights: [0.0; FEATURES.len()],
        },
    };
}
