//! Keys with which programs call.

use acs_core::id::Id;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::organization::OrganizationId;
use crate::text_enum;
use crate::user::UserId;

/// The id of an [`ApiKey`].
pub type ApiKeyId = Id<ApiKey>;

text_enum! {
    /// What a key may do.
    pub enum ApiScope {
        /// Conversations, analysis and search.
        Converse = "converse",
        /// Read knowledge.
        KnowledgeRead = "knowledge:read",
        /// Read and write knowledge.
        KnowledgeWrite = "knowledge:write",
        /// Write intents, rules and workflows.
        ConfigWrite = "config:write",
        /// Read analytics.
        AnalyticsRead = "analytics:read",
        /// Everything that an admin of the organization may.
        Admin = "admin",
    }
}

/// A key of an organization. The key itself is shown once and only its hash is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// Id.
    pub id: ApiKeyId,
    /// Whose key.
    pub organization_id: OrganizationId,
    /// What people call it.
    pub name: String,
    /// The visible beginning of the key, to recognise it by.
    pub prefix: String,
    /// Hash of the key.
    pub hash: String,
    /// What it may do.
    pub scopes: Vec<ApiScope>,
    /// Who made it.
    pub created_by: Option<UserId>,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it ends by itself.
    #[serde(with = "time::serde::rfc3339::option")]
    pub expires_at: Option<OffsetDateTime>,
    /// When it was revoked.
    #[serde(with = "time::serde::rfc3339::option")]
    pub revoked_at: Option<OffsetDateTime>,
    /// When it was last used, to the minute.
    #[serde(with = "time::serde::rfc3339::option")]
    pub last_used_at: Option<OffsetDateTime>,
}

impl ApiKey {
    /// Whether the key opens anything at `now`.
    #[must_use]
    pub fn is_live(&self, now: OffsetDateTime) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}
