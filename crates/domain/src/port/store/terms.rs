//! What an organization calls its own things.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
use crate::port::understand::Terms;

/// Reads terms.
#[async_trait]
pub trait TermQueries: Send {
    /// The organization's terms; `None` while it has written none.
    async fn find(&mut self) -> Result<Option<Terms>, StoreError>;
}

/// Writes terms.
#[async_trait]
pub trait TermBook: TermQueries {
    /// Puts terms in place of those before, and raises the organization's `terms_version`.
    async fn put(&mut self, terms: &Terms, at: OffsetDateTime) -> Result<(), StoreError>;
}
