//! The [`Store`] on SQLite and on PostgreSQL.
//!
//! [`open`] gives a store; nothing of a database's driver leaves this crate. Both databases keep the same promises,
//! written once as contracts in the testkit.
//!
//! | module | what it holds |
//! |---|---|
//! | `connect` | one writer and several readers on SQLite, a pool on PostgreSQL |
//! | `store`, `session`, `unit` | the two doors, and an open unit with its scope |
//! | `repo` | the ports, one file each |
//! | `entity` | the tables, private |
//! | `search` | words and meaning, nominated in each database's own way |
//! | `dialect` | the statements that differ |
//! | [`migrate`], [`backup`] | what an operator runs |
//! | `error` | drivers' errors in the callers' words, here only |
//!
//! What always holds:
//! - Every statement names the organization of the unit. PostgreSQL enforces it again by row level security, under a
//!   role that neither owns the tables nor may pass by.
//! - Times are microseconds in 64 bits; ids are made by the use case and written as given.
//! - A unit that writes is the only one on SQLite; on PostgreSQL rows that must not change meanwhile are locked.
//!
//! Never lives here: what may be done and by whom, and any decision of a turn. A repository keeps what it is given.
//!
//! To add an aggregate: its port, a migration folder with both dialects, an entity, a file in `repo`, its accessor in
//! `unit`, and its contract.

pub mod backup;
mod connect;
mod dialect;
mod entity;
mod error;
pub mod migrate;
mod open;
mod options;
mod repo;
mod row;
mod search;
mod session;
mod store;
mod unit;

#[cfg(doc)]
use acs_domain::port::store::Store;

pub use self::error::OpenError;
pub use self::open::open;
pub use self::options::Options;
