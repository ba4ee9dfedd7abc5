//! Migrations of a SQLite file.

use std::path::Path;
use std::time::Duration;

use sea_orm::sqlx::sqlite::SqliteConnection;
use sea_orm::sqlx::{self, AssertSqlSafe, ConnectOptions, Connection, Row};
use tokio::time::Instant;

use super::{Applied, Migration, Status, checksum, compare, next};
use crate::connect;
use crate::error::{OpenError, sqlite_open_error};
use crate::options::Options;

fn script(migration: &Migration) -> &'static str {
    migration.sqlite
}

/// For so long a file that refuses is tried again, at once after a pause.
const PATIENCE: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(20);

/// Applies what is pending. The write lock of the file keeps a second process waiting, which then finds it done. Only where two
/// make a new file at the same moment does one not wait: the kind of the file's journal is changed without.
pub(crate) async fn up(path: &Path, options: &Options) -> Result<Vec<&'static str>, OpenError> {
    let until = Instant::now() + PATIENCE;
    let mut done = Vec::new();
    loop {
        match apply_pending(path, options, &mut done).await {
            Err(OpenError::Busy(_)) if Instant::now() < until => tokio::time::sleep(PAUSE).await,
            ended => return ended.map(|()| done),
        }
    }
}

/// Applies what is pending, and notes what is done also if it fails behind it.
async fn apply_pending(
    path: &Path,
    options: &Options,
    done: &mut Vec<&'static str>,
) -> Result<(), OpenError> {
    let failed = |error| sqlite_open_error(path, error);
    // Where it cannot be done the file cannot be opened either, which tells more.
    let _told_below = connect::sqlite::keep_private(path);
    let mut connection = connect::sqlite::writing(path, options)
        .connect()
        .await
        .map_err(failed)?;
    loop {
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
        sqlx::raw_sql(
            "CREATE TABLE IF NOT EXISTS schema_migrations (\
                 name TEXT NOT NULL PRIMARY KEY, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT",
        )
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
        let status = compare(&applied(&mut transaction).await.map_err(failed)?, script)?;
        let pending = next(&status);
        if let Some(migration) = pending {
            apply(&mut transaction, migration).await.map_err(failed)?;
        }
        transaction.commit().await.map_err(failed)?;
        match pending {
            Some(migration) => done.push(migration.name),
            None => break,
        }
    }
    connection.close().await.map_err(failed)
}

/// Where each migration stands; of a file that is not there, all are pending.
pub(crate) async fn status(path: &Path, options: &Options) -> Result<Vec<Status>, OpenError> {
    if !path.exists() {
        return compare(&[], script);
    }
    let failed = |error| sqlite_open_error(path, error);
    let reading = connect::sqlite::writing(path, options).create_if_missing(false);
    let mut connection = reading.connect().await.map_err(failed)?;
    let known = sqlx::query("SELECT 1 FROM sqlite_schema WHERE name = 'schema_migrations'")
        .fetch_optional(&mut connection)
        .await
        .map_err(failed)?;
    let applied = match known {
        Some(_) => applied(&mut connection).await.map_err(failed)?,
        None => Vec::new(),
    };
    connection.close().await.map_err(failed)?;
    compare(&applied, script)
}

async fn apply(connection: &mut SqliteConnection, migration: &Migration) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(migration.sqlite))
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "INSERT INTO schema_migrations (name, checksum, applied_at) \
         VALUES (?, ?, CAST(unixepoch('subsec') * 1000000 AS INTEGER))",
    )
    .bind(migration.name)
    .bind(checksum(migration.sqlite))
    .execute(connection)
    .await?;
    Ok(())
}

async fn applied(connection: &mut SqliteConnection) -> Result<Vec<Applied>, sqlx::Error> {
    let rows = sqlx::query("SELECT name, checksum, applied_at FROM schema_migrations")
        .fetch_all(connection)
        .await?;
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
