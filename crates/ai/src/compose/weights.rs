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
            bias: -6.3802,
            weights: [
                1.2288,  // best sentence score
                -1.8370, // best sentence cosine
                3.7924,  // passage cosine
                1.4692,  // words in extracts
                3.4740,  // words in passage
                -0.1862, // neighbouring words
                0.3019,  // heaviest missing word
                -1.5352, // particulars missing
                -0.0550, // particulars unknown
                2.3690,  // margin to next entry
                3.2852,  // sentence margin to next entry
                2.2332,  // lead over the field
                -0.3475, // gives
                -0.8200, // shortness of question
                1.8562,  // words times passage cosine
                -0.4558, // asked as a customer
                0.9361,  // as a customer times words
                1.0182,  // as a customer times passage cosine
                1.5395,  // told to a customer
                -3.7527, // to a customer times words
                4.9878,  // to a customer times passage cosine
                -0.4410, // words that nothing found has
                -1.2584, // names the company
            ],
        },
        by_words: Logistic {
            bias: -5.8061,
            weights: [
                9.5545,  // best sentence score
                0.0000,  // best sentence cosine
                0.0000,  // passage cosine
                0.5131,  // words in extracts
                6.4857,  // words in passage
                1.0290,  // neighbouring words
                0.6336,  // heaviest missing word
                -0.9238, // particulars missing
                -0.8695, // particulars unknown
                0.0000,  // margin to next entry
                0.0000,  // sentence margin to next entry
                0.0000,  // lead over the field
                -0.1296, // gives
                -3.6568, // shortness of question
                0.0000,  // words times passage cosine
                0.5659,  // asked as a customer
                -0.5324, // as a customer times words
                0.0000,  // as a customer times passage cosine
                2.6923,  // told to a customer
                -1.9836, // to a customer times words
                0.0000,  // to a customer times passage cosine
                -0.0682, // words that nothing found has
                -0.2295, // names the company
            ],
        },
    };
}
