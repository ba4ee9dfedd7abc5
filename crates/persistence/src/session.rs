//! One open unit: its transaction, its scope, its dialect. sea-orm's statements run on it.
//!
//! A unit begins in one round trip, the tenant's name for row level security included, and is not returned through a
//! pool that tests the connection of a file. After an error of a statement PostgreSQL refuses all further ones of the
//! unit, so a use case drops it, on SQLite too.

use std::sync::Arc;

use acs_domain::access::Scope;
use acs_domain::organization::OrganizationId;
use acs_domain::port::store::StoreError;
use async_trait::async_trait;
use sea_orm::sqlx::{self, AssertSqlSafe, Postgres, Sqlite};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement};
use sea_query_sqlx::SqlxValues;
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::connect::{Lane, Line};
use crate::error::{driver_error, store_error};
use crate::search::VectorCache;

/// A transaction in one of the two dialects.
pub(crate) enum Transaction {
    Sqlite(Lane),
    Postgres(Line),
}

/// One open unit.
pub(crate) struct Session {
    organization: OrganizationId,
    backend: DbBackend,
    // `ConnectionTrait` lends the session shared; the lock is never contended, since every port takes `&mut self`.
    transaction: Mutex<Transaction>,
    vectors: Arc<VectorCache>,
    knowledge_changed: bool,
}

impl Session {
    pub(crate) fn new(transaction: Transaction, scope: Scope, vectors: Arc<VectorCache>) -> Self {
        let backend = match transaction {
            Transaction::Sqlite(_) => DbBackend::Sqlite,
            Transaction::Postgres(_) => DbBackend::Postgres,
        };
        Self {
            organization: scope.organization_id(),
            backend,
            transaction: Mutex::new(transaction),
            vectors,
            knowledge_changed: false,
        }
    }

    /// The organization that the unit sees: part of every statement.
    pub(crate) fn organization(&self) -> uuid::Uuid {
        self.organization.as_uuid()
    }

    pub(crate) fn organization_id(&self) -> OrganizationId {
        self.organization
    }

    /// A thing of another organization is never written: a fault of the caller.
    pub(crate) fn check_owner(&self, owner: OrganizationId) -> Result<(), StoreError> {
        if owner == self.organization {
            Ok(())
        } else {
            Err(StoreError::Failed(
                format!(
                    "a unit of organization {} was asked to write for {owner}",
                    self.organization
                )
                .into(),
            ))
        }
    }

    pub(crate) fn is_postgres(&self) -> bool {
        self.backend == DbBackend::Postgres
    }

    pub(crate) fn vectors(&self) -> &Arc<VectorCache> {
        &self.vectors
    }

    /// Whether this unit wrote knowledge: what it sees is then not yet what others may be told.
    pub(crate) fn knowledge_changed(&self) -> bool {
        self.knowledge_changed
    }

    pub(crate) fn note_knowledge_change(&mut self) {
        self.knowledge_changed = true;
    }

    /// A statement of this session's dialect, written by hand.
    pub(crate) fn statement<I>(&self, sql: &str, values: I) -> Statement
    where
        I: IntoIterator<Item = sea_orm::Value>,
    {
        Statement::from_sql_and_values(self.backend, sql, values)
    }

    pub(crate) async fn rows<I>(&self, sql: &str, values: I) -> Result<Vec<QueryResult>, StoreError>
    where
        I: IntoIterator<Item = sea_orm::Value>,
    {
        self.query_all_raw(self.statement(sql, values))
            .await
            .map_err(store_error)
    }

    /// Runs a statement and gives the number of rows that it changed.
    pub(crate) async fn run<I>(&self, sql: &str, values: I) -> Result<u64, StoreError>
    where
        I: IntoIterator<Item = sea_orm::Value>,
    {
        let done = self.execute_raw(self.statement(sql, values)).await;
        Ok(done.map_err(store_error)?.rows_affected())
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self.transaction.into_inner() {
            Transaction::Sqlite(lane) => lane.commit().await,
            Transaction::Postgres(line) => line.commit().await.map_err(driver_error),
        }
    }
}

type Query<DB> = sqlx::query::Query<'static, DB, SqlxValues>;

fn split(statement: Statement) -> (AssertSqlSafe<String>, SqlxValues) {
    let values = statement.values.unwrap_or(sea_orm::Values(Vec::new()));
    (AssertSqlSafe(statement.sql), SqlxValues(values))
}

fn sqlite(statement: Statement) -> Query<Sqlite> {
    let (sql, values) = split(statement);
    sqlx::query_with(sql, values)
}

fn postgres(statement: Statement) -> Query<Postgres> {
    let (sql, values) = split(statement);
    sqlx::query_with(sql, values)
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(Arc::new(error)))
}

fn gone(error: StoreError) -> DbErr {
    DbErr::Conn(RuntimeErr::Internal(error.to_string()))
}

#[async_trait]
impl ConnectionTrait for Session {
    fn get_database_backend(&self) -> DbBackend {
        self.backend
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match &mut *self.transaction.lock().await {
            Transaction::Sqlite(lane) => {
                let done = sqlite(statement).execute(lane.connection().map_err(gone)?).await;
                lane.noted(done).map(Into::into)
            }
            Transaction::Postgres(line) => {
                let heard = timeout(line.patience(), postgres(statement).execute(line.ask())).await;
                line.heard(heard).map(Into::into)
            }
        }
        .map_err(failed)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let sql = AssertSqlSafe(sql.to_owned());
        match &mut *self.transaction.lock().await {
            Transaction::Sqlite(lane) => {
                let done = sqlx::raw_sql(sql).execute(lane.connection().map_err(gone)?).await;
                lane.noted(done).map(Into::into)
            }
            Transaction::Postgres(line) => {
                let heard = timeout(line.patience(), sqlx::raw_sql(sql).execute(line.ask())).await;
                line.heard(heard).map(Into::into)
            }
        }
        .map_err(failed)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match &mut *self.transaction.lock().await {
            Transaction::Sqlite(lane) => {
                let found = sqlite(statement)
                    .fetch_optional(lane.connection().map_err(gone)?)
                    .await;
                lane.noted(found).map(|row| row.map(Into::into))
            }
            Transaction::Postgres(line) => {
                let heard = timeout(line.patience(), postgres(statement).fetch_optional(line.ask())).await;
                line.heard(heard).map(|row| row.map(Into::into))
            }
        }
        .map_err(failed)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match &mut *self.transaction.lock().await {
            Transaction::Sqlite(lane) => {
                let found = sqlite(statement)
                    .fetch_all(lane.connection().map_err(gone)?)
                    .await;
                lane.noted(found)
                    .map(|rows| rows.into_iter().map(Into::into).collect())
            }
            Transaction::Postgres(line) => {
                let heard = timeout(line.patience(), postgres(statement).fetch_all(line.ask())).await;
                line.heard(heard)
                    .map(|rows| rows.into_iter().map(Into::into).collect())
            }
        }
        .map_err(failed)
    }
}
