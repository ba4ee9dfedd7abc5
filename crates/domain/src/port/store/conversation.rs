//! Conversations.

use acs_core::page::{Page, PageRequest};
use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
use crate::conversation::{Channel, Conversation, ConversationId, Status};
use crate::user::UserId;

/// Which conversations; every condition given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConversationFilter {
    /// Where it stands.
    pub status: Option<Status>,
    /// Where the customer writes.
    pub channel: Option<Channel>,
    /// Who owns it.
    pub assigned_agent_id: Option<UserId>,
    /// Whether a person was ever asked for.
    pub escalated: Option<bool>,
    /// The customer, by the organization's own id.
    pub customer_external_id: Option<String>,
    /// The customer, by our id: set for callers who are customers.
    pub customer_id: Option<UserId>,
    /// Words in the title, case ignored.
    pub text: Option<String>,
    /// Begun after.
    pub created_after: Option<OffsetDateTime>,
    /// Begun before.
    pub created_before: Option<OffsetDateTime>,
}

/// Reads conversations.
#[async_trait]
pub trait ConversationQueries: Send {
    /// The conversation with this id.
    async fn find(&mut self, id: ConversationId) -> Result<Option<Conversation>, StoreError>;

    /// The open conversation of a customer on a channel, the newest if there are several.
    async fn find_open(
        &mut self,
        customer: UserId,
        channel: Channel,
    ) -> Result<Option<Conversation>, StoreError>;

    /// Conversations, newest first (by `started_at`, then id).
    async fn list(
        &mut self,
        filter: &ConversationFilter,
        page: &PageRequest,
    ) -> Result<Page<Conversation>, StoreError>;
}

/// Writes conversations.
#[async_trait]
pub trait Conversations: ConversationQueries {
    /// Adds a conversation and gives it its number. Counts it for the organization (month of `started_at`) and the
    /// customer; the organization's monthly limit holds.
    async fn insert(&mut self, conversation: &Conversation) -> Result<i64, StoreError>;

    /// The conversation, held so that no other unit changes it meanwhile.
    async fn lock(&mut self, id: ConversationId) -> Result<Option<Conversation>, StoreError>;

    /// Holds the customer, so that two units that look for an open conversation come one after the other. A customer who
    /// was erased since they were read is a conflict.
    async fn lock_customer(&mut self, customer: UserId) -> Result<(), StoreError>;

    /// Changes a conversation over `conversation.version`, which becomes one more. Identity, number, customer, channel
    /// and `started_at` never change.
    async fn update(&mut self, conversation: &Conversation) -> Result<(), StoreError>;
}
