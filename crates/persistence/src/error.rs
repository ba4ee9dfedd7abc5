//! What the drivers report, in the words of the callers. Nothing of a driver leaves the crate but as a source.

use std::path::PathBuf;

use acs_domain::port::store::StoreError;
use sea_orm::sqlx;
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr};

/// Why the store cannot be opened, migrated, backed up or restored: by what its operator would do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address is not one of a store.
    #[error("not the address of a store: {0}")]
    Url(&'static str),
    /// The file or its folder may not be written, or there is no such folder.
    #[error("{} cannot be opened for writing: is its folder there, and not read-only?", .0.display())]
    ReadOnly(PathBuf),
    /// The disk is full.
    #[error("the disk that holds {} is full", .0.display())]
    DiskFull(PathBuf),
    /// The file is not a SQLite database, or is damaged.
    #[error("{} is not a sound SQLite database: {reason}", .path.display())]
    NotADatabase {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// There is a file already.
    #[error("{} is there already", .0.display())]
    Exists(PathBuf),
    /// Another process holds the file.
    #[error("{} is held by another process", .0.display())]
    Busy(PathBuf),
    /// The schema was migrated by a newer program.
    #[error("the database has the migration {0}, which this program does not know: use the newer program")]
    NewerSchema(String),
    /// A migration that was applied is no longer what it was.
    #[error("the migration {0} was changed after it had been applied")]
    AlteredMigration(String),
    /// Migrations wait to be run by the owner of the schema.
    #[error("{0} migrations are pending: run the migrator first")]
    PendingMigrations(usize),
    /// The role may pass by the row level security.
    #[error("the role {0} owns the tables or may bypass row level security: connect as a role that does not")]
    UnsafeRole(String),
    /// The server does not answer, or refuses the connection.
    #[error("the database server cannot be reached")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Anything else.
    #[error("the store could not be opened")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What a caller can do about an error of sea-orm.
pub(crate) fn store_error(error: DbErr) -> StoreError {
    let driver = match &error {
        DbErr::Conn(RuntimeErr::SqlxError(driver))
        | DbErr::Exec(RuntimeErr::SqlxError(driver))
        | DbErr::Query(RuntimeErr::SqlxError(driver)) => Some(driver),
        _ => None,
    };
    match driver.map(|driver| kind(driver)) {
        Some(Kind::Conflict(what)) => StoreError::Conflict { what },
        Some(Kind::Unavailable) => StoreError::Unavailable(Box::new(error)),
        Some(Kind::Failed) => StoreError::Failed(Box::new(error)),
        None if matches!(error, DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)) => {
            StoreError::Unavailable(Box::new(error))
        }
        None => StoreError::Failed(Box::new(error)),
    }
}

/// What a caller can do about an error of the driver itself.
pub(crate) fn driver_error(error: sqlx::Error) -> StoreError {
    match kind(&error) {
        Kind::Conflict(what) => StoreError::Conflict { what },
        Kind::Unavailable => StoreError::Unavailable(Box::new(error)),
        Kind::Failed => StoreError::Failed(Box::new(error)),
    }
}

/// Whether a SQLite connection is of no more use after this error.
pub(crate) fn breaks_connection(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::WorkerCrashed | sqlx::Error::Io(_) => true,
        sqlx::Error::Database(error) => {
            let code = error.code().and_then(|code| code.parse().ok());
            code.is_some_and(sqlite_rolls_back)
        }
        _ => false,
    }
}

enum Kind {
    Conflict(&'static str),
    Unavailable,
    Failed,
}

fn kind(error: &sqlx::Error) -> Kind {
    match error {
        sqlx::Error::Database(error) if error.is_unique_violation() => {
            Kind::Conflict(taken(error.constraint(), error.message()))
        }
        sqlx::Error::Database(error) => {
            let code = error.code().unwrap_or_default();
            let passing = match error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
                Some(_) => postgres_passes(&code),
                None => code.parse().is_ok_and(sqlite_passes),
            };
            if passing { Kind::Unavailable } else { Kind::Failed }
        }
        // A connection that is cut while it is made shows as a breach of the protocol.
        sqlx::Error::Io(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => Kind::Unavailable,
        _ => Kind::Failed,
    }
}

/// The field that is taken, in the public contract's words. PostgreSQL names the constraint, SQLite the columns:
/// `UNIQUE constraint failed: users.organization_id, users.email`.
fn taken(constraint: Option<&str>, message: &str) -> &'static str {
    const NAMES: &[(&str, &str, &str)] = &[
        ("organizations_slug", "organizations.slug", "slug"),
        ("users_email", "users.email", "email"),
        ("users_external_id", "users.external_id", "external_id"),
        ("api_keys_hash", "api_keys.hash", "key"),
        ("refresh_tokens_hash", "refresh_tokens.hash", "refresh_token"),
        ("messages_seq", "messages.seq", "seq"),
        ("messages_reply_to", "messages.reply_to", "reply_to"),
        ("turns_message", "turns.message_id", "message_id"),
        ("intents_name", "intents.name", "name"),
    ];
    NAMES
        .iter()
        .find(|(name, column, _)| constraint == Some(*name) || message.ends_with(column))
        .map_or("id", |(_, _, field)| field)
}

