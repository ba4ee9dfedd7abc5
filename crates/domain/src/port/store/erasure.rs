//! Erasing a customer: rows stay where others point to them, their words go.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
use crate::conversation::ConversationId;
use crate::user::UserId;

/// What is stored of a customer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Extent {
    /// Conversations that are not erased.
    pub conversations: u64,
    /// The messages in them.
    pub messages: u64,
    /// Keys that open the records of the customer's turns.
    pub keys: u64,
}

/// Reads what is to be erased.
#[async_trait]
pub trait ErasureQueries: Send {
    /// What is stored of a customer.
    async fn extent(&mut self, customer: UserId) -> Result<Extent, StoreError>;

    /// Customers whose erasure was begun and is not done, the first `limit`.
    async fn unfinished(&mut self, limit: u32) -> Result<Vec<UserId>, StoreError>;
}

/// Erases.
#[async_trait]
pub trait Erasure: ErasureQueries {
    /// The customer's conversations that are not erased, the first `limit`, held so that no other unit changes them, or
    /// begins another one, meanwhile.
    async fn hold(&mut self, customer: UserId, limit: u32) -> Result<Vec<ConversationId>, StoreError>;

    /// Empties conversations and what hangs on them: messages, ends of turns, calls for a person, unanswered questions,
    /// results of requests. They are archived, and whoever works on a turn in them has lost it. Gives the number of messages.
    async fn empty(
        &mut self,
        conversations: &[ConversationId],
        at: OffsetDateTime,
    ) -> Result<u64, StoreError>;

    /// Forgets all of a customer but the organization's own id, and ends their sign-ins. Repeating it changes nothing.
    async fn forget(&mut self, customer: UserId, at: OffsetDateTime) -> Result<(), StoreError>;

    /// Forgets the organization's own id of a customer: the last step.
    async fn release(&mut self, customer: UserId) -> Result<(), StoreError>;
}
