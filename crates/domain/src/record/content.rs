//! What a record says: everything that a turn read, heard and made of it, so that it can be run again.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Decided, Failure};
use crate::analysis::Analysis;
use crate::conversation::Conversation;
use crate::knowledge::{EntryId, PassageId, Vector};
use crate::message::Message;
use crate::organization::Organization;

/// The content of a record, before it is sealed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Content {
    /// What the turn was run with.
    pub versions: Versions,
    /// The settings that decide.
    pub thresholds: Thresholds,
    /// What it read; `None` for a turn that was given up unread.
    pub input: Option<Input>,
    /// What it was told on the way.
    pub heard: Heard,
    /// What came of it.
    pub decided: Decided,
    /// What was too long to keep, and is missing here. Such a turn cannot be run again.
    pub cut: Vec<String>,
}

/// Which versions of everything took part.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// Of the organization's knowledge.
    pub knowledge: i64,
    /// Of its intents.
    pub intents: i64,
    /// Of the head trained on them that answered; 0 for none.
    pub head: i64,
    /// Of its own terms.
    pub terms: i64,
    /// The embedding model.
    pub embedding_model: String,
    /// The program, and what it carries: heads, rules, templates, each with a digest.
    pub parts: BTreeMap<String, String>,
}

/// The operator's settings that a decision depends on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Thresholds {
    /// Below this confidence nothing is known.
    pub unknown: f32,
    /// Below this confidence a person is offered.
    pub answer: f32,
    /// From this confidence on an intent is acted on.
    pub intent: f32,
    /// Whether insults call a person.
    pub hand_over_abuse: bool,
    /// How long a model may write.
    pub answer_within: Duration,
}

/// What a turn read before it began.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// The organization, without what no turn reads.
    pub organization: Organization,
    /// The conversation, as it was read.
    pub conversation: Conversation,
    /// The customer's message.
    pub message: Message,
    /// The messages before it, oldest first, without their data and citations.
    pub history: Vec<Message>,
    /// The approved texts of social intents.
    pub approved: BTreeMap<String, Vec<String>>,
    /// What could not be read, and why.
    pub degraded: Vec<String>,
}

/// What the parts of the program, the knowledge and the models told a turn.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    /// The message's place in meaning, or why there was none.
    pub meaning: Option<Result<Vector, String>>,
    /// What was understood, before the guard spoke.
    pub analysis: Option<Analysis>,
    /// The passages found, best first, or why there were none.
    pub found: Option<Result<Vec<FoundPassageRecord>, String>>,
    /// What language models were asked, in order.
    pub calls: Vec<Call>,
}

/// A passage as it was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FoundPassageRecord {
    /// Id.
    pub id: PassageId,
    /// Of which entry.
    pub entry_id: EntryId,
    /// The entry's version.
    pub version: i64,
    /// The entry's headline.
    pub title: String,
    /// The entry's subject.
    pub category: String,
    /// Where customers can read the entry.
    pub url: Option<String>,
    /// Its place in the entry.
    pub ordinal: i64,
    /// The headings above it.
    pub heading: String,
    /// The text.
    pub text: String,
    /// Its searchable words.
    pub terms: Vec<String>,
    /// Where its sentences lie in the text.
    pub sentences: Vec<SentenceRange>,
    /// The digest of its sentences' vectors, which are too long to keep and can be made again.
    pub vectors: String,
    /// How well it fits.
    pub score: f32,
    /// The cosine of question and passage.
    pub cosine: f32,
    /// BM25.
    pub lexical: f32,
}

/// First byte of a sentence, and behind its last.
pub type SentenceRange = (usize, usize);

/// One model that was asked, and its own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Which model.
    pub model: String,
    /// What it wrote, piece by piece as it came.
    pub written: Vec<String>,
    /// How it ended.
    pub end: CallEnd,
}

/// How a model's reply ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallEnd {
    /// In order, for so many tokens.
    Done {
        /// Read.
        input: u64,
        /// Written.
        output: u64,
    },
    /// The stream ended before the reply did.
    Broke,
    /// It failed.
    Failed(Failure),
    /// The turn's own time was over, or nobody listened any more.
    CutOff,
}
