//! A fixed number of SQLite connections, lent in the order of asking.
//!
//! The pools of the driver test a connection in a task of its own whenever one is returned. A file needs no test, and
//! the one writer must be free for the next unit at once.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use acs_domain::port::store::StoreError;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteTransactionManager};
use sea_orm::sqlx::{self, AssertSqlSafe, ConnectOptions, SqlSafeStr};
use sqlx_core::transaction::TransactionManager;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::{breaks_connection, driver_error};

/// Connections that are opened when first needed and then kept.
pub(crate) struct Lanes {
    options: SqliteConnectOptions,
    begin: &'static str,
    places: Arc<Semaphore>,
    idle: Arc<Mutex<VecDeque<SqliteConnection>>>,
    patience: Duration,
}

impl Lanes {
    /// At most `count` connections; each unit begins with the statement `begin`.
    pub(crate) fn new(
        options: SqliteConnectOptions,
        begin: &'static str,
        count: u32,
        patience: Duration,
    ) -> Self {
        Self {
            options,
            begin,
            places: Arc::new(Semaphore::new(count.max(1) as usize)),
            idle: Arc::default(),
            patience,
        }
    }

    /// Opens a transaction on a connection that is free, or as soon as one is.
    pub(crate) async fn begin(&self) -> Result<Lane, StoreError> {
        let waited = tokio::time::timeout(self.patience, Arc::clone(&self.places).acquire_owned());
        let place = match waited.await {
            Ok(Ok(place)) => place,
            Ok(Err(closed)) => return Err(StoreError::Unavailable(Box::new(closed))),
            Err(elapsed) => return Err(StoreError::Unavailable(Box::new(elapsed))),
        };
        let kept = lock(&self.idle).pop_front();
        let connection = match kept {
            Some(connection) => connection,
            None => self.options.connect().await.map_err(driver_error)?,
        };
        let mut lane = Lane {
            connection: Some(connection),
            idle: Arc::clone(&self.idle),
            open: false,
            broken: false,
            _place: place,
        };
        let statement = AssertSqlSafe(self.begin).into_sql_str();
        let begun = SqliteTransactionManager::begin(lane.connection()?, Some(statement)).await;
        lane.noted(begun).map_err(driver_error)?;
        lane.open = true;
        Ok(lane)
    }
}

/// A lent connection with an open transaction. Dropping it rolls back and gives it back.
pub(crate) struct Lane {
    connection: Option<SqliteConnection>,
    idle: Arc<Mutex<VecDeque<SqliteConnection>>>,
    open: bool,
    broken: bool,
    _place: OwnedSemaphorePermit,
}

impl Lane {
    pub(crate) fn connection(&mut self) -> Result<&mut SqliteConnection, StoreError> {
        // Only `drop` takes it out.
        self.connection
            .as_mut()
            .ok_or_else(|| driver_error(sqlx::Error::WorkerCrashed))
    }

    /// Passes a result on, and remembers when the connection is of no more use.
    pub(crate) fn noted<T>(&mut self, result: Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
        if let Err(error) = &result {
            self.broken |= breaks_connection(error);
        }
        result
    }

    pub(crate) async fn commit(mut self) -> Result<(), StoreError> {
        let committed = SqliteTransactionManager::commit(self.connection()?).await;
        self.noted(committed).map_err(driver_error)?;
        self.open = false;
        Ok(())
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else {
            return;
        };
        if self.broken {
            return;
        }
        if self.open {
            SqliteTransactionManager::start_rollback(&mut connection);
        }
        lock(&self.idle).push_front(connection);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
