//! Connections: one writer and several readers on SQLite, a pool on PostgreSQL.

mod lanes;
pub(crate) mod postgres;
pub(crate) mod sqlite;

pub(crate) use self::lanes::{Lane, Lanes};
