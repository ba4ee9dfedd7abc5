//! The embedded store can be copied while it is in use, and comes back from the copy.

use acs_domain::access::Scope;
use acs_domain::organization::Organization;
use acs_domain::port::store::Store;
use acs_persistence::backup::{backup, restore};
use acs_persistence::{OpenError, Options, open};
use acs_testkit::Backend;
use acs_testkit::sample::{Sample, add_customer, add_organization, put_knowledge};

async fn people(store: &dyn Store, organization: &Organization) -> usize {
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    unit.users()
        .list(None, &Default::default())
        .await
        .unwrap()
        .items
        .len()
}

#[tokio::test]
async fn a_copy_is_one_state_of_a_store_in_use_and_comes_back_whole() {
    let backend = Backend::sqlite().await;
    let (store, sample) = (backend.store(), Sample::default());
    let organization = add_organization(store, &sample).await;
    let entry = sample.entry(&organization, "Returns", "return within days");
    put_knowledge(store, &organization, std::slice::from_ref(&entry)).await;
    add_customer(store, &sample, &organization).await;

    // A unit that is open, and commits later, is not in the copy.
    let mut open_unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    open_unit
        .users()
        .insert(&sample.customer(&organization, "late"))
        .await
        .unwrap();
    let copy = backend.folder().unwrap().join("copy.db");
    backup(backend.options(), &copy).await.unwrap();
    open_unit.commit().await.unwrap();
    assert_eq!(people(store, &organization).await, 2);

    let folder = tempfile::tempdir().unwrap();
    let restored = Options::sqlite(&folder.path().join("acs.db"));
    restore(&copy, &restored).await.unwrap();
    let store = open(restored).await.unwrap();
    assert_eq!(people(&*store, &organization).await, 1);
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let query = sample.query("days", Some(&entry.passages[0].vector));
    let found = unit.knowledge().nominate(&query).await.unwrap();
    assert_eq!(found.nominees.len(), 1);
    assert!(found.nominees[0].cosine > 0.999);
}

#[tokio::test]
async fn a_file_is_never_written_over_by_a_copy() {
    let backend = Backend::sqlite().await;
    let copy = backend.folder().unwrap().join("copy.db");
    std::fs::write(&copy, "mine").unwrap();
    let refused = backup(backend.options(), &copy).await;
    assert!(matches!(refused, Err(OpenError::Exists(_))), "{refused:?}");
    assert_eq!(std::fs::read(&copy).unwrap(), b"mine");
}

#[tokio::test]
async fn the_store_that_was_there_stays_beside_the_restored_one() {
    let backend = Backend::sqlite().await;
    let sample = Sample::default();
    let organization = add_organization(backend.store(), &sample).await;
    let copy = backend.folder().unwrap().join("copy.db");
    backup(backend.options(), &copy).await.unwrap();
    let options = backend.options().clone();
    {
        let store = open(options.clone()).await.unwrap();
        add_customer(&*store, &sample, &organization).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let there = folder.path().join("acs.db");
    // A store in the state after the copy, with its log not yet merged.
    for part in ["", "-wal"] {
        let from = backend.file().unwrap();
        let from = format!("{}{part}", from.display());
        std::fs::copy(from, format!("{}{part}", there.display())).unwrap();
    }
    restore(&copy, &Options::sqlite(&there)).await.unwrap();
    let restored = open(Options::sqlite(&there)).await.unwrap();
    assert_eq!(people(&*restored, &organization).await, 0);
    let before = open(Options::sqlite(&folder.path().join("acs.db-replaced")))
        .await
        .unwrap();
    assert_eq!(people(&*before, &organization).await, 1);
}

#[tokio::test]
async fn a_damaged_or_foreign_copy_is_refused_and_the_store_left_alone() {
    let backend = Backend::sqlite().await;
    let sample = Sample::default();
    let organization = add_organization(backend.store(), &sample).await;
    for _ in 0..50 {
        add_customer(backend.store(), &sample, &organization).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    backup(backend.options(), &copy).await.unwrap();
    let mut bytes = std::fs::read(&copy).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8192].fill(0xa5);
    std::fs::write(&copy, &bytes).unwrap();
    let refused = restore(&copy, backend.options()).await;
    assert!(
        matches!(&refused, Err(OpenError::NotADatabase { path, .. }) if *path == copy),
        "{refused:?}"
    );

    let foreign = folder.path().join("letter.txt");
    std::fs::write(&foreign, "This is a letter, not a database. ".repeat(40)).unwrap();
    let refused = restore(&foreign, backend.options()).await;
    assert!(
        matches!(refused, Err(OpenError::NotADatabase { .. })),
        "{refused:?}"
    );

    let empty = folder.path().join("empty.db");
    std::fs::write(&empty, "").unwrap();
    let refused = restore(&empty, backend.options()).await;
    assert!(
        matches!(refused, Err(OpenError::NotADatabase { .. })),
        "{refused:?}"
    );
    assert_eq!(
        people(backend.store(), &organization).await,
        20,
        "a full page of them"
    );
    let left: Vec<_> = std::fs::read_dir(backend.folder().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("partial") || name.contains("replaced"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}
