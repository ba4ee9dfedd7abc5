//! The database.

use std::time::Duration;

use super::schema::rule::{between, seconds};
use super::schema::section;
use super::schema::url::StoreUrl;

section! {
    /// The database: SQLite without any setting, PostgreSQL by its address.
    Store = "store" {
        /// The database's address: `sqlite:<path>`, or `postgres://user:password@host/database`. Unless set, the file
        /// `acs.db` in the data folder.
        url: Option<StoreUrl> = None;
        /// The same PostgreSQL database under the role that owns the schema: only for migrations, never for requests.
        owner_url: Option<StoreUrl> = None;
        /// How many connections stay open when there is nothing to do.
        min_connections: u32 = 1, between(0, 1000);
        /// How many connections may be open at once.
        max_connections: u32 = 20, between(1, 1000);
        /// How long a request waits for a free connection before it is answered with 503.
        acquire_timeout_seconds: Duration = Duration::from_secs(10), seconds(0.1, 300.0);
        /// After how long an unused connection is closed.
        idle_timeout_seconds: Duration = Duration::from_secs(600), seconds(1.0, 86_400.0);
        /// After how long a connection is replaced, used or not.
        max_lifetime_seconds: Duration = Duration::from_secs(1800), seconds(1.0, 86_400.0);
        /// How long one statement may run on PostgreSQL.
        statement_timeout_seconds: Duration = Duration::from_secs(10), seconds(0.1, 3600.0);
        /// How long a write on SQLite waits for the one before it.
        busy_timeout_seconds: Duration = Duration::from_secs(10), seconds(0.1, 300.0);
        /// Log every statement, without its values.
        log_statements: bool = false;
    }
}
