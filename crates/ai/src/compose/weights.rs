//! How the evidence for a reply becomes its confidence. The figures below are written by
//! `cargo run --release -p acs-ai --example evaluate_answers -- --data DATA --train`.
//!
//! Trained on XQuAD in English (CC BY-SA 4.0), StackFAQ (CC BY-SA 3.0), CLINC150 (CC BY 3.0), BANKING77 (CC BY 4.0) and
//! articles of tau2-bench (MIT), with questions written for this project; only these weights are derived from them.

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
            bias: -6.4817,
            weights: [
                1.5483,  // best sentence score
                -0.3275, // best sentence cosine
                2.4800,  // passage cosine
                0.7580,  // words in extracts
                3.9873,  // words in passage
                -0.4660, // neighbouring words
                0.3091,  // heaviest missing word
                -1.2900, // particulars missing
                -0.2129, // particulars unknown
                4.0499,  // margin to next entry
                1.9737,  // sentence margin to next entry
                1.9397,  // lead over the field
                -0.3575, // gives
                -0.8024, // shortness of question
                1.8063,  // words times passage cosine
                -0.1012, // asked as a customer
                0.8261,  // as a customer times words
                0.1497,  // as a customer times passage cosine
                1.5602,  // told to a customer
                -3.4242, // to a customer times words
                4.5785,  // to a customer times passage cosine
                -0.4035, // words that nothing found has
                -1.0431, // names the company
            ],
        },
        by_words: Logistic {
            bias: -5.9835,
            weights: [
                9.8447,  // best sentence score
                0.0000,  // best sentence cosine
                0.0000,  // passage cosine
                0.6477,  // words in extracts
                6.5854,  // words in passage
                0.9617,  // neighbouring words
                0.6589,  // heaviest missing word
                -0.9206, // particulars missing
                -0.8118, // particulars unknown
                0.0000,  // margin to next entry
                0.0000,  // sentence margin to next entry
                0.0000,  // lead over the field
                -0.0475, // gives
                -3.6489, // shortness of question
                0.0000,  // words times passage cosine
                0.4934,  // asked as a customer
                -0.5366, // as a customer times words
                0.0000,  // as a customer times passage cosine
                2.5873,  // told to a customer
                -1.8891, // to a customer times words
                0.0000,  // to a customer times passage cosine
                0.1250,  // words that nothing found has
                -0.2466, // names the company
            ],
        },
    };
}
