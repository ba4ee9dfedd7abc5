//! Intents and their phrases.

use acs_core::page::{Page, PageRequest};
use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
use crate::intent::{Intent, IntentId};
use crate::knowledge::Vector;
use crate::port::understand::Phrase;

/// An intent with the meanings of its phrases, as it is to be stored.
#[derive(Debug, Clone)]
pub struct WrittenIntent {
    /// The intent; `version` 1 adds it, a higher one replaces the version before.
    pub intent: Intent,
    /// The meanings of its phrases, in their order.
    pub vectors: Vec<Vector>,
    /// Which model gave them.
    pub embedding_model: String,
}

/// Reads intents.
#[async_trait]
pub trait IntentQueries: Send {
    /// The intent with this id.
    async fn find(&mut self, id: IntentId) -> Result<Option<Intent>, StoreError>;

    /// The intents with these names, in any order.
    async fn find_by_names(&mut self, names: &[String]) -> Result<Vec<Intent>, StoreError>;

    /// Intents, newest first.
    async fn list(&mut self, page: &PageRequest) -> Result<Page<Intent>, StoreError>;

    /// Every phrase of every enabled intent, if this model embedded it.
    async fn phrases(&mut self, embedding_model: &str) -> Result<Vec<Phrase>, StoreError>;

    /// The phrases of these intents, enabled or not, that this model embedded.
    async fn phrases_of(
        &mut self,
        intents: &[IntentId],
        embedding_model: &str,
    ) -> Result<Vec<Phrase>, StoreError>;

    /// The words alone of every phrase of every enabled intent, with the intent's name before them.
    async fn wordings(&mut self) -> Result<Vec<(String, String)>, StoreError>;
}

/// Writes intents. Every call raises the organization's `intents_version`.
#[async_trait]
pub trait Intents: IntentQueries {
    /// Adds and replaces intents. Conflicts: `name`, `version`.
    async fn put(&mut self, written: &[WrittenIntent]) -> Result<(), StoreError>;

    /// Removes an intent; `false` if there is none.
    async fn delete(&mut self, id: IntentId, at: OffsetDateTime) -> Result<bool, StoreError>;
}
