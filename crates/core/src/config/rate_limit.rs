//! How much a caller may ask.

use std::time::Duration;

use super::schema::rule::{between, seconds};
use super::schema::section;

section! {
    /// How much a caller may ask before it is answered with 429.
    RateLimit = "rate_limit" {
        /// Whether there are limits at all.
        enabled: bool = true;
        /// How many requests a user, an API key or, without either, an address may make in a window.
        requests: u32 = 100, between(1, 1_000_000);
        /// How many requests an organization may make in a window, over all its users and keys.
        organization_requests: u32 = 1000, between(1, 10_000_000);
        /// How long a window is.
        window_seconds: Duration = Duration::from_secs(60), seconds(1.0, 86_400.0);
    }
}
