//! The language models of a turn, and their own words.

use serde::{Deserialize, Serialize};

use super::Failure;
use crate::budget::Spending;
use crate::port::chat::{StopReason, ToolCall};
use crate::turn::Attempt;

/// The route of a turn, as it was gone.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Routed {
    /// How many models it had.
    pub links: u32,
    /// How many tokens a prompt might have; `None` in records that are older than this.
    #[serde(default)]
    pub room: Option<usize>,
    /// What the organization's models had cost in the month, with what turns under way held, or why that could not be told; `None`
    /// where it was not asked for.
    #[serde(default)]
    pub used: Option<Result<Spending, String>>,
    /// The replies that began, in order.
    pub calls: Vec<Call>,
    /// Every try, also of models that began no reply, with cause and time.
    pub attempts: Vec<Attempt>,
}

/// A reply that began, in the model's own words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// Which model.
    pub model: String,
    /// How many models of the route stand before it.
    pub level: u32,
    /// What it wrote, piece by piece as it came.
    pub written: Vec<Piece>,
    /// How it ended.
    pub end: CallEnd,
    /// What the turn made of a reply of which it could use nothing.
    pub judged: Option<Judged>,
}

/// A piece of a reply.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Piece {
    /// Words.
    Text(String),
    /// Something that the model asked to be done.
    Call(ToolCall),
}

/// How a model's reply ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallEnd {
    /// As the model says, for so many tokens.
    Done {
        /// Why.
        reason: StopReason,
        /// Read.
        input: u64,
        /// Written.
        output: u64,
    },
    /// The stream ended before the reply did.
    Broke,
    /// It failed.
    Failed(Failure),
    /// Nobody listened any more.
    CutOff,
}

/// An attempt whose outcome the turn changed, because nothing of the reply could be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// Its place among the attempts.
    pub attempt: usize,
    /// Its outcome before.
    pub outcome: String,
    /// What the turn said of the reply.
    pub reason: String,
}
