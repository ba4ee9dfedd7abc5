//! Migrations are applied once, whoever comes at the same time, and never to a schema that this program does not know.

use acs_core::secret::Secret;
use acs_persistence::{OpenError, Options, migrate, open};
use acs_testkit::database::Database;
use sea_orm::sqlx::postgres::PgConnection;
use sea_orm::sqlx::sqlite::SqliteConnectOptions;
use sea_orm::sqlx::{self, AssertSqlSafe, ConnectOptions, Connection};

/// A database without a table, on either server.
enum Empty {
    Sqlite(tempfile::TempDir),
    Postgres(Box<Database>),
}

impl Empty {
    fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().unwrap())
    }

    async fn postgres() -> Self {
        Self::Postgres(Box::new(Database::empty().await))
    }

    /// The address of whoever may migrate.
    fn owner_url(&self) -> Secret {
        match self {
            Self::Sqlite(folder) => Secret::new(format!("sqlite:{}", folder.path().join("acs.db").display())),
            Self::Postgres(database) => database.owner_url().clone(),
        }
    }

    fn app_url(&self) -> Secret {
        match self {
            Self::Sqlite(_) => self.owner_url(),
            Self::Postgres(database) => database.app_url().clone(),
        }
    }

    async fn up(&self) -> Result<Vec<&'static str>, OpenError> {
        migrate::up(&self.owner_url(), migrate::APP_ROLE).await
    }

    async fn execute(&self, statement: &str) {
        let statement = AssertSqlSafe(statement.to_owned());
        match self {
            Self::Sqlite(folder) => {
                let file = SqliteConnectOptions::new().filename(folder.path().join("acs.db"));
                sqlx::raw_sql(statement)
                    .execute(&mut file.connect().await.unwrap())
                    .await
                    .unwrap();
            }
            Self::Postgres(database) => {
                let mut connection = PgConnection::connect(database.owner_url().expose())
                    .await
                    .unwrap();
                sqlx::raw_sql(statement).execute(&mut connection).await.unwrap();
            }
        }
    }
}

async fn are_applied_once_and_in_order(empty: Empty) {
    let url = empty.owner_url();
    let all: Vec<_> = migrate::status(&url)
        .await
        .unwrap()
        .iter()
        .map(|one| one.name)
        .collect();
    assert!(all.is_sorted() && !all.is_empty(), "{all:?}");
    let pending = migrate::check(&url).await;
    assert!(
        matches!(pending, Err(OpenError::PendingMigrations(count)) if count == all.len()),
        "{pending:?}"
    );
    assert_eq!(empty.up().await.unwrap(), all);
    assert!(empty.up().await.unwrap().is_empty());
    migrate::check(&url).await.unwrap();
    assert!(
        migrate::status(&url)
            .await
            .unwrap()
            .iter()
            .all(|one| one.applied_at.is_some())
    );
    open(Options::new(empty.app_url()))
        .await
        .unwrap()
        .ping()
        .await
        .unwrap();
}

async fn may_start_many_times_at_once(empty: Empty) {
    let (a, b, c, d) = tokio::join!(empty.up(), empty.up(), empty.up(), empty.up());
    let mut applied: Vec<_> = [a, b, c, d].into_iter().flat_map(Result::unwrap).collect();
    applied.sort_unstable();
    let all: Vec<_> = migrate::status(&empty.owner_url())
        .await
        .unwrap()
        .iter()
        .map(|one| one.name)
        .collect();
    assert_eq!(applied, all, "each by one of them");
}

async fn are_refused_when_altered(empty: Empty) {
    empty.up().await.unwrap();
    empty
        .execute(
            "UPDATE schema_migrations_ SET checksum = 'other' WHERE name LIKE '0002%'"
                .replace("schema_migrations_", empty.table())
                .as_str(),
        )
        .await;
    for refused in [
        empty.up().await.map(drop),
        migrate::check(&empty.owner_url()).await,
        open(Options::new(empty.app_url())).await.map(drop),
    ] {
        assert!(
            matches!(&refused, Err(OpenError::AlteredMigration(name)) if name.starts_with("0002")),
            "{refused:?}"
        );
    }
}

/// One that was merged after a later one was applied.
async fn that_come_late_are_applied_all_the_same(empty: Empty, undo: &str) {
    empty.up().await.unwrap();
    let table = empty.table();
    let undo = format!("{undo}; DELETE FROM {table} WHERE name = '0011_turn_records'");
    empty.execute(&undo).await;
    assert_eq!(empty.up().await.unwrap(), ["0011_turn_records"]);
    migrate::check(&empty.owner_url()).await.unwrap();
}

async fn of_a_newer_program_are_refused(empty: Empty) {
    empty.up().await.unwrap();
    empty
        .execute(&format!(
            "INSERT INTO {} VALUES ('9999_future', 'x', 0)",
            empty.table()
        ))
        .await;
    for refused in [
        empty.up().await.map(drop),
        migrate::check(&empty.owner_url()).await,
        open(Options::new(empty.app_url())).await.map(drop),
    ] {
        assert!(
            matches!(&refused, Err(OpenError::NewerSchema(name)) if name == "9999_future"),
            "{refused:?}"
        );
    }
}

impl Empty {
    fn table(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "schema_migrations",
            Self::Postgres(_) => "core.schema_migrations",
        }
    }
}

mod sqlite {
    use super::Empty;

    #[tokio::test]
    async fn are_applied_once_and_in_order() {
        super::are_applied_once_and_in_order(Empty::sqlite()).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn may_start_many_times_at_once() {
        Box::pin(super::may_start_many_times_at_once(Empty::sqlite())).await;
    }

    #[tokio::test]
    async fn are_refused_when_altered() {
        super::are_refused_when_altered(Empty::sqlite()).await;
    }

    #[tokio::test]
    async fn that_come_late_are_applied_all_the_same() {
        let undo = "DROP TABLE turn_records; DROP TABLE customer_keys";
        super::that_come_late_are_applied_all_the_same(Empty::sqlite(), undo).await;
    }

    #[tokio::test]
    async fn of_a_newer_program_are_refused() {
        super::of_a_newer_program_are_refused(Empty::sqlite()).await;
    }
}

mod postgres {
    use acs_persistence::{OpenError, Options, open};

    use super::Empty;

    #[tokio::test]
    async fn are_applied_once_and_in_order() {
        super::are_applied_once_and_in_order(Empty::postgres().await).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn may_start_many_times_at_once() {
        Box::pin(super::may_start_many_times_at_once(Empty::postgres().await)).await;
    }

    #[tokio::test]
    async fn are_refused_when_altered() {
        super::are_refused_when_altered(Empty::postgres().await).await;
    }

    #[tokio::test]
    async fn that_come_late_are_applied_all_the_same() {
        let undo = "DROP TABLE audit.turn_records; DROP FUNCTION audit.keep_turn_record; DROP TABLE core.customer_keys";
        super::that_come_late_are_applied_all_the_same(Empty::postgres().await, undo).await;
    }

    #[tokio::test]
    async fn of_a_newer_program_are_refused() {
        super::of_a_newer_program_are_refused(Empty::postgres().await).await;
    }

    #[tokio::test]
    async fn that_are_pending_keep_the_program_from_starting() {
        let empty = Empty::postgres().await;
        let refused = open(Options::new(empty.app_url())).await.map(drop);
        assert!(
            matches!(refused, Err(OpenError::PendingMigrations(1..))),
            "{refused:?}"
        );
    }
}
