//! Questions that the knowledge did not answer.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
use crate::gap::{Unanswered, UnansweredId};

/// Reads what was not answered.
#[async_trait]
pub trait UnansweredQueries: Send {
    /// The latest questions, oldest first; none that was asked before `since`.
    async fn latest(&mut self, limit: u32, since: OffsetDateTime) -> Result<Vec<Unanswered>, StoreError>;
}

/// Keeps what was not answered.
#[async_trait]
pub trait UnansweredQuestions: UnansweredQueries {
    /// Adds a question, and forgets those that are not among the latest `keep` or were asked before `since`.
    async fn add(
        &mut self,
        question: &Unanswered,
        keep: u32,
        since: OffsetDateTime,
    ) -> Result<(), StoreError>;

    /// Forgets some questions.
    async fn remove(&mut self, ids: &[UnansweredId]) -> Result<(), StoreError>;
}
