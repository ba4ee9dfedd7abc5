//! A store for one test, gone with it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use acs_core::entropy::{Entropy, SystemEntropy};
use acs_core::secret::Secret;
use acs_domain::port::store::Store;
use acs_persistence::{Options, migrate};
use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection};
use sea_orm::sqlx::{self, AssertSqlSafe, ConnectOptions, Connection};

/// A store with nothing in it.
pub struct Backend {
    store: Arc<dyn Store>,
    options: Options,
    room: Room,
}

enum Room {
    Folder(tempfile::TempDir),
    Database(Box<Database>),
}

/// A PostgreSQL database of its own on the server of the run, dropped with the test.
pub struct Database {
    name: String,
    maintenance: PgConnectOptions,
    owner_url: Secret,
    app_url: Secret,
}

/// The two addresses that `tests/run` exports, or that a developer sets.
const OWNER_URL: &str = "ACS_TEST_POSTGRES_OWNER_URL";
const APP_URL: &str = "ACS_TEST_POSTGRES_APP_URL";
/// Who makes the template keeps the others waiting. Any number that nothing else takes.
const TEMPLATE_LOCK: i64 = 0x6163_735f_7465_7374;

impl Backend {
    /// A store in a temporary SQLite file.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = Options::sqlite(&folder.path().join("acs.db"));
        Self {
            store: acs_persistence::open(options.clone()).await.unwrap(),
            options,
            room: Room::Folder(folder),
        }
    }

    /// Whether there is a PostgreSQL server for this run. Tests never ask: without one they fail.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the addresses of the test servers are no setting of the program"
    )]
    pub fn has_postgres() -> bool {
        std::env::var(OWNER_URL).is_ok()
    }

    /// A store in a PostgreSQL database of its own.
    pub async fn postgres() -> Self {
        let template = template().await;
        let database = Database::create(&format!("TEMPLATE {template}")).await;
        let mut options = Options::new(database.app_url.clone());
        options.max_connections = 24;
        options.min_connections = 0;
        Self {
            room: Room::Database(Box::new(database)),
            store: acs_persistence::open(options.clone()).await.unwrap(),
            options,
        }
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &dyn Store {
        &*self.store
    }

    /// The store, to be shared with tasks.
    #[must_use]
    pub fn shared(&self) -> Arc<dyn Store> {
        Arc::clone(&self.store)
    }

    /// With what the store was opened.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The SQLite file; `None` on PostgreSQL.
    #[must_use]
    pub fn file(&self) -> Option<PathBuf> {
        match &self.room {
            Room::Folder(folder) => Some(folder.path().join("acs.db")),
            Room::Database(_) => None,
        }
    }

    /// A folder for the test's own files; `None` on PostgreSQL.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        match &self.room {
            Room::Folder(folder) => Some(folder.path()),
            Room::Database(_) => None,
        }
    }

    /// The address of the same PostgreSQL database under the role that owns its tables; `None` on SQLite.
    #[must_use]
    pub fn owner_url(&self) -> Option<&Secret> {
        match &self.room {
            Room::Folder(_) => None,
            Room::Database(database) => Some(database.owner_url()),
        }
    }
}

impl Database {
    /// A database without a table.
    pub async fn empty() -> Self {
        Self::create("").await
    }

    async fn create(how: &str) -> Self {
        let (owner, app) = (address(OWNER_URL), address(APP_URL));
        let name = format!("acs_test_{}", random());
        let maintenance = connect_options(&owner);
        run(&maintenance, &format!("CREATE DATABASE {name} {how}"))
            .await
            .unwrap();
        Self {
            owner_url: on(&owner, &name),
            app_url: on(&app, &name),
            name,
            maintenance,
        }
    }

    /// The address under the role that owns the tables.
    #[must_use]
    pub fn owner_url(&self) -> &Secret {
        &self.owner_url
    }

    /// The address under the role that the program has.
    #[must_use]
    pub fn app_url(&self) -> &Secret {
        &self.app_url
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        // The owner may not end the program's sessions; they end themselves, if the test left any.
        let end = format!(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
             WHERE datname = '{}' AND usename = current_user AND pid <> pg_backend_pid()",
            self.name
        );
        let (owner, app) = (self.maintenance.clone(), connect_options(&self.app_url));
        // A destructor cannot wait, but a thread of its own can; it must be done before the process ends.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(async {
                if run(&owner, &drop).await.is_err() {
                    run(&app, &end).await.ok();
                    run(&owner, &drop).await.ok();
                }
            });
            std::io::Result::Ok(())
        });
        dropped.join().ok();
    }
}

/// A migrated database to copy, made once for each state of the migrations.
async fn template() -> String {
    let owner = &address(OWNER_URL);
    let role = migrate::role(&address(APP_URL)).unwrap();
    let name = format!("acs_template_{}", &migrate::fingerprint()[..16]);
    let mut connection = connect_options(owner).connect().await.unwrap();
    sqlx::query("SELECT pg_advisory_lock($1)")
        .bind(TEMPLATE_LOCK)
        .execute(&mut connection)
        .await
        .unwrap();
    let known: Option<i32> = sqlx::query_scalar("SELECT 1 FROM pg_database WHERE datname = $1")
        .bind(&name)
        .fetch_optional(&mut connection)
        .await
        .unwrap();
    if known.is_none() {
        // Under another name until it is complete.
        let making = format!("{name}_{}", random());
        execute(&mut connection, &format!("CREATE DATABASE {making}"))
            .await
            .unwrap();
        migrate::up(&on(owner, &making), &role).await.unwrap();
        execute(
            &mut connection,
            &format!("ALTER DATABASE {making} RENAME TO {name}"),
        )
        .await
        .unwrap();
    }
    // Closing gives the lock back.
    connection.close().await.unwrap();
    name
}

#[expect(
    clippy::disallowed_methods,
    reason = "the addresses of the test servers are no setting of the program"
)]
fn address(variable: &str) -> Secret {
    let Ok(url) = std::env::var(variable) else {
        panic!(
            "{variable} is not set: run the tests with `tests/run`, which starts a PostgreSQL server for them"
        );
    };
    Secret::new(url)
}

/// The address of another database on the same server.
fn on(url: &Secret, database: &str) -> Secret {
    let url = url.expose();
    let authority = url.find("://").map_or(0, |at| at + 3);
    let end = url[authority..]
        .find(['/', '?'])
        .map_or(url.len(), |at| authority + at);
    let query = url.find('?').map_or("", |at| &url[at..]);
    Secret::new(format!("{}/{database}{query}", &url[..end]))
}

fn connect_options(url: &Secret) -> PgConnectOptions {
    let options: PgConnectOptions = url.expose().parse().unwrap();
    options.disable_statement_logging()
}

async fn run(options: &PgConnectOptions, statement: &str) -> sqlx::Result<()> {
    let mut connection = options.connect().await?;
    execute(&mut connection, statement).await?;
    connection.close().await
}

async fn execute(connection: &mut PgConnection, statement: &str) -> sqlx::Result<()> {
    let statement = AssertSqlSafe(statement.to_owned());
    sqlx::raw_sql(statement).execute(connection).await.map(drop)
}

/// Tests run at once, in processes of their own.
fn random() -> String {
    let mut bytes = [0_u8; 8];
    SystemEntropy.fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
