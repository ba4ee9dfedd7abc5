//! How a PostgreSQL database is reached.

use std::str::FromStr;

use acs_core::secret::Secret;
use sea_orm::sqlx::ConnectOptions;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::line::{Doubt, Lines};
use crate::error::{OpenError, postgres_open_error};
use crate::options::Options;

/// Where the tables are. Names with blanks would be other schemas.
const SEARCH_PATH: &str = "core,ai,analytics,audit,public";
/// Every statement of the program stays prepared.
const STATEMENTS: usize = 256;

/// Connections for the program.
pub(crate) async fn lines(options: &Options) -> Result<Lines, OpenError> {
    let timeout = format!("{}ms", options.statement_timeout.as_millis());
    let mut connect = address(&options.url)?
        .statement_cache_capacity(STATEMENTS)
        .options([
            ("search_path", SEARCH_PATH),
            ("statement_timeout", timeout.as_str()),
            ("lock_timeout", timeout.as_str()),
            // A unit is short: one that was forgotten must not hold its locks.
            ("idle_in_transaction_session_timeout", "60s"),
            // Estimates of rows behind policies are high; compiling costs more than any statement here.
            ("jit", "off"),
            // Nominations by meaning: enough candidates in one pass, and further ones for small organizations.
            ("hnsw.ef_search", "100"),
            ("hnsw.iterative_scan", "strict_order"),
        ]);
    if !options.log_statements {
        connect = connect.disable_statement_logging();
    }
    let doubt = Doubt::none();
    let asked = doubt.clone();
    let pool = PgPoolOptions::new()
        .min_connections(options.min_connections)
        .max_connections(options.max_connections)
        .acquire_timeout(options.acquire_timeout)
        .idle_timeout(options.idle_timeout)
        .max_lifetime(options.max_lifetime)
        // A connection is tested when it is returned; one that broke since shows at `BEGIN`.
        .test_before_acquire(false)
        .before_acquire(move |_, connection| {
            let clear = asked.clears(&connection);
            Box::pin(async move { Ok(clear) })
        })
        .connect_with(connect)
        .await
        .map_err(postgres_open_error)?;
    Ok(Lines::new(pool, options.statement_timeout, doubt))
}

/// The address with which to connect.
pub(crate) fn address(url: &Secret) -> Result<PgConnectOptions, OpenError> {
    PgConnectOptions::from_str(url.expose())
        .map(|connect| connect.application_name("acs"))
        .map_err(|_| OpenError::Url("expected postgres://user:password@host/database"))
}
