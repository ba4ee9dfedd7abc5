//! Changes of the schema: an ordered list, each applied once, in one transaction, by one process at a time.
//!
//! `migrations/README.md` says how to write one.

pub(crate) mod postgres;
pub(crate) mod sqlite;

use acs_core::secret::Secret;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use crate::connect;
use crate::error::OpenError;
use crate::options::{Options, Target, target};

/// The role under which the program works on PostgreSQL, unless the address says another.
pub const APP_ROLE: &str = "acs_app";

/// One change, in both dialects.
pub(crate) struct Migration {
    pub(crate) name: &'static str,
    pub(crate) postgres: &'static str,
    pub(crate) sqlite: &'static str,
}

macro_rules! migrations {
    ($($name:literal),+ $(,)?) => {
        &[$(Migration {
            name: $name,
            postgres: include_str!(concat!("../../../../migrations/", $name, "/postgres.sql")),
            sqlite: include_str!(concat!("../../../../migrations/", $name, "/sqlite.sql")),
        }),+]
    };
}

/// All changes, in the order in which they are applied.
pub(crate) const MIGRATIONS: &[Migration] = migrations![
    "0001_people",
    "0002_conversations",
    "0003_knowledge",
    "0004_intents",
    "0005_delivery",
    "0006_intent_heads",
    "0007_terms",
    "0008_bounded_nomination",
    "0009_embedding_moves",
    "0010_model_budgets",
    "0011_turn_records",
    "0012_context",
    "0014_model_keys",
    "0016_reach",
    "0017_gaps",
    "0018_conflicts",
    "0019_erasure",
    "0020_held_budgets",
];

/// Where a migration stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Its folder under `migrations/`.
    pub name: &'static str,
    /// When it was applied; `None` while it is pending.
    pub applied_at: Option<OffsetDateTime>,
}

/// Applies what is pending and gives the names of what it applied. On PostgreSQL the address is the owner's, and
/// `app_role` is given the rights that the program needs; on SQLite there are no roles.
pub async fn up(url: &Secret, app_role: &str) -> Result<Vec<&'static str>, OpenError> {
    match target(url)? {
        Target::Sqlite(path) => sqlite::up(&path, &Options::new(url.clone())).await,
        Target::Postgres => postgres::up(url, app_role).await,
    }
}

/// Where each migration stands. An unknown or altered one is an error.
pub async fn status(url: &Secret) -> Result<Vec<Status>, OpenError> {
    match target(url)? {
        Target::Sqlite(path) => sqlite::status(&path, &Options::new(url.clone())).await,
        Target::Postgres => postgres::status(url).await,
    }
}

/// That nothing is pending, unknown or altered.
pub async fn check(url: &Secret) -> Result<(), OpenError> {
    let pending = status(url)
        .await?
        .iter()
        .filter(|one| one.applied_at.is_none())
        .count();
    if pending == 0 {
        Ok(())
    } else {
        Err(OpenError::PendingMigrations(pending))
    }
}

/// The role that an address of PostgreSQL connects as: whom [`up`] gives the program's rights.
pub fn role(url: &Secret) -> Result<String, OpenError> {
    Ok(connect::postgres::address(url)?.get_username().to_owned())
}

/// Tells one state of all migrations from another.
#[must_use]
pub fn fingerprint() -> String {
    let scripts = MIGRATIONS
        .iter()
        .flat_map(|one| [one.name, one.postgres, one.sqlite]);
    checksum(&scripts.collect::<Vec<_>>().join("\0"))
}

/// A migration as the database remembers it.
#[derive(Debug, Clone)]
pub(crate) struct Applied {
    pub(crate) name: String,
    pub(crate) checksum: String,
    pub(crate) applied_at: i64,
}

/// Where each migration stands, by what the database remembers.
pub(crate) fn compare(
    applied: &[Applied],
    script: fn(&Migration) -> &'static str,
) -> Result<Vec<Status>, OpenError> {
    if let Some(unknown) = applied
        .iter()
        .find(|one| MIGRATIONS.iter().all(|known| known.name != one.name))
    {
        return Err(OpenError::NewerSchema(unknown.name.clone()));
    }
    let status = |migration: &Migration| {
        let found = applied.iter().find(|one| one.name == migration.name);
        if found.is_some_and(|one| one.checksum != checksum(script(migration))) {
            return Err(OpenError::AlteredMigration(migration.name.to_owned()));
        }
        let applied_at = found.map(|one| i128::from(one.applied_at) * 1_000);
        let applied_at = applied_at
            .map(OffsetDateTime::from_unix_timestamp_nanos)
            .transpose();
        Ok(Status {
            name: migration.name,
            applied_at: applied_at.map_err(|error| OpenError::Failed(Box::new(error)))?,
        })
    };
    MIGRATIONS.iter().map(status).collect()
}

/// The first migration that is pending.
pub(crate) fn next(status: &[Status]) -> Option<&'static Migration> {
    MIGRATIONS
        .iter()
        .zip(status)
        .find(|(_, status)| status.applied_at.is_none())
        .map(|(migration, _)| migration)
}

/// SHA-256 in hex. Line ends are those of the repository (LF), whatever the checkout made of them.
pub(crate) fn checksum(script: &str) -> String {
    let digest = Sha256::digest(script.replace("\r\n", "\n"));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
