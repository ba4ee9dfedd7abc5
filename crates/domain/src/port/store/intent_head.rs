//! Trained heads, and the leases under which they are trained.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
use crate::intent_head::{IntentHead, TrainedHead};

/// Reads heads.
#[async_trait]
pub trait IntentHeadQueries: Send {
    /// The head for phrases of this embedding model, without its bytes.
    async fn find(&mut self, embedding_model: &str) -> Result<Option<IntentHead>, StoreError>;

    /// What was trained for phrases of this embedding model.
    async fn trained(&mut self, embedding_model: &str) -> Result<Option<TrainedHead>, StoreError>;
}

/// Writes heads.
#[async_trait]
pub trait IntentHeads: IntentHeadQueries {
    /// Takes the training of the organization's intents up, unless somebody holds a live lease on it: gives the number of
    /// the attempt.
    async fn acquire(
        &mut self,
        embedding_model: &str,
        owner: &str,
        now: OffsetDateTime,
        until: OffsetDateTime,
    ) -> Result<Option<i64>, StoreError>;

    /// Lengthens the lease, or ends it with a time that is past; `false` if another attempt has taken over.
    async fn renew(
        &mut self,
        embedding_model: &str,
        attempt: i64,
        until: OffsetDateTime,
    ) -> Result<bool, StoreError>;

    /// Keeps a head in place of the one before, and raises the organization's `intent_head_version` to its version; `false`
    /// if there is one that was trained on the same version of the intents or a later one: then nothing of this unit may be
    /// committed.
    async fn put(&mut self, head: &IntentHead, bytes: Option<&[u8]>) -> Result<bool, StoreError>;

    /// Forgets a head that cannot be read, so that it is trained anew; `false` if it is not of this version any more.
    async fn discard(&mut self, embedding_model: &str, version: i64) -> Result<bool, StoreError>;
}
