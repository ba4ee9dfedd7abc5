//! Migrations of a PostgreSQL database, under the role that owns the schema.

use std::time::Duration;

use acs_core::secret::Secret;
use sea_orm::sqlx::postgres::{PgConnection, PgExecutor, PgPool};
use sea_orm::sqlx::{self, AssertSqlSafe, ConnectOptions, Connection, Row};

use super::{Applied, Migration, Status, checksum, compare, next};
use crate::connect;
use crate::error::{OpenError, postgres_open_error};

/// Any number that no other program takes: the letters `acs` and what the lock is for.
const LOCK: i64 = 0x6163_7300_6d69_6772;
/// How often a second migrator looks whether the first is done, and how many times.
const PAUSE: Duration = Duration::from_millis(100);
const PAUSES: u32 = 6_000;

fn script(migration: &Migration) -> &'static str {
    migration.postgres
}

/// Applies what is pending, and gives the program's role its rights.
pub(crate) async fn up(url: &Secret, app_role: &str) -> Result<Vec<&'static str>, OpenError> {
    let mut connection = connect::postgres::address(url)?
        .disable_statement_logging()
        .connect()
        .await
        .map_err(postgres_open_error)?;
    lock(&mut connection).await?;
    let done = up_locked(&mut connection, app_role).await;
    // Closing gives the lock back, whatever happened.
    connection.close().await.map_err(postgres_open_error)?;
    done
}

async fn up_locked(connection: &mut PgConnection, app_role: &str) -> Result<Vec<&'static str>, OpenError> {
    sqlx::raw_sql(
        "SET client_min_messages = warning; CREATE SCHEMA IF NOT EXISTS core; \
         CREATE TABLE IF NOT EXISTS core.schema_migrations (\
             name text PRIMARY KEY, checksum text NOT NULL, applied_at bigint NOT NULL)",
    )
    .execute(&mut *connection)
    .await
    .map_err(postgres_open_error)?;
    let mut done = Vec::new();
    while let Some(migration) = next(&compare(
        &applied(&mut *connection).await.map_err(postgres_open_error)?,
        script,
    )?) {
        apply(connection, migration).await.map_err(postgres_open_error)?;
        done.push(migration.name);
    }
    grant(connection, app_role).await.map_err(postgres_open_error)?;
    Ok(done)
}

/// Waits for another migrator, asking again and again: who waits inside a statement holds a snapshot, and building an
/// index concurrently waits for all snapshots.
async fn lock(connection: &mut PgConnection) -> Result<(), OpenError> {
    for _ in 0..PAUSES {
        let taken: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)")
            .bind(LOCK)
            .fetch_one(&mut *connection)
            .await
            .map_err(postgres_open_error)?;
        if taken {
            return Ok(());
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(OpenError::Failed(
        "another migrator has held the lock for ten minutes".into(),
    ))
}

async fn apply(connection: &mut PgConnection, migration: &Migration) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin().await?;
    sqlx::raw_sql(AssertSqlSafe(migration.postgres))
        .execute(&mut *transaction)
        .await?;
    sqlx::query(
        "INSERT INTO core.schema_migrations (name, checksum, applied_at) \
         VALUES ($1, $2, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)",
    )
    .bind(migration.name)
    .bind(checksum(migration.postgres))
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await
}

/// The rights of the program's role: rows of all tables, but not what was migrated, and the functions; no table is its
/// own, so that it cannot lift the policies.
async fn grant(connection: &mut PgConnection, app_role: &str) -> Result<(), sqlx::Error> {
    let role = format!("\"{}\"", app_role.replace('"', "\"\""));
    let statements = format!(
        "BEGIN; \
         GRANT USAGE ON SCHEMA core, ai, analytics, audit TO {role}; \
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA core, ai, analytics, audit TO {role}; \
         REVOKE INSERT, UPDATE, DELETE ON core.schema_migrations FROM {role}; \
         GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA core, ai, analytics, audit TO {role}; \
         COMMIT"
    );
    sqlx::raw_sql(AssertSqlSafe(statements))
        .execute(connection)
        .await?;
    Ok(())
}

/// Where each migration stands, for any role.
pub(crate) async fn status(url: &Secret) -> Result<Vec<Status>, OpenError> {
    let mut connection = connect::postgres::address(url)?
        .disable_statement_logging()
        .connect()
        .await
        .map_err(postgres_open_error)?;
    let applied = applied(&mut connection).await.map_err(postgres_open_error)?;
    connection.close().await.map_err(postgres_open_error)?;
    compare(&applied, script)
}

/// How many migrations are pending.
pub(crate) async fn pending(pool: &PgPool) -> Result<usize, OpenError> {
    let status = compare(&applied(pool).await.map_err(postgres_open_error)?, script)?;
    Ok(status.iter().filter(|one| one.applied_at.is_none()).count())
}

async fn applied(executor: impl PgExecutor<'_>) -> Result<Vec<Applied>, sqlx::Error> {
    let rows = match sqlx::query("SELECT name, checksum, applied_at FROM core.schema_migrations")
        .fetch_all(executor)
        .await
    {
        // Nothing was ever migrated here: no such schema, no such table.
        Err(sqlx::Error::Database(error)) if matches!(error.code().as_deref(), Some("3F000" | "42P01")) => {
            Vec::new()
        }
        rows => rows?,
    };
    rows.iter()
        .map(|row| {
            Ok(Applied {
                name: row.try_get(0)?,
                checksum: row.try_get(1)?,
                applied_at: row.try_get(2)?,
            })
        })
        .collect()
}
