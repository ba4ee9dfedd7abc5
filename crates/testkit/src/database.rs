//! PostgreSQL databases for tests, on the server of the run.

use acs_core::entropy::{Entropy, SystemEntropy};
use acs_core::secret::Secret;
use acs_persistence::migrate;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection};
use sea_orm::sqlx::{self, AssertSqlSafe, ConnectOptions, Connection};

/// A database that belongs to one test, for as long as this lives.
pub struct Database {
    name: String,
    owner_url: Secret,
    app_url: Secret,
    tenure: Tenure,
}

enum Tenure {
    /// Emptied before, and left for the next test. The connection holds the lock that says so.
    Lent(#[expect(dead_code, reason = "its end is what gives the database back")] Box<PgConnection>),
    /// Made for the test, and dropped with it.
    Own(Box<PgConnectOptions>),
}

/// The two addresses that `tests/run` exports, or that a developer sets.
const OWNER_URL: &str = "ACS_TEST_POSTGRES_OWNER_URL";
const APP_URL: &str = "ACS_TEST_POSTGRES_APP_URL";
/// The first half of the locks on lent databases; the second is the database's number. No other program takes it.
const LENT: i32 = 0x6163_7374;
/// Empties every table but the one that remembers the migrations.
const EMPTY: &str = "DO $$ BEGIN EXECUTE (\
    SELECT 'TRUNCATE ' || string_agg(format('%I.%I', schemaname, tablename), ', ') FROM pg_tables \
    WHERE schemaname IN ('core', 'ai', 'analytics', 'audit') AND tablename <> 'schema_migrations'); END $$";

impl Database {
    /// Whether there is a server for this run.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the addresses of the test servers are no setting of the program"
    )]
    pub(crate) fn is_possible() -> bool {
        std::env::var(OWNER_URL).is_ok()
    }

    /// A migrated database without a row. Making one takes a second when the machine is busy, emptying one a moment:
    /// so there are as many as tests run at once, and each is lent to one test after the other.
    pub async fn lent() -> Self {
        let (owner, app) = (address(OWNER_URL), address(APP_URL));
        let mut keeper = connect_options(&owner).connect().await.unwrap();
        let number = free_number(&mut keeper).await;
        let name = format!("acs_test_{}_{number}", &migrate::fingerprint()[..16]);
        let known: Option<i32> = sqlx::query_scalar("SELECT 1 FROM pg_database WHERE datname = $1")
            .bind(&name)
            .fetch_optional(&mut keeper)
            .await
            .unwrap();
        if known.is_none() {
            execute(&mut keeper, &format!("CREATE DATABASE {name}"))
                .await
                .unwrap();
        }
        let database = Self {
            owner_url: on(&owner, &name),
            app_url: on(&app, &name),
            name,
            tenure: Tenure::Lent(Box::new(keeper)),
        };
        if run(&connect_options(&database.owner_url), EMPTY).await.is_err() {
            // It has no tables yet.
            let role = migrate::role(&app).unwrap();
            migrate::up(&database.owner_url, &role).await.unwrap();
        }
        database
    }

    /// A database without a table.
    pub async fn empty() -> Self {
        let (owner, app) = (address(OWNER_URL), address(APP_URL));
        let name = format!("acs_test_{}", random());
        let maintenance = connect_options(&owner);
        run(&maintenance, &format!("CREATE DATABASE {name}"))
            .await
            .unwrap();
        Self {
            owner_url: on(&owner, &name),
            app_url: on(&app, &name),
            name,
            tenure: Tenure::Own(Box::new(maintenance)),
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

/// Takes the first database that no test has, until the connection ends.
async fn free_number(keeper: &mut PgConnection) -> i32 {
    for number in 0.. {
        let taken: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock($1, $2)")
            .bind(LENT)
            .bind(number)
            .fetch_one(&mut *keeper)
            .await
            .unwrap();
        if taken {
            return number;
        }
    }
    unreachable!("there are not so many tests")
}

impl Drop for Database {
    fn drop(&mut self) {
        let Tenure::Own(owner) = &self.tenure else { return };
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        // The owner may not end the program's sessions; they end themselves, if the test left any.
        let end = format!(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
             WHERE datname = '{}' AND usename = current_user AND pid <> pg_backend_pid()",
            self.name
        );
        let (owner, app) = (owner.clone(), connect_options(&self.app_url));
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
