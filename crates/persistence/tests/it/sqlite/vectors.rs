//! The index in memory follows what is written, and keeps within its bound.

use std::collections::BTreeSet;

use acs_domain::access::Scope;
use acs_domain::knowledge::{PassageId, Vector};
use acs_domain::organization::Organization;
use acs_domain::port::store::Store;
use acs_persistence::open;
use acs_testkit::Backend;
use acs_testkit::sample::{Sample, add_organization, put_knowledge};

async fn nearest(
    store: &dyn Store,
    organization: &Organization,
    sample: &Sample,
    vector: &Vector,
) -> BTreeSet<PassageId> {
    let mut query = sample.query("unheard", Some(vector));
    query.candidates = 7;
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let found = unit.knowledge().nominate(&query).await.unwrap();
    found.nominees.iter().map(|nominee| nominee.passage_id).collect()
}

#[tokio::test]
async fn an_index_that_followed_every_change_finds_what_a_new_one_finds() {
    let backend = Backend::sqlite().await;
    let (store, sample) = (backend.store(), Sample::default());
    let organization = add_organization(store, &sample).await;
    let mut entries: Vec<_> = (0..60)
        .map(|n| sample.entry(&organization, &format!("T{n}"), "words"))
        .collect();
    put_knowledge(store, &organization, &entries).await;
    for round in 0..12 {
        let vector = sample.vector();
        nearest(store, &organization, &sample, &vector).await;
        let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
        let replaced = &mut entries[round * 3];
        replaced.entry.version += 1;
        replaced.passages = vec![sample.passage(replaced.entry.id, 0, "other words")];
        unit.knowledge()
            .put(std::slice::from_ref(replaced))
            .await
            .unwrap();
        let removed = entries.remove(round * 3 + 1);
        assert!(
            unit.knowledge()
                .delete(removed.entry.id, sample.now())
                .await
                .unwrap()
        );
        let added = sample.entry(&organization, &format!("N{round}"), "new words");
        unit.knowledge().put(std::slice::from_ref(&added)).await.unwrap();
        entries.push(added);
        unit.commit().await.unwrap();

        let fresh = open(backend.options().clone()).await.unwrap();
        for _ in 0..3 {
            let vector = sample.vector();
            let followed = nearest(store, &organization, &sample, &vector).await;
            assert_eq!(followed, nearest(&*fresh, &organization, &sample, &vector).await);
            assert_eq!(followed.len(), 7);
        }
    }
}

#[tokio::test]
async fn a_bound_of_nothing_still_finds_for_all() {
    let backend = Backend::sqlite().await;
    let mut options = backend.options().clone();
    options.vector_cache_bytes = 0;
    let store = open(options).await.unwrap();
    let sample = Sample::default();
    let mut all = Vec::new();
    for _ in 0..3 {
        let organization = add_organization(&*store, &sample).await;
        let entry = sample.entry(&organization, "T", "words");
        put_knowledge(&*store, &organization, std::slice::from_ref(&entry)).await;
        all.push((organization, entry));
    }
    for _ in 0..2 {
        for (organization, entry) in &all {
            let found = nearest(&*store, organization, &sample, &entry.passages[0].vector).await;
            assert_eq!(found, [entry.passages[0].id].into());
        }
    }
}

#[tokio::test]
async fn a_unit_that_began_before_a_change_finds_only_what_it_sees() {
    let backend = Backend::sqlite().await;
    let (store, sample) = (backend.store(), Sample::default());
    let organization = add_organization(store, &sample).await;
    let first = sample.entry(&organization, "First", "words");
    put_knowledge(store, &organization, std::slice::from_ref(&first)).await;
    let mut before = store.read(Scope::trusted(organization.id)).await.unwrap();
    assert!(
        before
            .organizations()
            .find(organization.id)
            .await
            .unwrap()
            .is_some()
    );
    let second = sample.entry(&organization, "Second", "words");
    put_knowledge(store, &organization, std::slice::from_ref(&second)).await;
    let vector = &second.passages[0].vector;
    assert_eq!(nearest(store, &organization, &sample, vector).await.len(), 2);
    let found = before
        .knowledge()
        .nominate(&sample.query("unheard", Some(vector)))
        .await
        .unwrap();
    let ids: Vec<_> = found.nominees.iter().map(|nominee| nominee.passage_id).collect();
    assert_eq!(ids, [first.passages[0].id]);
}
