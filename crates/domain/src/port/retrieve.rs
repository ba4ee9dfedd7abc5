//! How knowledge is cut into passages, and how found passages are put in order.
//!
//! The store nominates candidates, a [`Retriever`] scores them: so both stores give the same order.

use std::ops::Range;

use crate::knowledge::{EntryText, Hit, Vector};
use crate::port::store::knowledge::Nominations;

/// A part of an entry's text, before its meaning is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cutting {
    /// The headings above it, outermost first, joined by ` › `; empty at the top.
    pub heading: String,
    /// The text itself, plain.
    pub text: String,
    /// Its searchable words, with title, heading and tags.
    pub terms: Vec<String>,
    /// The byte ranges of its sentences in `text`.
    pub sentences: Vec<Range<usize>>,
    /// What to embed for the passage: title, heading and text.
    pub embedded: String,
}

/// A nominee with its score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranked {
    /// Its place in [`Nominations::nominees`].
    pub index: usize,
    /// How well it fits, larger is better; comparable between questions.
    pub score: f32,
    /// The lexical part (BM25).
    pub lexical: f32,
}

/// Cuts knowledge and ranks what is found. Pure: the same input gives the same output.
pub trait Retriever: Send + Sync {
    /// Cuts an entry into passages, on its headings and sentences.
    fn cut(&self, entry: &EntryText) -> Vec<Cutting>;

    /// What to embed for a passage: [`Cutting::embedded`] of one that was cut before.
    fn embedded(&self, title: &str, tags: &[String], heading: &str, text: &str) -> String;

    /// The searchable words of a text, in the form that [`Cutting::terms`] has.
    fn terms(&self, text: &str) -> Vec<String>;

    /// What of a question, word by word, another way of asking must have too if both are to get the same answer out of the
    /// same hits. The language is the code of the question's.
    fn essence(&self, question: &str, language: &str, hits: &[Hit]) -> Vec<String>;

    /// Which of the words that are known an unknown one was meant to be; of those as near the first.
    fn respell(&self, word: &str, known: &[String]) -> Option<String>;

    /// Scores the nominees, best first; ties by id.
    fn rank(&self, nominations: &Nominations) -> Vec<Ranked>;

    /// A long question in parts, each of which looks for its own answer; none where it is one part itself.
    fn parts(&self, question: &str) -> Vec<String>;

    /// Puts what was found in its last order: by the meanings of the question's parts, if it has several, and by what the
    /// entries are like. `strangers` is the cosine of strangers to the model that gave the meanings.
    fn rerank(&self, parts: &[Vector], strangers: f32, hits: &mut [Hit]);
}
