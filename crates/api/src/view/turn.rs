//! Turns: what became of a customer's message.

use acs_domain::analysis::{Analysis, IntentGuess};
use acs_domain::conversation::Status;
use acs_domain::escalation;
use acs_domain::turn::{self, Outcome, TurnResult};
use acs_engine::turn::DoneTurn;
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use super::analysis::{Emotion, Entity, Intent, Sentiment, UNDETERMINED};
use super::message::Citation;
use super::word;

/// What became of a customer's message.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Turn {
    conversation_id: Uuid,
    /// The customer's message.
    message_id: Uuid,
    /// The agent's message; null while a person owns the conversation.
    reply_id: Option<Uuid>,
    #[schema(value_type = word::Outcome)]
    outcome: Outcome,
    /// The agent's words; null while a person owns the conversation.
    response: Option<String>,
    /// From 0 to 1: how likely the answer is right.
    confidence: f32,
    /// Whether the reply offers a person.
    offers_person: bool,
    /// Where the conversation stands afterwards.
    #[schema(value_type = word::ConversationStatus)]
    status: Status,
    /// ISO 639-1, or `und` when it could not be told.
    language: String,
    intent: TurnIntent,
    entities: Vec<Entity>,
    sentiment: Sentiment,
    emotion: Emotion,
    /// The sources of the reply.
    citations: Vec<Citation>,
    /// What was set going.
    actions: Vec<Action>,
    /// Questions to go on with.
    follow_up_questions: Vec<String>,
    /// Whether a person is asked for.
    requires_escalation: bool,
    escalation: Option<Escalation>,
    /// The model that wrote the reply.
    model_used: String,
    /// How many links of the chain failed before it.
    fallback_level: u32,
    /// Tokens in and out, where a model counts them.
    tokens_used: u64,
    /// From acceptance to commit.
    processing_time_ms: f64,
}

impl From<DoneTurn> for Turn {
    fn from(from: DoneTurn) -> Self {
        Self::new(&from.turn, from.result, from.escalation)
    }
}

impl Turn {
    /// The turn with its end, and the open call for a person if there is one.
    pub(crate) fn new(
        turn: &turn::Turn,
        result: TurnResult,
        escalation: Option<escalation::Escalation>,
    ) -> Self {
        let Analysis {
            language,
            intents,
            entities,
            sentiment,
            emotion,
            ..
        } = result.analysis;
        Self {
            conversation_id: turn.conversation_id.as_uuid(),
            message_id: turn.message_id.as_uuid(),
            reply_id: result.reply_id.map(acs_core::id::Id::as_uuid),
            outcome: result.outcome,
            response: result.response,
            confidence: result.confidence,
            offers_person: result.offers_person,
            status: result.status,
            language: language.map_or_else(|| UNDETERMINED.to_owned(), |language| language.code),
            intent: TurnIntent::new(intents),
            entities: entities.into_iter().map(Into::into).collect(),
            sentiment: sentiment.into(),
            emotion: emotion.into(),
            citations: result.citations.into_iter().map(Into::into).collect(),
            actions: Vec::new(),
            follow_up_questions: result.follow_up_questions,
            requires_escalation: result.outcome == Outcome::HandedOver,
            escalation: escalation.map(Into::into),
            model_used: result.model_used,
            fallback_level: result.fallback_level,
            tokens_used: result.tokens_used,
            processing_time_ms: result.processing_time_ms,
        }
    }
}

/// What the customer wants.
#[derive(Debug, Serialize, ToSchema)]
struct TurnIntent {
    /// The likeliest intent; null when none is near enough.
    primary: Option<String>,
    /// From 0 to 1.
    confidence: f32,
    /// The others, likeliest first.
    secondary: Vec<Intent>,
}

impl TurnIntent {
    fn new(guesses: Vec<IntentGuess>) -> Self {
        let mut guesses = guesses.into_iter();
        let (primary, confidence) = match guesses.next() {
            Some(first) => (Some(first.name), first.confidence),
            None => (None, 0.0),
        };
        Self {
            primary,
            confidence,
            secondary: guesses.map(Into::into).collect(),
        }
    }
}

/// Something that was set going.
#[derive(Debug, Serialize, ToSchema)]
struct Action {
    id: Uuid,
    #[serde(rename = "type")]
    kind: String,
    status: String,
}

/// An open call for a person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Escalation {
    id: Uuid,
    reason: String,
    /// From 1 (low) to 5 (critical).
    priority: i16,
    /// By when a person should have taken it.
    #[serde(with = "time::serde::rfc3339")]
    sla_deadline: OffsetDateTime,
}

impl From<escalation::Escalation> for Escalation {
    fn from(from: escalation::Escalation) -> Self {
        Self {
            id: from.id.as_uuid(),
            reason: from.reason,
            priority: from.priority.as_i16(),
            sla_deadline: from.sla_deadline,
        }
    }
}
