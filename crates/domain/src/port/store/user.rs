//! People.

use acs_core::page::{Page, PageRequest};
use async_trait::async_trait;

use super::StoreError;
use crate::access::Role;
use crate::user::{User, UserId};

/// Reads people.
#[async_trait]
pub trait UserQueries: Send {
    /// The person with this id.
    async fn find(&mut self, id: UserId) -> Result<Option<User>, StoreError>;

    /// The person with the organization's own id.
    async fn find_by_external_id(&mut self, external_id: &str) -> Result<Option<User>, StoreError>;

    /// People, newest first, of one role if wanted.
    async fn list(&mut self, role: Option<Role>, page: &PageRequest) -> Result<Page<User>, StoreError>;
}

/// Writes people.
#[async_trait]
pub trait Users: UserQueries {
    /// Adds a person. Conflicts: `email`, `external_id`. Staff count against the limit of users.
    async fn insert(&mut self, user: &User) -> Result<(), StoreError>;

    /// The customer with `customer.external_id`, added as given on first sight, however many ask at once.
    async fn ensure_customer(&mut self, customer: &User) -> Result<User, StoreError>;

    /// Changes a person over `user.version`, which becomes one more. Counts follow a change of role or status:
    /// staff that are `deleted` do not count.
    async fn update(&mut self, user: &User) -> Result<(), StoreError>;
}
