//! How ACS reaches the systems around it.
//!
//! Lives here: adapters for the ports of `acs_domain::port` whose work is done elsewhere, and for each of them one that
//! does it in the process, so that a single program needs no server beside it.
//! Never lives here: a web framework, a database, or a decision: what to do when a system is away is the caller's.
//!
//! | module | port | what it does |
//! |---|---|---|
//! | [`counter`] | `port::counter` | counts events in windows, for rate limits and throttles |
//!
//! What the adapters promise:
//! - every call ends within its deadline, with an answer or an error;
//! - whatever is kept in the process is bounded.

pub mod counter;
mod error;
mod redis;

pub use error::Error;
pub use redis::Redis;
