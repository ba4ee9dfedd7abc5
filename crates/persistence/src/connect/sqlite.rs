//! How a SQLite file is opened.

use std::fs::{OpenOptions, Permissions};
use std::io;
use std::path::Path;

use sea_orm::sqlx::ConnectOptions;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};

use super::Lanes;
use crate::options::Options;

/// Every statement of the program stays prepared.
const STATEMENTS: usize = 256;

/// A connection that writes. A commit survives a power cut (`synchronous = FULL`).
pub(crate) fn writing(path: &Path, options: &Options) -> SqliteConnectOptions {
    common(path, options)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        // The log shrinks again after a large import.
        .pragma("journal_size_limit", "67108864")
        .pragma("cache_size", "-16384")
}

/// Makes sure that a database is there and nobody else's to read. What SQLite puts beside it gets the same rights.
pub(crate) fn keep_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
    const PRIVATE: u32 = 0o600;
    let file = OpenOptions::new()
        .append(true)
        .create(true)
        .mode(PRIVATE)
        .open(path)?;
    file.set_permissions(Permissions::from_mode(PRIVATE))
}

/// The one writer. Units that write come one after the other: they never meet SQLite's busy handler, which polls.
pub(crate) fn writer(path: &Path, options: &Options) -> Lanes {
    Lanes::new(
        writing(path, options),
        "BEGIN IMMEDIATE",
        1,
        options.acquire_timeout,
    )
}

/// Connections that cannot write.
pub(crate) fn readers(path: &Path, options: &Options) -> Lanes {
    let reading = common(path, options)
        .pragma("query_only", "ON")
        .pragma("cache_size", "-4096");
    Lanes::new(reading, "BEGIN", options.max_connections, options.acquire_timeout)
}

fn common(path: &Path, options: &Options) -> SqliteConnectOptions {
    let connect = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .foreign_keys(true)
        .busy_timeout(options.busy_timeout)
        .statement_cache_capacity(STATEMENTS)
        .row_buffer_size(512)
        // A reader forgets its pages at every commit of the writer: it maps them again for less than it reads them.
        .pragma("mmap_size", "268435456")
        .pragma("temp_store", "MEMORY");
    if options.log_statements {
        connect
    } else {
        connect.disable_statement_logging()
    }
}
