//! What the store needs to know to be opened.

use std::path::{Path, PathBuf};
use std::time::Duration;

use acs_core::secret::Secret;

use crate::error::OpenError;

/// Where the data is kept, and how much the store may use for it.
#[derive(Debug, Clone)]
pub struct Options {
    /// `sqlite:<path>`, or `postgres://user:password@host/database`.
    pub url: Secret,
    /// How many connections stay open when there is nothing to do.
    pub min_connections: u32,
    /// How many connections may be open at once. SQLite: the one writer comes on top.
    pub max_connections: u32,
    /// How long a unit waits for a connection before the store counts as unavailable.
    pub acquire_timeout: Duration,
    /// PostgreSQL: after how long an unused connection is closed.
    pub idle_timeout: Duration,
    /// PostgreSQL: after how long a connection is replaced, used or not.
    pub max_lifetime: Duration,
    /// PostgreSQL: how long one statement may run, and how long it may wait for a lock.
    pub statement_timeout: Duration,
    /// SQLite: how long a write waits for the file when another process holds it.
    pub busy_timeout: Duration,
    /// Log every statement, without its values, at level `debug`.
    pub log_statements: bool,
    /// SQLite: how many bytes of vectors stay in memory for searching. The organization searched last always stays.
    pub vector_cache_bytes: usize,
}

impl Options {
    /// The store at `url`, with the defaults of the installation.
    #[must_use]
    pub fn new(url: Secret) -> Self {
        Self {
            url,
            min_connections: 1,
            max_connections: 20,
            acquire_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(600),
            max_lifetime: Duration::from_secs(1800),
            statement_timeout: Duration::from_secs(10),
            busy_timeout: Duration::from_secs(10),
            log_statements: false,
            vector_cache_bytes: 512 * 1024 * 1024,
        }
    }

    /// The store in a SQLite file.
    #[must_use]
    pub fn sqlite(path: &Path) -> Self {
        Self::new(Secret::new(format!("sqlite:{}", path.display())))
    }

    pub(crate) fn target(&self) -> Result<Target, OpenError> {
        target(&self.url)
    }
}

/// What a URL points at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    Sqlite(PathBuf),
    Postgres,
}

pub(crate) fn target(url: &Secret) -> Result<Target, OpenError> {
    let text = url.expose();
    match text.split_once(':') {
        Some(("sqlite", path)) => {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.starts_with(":memory:") {
                return Err(OpenError::Url("a SQLite store needs the path of a file"));
            }
            Ok(Target::Sqlite(PathBuf::from(path)))
        }
        Some(("postgres" | "postgresql", _)) => Ok(Target::Postgres),
        _ => Err(OpenError::Url("expected sqlite:<path> or postgres://…")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_tells_the_database() {
        let read = |text: &str| target(&Secret::new(text));
        assert_eq!(read("sqlite:a/b.db").unwrap(), Target::Sqlite("a/b.db".into()));
        assert_eq!(
            read("sqlite:///a/b.db").unwrap(),
            Target::Sqlite("/a/b.db".into())
        );
        assert_eq!(read("postgresql://u@h/d").unwrap(), Target::Postgres);
        for bad in ["", "sqlite:", "sqlite::memory:", "mysql://h/d", "acs.db"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
