//! Tests of the whole, in one binary: the law of the layers, and the product over HTTP on real stores.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "in a test, a surprise is a failure"
)]

mod api;
mod architecture;
#[allow(
    dead_code,
    reason = "the harness also serves tests that are not part of this binary yet"
)]
mod harness;
#[allow(
    dead_code,
    reason = "the harness also serves tests that are not part of this binary yet"
)]
mod talk;
