//! The traits through which the outside is reached: adapters implement them, use cases only see them.
//!
//! Ports are object-safe and used as `dyn`; no generic crosses a crate. Each has one error type of its own whose
//! variants say what a caller would do differently.

pub mod chat;
pub mod compose;
pub mod conflict;
pub mod counter;
pub mod embed;
pub mod ground;
pub mod guard;
pub mod mask;
pub mod prompt;
pub mod rerank;
pub mod retrieve;
pub mod route;
pub mod store;
pub mod understand;
