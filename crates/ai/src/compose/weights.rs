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
            bias: -7.2830,
            weights: [
                1.2450,  // best sentence score
                1.3508,  // best sentence cosine
                0.4662,  // passage cosine
                2.4331,  // words in extracts
                3.7052,  // words in passage
                0.9345,  // neighbouring words
                0.4095,  // heaviest missing word
                -0.4067, // particulars missing
                -0.5462, // particulars unknown
                4.6263,  // margin to next entry
                2.0902,  // sentence margin to next entry
                0.6501,  // lead over the field
                -0.5239, // gives
                -1.3497, // shortness of question
                0.6246,  // words times passage cosine
                -0.3053, // asked as a customer
                -1.0184, // as a customer times words
                1.8568,  // as a customer times passage cosine
                2.7964,  // told to a customer
                -4.4002, // to a customer times words
                4.3937,  // to a customer times passage cosine
            ],
        },
        by_words: Logistic {
            bias: -6.9521,
            weights: [
                22.6605, // best sentence score
                0.0000,  // best sentence cosine
                0.0000,  // passage cosine
                1.6918,  // words in extracts
                5.3596,  // words in passage
                0.4150,  // neighbouring words
                0.8894,  // heaviest missing word
                -0.6742, // particulars missing
                -0.6382, // particulars unknown
                0.0000,  // margin to next entry
                0.0000,  // sentence margin to next entry
                0.0000,  // lead over the field
                -0.6738, // gives
                -5.6853, // shortness of question
                0.0000,  // words times passage cosine
                0.0741,  // asked as a customer
                0.0927,  // as a customer times words
                0.0000,  // as a customer times passage cosine
                3.8332,  // told to a customer
                -3.7255, // to a customer times words
                0.0000,  // to a customer times passage cosine
            ],
        },
    };
}
