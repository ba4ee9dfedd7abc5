//! Calls for a person.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
use crate::conversation::ConversationId;
use crate::escalation::Escalation;
use crate::user::UserId;

/// Reads calls.
#[async_trait]
pub trait EscalationQueries: Send {
    /// The call of a conversation that is not done with.
    async fn find_open(&mut self, conversation: ConversationId) -> Result<Option<Escalation>, StoreError>;
}

/// Writes calls.
#[async_trait]
pub trait Escalations: EscalationQueries {
    /// Adds a call.
    async fn insert(&mut self, escalation: &Escalation) -> Result<(), StoreError>;

    /// Notes who took the open call of a conversation, if there is one.
    async fn acknowledge(
        &mut self,
        conversation: ConversationId,
        by: UserId,
        at: OffsetDateTime,
    ) -> Result<(), StoreError>;

    /// Ends the open call of a conversation, if there is one.
    async fn resolve(&mut self, conversation: ConversationId, at: OffsetDateTime) -> Result<(), StoreError>;
}
