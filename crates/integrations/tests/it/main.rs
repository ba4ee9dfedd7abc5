//! The promises of the ports, kept by every adapter.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "this is test code: what should not happen fails the test"
)]

mod counter;
mod redis;
