//! Both dialects have the same tables, columns and keys, and every tenant's table is protected.

use std::collections::BTreeMap;

use acs_testkit::Backend;
use sea_orm::sqlx::postgres::PgPool;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sea_orm::sqlx::{self, ConnectOptions, Row};

/// A column: the class of its type, and whether it may be empty.
type Columns = BTreeMap<String, (String, bool)>;
type Tables = BTreeMap<String, Columns>;

/// What a type of PostgreSQL is on SQLite.
fn class(postgres: &str) -> &str {
    match postgres {
        "uuid" | "bytea" | "vector" => "BLOB",
        "bigint" | "integer" | "smallint" | "boolean" => "INTEGER",
        "text" | "jsonb" => "TEXT",
        "double precision" | "real" => "REAL",
        other => panic!("{other} has no class: add it to migrations/README.md and here"),
    }
}

async fn sqlite_tables(connection: &mut SqliteConnection) -> Tables {
    let rows = sqlx::query(
        "SELECT t.name, c.name, c.type, c.\"notnull\", c.pk FROM sqlite_schema t, pragma_table_info(t.name) c \
         WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE 'passage_words%'",
    )
    .fetch_all(connection)
    .await
    .unwrap();
    let mut tables = Tables::new();
    for row in rows {
        let required: bool = row.get::<bool, _>(3) || row.get::<i64, _>(4) > 0;
        let columns = tables.entry(row.get(0)).or_default();
        columns.insert(row.get(1), (row.get(2), required));
    }
    tables
}

async fn postgres_tables(pool: &PgPool) -> Tables {
    let rows = sqlx::query(
        "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, NULL), a.attnotnull \
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
         WHERE c.relkind = 'r' AND c.relnamespace::regnamespace::text IN ('core', 'ai', 'analytics', 'audit')",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    let mut tables = Tables::new();
    for row in rows {
        let columns = tables.entry(row.get(0)).or_default();
        let class = class(&row.get::<String, _>(2)).to_owned();
        columns.insert(row.get(1), (class, row.get(3)));
    }
    tables
}

async fn owner(backend: &Backend) -> PgPool {
    PgPool::connect(backend.owner_url().unwrap().expose())
        .await
        .unwrap()
}

#[tokio::test]
async fn both_dialects_have_the_same_tables_and_columns_on_postgres_and_sqlite() {
    let (sqlite, postgres) = (Backend::sqlite().await, Backend::postgres().await);
    let file = SqliteConnectOptions::new().filename(sqlite.file().unwrap());
    let ours = sqlite_tables(&mut file.connect().await.unwrap()).await;
    let theirs = postgres_tables(&owner(&postgres).await).await;
    assert!(ours.len() > 15, "{:?}", ours.keys());
    assert_eq!(ours.keys().collect::<Vec<_>>(), theirs.keys().collect::<Vec<_>>());
    for (table, columns) in &ours {
        assert_eq!(columns, &theirs[table], "{table}");
    }
}

#[tokio::test]
async fn both_dialects_have_the_same_unique_keys_on_postgres_and_sqlite() {
    let (sqlite, postgres) = (Backend::sqlite().await, Backend::postgres().await);
    let file = SqliteConnectOptions::new().filename(sqlite.file().unwrap());
    let ours: Vec<(String, String)> = sqlx::query_as(
        "SELECT t.name, (SELECT group_concat(name, ',') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY name)) \
         FROM sqlite_schema t, pragma_index_list(t.name) i \
         WHERE t.type = 'table' AND t.name NOT LIKE 'passage_words%' AND i.\"unique\" \
         UNION SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c \
         WHERE t.type = 'table' AND t.name = 'knowledge_passages' AND c.pk > 0 ORDER BY 1, 2",
    )
    .fetch_all(&mut file.connect().await.unwrap())
    .await
    .unwrap();
    let theirs: Vec<(String, String)> = sqlx::query_as(
        "SELECT DISTINCT c.relname::text AS t, (SELECT string_agg(a.attname, ',' ORDER BY a.attname COLLATE \"C\") \
             FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (i.indkey)) AS k \
         FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid \
         WHERE i.indisunique AND c.relnamespace::regnamespace::text IN ('core', 'ai', 'audit') ORDER BY 1, 2",
    )
    .fetch_all(&owner(&postgres).await)
    .await
    .unwrap();
    // The number of a passage is the row's own on SQLite, and an index there has no use on PostgreSQL.
    let ours: Vec<_> = ours.into_iter().filter(|(_, key)| key != "number").collect();
    assert_eq!(ours, theirs);
}

#[tokio::test]
async fn every_table_of_a_tenant_is_protected_on_postgres() {
    let backend = Backend::postgres().await;
    let unprotected: Vec<String> = sqlx::query_scalar(
        "SELECT c.oid::regclass::text FROM pg_class c \
         WHERE c.relkind IN ('r', 'p') AND c.relnamespace::regnamespace::text IN ('core', 'ai', 'analytics', 'audit') \
           AND c.relname <> 'schema_migrations' \
           AND NOT (c.relrowsecurity AND c.relforcerowsecurity \
                    AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'tenant'))",
    )
    .fetch_all(&owner(&backend).await)
    .await
    .unwrap();
    assert!(unprotected.is_empty(), "{unprotected:?}");
}

#[tokio::test]
async fn functions_that_pass_by_the_policies_are_fixed_and_closed_on_postgres() {
    let backend = Backend::postgres().await;
    let open: Vec<String> = sqlx::query_scalar(
        "SELECT p.oid::regprocedure::text FROM pg_proc p \
         WHERE p.pronamespace::regnamespace::text IN ('core', 'ai', 'analytics', 'audit') AND p.prosecdef \
           AND (NOT coalesce(p.proconfig @> ARRAY['search_path=pg_catalog, pg_temp'], false) \
                OR has_function_privilege('public', p.oid, 'EXECUTE'))",
    )
    .fetch_all(&owner(&backend).await)
    .await
    .unwrap();
    assert!(open.is_empty(), "{open:?}");
}

#[tokio::test]
async fn times_show_as_times_on_postgres() {
    let backend = Backend::postgres().await;
    let shown: String = sqlx::query_scalar(
        "SELECT to_char(core.at(1773144000123456) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
    )
    .fetch_one(&owner(&backend).await)
    .await
    .unwrap();
    assert_eq!(shown, "2026-03-10 12:00:00.123456");
}
