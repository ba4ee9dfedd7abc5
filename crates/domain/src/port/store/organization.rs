//! The organization of the scope; for the system organization's scope, the list of all.

use acs_core::page::{Page, PageRequest};
use async_trait::async_trait;

use super::StoreError;
use crate::budget::Spending;
use crate::organization::{Organization, OrganizationId};

/// Reads organizations.
#[async_trait]
pub trait OrganizationQueries: Send {
    /// The organization, if the scope may see it: its own, or any for the system organization.
    async fn find(&mut self, id: OrganizationId) -> Result<Option<Organization>, StoreError>;

    /// All that the scope may see, newest first.
    async fn list(&mut self, page: &PageRequest) -> Result<Page<Organization>, StoreError>;
}

/// Writes organizations.
#[async_trait]
pub trait Organizations: OrganizationQueries {
    /// Adds the organization of the scope. A taken slug is a conflict of `slug`. Its `usage` starts at zero.
    async fn insert(&mut self, organization: &Organization) -> Result<(), StoreError>;

    /// The organization of the scope, which nobody else changes until the unit ends.
    async fn lock(&mut self) -> Result<Option<Organization>, StoreError>;

    /// Writes what people set: not its id, slug, marks, versions, nor its `usage`, which other writes keep.
    async fn update(&mut self, organization: &Organization) -> Result<(), StoreError>;

    /// Adds what language models have cost in a calendar month. A month that is over counts as the present one.
    async fn count_models(&mut self, month: i64, spent: Spending) -> Result<(), StoreError>;
}
