//! Copies of the embedded store, and the way back. PostgreSQL has its own tools for this.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use sea_orm::sqlx::sqlite::SqliteConnectOptions;
use sea_orm::sqlx::{self, ConnectOptions, Connection, Row};
use tokio::fs;

use crate::connect;
use crate::error::{OpenError, sqlite_open_error};
use crate::migrate;
use crate::options::{Options, Target};

/// Copies the store into a new file, while it is in use: one consistent state, as of the beginning.
pub async fn backup(options: &Options, to: &Path) -> Result<(), OpenError> {
    let from = file_of(options)?;
    if fs::try_exists(to).await.map_err(io(to))? {
        return Err(OpenError::Exists(to.to_owned()));
    }
    let failed = |error| sqlite_open_error(to, error);
    let partial = beside(to, "partial");
    remove(&partial).await?;
    connect::sqlite::keep_private(&partial).map_err(io(&partial))?;
    let source = connect::sqlite::writing(&from, options).create_if_missing(false);
    let mut source = source
        .connect()
        .await
        .map_err(|error| sqlite_open_error(&from, error))?;
    sqlx::query("VACUUM INTO ?")
        .bind(text_of(&partial)?)
        .execute(&mut source)
        .await
        .map_err(failed)?;
    source.close().await.map_err(failed)?;
    put_in_place(&partial, to).await
}

/// Puts a copy in the place of the store, which must not be open. The copy is checked first; the store that was there
/// stays beside it as `….replaced`.
pub async fn restore(from: &Path, options: &Options) -> Result<(), OpenError> {
    let to = file_of(options)?;
    let partial = beside(&to, "partial");
    fs::copy(from, &partial).await.map_err(io(from))?;
    connect::sqlite::keep_private(&partial).map_err(io(&partial))?;
    let sound = check(&partial).await;
    remove(&beside(&partial, "wal")).await?;
    remove(&beside(&partial, "shm")).await?;
    if let Err(error) = sound {
        remove(&partial).await?;
        return Err(match error {
            OpenError::NotADatabase { reason, .. } => OpenError::NotADatabase {
                path: from.to_owned(),
                reason,
            },
            other => other,
        });
    }
    let replaced = beside(&to, "replaced");
    // At no moment is there no store: the old one keeps its name until the copy takes it.
    for part in ["", "wal"] {
        remove(&beside(&replaced, part)).await?;
        link_if_there(&beside(&to, part), &beside(&replaced, part)).await?;
    }
    for part in ["wal", "shm"] {
        remove(&beside(&to, part)).await?;
    }
    put_in_place(&partial, &to).await
}

/// That a file is a whole database of this program, or of an older one.
async fn check(path: &Path) -> Result<(), OpenError> {
    let failed = |error| sqlite_open_error(path, error);
    let unsound = |reason: String| OpenError::NotADatabase {
        path: path.to_owned(),
        reason,
    };
    let reading = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false);
    let mut connection = reading
        .disable_statement_logging()
        .connect()
        .await
        .map_err(failed)?;
    let verdict: String = sqlx::query_scalar("PRAGMA integrity_check(1)")
        .fetch_one(&mut connection)
        .await
        .map_err(failed)?;
    if verdict != "ok" {
        return Err(unsound(verdict));
    }
    let dangling = sqlx::query("PRAGMA foreign_key_check")
        .fetch_optional(&mut connection)
        .await
        .map_err(failed)?;
    if let Some(row) = dangling {
        let table: String = row.try_get(0).map_err(failed)?;
        return Err(unsound(format!("a row of {table} points to nothing")));
    }
    connection.close().await.map_err(failed)?;
    let status = migrate::sqlite::status(path, &Options::sqlite(path)).await?;
    if status.iter().all(|one| one.applied_at.is_none()) {
        return Err(unsound("it is not a store of this program".to_owned()));
    }
    Ok(())
}

/// Makes sure that a file is on the disk, and then gives it its name.
async fn put_in_place(partial: &Path, to: &Path) -> Result<(), OpenError> {
    fs::File::open(partial)
        .await
        .map_err(io(partial))?
        .sync_all()
        .await
        .map_err(io(partial))?;
    fs::rename(partial, to).await.map_err(io(to))?;
    let folder = to
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    fs::File::open(folder)
        .await
        .map_err(io(folder))?
        .sync_all()
        .await
        .map_err(io(folder))
}

fn file_of(options: &Options) -> Result<PathBuf, OpenError> {
    match options.target()? {
        Target::Sqlite(path) => Ok(path),
        Target::Postgres => Err(OpenError::Url(
            "only a SQLite store is copied: use pg_dump and pg_restore",
        )),
    }
}

/// `acs.db-wal` beside `acs.db`: as SQLite names its own.
fn beside(path: &Path, part: &str) -> PathBuf {
    let mut name = OsString::from(path);
    if !part.is_empty() {
        name.push("-");
        name.push(part);
    }
    PathBuf::from(name)
}

fn text_of(path: &Path) -> Result<&str, OpenError> {
    path.to_str().ok_or(OpenError::Url("the path is not text"))
}

async fn remove(path: &Path) -> Result<(), OpenError> {
    match fs::remove_file(path).await {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(io(path)(error)),
        _ => Ok(()),
    }
}

async fn link_if_there(from: &Path, to: &Path) -> Result<(), OpenError> {
    match fs::hard_link(from, to).await {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(io(from)(error)),
        _ => Ok(()),
    }
}

fn io(path: &Path) -> impl Fn(std::io::Error) -> OpenError {
    let path = path.to_owned();
    move |error| match error.kind() {
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => OpenError::ReadOnly(path.clone()),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => OpenError::DiskFull(path.clone()),
        ErrorKind::AlreadyExists => OpenError::Exists(path.clone()),
        _ => OpenError::Failed(Box::new(error)),
    }
}
