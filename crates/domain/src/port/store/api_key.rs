//! API keys.

use acs_core::page::{Page, PageRequest};
use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
use crate::api_key::{ApiKey, ApiKeyId};

/// Reads keys.
#[async_trait]
pub trait ApiKeyQueries: Send {
    /// The key with this id.
    async fn find(&mut self, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError>;

    /// All keys, newest first.
    async fn list(&mut self, page: &PageRequest) -> Result<Page<ApiKey>, StoreError>;
}

/// Writes keys.
#[async_trait]
pub trait ApiKeys: ApiKeyQueries {
    /// Adds a key.
    async fn insert(&mut self, key: &ApiKey) -> Result<(), StoreError>;

    /// Ends a key; `false` if there is none or it has ended already.
    async fn revoke(&mut self, id: ApiKeyId, at: OffsetDateTime) -> Result<bool, StoreError>;

    /// Notes that the key was used.
    async fn touch(&mut self, id: ApiKeyId, at: OffsetDateTime) -> Result<(), StoreError>;
}
