//! A PostgreSQL connection, lent from the pool, that is waited for only so long.
//!
//! The server itself ends a statement that takes too long. A server that has vanished says nothing: without a limit on
//! this side, who waits for it would wait until the operating system gives up, a quarter of an hour.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sea_orm::sqlx::pool::{PoolConnection, PoolConnectionMetadata};
use sea_orm::sqlx::postgres::{PgConnection, PgPool, PgTransactionManager};
use sea_orm::sqlx::{self, AssertSqlSafe, Postgres, SqlSafeStr as _};
use sqlx_core::transaction::TransactionManager as _;
use tokio::time::error::Elapsed;
use tokio::time::{Instant, timeout};

/// How much longer than the server may work on a statement its answer may be on its way.
const ON_THE_WAY: Duration = Duration::from_secs(1);

/// A pool whose connections are given up when the server keeps silent.
pub(crate) struct Lines {
    pool: PgPool,
    patience: Duration,
    doubt: Doubt,
}

impl Lines {
    /// Lends from a pool whose connections are checked with this doubt first, and whose server ends each statement
    /// after `statement_timeout`.
    pub(crate) fn new(pool: PgPool, statement_timeout: Duration, doubt: Doubt) -> Self {
        let patience = statement_timeout.saturating_add(ON_THE_WAY);
        Self {
            pool,
            patience,
            doubt,
        }
    }

    /// The pool itself: for what is asked before the program serves anyone.
    pub(crate) fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// A connection without a transaction.
    pub(crate) async fn lend(&self) -> Result<Line, sqlx::Error> {
        Ok(Line {
            connection: self.pool.acquire().await?,
            patience: self.patience,
            doubt: self.doubt.clone(),
            open: false,
            unanswered: false,
        })
    }

    /// A connection on which these statements have begun a transaction.
    pub(crate) async fn begin(&self, statements: String) -> Result<Line, sqlx::Error> {
        let mut line = self.lend().await?;
        let statements = AssertSqlSafe(statements).into_sql_str();
        let begun = timeout(
            line.patience,
            PgTransactionManager::begin(line.ask(), Some(statements)),
        )
        .await;
        line.heard(begun)?;
        line.open = true;
        Ok(line)
    }
}

/// Whether a first statement failed only because the server had closed the connection while it was idle. Each such
/// connection shows it once; nothing has happened yet, so the next one is tried.
pub(crate) fn is_stale(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(error) => error.kind() != io::ErrorKind::TimedOut,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| code.starts_with("57P0")),
        _ => false,
    }
}

/// A lent connection. Dropping it rolls back and gives it back; one that owes an answer is closed instead.
pub(crate) struct Line {
    connection: PoolConnection<Postgres>,
    patience: Duration,
    doubt: Doubt,
    open: bool,
    unanswered: bool,
}

impl Line {
    /// How long an answer is waited for.
    pub(crate) fn patience(&self) -> Duration {
        self.patience
    }

    /// The connection, for one question. What comes of it is told to [`Line::heard`].
    pub(crate) fn ask(&mut self) -> &mut PgConnection {
        self.unanswered = true;
        &mut self.connection
    }

    /// Passes an answer on, and remembers when there was none.
    pub(crate) fn heard<T>(
        &mut self,
        answer: Result<Result<T, sqlx::Error>, Elapsed>,
    ) -> Result<T, sqlx::Error> {
        match answer {
            Ok(answer) => {
                let broken =
                    |error: &sqlx::Error| matches!(error, sqlx::Error::Io(_) | sqlx::Error::Protocol(_));
                self.unanswered = answer.as_ref().is_err_and(broken);
                answer
            }
            Err(elapsed) => {
                self.doubt.condemn();
                Err(sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, elapsed)))
            }
        }
    }

    pub(crate) async fn commit(mut self) -> Result<(), sqlx::Error> {
        let committed = timeout(self.patience, PgTransactionManager::commit(self.ask())).await;
        self.heard(committed)?;
        self.open = false;
        Ok(())
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if self.unanswered {
            self.connection.close_on_drop();
            return;
        }
        if self.open {
            PgTransactionManager::start_rollback(&mut self.connection);
        }
        // The pool tests what it is given back, and would wait for the answer for ever.
        let (returned, doubt) = (self.connection.return_to_pool(), self.doubt.clone());
        let returned = timeout(self.patience, returned);
        #[expect(
            clippy::disallowed_methods,
            reason = "as the driver does by itself, and it ends in time"
        )]
        tokio::spawn(async move {
            if returned.await.is_err() {
                doubt.condemn();
            }
        });
    }
}

/// Which connections are no longer believed in: when one got no answer, then all that are as old.
#[derive(Clone)]
pub(crate) struct Doubt {
    began: Instant,
    /// Milliseconds since the beginning; connections made before are not lent again.
    made_before: Arc<AtomicU64>,
}

impl Doubt {
    pub(crate) fn none() -> Self {
        let (began, made_before) = (Instant::now(), Arc::default());
        Self { began, made_before }
    }

    /// Whether a connection may be lent.
    pub(crate) fn clears(&self, connection: &PoolConnectionMetadata) -> bool {
        let made = self.began.elapsed().saturating_sub(connection.age);
        made.as_millis() >= u128::from(self.made_before.load(Ordering::Relaxed))
    }

    fn condemn(&self) {
        let now = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.made_before
            .fetch_max(now.saturating_add(1), Ordering::Relaxed);
    }
}
