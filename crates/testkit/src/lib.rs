//! What tests of several crates share: real stores of their own, sample data, and the promises of the store's ports.
//!
//! | module | what it holds |
//! |---|---|
//! | [`backend`] | a store for one test: SQLite in a temporary file, PostgreSQL in a database of its own |
//! | [`database`] | PostgreSQL databases for tests |
//! | [`sample`] | entities with plausible values, the same for the same seed |
//! | [`contract`] | what every store promises, written once, run on each |
//! | [`model_server`] | a language model's server that follows a script |
//! | [`process`] | a program of the workspace as a process of its own |
//! | [`proxy`] | a way to a server that can be cut and mended |
//! | [`transcript`] | what is true of every conversation in which nothing is under way |
//!
//! Never lives here: tests of one crate alone, or a stand-in for anything of ours.
//!
//! There is no fake store: SQLite on a file is quick enough to be the double.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "this crate is test code: what should not happen fails the test"
)]

pub mod backend;
pub mod contract;
pub mod database;
pub mod model_server;
pub mod process;
pub mod proxy;
pub mod sample;
pub mod transcript;

pub use self::backend::Backend;
pub use self::sample::Sample;
