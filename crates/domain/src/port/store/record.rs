//! Records of turns: written once, read, never changed. Only the keys of their contents can go.

use async_trait::async_trait;

use super::StoreError;
use crate::conversation::ConversationId;
use crate::record::{CustomerKey, CustomerKeyId, Link, Page, Record};
use crate::turn::TurnId;
use crate::user::UserId;

/// A place in the order of an organization's records: conversation, then number.
pub type RecordPlace = (ConversationId, i64);

/// Reads records.
#[async_trait]
pub trait RecordQueries: Send {
    /// Where the next record of a conversation goes; `None` if there is no such conversation.
    async fn page(&mut self, conversation: ConversationId) -> Result<Option<Page>, StoreError>;

    /// The record of a turn.
    async fn find(&mut self, turn: TurnId) -> Result<Option<Record>, StoreError>;

    /// The links of a conversation up to this number and without it, the last `limit` of them, in their order.
    async fn links_before(
        &mut self,
        conversation: ConversationId,
        seq: i64,
        limit: u32,
    ) -> Result<Vec<Link>, StoreError>;

    /// The organization's records behind a place, in the order of conversations and numbers.
    async fn list(&mut self, after: Option<RecordPlace>, limit: u32) -> Result<Vec<Record>, StoreError>;

    /// The organization's newest records, newest first: of one conversation only, if one is given, and of turns before one.
    async fn newest(
        &mut self,
        conversation: Option<ConversationId>,
        before: Option<TurnId>,
        limit: u32,
    ) -> Result<Vec<Record>, StoreError>;

    /// Turns that are done and have no record, though there are records of a time before their end: the first `limit`.
    async fn missing(&mut self, limit: u32) -> Result<Vec<(ConversationId, TurnId)>, StoreError>;

    /// The keys with these ids that are still there.
    async fn keys(&mut self, ids: &[CustomerKeyId]) -> Result<Vec<CustomerKey>, StoreError>;
}

/// Writes records.
#[async_trait]
pub trait Records: RecordQueries {
    /// Adds a record to the end of its conversation's chain. A place that is taken is a [`StoreError::Conflict`].
    async fn append(&mut self, record: &Record) -> Result<(), StoreError>;

    /// Adds a key.
    async fn add_key(&mut self, key: &CustomerKey) -> Result<(), StoreError>;

    /// Deletes the keys of a customer: what records say of the customer is erased. Gives the number of keys.
    async fn erase_keys(&mut self, customer: UserId) -> Result<u64, StoreError>;
}
