//! A store for one test.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use acs_core::secret::Secret;
use acs_domain::port::store::Store;
use acs_persistence::Options;
use sea_orm::sqlx::postgres::PgConnection;
use sea_orm::sqlx::sqlite::SqliteConnectOptions;
use sea_orm::sqlx::{self, AssertSqlSafe, ConnectOptions as _, Connection as _};

use crate::database::Database;

/// A store with nothing in it, which no other test sees.
pub struct Backend {
    // Dropped in this order: the store lets go of its database first.
    store: Arc<dyn Store>,
    options: Options,
    room: Room,
}

enum Room {
    Folder(tempfile::TempDir),
    Database(Box<Database>),
}

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

    /// A store in a PostgreSQL database.
    pub async fn postgres() -> Self {
        let database = Database::lent().await;
        let mut options = Options::new(database.app_url().clone());
        options.max_connections = 24;
        options.min_connections = 0;
        Self {
            store: acs_persistence::open(options.clone()).await.unwrap(),
            options,
            room: Room::Database(Box::new(database)),
        }
    }

    /// Whether there is a PostgreSQL server for this run. Tests never ask: without one they fail.
    #[must_use]
    pub fn has_postgres() -> bool {
        Database::is_possible()
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

    /// What has left with commits so far: the names of the events, in their order.
    pub async fn events(&self) -> Vec<String> {
        const SQLITE: &str = "SELECT kind FROM outbox ORDER BY id";
        const POSTGRES: &str = "SELECT kind FROM core.outbox ORDER BY id";
        match &self.room {
            Room::Folder(_) => {
                let file = SqliteConnectOptions::new().filename(self.file().unwrap());
                let mut connection = file.connect().await.unwrap();
                sqlx::query_scalar(SQLITE)
                    .fetch_all(&mut connection)
                    .await
                    .unwrap()
            }
            Room::Database(database) => {
                let mut connection = PgConnection::connect(database.owner_url().expose())
                    .await
                    .unwrap();
                sqlx::query_scalar(POSTGRES)
                    .fetch_all(&mut connection)
                    .await
                    .unwrap()
            }
        }
    }

    /// Everything that is stored, as text: the bytes of SQLite's files, the rows of PostgreSQL's tables.
    pub async fn dump(&self) -> String {
        const TABLES: &str = "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables \
            WHERE schemaname IN ('core', 'ai', 'analytics', 'audit') ORDER BY 1";
        match &self.room {
            Room::Folder(folder) => {
                let files = std::fs::read_dir(folder.path()).unwrap();
                let bytes = files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap());
                String::from_utf8_lossy(&bytes.collect::<Vec<_>>()).into_owned()
            }
            Room::Database(database) => {
                let mut connection = PgConnection::connect(database.owner_url().expose())
                    .await
                    .unwrap();
                let tables: Vec<String> = sqlx::query_scalar(TABLES)
                    .fetch_all(&mut connection)
                    .await
                    .unwrap();
                let mut dump = String::new();
                for table in tables {
                    let rows: Vec<String> =
                        sqlx::query_scalar(AssertSqlSafe(format!("SELECT t::text FROM {table} t")))
                            .fetch_all(&mut connection)
                            .await
                            .unwrap();
                    dump.push_str(&rows.join("\n"));
                }
                dump
            }
        }
    }

    /// Every value of every row of every table, as text; bytes as far as they are text.
    pub async fn values(&self) -> String {
        const SQLITE: &str = "SELECT format('SELECT CAST(\"%w\" AS BLOB) FROM \"%w\" WHERE \"%w\" IS NOT NULL', \
                c.name, t.name, c.name) \
            FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'";
        const POSTGRES: &str = "SELECT format('SELECT %s FROM %I.%I WHERE %I IS NOT NULL', \
                CASE data_type WHEN 'bytea' THEN format('%I', column_name) \
                    ELSE format('convert_to(%I::text, ''UTF8'')', column_name) END, \
                table_schema, table_name, column_name) \
            FROM information_schema.columns WHERE table_schema IN ('core', 'ai', 'analytics', 'audit')";
        let mut values: Vec<Vec<u8>> = Vec::new();
        match &self.room {
            Room::Folder(_) => {
                let file = SqliteConnectOptions::new().filename(self.file().unwrap());
                let mut connection = file.connect().await.unwrap();
                let columns: Vec<String> = sqlx::query_scalar(SQLITE)
                    .fetch_all(&mut connection)
                    .await
                    .unwrap();
                for column in columns {
                    let column = sqlx::query_scalar(AssertSqlSafe(column)).fetch_all(&mut connection);
                    values.extend::<Vec<Vec<u8>>>(column.await.unwrap());
                }
            }
            Room::Database(database) => {
                let mut connection = PgConnection::connect(database.owner_url().expose())
                    .await
                    .unwrap();
                let columns: Vec<String> = sqlx::query_scalar(POSTGRES)
                    .fetch_all(&mut connection)
                    .await
                    .unwrap();
                for column in columns {
                    let column = sqlx::query_scalar(AssertSqlSafe(column)).fetch_all(&mut connection);
                    values.extend::<Vec<Vec<u8>>>(column.await.unwrap());
                }
            }
        }
        String::from_utf8_lossy(&values.join(&b'\n')).into_owned()
    }

    /// Changes what is stored in SQLite's file behind the store's back.
    pub async fn execute(&self, sql: &str) {
        let file = SqliteConnectOptions::new().filename(self.file().unwrap());
        let mut connection = file.connect().await.unwrap();
        let sql = AssertSqlSafe(sql.to_owned());
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    }

    /// Lets PostgreSQL learn what its tables hold, which it does by itself within a minute of a large import.
    pub async fn settle(&self) {
        if let Room::Database(database) = &self.room {
            let mut connection = PgConnection::connect(database.owner_url().expose())
                .await
                .unwrap();
            sqlx::raw_sql("ANALYZE").execute(&mut connection).await.unwrap();
        }
    }

    /// Does to the database what the program never does, as its owner would: for tests of what is noticed afterwards.
    pub async fn tamper(&self, sql: &str) {
        let sql = AssertSqlSafe(sql.to_owned());
        match &self.room {
            Room::Folder(_) => {
                let file = SqliteConnectOptions::new().filename(self.file().unwrap());
                let mut connection = file.connect().await.unwrap();
                sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
            }
            Room::Database(database) => {
                let mut connection = PgConnection::connect(database.owner_url().expose())
                    .await
                    .unwrap();
                let path = "SET search_path = core, ai, analytics, audit, public";
                sqlx::raw_sql(path).execute(&mut connection).await.unwrap();
                sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
            }
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