/// Classes and codes of PostgreSQL (its manual, appendix A) after which the same call may succeed.
fn postgres_passes(code: &str) -> bool {
    const CLASSES: &[&str] = &["08", "53", "57", "58"];
    // Serialization failure, deadlock, lock not available, read-only while it fails over.
    const CODES: &[&str] = &["40001", "40P01", "55P03", "25006"];
    CODES.contains(&code) || code.get(..2).is_some_and(|class| CLASSES.contains(&class))
}

/// Results of SQLite (sqlite.org/rescode.html) after which the same call may succeed; the low byte is the class.
fn sqlite_passes(code: i32) -> bool {
    const BUSY: i32 = 5;
    const LOCKED: i32 = 6;
    const NO_MEMORY: i32 = 7;
    const INTERRUPT: i32 = 9;
    const INPUT_OUTPUT: i32 = 10;
    const FULL: i32 = 13;
    const CANNOT_OPEN: i32 = 14;
    const PROTOCOL: i32 = 15;
    matches!(
        code & 0xff,
        BUSY | LOCKED | NO_MEMORY | INTERRUPT | INPUT_OUTPUT | FULL | CANNOT_OPEN | PROTOCOL
    )
}

/// Results after which SQLite may have rolled the transaction back by itself (sqlite.org/lang_transaction.html, section
/// 3), which the driver is not told: it would count one transaction too many for ever.
fn sqlite_rolls_back(code: i32) -> bool {
    const BUSY: i32 = 5;
    const NO_MEMORY: i32 = 7;
    const INTERRUPT: i32 = 9;
    const INPUT_OUTPUT: i32 = 10;
    const FULL: i32 = 13;
    matches!(code & 0xff, BUSY | NO_MEMORY | INTERRUPT | INPUT_OUTPUT | FULL)
}

/// Why a SQLite file cannot be used.
pub(crate) fn sqlite_open_error(path: &std::path::Path, error: sqlx::Error) -> OpenError {
    let class = match &error {
        sqlx::Error::Database(error) => error
            .code()
            .and_then(|code| code.parse::<i32>().ok())
            .map(|code| code & 0xff),
        _ => None,
    };
    let path = path.to_owned();
    match class {
        // SQLITE_PERM, SQLITE_READONLY, SQLITE_CANTOPEN.
        Some(3 | 8 | 14) => OpenError::ReadOnly(path),
        Some(5 | 6) => OpenError::Busy(path),
        Some(13) => OpenError::DiskFull(path),
        // SQLITE_CORRUPT, SQLITE_NOTADB.
        Some(11 | 26) => OpenError::NotADatabase {
            path,
            reason: error.to_string(),
        },
        _ => OpenError::Failed(Box::new(error)),
    }
}

/// Why a PostgreSQL server cannot be used.
pub(crate) fn postgres_open_error(error: sqlx::Error) -> OpenError {
    match kind(&error) {
        Kind::Unavailable => OpenError::Unreachable(Box::new(error)),
        Kind::Conflict(_) | Kind::Failed => OpenError::Failed(Box::new(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_databases_name_the_field_that_is_taken() {
        let sqlite = "(code: 2067) UNIQUE constraint failed: users.organization_id, users.email";
        assert_eq!(taken(None, sqlite), "email");
        assert_eq!(taken(Some("users_email"), "duplicate key value"), "email");
        assert_eq!(taken(Some("users_pkey"), "duplicate key value"), "id");
    }

    #[test]
    fn what_passes_is_told_from_what_does_not() {
        assert!(postgres_passes("57P01") && postgres_passes("40001") && postgres_passes("53300"));
        assert!(!postgres_passes("42P01") && !postgres_passes("23503") && !postgres_passes(""));
        assert!(sqlite_passes(5) && sqlite_passes(261) && sqlite_passes(13));
        assert!(!sqlite_passes(1) && !sqlite_passes(787));
    }

    #[test]
    fn a_connection_is_kept_after_a_refused_row_and_given_up_after_a_full_disk() {
        assert!(sqlite_rolls_back(13) && sqlite_rolls_back(778));
        assert!(!sqlite_rolls_back(2067) && !sqlite_rolls_back(787) && !sqlite_rolls_back(1));
    }
}
