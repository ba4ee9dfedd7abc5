//! Answers made of the sources' own sentences.

use serde::{Deserialize, Serialize};

use crate::knowledge::{Citation, Hit, Vector};

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// The words.
    pub text: String,
    /// Their searchable form.
    pub terms: Vec<String>,
    /// Their meaning; `None` when the embedding was left out.
    pub vector: Option<Vector>,
    /// The cosine of strangers to the model that gave it.
    pub strangers: f32,
    /// Language code of the reply.
    pub language: String,
    /// The name of the company that is asked. It stands all over its knowledge: that a source has it says nothing.
    pub company: String,
}

/// A reply that stands on sources.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The words, with markers `[1]`, `[2]` … that number the citations.
    pub text: String,
    /// The sources, in the order of their markers.
    pub citations: Vec<Citation>,
    /// From 0 to 1: how likely the draft answers the question. Calibrated on data.
    pub confidence: f32,
    /// Titles of other fitting entries, as questions to go on with.
    pub follow_up_questions: Vec<String>,
    /// The code of the language in which the sources say it, where that can be told.
    pub language: Option<String>,
    /// Titles of entries that would answer about as well, that of the draft first; empty where none competes.
    pub rivals: Vec<String>,
}

/// Writes replies from sources alone. More than half a millisecond of work: run it off the async threads.
pub trait Composer: Send + Sync {
    /// The best reply that the hits (best first) support; `None` when there is nothing to say.
    fn compose(&self, question: &Question, hits: &[Hit]) -> Option<Draft>;
}
