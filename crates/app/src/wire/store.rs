//! The store: SQLite in the data folder, or PostgreSQL.

use std::sync::Arc;

use acs_core::config::Config;
use acs_core::secret::Secret;
use acs_domain::port::store::Store;
use acs_persistence::Options;
use anyhow::{Context as _, Result};

/// What the store is opened with.
#[must_use]
pub fn options(config: &Config) -> Options {
    let store = &config.store;
    Options {
        min_connections: store.min_connections,
        max_connections: store.max_connections,
        acquire_timeout: store.acquire_timeout_seconds,
        idle_timeout: store.idle_timeout_seconds,
        max_lifetime: store.max_lifetime_seconds,
        statement_timeout: store.statement_timeout_seconds,
        busy_timeout: store.busy_timeout_seconds,
        log_statements: store.log_statements,
        ..Options::new(Secret::new(config.store_url().expose()))
    }
}

/// Opens the store. SQLite's schema is brought up to date with it; PostgreSQL's is `migrator`'s to bring up, and a
/// process refuses to start before.
pub async fn open_store(config: &Config) -> Result<Arc<dyn Store>> {
    acs_persistence::open(options(config))
        .await
        .context("the database cannot be used")
}
