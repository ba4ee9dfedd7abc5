//! Organizations' own keys for language models.

use async_trait::async_trait;

use super::StoreError;
use crate::model_key::ModelKey;

/// Reads keys.
#[async_trait]
pub trait ModelKeyQueries: Send {
    /// The organization's keys, by the names of their models.
    async fn all(&mut self) -> Result<Vec<ModelKey>, StoreError>;
}

/// Writes keys. Each change raises the organization's `model_keys_version`.
#[async_trait]
pub trait ModelKeys: ModelKeyQueries {
    /// Puts a key in place of the one before.
    async fn put(&mut self, key: &ModelKey) -> Result<(), StoreError>;

    /// Forgets the key for a model; `false`: there was none.
    async fn remove(&mut self, model: &str) -> Result<bool, StoreError>;
}
