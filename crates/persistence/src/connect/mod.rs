//! Connections: one writer and several readers on SQLite, a pool on PostgreSQL.

mod lanes;
mod line;
pub(crate) mod postgres;
pub(crate) mod sqlite;

pub(crate) use self::lanes::{Lane, Lanes};
pub(crate) use self::line::{Line, Lines, is_stale};
