//! The two doors of the store, on either database.

use std::sync::Arc;

use acs_domain::access::Scope;
use acs_domain::port::store::{Directory, ReadUnit, Store, StoreError, UnitOfWork};
use async_trait::async_trait;
use sea_orm::sqlx;
use tokio::time::timeout;

use crate::connect::{Lanes, Lines, is_stale};
use crate::error::driver_error;
use crate::search::VectorCache;
use crate::session::{Session, Transaction};

/// The connections of a store.
pub(crate) enum Connections {
    Sqlite { writer: Box<Lanes>, readers: Box<Lanes> },
    Postgres(Lines),
}

/// A store on one of the two databases.
pub(crate) struct SqlStore {
    connections: Connections,
    vectors: Arc<VectorCache>,
}

impl SqlStore {
    pub(crate) fn new(connections: Connections, vector_cache_bytes: usize) -> Self {
        Self {
            connections,
            vectors: Arc::new(VectorCache::new(vector_cache_bytes)),
        }
    }

    pub(crate) fn connections(&self) -> &Connections {
        &self.connections
    }

    pub(crate) async fn reading(&self, scope: Scope) -> Result<Session, StoreError> {
        let transaction = match &self.connections {
            Connections::Sqlite { readers, .. } => Transaction::Sqlite(readers.begin().await?),
            Connections::Postgres(lines) => {
                begin_postgres(lines, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", scope).await?
            }
        };
        Ok(Session::new(transaction, scope, Arc::clone(&self.vectors)))
    }

    pub(crate) async fn writing(&self, scope: Scope) -> Result<Session, StoreError> {
        let transaction = match &self.connections {
            Connections::Sqlite { writer, .. } => Transaction::Sqlite(writer.begin().await?),
            // Each statement sees what was committed before it: whoever waited for a lock sees what the holder did.
            Connections::Postgres(lines) => {
                begin_postgres(lines, "BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE", scope).await?
            }
        };
        Ok(Session::new(transaction, scope, Arc::clone(&self.vectors)))
    }
}

/// Begins a transaction and names its tenant to the policies, in one round trip.
async fn begin_postgres(lines: &Lines, begin: &str, scope: Scope) -> Result<Transaction, StoreError> {
    let statements = format!(
        "{begin}; SELECT set_config('app.current_org_id', '{}', true)",
        scope.organization_id()
    );
    let mut tries = lines.pool().size();
    loop {
        match lines.begin(statements.clone()).await {
            Ok(line) => return Ok(Transaction::Postgres(line)),
            Err(error) if tries > 0 && is_stale(&error) => tries -= 1,
            Err(error) => return Err(driver_error(error)),
        }
    }
}

#[async_trait]
impl Store for SqlStore {
    async fn read(&self, scope: Scope) -> Result<Box<dyn ReadUnit>, StoreError> {
        Ok(Box::new(self.reading(scope).await?))
    }

    async fn begin(&self, scope: Scope) -> Result<Box<dyn UnitOfWork>, StoreError> {
        Ok(Box::new(self.writing(scope).await?))
    }

    fn directory(&self) -> &dyn Directory {
        self
    }

    async fn ping(&self) -> Result<(), StoreError> {
        match &self.connections {
            Connections::Sqlite { readers, .. } => {
                let mut lane = readers.begin().await?;
                let answered = sqlx::query("SELECT count(*) FROM schema_migrations")
                    .execute(lane.connection()?)
                    .await;
                lane.noted(answered).map(drop).map_err(driver_error)
            }
            Connections::Postgres(lines) => {
                let mut line = lines.lend().await.map_err(driver_error)?;
                let answered = timeout(line.patience(), sqlx::query("SELECT 1").execute(line.ask())).await;
                line.heard(answered).map(drop).map_err(driver_error)
            }
        }
    }
}
