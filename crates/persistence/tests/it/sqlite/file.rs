//! A file that cannot be used says why, and one that can is kept safe.

use std::time::Duration;

use acs_domain::access::Scope;
use acs_domain::port::store::StoreError;
use acs_domain::turn::TurnState;
use acs_persistence::{OpenError, Options, open};
use acs_testkit::Backend;
use acs_testkit::sample::{Sample, add_conversation, add_organization, add_turn};
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sea_orm::sqlx::{self, ConnectOptions};

async fn raw(backend: &Backend) -> SqliteConnection {
    let file = SqliteConnectOptions::new().filename(backend.file().unwrap());
    file.connect().await.unwrap()
}

async fn refused(options: Options) -> OpenError {
    match open(options).await {
        Ok(_) => panic!("the file was opened"),
        Err(error) => error,
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("acs.db");
    std::fs::write(&path, "This is a letter, not a database. ".repeat(40)).unwrap();
    let error = refused(Options::sqlite(&path)).await;
    assert!(
        matches!(&error, OpenError::NotADatabase { path: named, .. } if *named == path),
        "{error:?}"
    );
    assert!(error.to_string().contains("acs.db"), "{error}");
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("missing").join("acs.db");
    let error = refused(Options::sqlite(&path)).await;
    assert!(
        matches!(&error, OpenError::ReadOnly(named) if *named == path),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_file_that_another_process_holds_is_busy() {
    let backend = Backend::sqlite().await;
    let mut holder = raw(&backend).await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut holder).await.unwrap();
    let mut options = backend.options().clone();
    options.busy_timeout = Duration::from_millis(20);
    let error = refused(options).await;
    assert!(matches!(error, OpenError::Busy(_)), "{error:?}");
}

#[tokio::test]
async fn a_store_keeps_what_it_had_when_it_is_opened_again() {
    let backend = Backend::sqlite().await;
    let organization = add_organization(backend.store(), &Sample::default()).await;
    let again = open(backend.options().clone()).await.unwrap();
    let mut unit = again.read(Scope::trusted(organization.id)).await.unwrap();
    assert_eq!(
        unit.organizations().find(organization.id).await.unwrap(),
        Some(organization)
    );
}

#[tokio::test]
async fn opening_gives_back_the_turns_of_the_process_that_is_gone() {
    let backend = Backend::sqlite().await;
    let sample = Sample::default();
    let organization = add_organization(backend.store(), &sample).await;
    let conversation = add_conversation(backend.store(), &sample, &organization).await;
    let turn = add_turn(backend.store(), &sample, &conversation, 1).await;
    let scope = Scope::trusted(organization.id);
    let (now, until) = (sample.now(), sample.now() + Duration::from_secs(60));
    let mut unit = backend.store().begin(scope).await.unwrap();
    unit.turns()
        .acquire(conversation.id, "gone", now, until)
        .await
        .unwrap()
        .unwrap();
    unit.commit().await.unwrap();

    let again = open(backend.options().clone()).await.unwrap();
    let mut unit = again.begin(scope).await.unwrap();
    assert_eq!(
        unit.turns().find(turn.id).await.unwrap().unwrap().state,
        TurnState::Queued
    );
    let taken = unit
        .turns()
        .acquire(conversation.id, "new", now, until)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(taken.attempts, 2);
}

#[tokio::test]
async fn a_commit_survives_a_power_cut() {
    let backend = Backend::sqlite().await;
    let mut connection = raw(&backend).await;
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(journal, "wal");
    // What the writer's own connection is told cannot be read from another one: it is SQLite's default, and stated.
    let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(synchronous, 2);
}

#[tokio::test]
async fn who_waits_too_long_for_the_writer_is_told_to_come_again() {
    let backend = Backend::sqlite().await;
    let sample = Sample::default();
    let organization = add_organization(backend.store(), &sample).await;
    let scope = Scope::trusted(organization.id);
    let mut options = backend.options().clone();
    options.acquire_timeout = Duration::from_millis(50);
    let store = open(options).await.unwrap();
    let held = store.begin(scope).await.unwrap();
    let late = store.begin(scope).await.map(drop);
    assert!(matches!(late, Err(StoreError::Unavailable(_))), "{late:?}");
    store.read(scope).await.unwrap();
    drop(held);
    store.begin(scope).await.unwrap();
}

#[tokio::test]
async fn a_file_held_by_another_process_is_unavailable_and_not_a_fault() {
    let backend = Backend::sqlite().await;
    let organization = add_organization(backend.store(), &Sample::default()).await;
    let mut options = backend.options().clone();
    options.busy_timeout = Duration::from_millis(20);
    let store = open(options).await.unwrap();
    let mut holder = raw(&backend).await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut holder).await.unwrap();
    let busy = store.begin(Scope::trusted(organization.id)).await.map(drop);
    assert!(matches!(busy, Err(StoreError::Unavailable(_))), "{busy:?}");
    sqlx::query("ROLLBACK").execute(&mut holder).await.unwrap();
    store.begin(Scope::trusted(organization.id)).await.unwrap();
}

#[tokio::test]
async fn a_row_that_is_not_readable_is_named() {
    let backend = Backend::sqlite().await;
    let sample = Sample::default();
    let organization = add_organization(backend.store(), &sample).await;
    let conversation = add_conversation(backend.store(), &sample, &organization).await;
    sqlx::query("UPDATE conversations SET started_at = 9223372036854775807")
        .execute(&mut raw(&backend).await)
        .await
        .unwrap();
    let mut unit = backend
        .store()
        .read(Scope::trusted(organization.id))
        .await
        .unwrap();
    match unit.conversations().find(conversation.id).await {
        Err(StoreError::Corrupt { table, id, .. }) => {
            assert_eq!((table, id), ("conversations", conversation.id.to_string()));
        }
        other => panic!("{other:?}"),
    }
}
