//! Opening a store.

use std::path::Path;
use std::sync::Arc;

use acs_domain::port::store::Store;
use sea_orm::sqlx::postgres::PgPool;
use sea_orm::sqlx::{self, Row};

use crate::connect;
use crate::error::{OpenError, postgres_open_error, sqlite_open_error};
use crate::migrate;
use crate::options::{Options, Target};
use crate::store::{Connections, SqlStore};

/// Opens the store that the options name.
///
/// A SQLite file is made if there is none, and migrated. The caller makes sure that no other process has it open: turns
/// that were being worked on are given back, since whoever did so is gone. On PostgreSQL nothing is changed, and
/// pending migrations are an error: the migrator runs them under the owner's role.
pub async fn open(options: Options) -> Result<Arc<dyn Store>, OpenError> {
    let connections = match options.target()? {
        Target::Sqlite(path) => open_sqlite(&path, &options).await?,
        Target::Postgres => open_postgres(&options).await?,
    };
    Ok(Arc::new(SqlStore::new(connections, options.vector_cache_bytes)))
}

async fn open_sqlite(path: &Path, options: &Options) -> Result<Connections, OpenError> {
    migrate::sqlite::up(path, options).await?;
    let writer = connect::sqlite::writer(path, options);
    let mut lane = writer
        .begin()
        .await
        .map_err(|error| OpenError::Failed(Box::new(error)))?;
    let connection = lane
        .connection()
        .map_err(|error| OpenError::Failed(Box::new(error)))?;
    sqlx::query(
        "UPDATE turns SET state = 'queued', lease_owner = NULL, lease_expires_at = NULL WHERE state = 'running'",
    )
    .execute(connection)
    .await
    .map_err(|error| sqlite_open_error(path, error))?;
    lane.commit()
        .await
        .map_err(|error| OpenError::Failed(Box::new(error)))?;
    Ok(Connections::Sqlite {
        writer: Box::new(writer),
        readers: Box::new(connect::sqlite::readers(path, options)),
    })
}

async fn open_postgres(options: &Options) -> Result<Connections, OpenError> {
    let lines = connect::postgres::lines(options).await?;
    let pending = migrate::postgres::pending(lines.pool()).await?;
    if pending > 0 {
        return Err(OpenError::PendingMigrations(pending));
    }
    refuse_unsafe_role(lines.pool()).await?;
    Ok(Connections::Postgres(lines))
}

/// Row level security holds only for a role that may not pass by it.
async fn refuse_unsafe_role(pool: &PgPool) -> Result<(), OpenError> {
    const SQL: &str = "SELECT current_user::text, r.rolsuper OR r.rolbypassrls \
        OR pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = 'core.organizations'::regclass), 'MEMBER') \
        FROM pg_roles r WHERE r.rolname = current_user";
    let row = sqlx::query(SQL)
        .fetch_one(pool)
        .await
        .map_err(postgres_open_error)?;
    if row.try_get(1).map_err(postgres_open_error)? {
        return Err(OpenError::UnsafeRole(
            row.try_get(0).map_err(postgres_open_error)?,
        ));
    }
    Ok(())
}
