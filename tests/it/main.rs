//! Tests of the whole, in one binary: the law of the layers, and the product over HTTP on real stores.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "in a test, a surprise is a failure"
)]

mod agreement;
mod api;
mod architecture;
mod cached;
mod context;
mod erasing;
mod explained;
mod faults;
mod finding;
mod guard;
mod harness;
mod lies;
mod manner;
mod masking;
mod moves;
mod parts;
mod prompts;
mod records;
mod replay;
mod servers;
mod shape;
mod talk;
mod training;
mod turns;
