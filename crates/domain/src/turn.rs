//! Turns: one customer's message, what was made of it, and how that was decided.

use acs_core::id::Id;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;

use crate::analysis::Analysis;
use crate::budget::Spending;
use crate::conversation::{ConversationId, Status};
use crate::knowledge::Citation;
use crate::message::MessageId;
use crate::organization::OrganizationId;
use crate::text_enum;

/// The id of a [`Turn`].
pub type TurnId = Id<Turn>;

text_enum! {
    /// Where a turn stands.
    pub enum TurnState {
        /// The message is stored; earlier turns of the conversation come first.
        Queued = "queued",
        /// Someone works on it, until the lease ends.
        Running = "running",
        /// Answered, or left to people.
        Done = "done",
    }
}

text_enum! {
    /// How a turn ended.
    pub enum Outcome {
        /// With an answer out of the knowledge.
        Answered = "answered",
        /// With a question back.
        Clarify = "clarify",
        /// Nothing known; a person is offered.
        Unknown = "unknown",
        /// Left to people.
        HandedOver = "handed_over",
    }
}

/// The right to work on a turn, until a time. Whoever takes the turn up later gets a higher number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// Which process holds it.
    pub owner: String,
    /// Rises each time that the turn is taken up: a commit under an old number is refused.
    pub attempt: i64,
    /// When others may take the turn up.
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
}

/// One customer's message and the work on its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// Id.
    pub id: TurnId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// In which conversation.
    pub conversation_id: ConversationId,
    /// The customer's message.
    pub message_id: MessageId,
    /// Its place in the conversation: turns run in this order.
    pub message_seq: i64,
    /// Where it stands.
    pub state: TurnState,
    /// Who works on it.
    pub lease: Option<Lease>,
    /// How often it was taken up.
    pub attempts: i64,
    /// When the message was accepted.
    pub created_at: OffsetDateTime,
    /// How it ended, once done.
    pub result: Option<TurnResult>,
}

/// How a turn ended: what its reply is told with, now and when the request is repeated. What explains it is in its record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TurnResult {
    /// How it ended.
    pub outcome: Outcome,
    /// The agent's message, unless people own the conversation.
    pub reply_id: Option<MessageId>,
    /// Its words.
    pub response: Option<String>,
    /// From 0 to 1: how likely the answer is right.
    pub confidence: f32,
    /// Whether the reply offers a person.
    pub offers_person: bool,
    /// Where the conversation stood afterwards.
    pub status: Status,
    /// What was understood, as far as replies tell it.
    pub analysis: Analysis,
    /// The sources.
    pub citations: Vec<Citation>,
    /// Questions to go on with.
    pub follow_up_questions: Vec<String>,
    /// The model that wrote the reply.
    pub model_used: String,
    /// How many links of the chain failed before it.
    pub fallback_level: u32,
    /// Tokens in and out, where a model counts them.
    pub tokens_used: u64,
    /// From acceptance to commit, in milliseconds.
    pub processing_time_ms: f64,
    /// How it came about, as far as it stands [in the open](Evidence::in_the_open). Turns of a time before that was so have
    /// all of it here.
    pub evidence: Evidence,
    /// Whether the customer was erased since: then no words are left in it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub erased: bool,
    /// When it ended.
    #[serde(with = "time::serde::rfc3339")]
    pub completed_at: OffsetDateTime,
}

/// A passage that was considered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The entry.
    pub entry_id: crate::knowledge::EntryId,
    /// The entry's version.
    pub version: i64,
    /// The passage.
    pub passage_id: crate::knowledge::PassageId,
    /// The entry's headline.
    pub title: String,
    /// How well it fits.
    pub score: f32,
    /// Cosine of question and passage.
    pub cosine: f32,
    /// BM25.
    pub lexical: f32,
}

/// One try of one model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    /// Which model.
    pub model: String,
    /// `ok`, or why not.
    pub outcome: String,
    /// How long, in milliseconds.
    pub latency_ms: f64,
    /// Tokens read.
    pub input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
    /// Money, in millionths of whatever the model's prices are in.
    #[serde(default)]
    pub cost_micros: u64,
    /// Whether the provider did not tell all of the tokens, and they were estimated.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub estimated: bool,
}

impl Attempt {
    /// What it cost. No more is believed of a provider than a reply can cost, so that sums of it stay sums.
    #[must_use]
    pub fn spending(&self) -> Spending {
        const MOST: i64 = 1_000_000_000;
        let bounded = |number: u64| i64::try_from(number).unwrap_or(MOST).min(MOST);
        Spending {
            tokens: bounded(self.input_tokens.saturating_add(self.output_tokens)),
            cost_micros: bounded(self.cost_micros),
        }
    }
}

/// What a check or rule said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Which check (`groundedness`, `threshold`, …).
    pub check: String,
    /// What it decided.
    pub decision: String,
    /// On what ground, with its figures.
    pub reason: String,
}

/// How long the stages of a turn took, in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct StageTimes {
    /// Waiting behind earlier turns of the conversation.
    pub queued_ms: f64,
    /// Reading history and settings.
    pub load_ms: f64,
    /// Understanding the message.
    pub understand_ms: f64,
    /// Searching the knowledge.
    pub retrieve_ms: f64,
    /// Finding out what the sources themselves say.
    #[serde(default)]
    pub compose_ms: f64,
    /// Writing the reply.
    pub answer_ms: f64,
    /// Sealing the record.
    #[serde(default)]
    pub record_ms: f64,
}

/// Everything that explains a turn.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The organization's knowledge version that was searched.
    pub knowledge_version: i64,
    /// The organization's intents version in force.
    pub intents_version: i64,
    /// The embedding model.
    pub embedding_model: String,
    /// The passages considered, best first.
    pub candidates: Vec<Candidate>,
    /// Checks and rules, in the order that they spoke.
    pub verdicts: Vec<Verdict>,
    /// The prompt, where a language model was asked.
    pub prompt: Option<Value>,
    /// The models tried, in order.
    pub attempts: Vec<Attempt>,
    /// What had to be left out, and why.
    pub degraded: Vec<String>,
    /// How long it took.
    pub timings: StageTimes,
}

impl Evidence {
    /// What may stand beside the sealed record, where no key protects it: which versions took part and how long it took,
    /// nothing that tells of the customer.
    #[must_use]
    pub fn in_the_open(&self) -> Self {
        Self {
            knowledge_version: self.knowledge_version,
            intents_version: self.intents_version,
            embedding_model: self.embedding_model.clone(),
            timings: self.timings,
            ..Self::default()
        }
    }
}
