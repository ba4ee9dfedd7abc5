//! Counters with a window, for rate limits and throttles.

use std::time::Duration;

use async_trait::async_trait;

/// How often something happened in the present window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// This time included.
    pub used: u64,
    /// Until the window ends.
    pub resets_in: Duration,
}

/// Counts events by key in fixed windows.
#[async_trait]
pub trait Counters: Send + Sync {
    /// Counts `cost` more events for `key`; the first one opens a window.
    async fn add(&self, key: &str, cost: u64, window: Duration) -> Result<Count, CounterError>;

    /// What was counted, without counting.
    async fn peek(&self, key: &str, window: Duration) -> Result<Option<Count>, CounterError>;

    /// Forgets the key.
    async fn reset(&self, key: &str) -> Result<(), CounterError>;
}

/// The counters are away.
#[derive(Debug, thiserror::Error)]
#[error("the counters cannot be reached")]
pub struct CounterError(#[source] pub Box<dyn std::error::Error + Send + Sync>);
