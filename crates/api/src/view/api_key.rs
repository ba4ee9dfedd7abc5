//! Keys of programs.

use acs_domain::api_key::{self, ApiScope};
use acs_domain::user::UserId;
use acs_engine::usecase::api_keys::{IssuedKey, NewApiKey};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use super::word;

/// A key, without the key itself.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApiKey {
    id: Uuid,
    name: String,
    /// The visible beginning of the key, to recognise it by.
    prefix: String,
    #[schema(value_type = Vec<word::ApiScope>)]
    scopes: Vec<ApiScope>,
    /// Who made it.
    created_by: Option<Uuid>,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    expires_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    revoked_at: Option<OffsetDateTime>,
    /// To the minute.
    #[serde(with = "time::serde::rfc3339::option")]
    last_used_at: Option<OffsetDateTime>,
}

impl From<api_key::ApiKey> for ApiKey {
    fn from(from: api_key::ApiKey) -> Self {
        Self {
            id: from.id.as_uuid(),
            name: from.name,
            prefix: from.prefix,
            scopes: from.scopes,
            created_by: from.created_by.map(UserId::as_uuid),
            created_at: from.created_at,
            expires_at: from.expires_at,
            revoked_at: from.revoked_at,
            last_used_at: from.last_used_at,
        }
    }
}

/// A new key.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateApiKey {
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    #[schema(value_type = Vec<word::ApiScope>, min_items = 1)]
    scopes: Vec<ApiScope>,
    /// When it ends by itself.
    #[serde(default, with = "time::serde::rfc3339::option")]
    expires_at: Option<OffsetDateTime>,
}

impl From<CreateApiKey> for NewApiKey {
    fn from(from: CreateApiKey) -> Self {
        Self {
            name: from.name,
            scopes: from.scopes,
            expires_at: from.expires_at,
        }
    }
}

/// A key that was just made.
#[derive(Serialize, ToSchema)]
pub(crate) struct NewKey {
    /// The key itself: shown once.
    key: String,
    #[serde(flatten)]
    kept: ApiKey,
}

impl From<IssuedKey> for NewKey {
    fn from(from: IssuedKey) -> Self {
        Self {
            key: from.secret,
            kept: from.key.into(),
        }
    }
}
