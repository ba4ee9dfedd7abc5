//! What the databases themselves do for records: they refuse to change them.

use acs_core::error::Chain;
use acs_domain::access::Scope;
use acs_domain::port::store::Store;
use acs_domain::record::ChainEnd;
use acs_testkit::Backend;
use acs_testkit::sample::{Sample, add_conversation, add_organization, add_turn};
use sea_orm::sqlx::postgres::PgConnection;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sea_orm::sqlx::{self, AssertSqlSafe, ConnectOptions as _, Connection as _};

/// The changes that are tried.
const CHANGES: [&str; 3] = [
    "UPDATE turn_records SET content = content_hash",
    "UPDATE turn_records SET seq = seq + 1",
    "DELETE FROM turn_records",
];

async fn fill(store: &dyn Store) {
    let sample = Sample::default();
    let organization = add_organization(store, &sample).await;
    let conversation = add_conversation(store, &sample, &organization).await;
    let turn = add_turn(store, &sample, &conversation, 1).await;
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    let record = sample.record(&turn, &ChainEnd::default());
    unit.records().append(&record).await.unwrap();
    unit.commit().await.unwrap();
}

fn assert_refused<T: std::fmt::Debug>(done: Result<T, sqlx::Error>, change: &str) {
    let why = Chain(&done.unwrap_err()).to_string();
    assert!(why.contains("the record of a turn"), "{change}: {why}");
}

#[tokio::test]
async fn a_record_is_neither_changed_nor_deleted_on_sqlite() {
    let backend = Backend::sqlite().await;
    fill(backend.store()).await;
    let file = SqliteConnectOptions::new().filename(backend.file().unwrap());
    let mut connection: SqliteConnection = file.connect().await.unwrap();
    for change in CHANGES {
        assert_refused(sqlx::query(change).execute(&mut connection).await, change);
    }
    // An organization that is erased takes its records with it.
    for change in [
        "UPDATE organizations SET is_active = 0",
        "DELETE FROM turn_records",
    ] {
        sqlx::query(change).execute(&mut connection).await.unwrap();
    }
}

#[tokio::test]
async fn a_record_is_neither_changed_nor_deleted_on_postgres_not_even_by_the_owner() {
    let backend = Backend::postgres().await;
    fill(backend.store()).await;
    let owner = backend.owner_url().unwrap().expose();
    let mut connection = PgConnection::connect(owner).await.unwrap();
    for change in CHANGES {
        let change = change.replace("turn_records", "audit.turn_records");
        let done = sqlx::query(AssertSqlSafe(change.clone())).execute(&mut connection);
        assert_refused(done.await, &change);
    }
    for change in [
        "UPDATE core.organizations SET is_active = false",
        "DELETE FROM audit.turn_records",
    ] {
        sqlx::query(change).execute(&mut connection).await.unwrap();
    }
}
