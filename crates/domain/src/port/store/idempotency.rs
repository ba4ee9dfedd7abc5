//! Requests that must take effect once.

use async_trait::async_trait;

use super::StoreError;
use crate::idempotency::{Claim, Recall};

/// Remembers requests and their results.
#[async_trait]
pub trait Idempotency: Send {
    /// What is known of the claim. A twin in another open unit is waited for. A claim that is fresh must be kept with
    /// [`Idempotency::keep`] in the same unit; an older one than [`crate::idempotency::RETENTION`] counts as fresh.
    async fn recall(&mut self, claim: &Claim) -> Result<Recall, StoreError>;

    /// Keeps the result of the work with the work itself. The result is sealed by the caller where it is secret.
    async fn keep(&mut self, claim: &Claim, result: &str) -> Result<(), StoreError>;
}
