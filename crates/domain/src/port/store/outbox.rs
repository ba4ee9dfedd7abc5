//! Events that leave with the commit.

use async_trait::async_trait;

use super::StoreError;
use crate::event::Event;

/// Writes events.
#[async_trait]
pub trait Outbox: Send {
    /// Adds events; they are seen by readers only if the unit commits.
    async fn append(&mut self, events: &[Event]) -> Result<(), StoreError>;
}
