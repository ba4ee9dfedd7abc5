//! What the adapters of this crate promise, tried from outside.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "in a test, a surprise is a failure"
)]

mod embed;
mod provider;
