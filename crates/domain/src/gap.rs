//! Questions that the knowledge did not answer, and the gaps that they show.

use acs_core::id::Id;
use time::OffsetDateTime;

use crate::conversation::ConversationId;
use crate::knowledge::Vector;

/// The id of an [`Unanswered`] question.
pub type UnansweredId = Id<Unanswered>;

/// A question that the knowledge did not answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Unanswered {
    /// Id.
    pub id: UnansweredId,
    /// Where it was asked.
    pub conversation_id: ConversationId,
    /// The words, personal data taken out.
    pub question: String,
    /// The language that it was asked in.
    pub language: Option<String>,
    /// Its meaning; empty where the embedding was left out.
    pub vector: Vector,
    /// The model that gave it.
    pub embedding_model: String,
    /// The version of the knowledge that had no answer.
    pub knowledge_version: i64,
    /// When.
    pub asked_at: OffsetDateTime,
}

/// Questions of one meaning that the knowledge did not answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// Its questions, the one that says best what all ask first.
    pub questions: Vec<Unanswered>,
}
