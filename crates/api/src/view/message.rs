//! Messages.

use acs_domain::conversation::Status;
use acs_domain::knowledge;
use acs_domain::message::{self, ContentType, SenderType};
use acs_engine::turn::Incoming;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use super::turn::Turn;
use super::word;
use crate::problem::Problem;

/// What one said in a conversation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Message {
    id: Uuid,
    conversation_id: Uuid,
    /// Its place in the conversation: 1, 2, 3 …
    seq: i64,
    #[schema(value_type = word::SenderType)]
    sender_type: SenderType,
    /// The organization's own id of the customer, or the id of the person of the staff.
    sender_id: Option<String>,
    sender_name: Option<String>,
    content: String,
    #[schema(value_type = word::ContentType)]
    content_type: ContentType,
    #[schema(value_type = Vec<Object>)]
    attachments: Vec<Value>,
    /// The sources of a reply.
    citations: Vec<Citation>,
    /// Whether its words are gone because the customer was erased.
    erased: bool,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
}

impl From<message::Message> for Message {
    fn from(from: message::Message) -> Self {
        Self {
            erased: from.is_erased(),
            id: from.id.as_uuid(),
            conversation_id: from.conversation_id.as_uuid(),
            seq: from.seq,
            sender_type: from.sender_type,
            sender_id: from.sender_id,
            sender_name: from.sender_name,
            content: from.content,
            content_type: from.content_type,
            attachments: from.attachments,
            citations: from.citations.into_iter().map(Into::into).collect(),
            created_at: from.created_at,
        }
    }
}

/// Where a statement of a reply comes from.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Citation {
    entry_id: Uuid,
    title: String,
    /// Where customers can read it.
    url: Option<String>,
    /// The words that support the statement, exactly as the entry says them.
    quote: String,
    /// How well the passage fits the question.
    score: f32,
}

impl From<knowledge::Citation> for Citation {
    fn from(from: knowledge::Citation) -> Self {
        Self {
            entry_id: from.entry_id.as_uuid(),
            title: from.title,
            url: from.url,
            quote: from.quote,
            score: from.score,
        }
    }
}

/// Something to say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Say {
    /// The words.
    #[schema(min_length = 1, max_length = 5000)]
    content: String,
    /// Their form; `text` unless given.
    #[schema(value_type = Option<word::ContentType>)]
    content_type: Option<ContentType>,
    /// Descriptions of attached files.
    #[schema(value_type = Option<Vec<Object>>, max_items = 5)]
    attachments: Option<Vec<Value>>,
    /// Free data.
    #[schema(value_type = Option<Object>)]
    metadata: Option<Map<String, Value>>,
}

impl TryFrom<Say> for Incoming {
    type Error = Problem;

    fn try_from(from: Say) -> Result<Self, Problem> {
        let content_type = from.content_type.unwrap_or(ContentType::Text);
        let attachments = from.attachments.unwrap_or_default();
        Ok(Self::new(
            &from.content,
            content_type,
            attachments,
            from.metadata.unwrap_or_default(),
        )?)
    }
}

/// A message of the staff that was stored.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StaffMessage {
    pub(crate) message_id: Uuid,
    /// Where the conversation stands now.
    #[schema(value_type = word::ConversationStatus)]
    pub(crate) status: Status,
}

/// The answer to a message: a turn for the customer's, a receipt for the staff's.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Said {
    /// The customer's message was answered, or left to the person who owns the conversation.
    Turn(Box<Turn>),
    /// The message of a person of the staff was stored.
    Staff(StaffMessage),
}
