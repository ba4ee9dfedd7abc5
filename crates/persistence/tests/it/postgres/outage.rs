//! A server that goes away is told from a fault, and a store recovers by itself.

use std::time::{Duration, Instant};

use acs_domain::access::Scope;
use acs_domain::port::store::StoreError;
use acs_persistence::open;
use acs_testkit::Backend;
use acs_testkit::proxy::Proxy;
use acs_testkit::sample::{Sample, add_customer, add_organization};
use sea_orm::sqlx::postgres::PgPool;
use sea_orm::sqlx::{self};

/// Ends every connection of the store, as an administrator or a failover does.
async fn terminate_all(backend: &Backend) {
    let owner = PgPool::connect(backend.owner_url().unwrap().expose())
        .await
        .unwrap();
    // Members of the program's role may end its sessions; the owner of the tests' server may create databases only, so
    // the program's own role is asked.
    owner.close().await;
    let app = PgPool::connect(backend.options().url.expose()).await.unwrap();
    sqlx::query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()",
    )
    .execute(&app)
    .await
    .unwrap();
    app.close().await;
}

#[tokio::test]
async fn a_unit_whose_connection_is_ended_is_unavailable_and_leaves_nothing() {
    let backend = Backend::postgres().await;
    let store = backend.store();
    let sample = Sample::default();
    let organization = add_organization(store, &sample).await;
    let scope = Scope::trusted(organization.id);
    let customer = sample.customer(&organization, "c-1");
    let mut unit = store.begin(scope).await.unwrap();
    unit.users().insert(&customer).await.unwrap();
    terminate_all(&backend).await;
    let ended = unit.users().find(customer.id).await;
    assert!(matches!(ended, Err(StoreError::Unavailable(_))), "{ended:?}");
    let lost = unit.commit().await;
    assert!(
        matches!(lost, Err(StoreError::Unavailable(_) | StoreError::Failed(_))),
        "{lost:?}"
    );
    let mut unit = store.read(scope).await.unwrap();
    assert_eq!(unit.users().find(customer.id).await.unwrap(), None);
}

#[tokio::test]
async fn connections_that_ended_while_idle_are_not_noticed() {
    let backend = Backend::postgres().await;
    let store = backend.store();
    let sample = Sample::default();
    let organization = add_organization(store, &sample).await;
    let scope = Scope::trusted(organization.id);
    // Several connections, all returned before they are ended.
    let units = tokio::join!(store.read(scope), store.read(scope), store.read(scope));
    drop(units);
    terminate_all(&backend).await;
    add_customer(store, &sample, &organization).await;
    assert!(
        store
            .directory()
            .organization(&organization.slug)
            .await
            .unwrap()
            .is_some()
    );
    store.ping().await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_away_is_unavailable_until_it_is_back() {
    let backend = Backend::postgres().await;
    let sample = Sample::default();
    let organization = add_organization(backend.store(), &sample).await;
    let (proxy, url) = Proxy::of_url(&backend.options().url).await.unwrap();
    let mut options = backend.options().clone();
    options.url = url;
    options.acquire_timeout = Duration::from_millis(300);
    let store = open(options).await.unwrap();
    store.ping().await.unwrap();
    proxy.cut().await;
    for _ in 0..2 {
        let away = store.begin(Scope::trusted(organization.id)).await.map(drop);
        assert!(matches!(away, Err(StoreError::Unavailable(_))), "{away:?}");
    }
    let away = store.directory().organization(&organization.slug).await;
    assert!(matches!(away, Err(StoreError::Unavailable(_))), "{away:?}");
    assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))));
    proxy.mend().await.unwrap();
    add_customer(&*store, &sample, &organization).await;
}

#[tokio::test]
async fn a_server_that_keeps_silent_is_waited_for_once_and_then_asked_on_a_new_connection() {
    let backend = Backend::postgres().await;
    let sample = Sample::default();
    let organization = add_organization(backend.store(), &sample).await;
    let (proxy, url) = Proxy::of_url(&backend.options().url).await.unwrap();
    let mut options = backend.options().clone();
    options.url = url;
    // The one connection must be given up, or nobody is ever lent another.
    options.max_connections = 1;
    options.statement_timeout = Duration::from_millis(50);
    options.acquire_timeout = Duration::from_secs(5);
    let store = open(options).await.unwrap();
    store.ping().await.unwrap();
    proxy.freeze();
    let begun = Instant::now();
    // Unless the pool was just about to test the connection, and has found out first.
    if let Err(silent) = store.begin(Scope::trusted(organization.id)).await.map(drop) {
        assert!(matches!(silent, StoreError::Unavailable(_)), "{silent:?}");
    }
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    add_customer(&*store, &sample, &organization).await;
}

#[tokio::test]
async fn a_pool_without_a_free_connection_is_unavailable_and_not_a_fault() {
    let backend = Backend::postgres().await;
    let organization = add_organization(backend.store(), &Sample::default()).await;
    let scope = Scope::trusted(organization.id);
    let mut options = backend.options().clone();
    options.max_connections = 1;
    options.acquire_timeout = Duration::from_millis(50);
    let store = open(options).await.unwrap();
    let held = store.begin(scope).await.unwrap();
    let full = store.begin(scope).await.map(drop);
    assert!(matches!(full, Err(StoreError::Unavailable(_))), "{full:?}");
    drop(held);
    store.begin(scope).await.unwrap();
}

#[tokio::test]
async fn waiting_for_a_lock_has_an_end() {
    let backend = Backend::postgres().await;
    let sample = Sample::default();
    let organization = add_organization(backend.store(), &sample).await;
    let customer = add_customer(backend.store(), &sample, &organization).await;
    let scope = Scope::trusted(organization.id);
    let mut options = backend.options().clone();
    options.statement_timeout = Duration::from_millis(50);
    let store = open(options).await.unwrap();
    let mut holder = store.begin(scope).await.unwrap();
    holder.conversations().lock_customer(customer.id).await.unwrap();
    let mut waiting = store.begin(scope).await.unwrap();
    let late = waiting.conversations().lock_customer(customer.id).await;
    assert!(matches!(late, Err(StoreError::Unavailable(_))), "{late:?}");
}
