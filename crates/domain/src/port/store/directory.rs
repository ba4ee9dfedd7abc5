//! What may be asked before the organization is known: only ids come back.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
use crate::api_key::ApiKeyId;
use crate::conversation::ConversationId;
use crate::organization::OrganizationId;
use crate::session::RefreshTokenId;
use crate::user::UserId;

/// Finds out whose data a request or a job is about.
#[async_trait]
pub trait Directory: Send + Sync {
    /// The organization with this slug.
    async fn organization(&self, slug: &str) -> Result<Option<OrganizationId>, StoreError>;

    /// The accounts with this address (lower case), in one organization or in any: at most two, enough to see that the
    /// address alone does not tell.
    async fn accounts(
        &self,
        email: &str,
        slug: Option<&str>,
    ) -> Result<Vec<(OrganizationId, UserId)>, StoreError>;

    /// The key with this hash.
    async fn api_key(&self, hash: &str) -> Result<Option<(OrganizationId, ApiKeyId)>, StoreError>;

    /// The refresh token with this hash.
    async fn refresh_token(&self, hash: &str)
    -> Result<Option<(OrganizationId, RefreshTokenId)>, StoreError>;

    /// Conversations whose first unfinished turn nobody works on: queued since before `queued_before`, or its lease
    /// ended before `now`; the longest waiting first.
    async fn stranded_turns(
        &self,
        now: OffsetDateTime,
        queued_before: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<(OrganizationId, ConversationId)>, StoreError>;

    /// Conversations in which the customer has been silent since before `abandon_before`, or since before `remind_before`
    /// without having been reminded; the longest silent first. What is due is for the conversation to say.
    async fn silent_conversations(
        &self,
        remind_before: OffsetDateTime,
        abandon_before: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<(OrganizationId, ConversationId)>, StoreError>;

    /// Organizations that this embedding model answers for, whose phrases are newer than what was trained on them, and that
    /// nobody is training at `now`: unchanged since `quiet_before`, or last trained (founded, if never) before `overdue_before`;
    /// the longest unchanged first.
    async fn untrained_intents(
        &self,
        embedding_model: &str,
        now: OffsetDateTime,
        quiet_before: OffsetDateTime,
        overdue_before: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<OrganizationId>, StoreError>;

    /// Organizations whose vectors are not all of this model and in their place, and that nobody is moving at `now`. One
    /// that another model has come in force for after `since_before` is left alone: who put it there knows better.
    /// Those that have only to be cleared come last.
    async fn unmoved(
        &self,
        embedding_model: &str,
        now: OffsetDateTime,
        since_before: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<OrganizationId>, StoreError>;

    /// Organizations that this embedding model answers for, whose knowledge is newer than what was compared of it, and that
    /// nobody is comparing at `now`; the longest left alone first.
    async fn uncompared(
        &self,
        embedding_model: &str,
        now: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<OrganizationId>, StoreError>;

    /// Organizations that another model answers for.
    async fn embedded_otherwise(
        &self,
        embedding_model: &str,
        limit: u32,
    ) -> Result<Vec<OrganizationId>, StoreError>;

    /// Deletes what is past its time: idempotency keys, ended refresh tokens, and events older than `events_before`.
    /// At most `limit` rows of each kind; gives the number deleted.
    async fn sweep(
        &self,
        now: OffsetDateTime,
        events_before: OffsetDateTime,
        limit: u32,
    ) -> Result<u64, StoreError>;
}
