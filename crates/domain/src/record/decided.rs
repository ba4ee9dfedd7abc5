//! What was decided, without how long it took.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::analysis::Analysis;
use crate::conversation::{Course, Priority};
use crate::knowledge::Citation;
use crate::port::compose::Draft;
use crate::turn::{Outcome, Verdict};

/// What a turn decided, before its commit. Two turns decided the same if the bytes are the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decided {
    /// What was understood, and what the guard said.
    pub analysis: Analysis,
    /// What had to be left out, and why.
    pub degraded: Vec<String>,
    /// Checks and rules, in the order that they spoke.
    pub verdicts: Vec<Verdict>,
    /// What the sources themselves say.
    pub draft: Option<Draft>,
    /// The prompt, where a language model was asked.
    pub prompt: Option<Value>,
    /// The models tried, in order.
    pub tried: Vec<Tried>,
    /// How it ended.
    pub outcome: Outcome,
    /// The reply. The markers in it tell the source of each sentence.
    pub response: Option<String>,
    /// The sources, in the order of their markers.
    pub citations: Vec<Citation>,
    /// From 0 to 1: how likely the answer is right.
    pub confidence: f32,
    /// Whether the reply offers a person.
    pub offers_person: bool,
    /// Questions to go on with.
    pub follow_up_questions: Vec<String>,
    /// Why a person is called.
    pub escalation: Option<PersonCalled>,
    /// Whether the reply is said even while people own the conversation.
    pub urgent: bool,
    /// Where the talk goes.
    pub course: Course,
    /// The model that wrote the reply.
    pub model_used: String,
    /// How many links of the chain failed before it.
    pub fallback_level: u32,
}

impl Decided {
    /// The decision as bytes, which are the same for the same decision: JSON, fields in this order.
    pub fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(self)
    }
}

/// One try of one model, without how long it took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// Which model.
    pub model: String,
    /// `ok`, or why not.
    pub outcome: String,
}

/// A call for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonCalled {
    /// Why.
    pub reason: String,
    /// How urgent.
    pub priority: Priority,
}
