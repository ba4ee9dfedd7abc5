//! How the evidence for a reply becomes its confidence. The figures below are written by
//! `cargo run --release -p acs-ai --example evaluate_answers -- --data DATA --train`.
//!
//! Trained on XQuAD in English (CC BY-SA 4.0), StackFAQ (CC BY-SA 3.0), CLINC150 (CC BY 3.0), BANKING77 (CC BY 4.0) and
//! articles of tau2-bench (MIT); only these weights are derived from them.

use super::evidence::FEATURES;
use super::logistic::Logistic;

/// What was learnt about replies: how likely one is right.
#[derive(Debug, Clone, Copy)]
pub struct Weights {
    /// Where the meanings of question and passages could be compared.
    pub with_meaning: Logistic<{ FEATURES.len() }>,
    /// Where only words could.
    pub by_words: Logistic<{ FEATURES.len() }>,
}

impl Weights {
    /// The weights that come with the program.
    pub const TRAINED: Self = Self {
        with_meaning: Logistic {
            bias: -7.4875,
            weights: [
                0.9988,  // best sentence score
                1.3400,  // best sentence cosine
                0.7411,  // passage cosine
                2.4569,  // words in extracts
                3.9662,  // words in passage
                0.7101,  // neighbouring words
                0.4645,  // heaviest missing word
                -0.3878, // particulars missing
                -0.6319, // particulars unknown
                4.5325,  // margin to next entry
                2.2519,  // sentence margin to next entry
                0.3965,  // lead over the field
                -0.4910, // gives
                -1.4782, // shortness of question
                0.8031,  // words times passage cosine
                -0.3126, // asked as a customer
                -0.9655, // as a customer times words
                1.8765,  // as a customer times passage cosine
                2.8283,  // told to a customer
                -4.5731, // to a customer times words
                4.4589,  // to a customer times passage cosine
            ],
        },
        by_words: Logistic {
            bias: -7.0371,
            weights: [
                17.3399, // best sentence score
                0.0000,  // best sentence cosine
                0.0000,  // passage cosine
                1.8363,  // words in extracts
                5.9543,  // words in passage
                0.7449,  // neighbouring words
                0.9212,  // heaviest missing word
                -0.8402, // particulars missing
                -0.4992, // particulars unknown
                0.0000,  // margin to next entry
                0.0000,  // sentence margin to next entry
                0.0000,  // lead over the field
                -0.6141, // gives
                -5.9780, // shortness of question
                0.0000,  // words times passage cosine
                -0.0131, // asked as a customer
                0.3004,  // as a customer times words
                0.0000,  // as a customer times passage cosine
                3.9470,  // told to a customer
                -3.8637, // to a customer times words
                0.0000,  // to a customer times passage cosine
            ],
        },
    };
}
