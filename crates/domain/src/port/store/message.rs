//! Messages.

use acs_core::page::{Page, PageRequest};
use async_trait::async_trait;

use super::StoreError;
use crate::conversation::ConversationId;
use crate::message::{Message, MessageId};

/// Reads messages.
#[async_trait]
pub trait MessageQueries: Send {
    /// The message with this id.
    async fn find(&mut self, id: MessageId) -> Result<Option<Message>, StoreError>;

    /// The messages of a conversation, oldest first; the cursor's key is `seq`.
    async fn list(
        &mut self,
        conversation: ConversationId,
        page: &PageRequest,
    ) -> Result<Page<Message>, StoreError>;

    /// The last `count` messages with a `seq` below `before`, oldest first.
    async fn recent(
        &mut self,
        conversation: ConversationId,
        before: i64,
        count: u32,
    ) -> Result<Vec<Message>, StoreError>;
}

/// Writes messages.
#[async_trait]
pub trait Messages: MessageQueries {
    /// Adds messages. A taken `(conversation, seq)` or a second reply to the same message is a conflict.
    async fn insert(&mut self, messages: &[Message]) -> Result<(), StoreError>;
}
