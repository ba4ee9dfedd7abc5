//! `migrator`: the schema of the store, and the backup of the embedded one.

use std::io::{self, Write as _};
use std::path::Path;

use acs_core::config::{Config, StoreKind};
use acs_core::secret::Secret;
use acs_persistence::{backup, migrate};
use anyhow::{Context as _, Result, bail};
use time::format_description::well_known::Rfc3339;

use crate::data_dir::{self, DataDir};
use crate::wire;

const HELP: &str = "\
Usage: migrator COMMAND

  up              bring the schema up to date; safe when two start at once
  status          list the migrations, and which of them have run
  check           succeed only if every migration has run and none was altered
  backup FILE     copy the embedded store to FILE while it is in use
  restore FILE    put FILE in the place of the embedded store, which must be stopped

The store is the one of the settings (ACS__STORE__URL, else SQLite in ACS__DATA_DIR). On PostgreSQL, migrations run
under the owner's role: set ACS__STORE__OWNER_URL.
";

/// Does what the arguments say.
pub async fn command(config: Config, arguments: Vec<String>) -> Result<()> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["up"] => up(&config).await,
        ["status"] => status(&config).await,
        ["check"] => Ok(migrate::check(&owner_url(&config)).await?),
        ["backup", file] => back_up(&config, Path::new(file)).await,
        ["restore", file] => restore(&config, Path::new(file)).await,
        ["help" | "--help" | "-h"] => say(HELP),
        [] => bail!("a command is missing\n\n{HELP}"),
        _ => bail!("`{}` is not a command\n\n{HELP}", arguments.join(" ")),
    }
}

async fn up(config: &Config) -> Result<()> {
    let role = match config.store_url().kind() {
        StoreKind::Sqlite => {
            data_dir::make(&config.data_dir)?;
            String::new()
        }
        StoreKind::Postgres => migrate::role(&Secret::new(config.store_url().expose()))?,
    };
    let ran = migrate::up(&owner_url(config), &role)
        .await
        .context("the database cannot be brought up to date")?;
    match ran.len() {
        0 => say("The schema is up to date.\n"),
        count => say(&format!("{count} migrations ran: {}\n", ran.join(", "))),
    }
}

async fn status(config: &Config) -> Result<()> {
    for migration in migrate::status(&owner_url(config)).await? {
        let applied = migration.applied_at.map(|at| at.format(&Rfc3339)).transpose()?;
        say(&format!(
            "{:<30} {}\n",
            migration.name,
            applied.as_deref().unwrap_or("pending")
        ))?;
    }
    Ok(())
}

async fn back_up(config: &Config, file: &Path) -> Result<()> {
    check_embedded(config)?;
    backup::backup(&wire::options(config), file)
        .await
        .with_context(|| format!("no backup to {}", file.display()))?;
    let folder = config.data_dir.display();
    say(&format!(
        "The store is backed up to {}. Keep {folder}/secrets.toml with it.\n",
        file.display()
    ))
}

async fn restore(config: &Config, file: &Path) -> Result<()> {
    check_embedded(config)?;
    let _held = DataDir::hold(&config.data_dir)?;
    backup::restore(file, &wire::options(config))
        .await
        .with_context(|| format!("{} is not restored", file.display()))?;
    say(&format!("The store is restored from {}.\n", file.display()))
}

fn check_embedded(config: &Config) -> Result<()> {
    match config.store_url().kind() {
        StoreKind::Sqlite => Ok(()),
        StoreKind::Postgres => bail!("only the embedded store is backed up here; for PostgreSQL use pg_dump"),
    }
}

/// The store under the role that may change the schema.
fn owner_url(config: &Config) -> Secret {
    let owner = config.store.owner_url.as_ref();
    owner.map_or_else(
        || Secret::new(config.store_url().expose()),
        |owner| Secret::new(owner.expose()),
    )
}

fn say(text: &str) -> Result<()> {
    io::stdout().write_all(text.as_bytes()).context("nobody reads")
}
