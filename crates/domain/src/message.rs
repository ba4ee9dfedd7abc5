//! Messages: what was said, by whom.

use acs_core::id::Id;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::conversation::ConversationId;
use crate::knowledge::Citation;
use crate::organization::OrganizationId;
use crate::text_enum;

/// The id of a [`Message`].
pub type MessageId = Id<Message>;

/// How many Unicode code points a message holds at the most.
pub const MAX_MESSAGE_CHARS: usize = 5_000;
/// How many attachments a message has at the most.
pub const MAX_ATTACHMENTS: usize = 5;

text_enum! {
    /// Who speaks.
    pub enum SenderType {
        /// The customer.
        User = "user",
        /// The agent.
        AiAgent = "ai_agent",
        /// A person of the staff.
        HumanAgent = "human_agent",
        /// The system itself.
        System = "system",
    }
}

text_enum! {
    /// In what form.
    pub enum ContentType {
        /// Plain text.
        Text = "text",
        /// HTML.
        Html = "html",
        /// Markdown.
        Markdown = "markdown",
        /// Program code.
        Code = "code",
        /// A picture.
        Image = "image",
        /// A file.
        File = "file",
        /// Sound.
        Audio = "audio",
        /// Moving pictures.
        Video = "video",
    }
}

/// What one said in a conversation. Never changed once stored, but emptied when its customer is erased.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Id.
    pub id: MessageId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// In which conversation.
    pub conversation_id: ConversationId,
    /// Its place in the conversation: 1, 2, 3 …
    pub seq: i64,
    /// The customer's message that it answers; at most one reply of the agent to each.
    pub reply_to: Option<MessageId>,
    /// Who speaks.
    pub sender_type: SenderType,
    /// The speaker's id: the organization's own id of the customer, or the id of the person of the staff.
    pub sender_id: Option<String>,
    /// The speaker's name.
    pub sender_name: Option<String>,
    /// The words.
    pub content: String,
    /// Their form.
    pub content_type: ContentType,
    /// Descriptions of attached files, as the caller gave them.
    pub attachments: Vec<Value>,
    /// The sources of a reply.
    pub citations: Vec<Citation>,
    /// Free data of the caller.
    pub metadata: Map<String, Value>,
    /// When it was said.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

impl Message {
    /// Whether its words are gone because the customer was erased. No message is stored without words.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        self.content.is_empty()
    }
}
