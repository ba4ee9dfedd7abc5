//! The way of an organization's vectors to another embedding model.

use std::collections::HashSet;
use std::ops::Range;
use std::time::Duration;

use acs_domain::access::Scope;
use acs_domain::knowledge::{Passage, PassageId, Sentence, Vector};
use acs_domain::organization::Organization;
use acs_domain::port::store::Store;
use acs_domain::port::store::embedding::{PassageVectors, VectorState};
use acs_domain::port::store::knowledge::WrittenEntry;

use super::Shared;
use crate::sample::{EMBEDDING_MODEL, Sample, add_organization, put_knowledge};

/// The model that is moved to. Its vectors are as long as those before: nothing but names and places tells them apart.
const NEXT: &str = "next";

fn scope(organization: &Organization) -> Scope {
    Scope::trusted(organization.id)
}

async fn state(store: &dyn Store, organization: &Organization) -> VectorState {
    let mut unit = store.read(scope(organization)).await.unwrap();
    unit.embeddings().state().await.unwrap()
}

async fn open(store: &dyn Store, organization: &Organization) {
    let mut unit = store.begin(scope(organization)).await.unwrap();
    assert!(unit.embeddings().open(NEXT).await.unwrap());
    unit.commit().await.unwrap();
}

/// Gives everything without a vector of this model one; what the passages were given.
async fn fill(
    store: &dyn Store,
    sample: &Sample,
    organization: &Organization,
    model: &str,
) -> Vec<(PassageId, Vector)> {
    let mut given = Vec::new();
    let mut after = None;
    loop {
        let mut unit = store.begin(scope(organization)).await.unwrap();
        let bare = unit.embeddings().passages_without(model, after, 2).await.unwrap();
        let Some(last) = bare.last() else { break };
        after = Some(last.id);
        let sentence = |range: &Range<usize>| Sentence {
            start: range.start,
            end: range.end,
            vector: sample.vector(),
        };
        let vectors: Vec<PassageVectors> = bare
            .iter()
            .map(|passage| PassageVectors {
                id: passage.id,
                vector: sample.vector(),
                sentences: passage.sentences.iter().map(sentence).collect(),
            })
            .collect();
        unit.embeddings().put_passages(model, &vectors).await.unwrap();
        unit.commit().await.unwrap();
        given.extend(vectors.into_iter().map(|one| (one.id, one.vector)));
    }
    let mut unit = store.begin(scope(organization)).await.unwrap();
    let bare = unit.embeddings().phrases_without(model, 100).await.unwrap();
    let phrases: Vec<_> = bare.into_iter().map(|phrase| (phrase, sample.vector())).collect();
    unit.embeddings().put_phrases(model, &phrases).await.unwrap();
    unit.commit().await.unwrap();
    given
}

async fn switch(store: &dyn Store, sample: &Sample, organization: &Organization) -> bool {
    let mut unit = store.begin(scope(organization)).await.unwrap();
    let switched = unit.embeddings().switch(NEXT, sample.now()).await.unwrap();
    if switched {
        unit.commit().await.unwrap();
    }
    switched
}

async fn clear(store: &dyn Store, organization: &Organization) {
    for _ in 0..100 {
        let mut unit = store.begin(scope(organization)).await.unwrap();
        let done = unit.embeddings().clear(2).await.unwrap();
        unit.commit().await.unwrap();
        if done {
            return;
        }
    }
    panic!("it is never cleared");
}

/// The passage that is found for a vector of a model, by meaning alone.
async fn nearest(
    store: &dyn Store,
    sample: &Sample,
    organization: &Organization,
    model: &str,
    vector: &Vector,
) -> HashSet<PassageId> {
    let mut query = sample.query("unheard", Some(vector));
    model.clone_into(&mut query.embedding_model);
    query.candidates = 1;
    let mut unit = store.read(scope(organization)).await.unwrap();
    let found = unit.knowledge().nominate(&query).await.unwrap();
    found.nominees.iter().map(|nominee| nominee.passage_id).collect()
}

async fn phrases(store: &dyn Store, organization: &Organization, model: &str) -> usize {
    let mut unit = store.read(scope(organization)).await.unwrap();
    unit.intents().phrases(model).await.unwrap().len()
}

async fn read(store: &dyn Store, organization: &Organization, passage: &Passage) -> Passage {
    let mut unit = store.read(scope(organization)).await.unwrap();
    let mut found = unit.knowledge().passages(&[passage.id]).await.unwrap();
    found.pop().unwrap().passage
}

fn first(written: &WrittenEntry) -> &Passage {
    &written.passages[0]
}

/// An organization with five entries and an intent.
async fn taught(store: &dyn Store, sample: &Sample) -> (Organization, Vec<WrittenEntry>) {
    let organization = add_organization(store, sample).await;
    let entries: Vec<_> = (0..5)
        .map(|n| sample.entry(&organization, &format!("T{n}"), &format!("some words w{n}")))
        .collect();
    put_knowledge(store, &organization, &entries).await;
    let mut unit = store.begin(scope(&organization)).await.unwrap();
    let intent = sample.intent(&organization, "refund", &["money back", "refund me"]);
    unit.intents().put(&[intent]).await.unwrap();
    unit.commit().await.unwrap();
    (organization, entries)
}

/// The vectors before answer alone, until those of the next model are complete; then those alone, from one unit to the next.
pub async fn one_model_answers_at_a_time(store: Shared) {
    let (store, sample) = (&*store, Sample::default());
    let (organization, entries) = taught(store, &sample).await;
    let old = &first(&entries[0]).vector;
    let expected = HashSet::from([first(&entries[0]).id]);
    assert_eq!(
        nearest(store, &sample, &organization, EMBEDDING_MODEL, old).await,
        expected
    );
    open(store, &organization).await;
    assert!(
        !switch(store, &sample, &organization).await,
        "nothing is embedded yet"
    );
    let given = fill(store, &sample, &organization, NEXT).await;
    assert_eq!(given.len(), entries.len());
    for (_, vector) in &given {
        assert_eq!(
            nearest(store, &sample, &organization, EMBEDDING_MODEL, old).await,
            expected
        );
        assert!(
            nearest(store, &sample, &organization, NEXT, vector)
                .await
                .is_empty()
        );
    }
    assert!(switch(store, &sample, &organization).await);
    for (passage, vector) in &given {
        let found = nearest(store, &sample, &organization, NEXT, vector).await;
        assert_eq!(found, HashSet::from([*passage]));
    }
    assert!(
        nearest(store, &sample, &organization, EMBEDDING_MODEL, old)
            .await
            .is_empty()
    );
    let now = state(store, &organization).await;
    assert_eq!(
        (now.in_force.as_str(), now.beside.as_deref()),
        (NEXT, Some(EMBEDDING_MODEL))
    );
    assert_eq!(now.since, sample.now());
}

/// A unit that began before the change sees the old vectors answer to its end.
pub async fn a_unit_from_before_sees_the_vectors_before(store: Shared) {
    let (store, sample) = (&*store, Sample::default());
    let (organization, entries) = taught(store, &sample).await;
    open(store, &organization).await;
    let given = fill(store, &sample, &organization, NEXT).await;
    let mut before = store.read(scope(&organization)).await.unwrap();
    before.embeddings().state().await.unwrap();
    assert!(switch(store, &sample, &organization).await);
    nearest(store, &sample, &organization, NEXT, &given[0].1).await;
    let mut query = sample.query("unheard", Some(&first(&entries[2]).vector));
    query.candidates = 1;
    let found = before.knowledge().nominate(&query).await.unwrap();
    assert_eq!(found.embedding_model, EMBEDDING_MODEL);
    assert_eq!(found.nominees[0].passage_id, first(&entries[2]).id);
}

/// What is written while a move goes on answers at once, and goes along.
pub async fn what_is_written_meanwhile_goes_along(store: Shared) {
    let (store, sample) = (&*store, Sample::default());
    let (organization, entries) = taught(store, &sample).await;
    open(store, &organization).await;
    fill(store, &sample, &organization, NEXT).await;
    let late = sample.entry(&organization, "Late", "late words");
    let mut replaced = entries[0].clone();
    replaced.entry.version += 1;
    replaced.passages = vec![sample.passage(replaced.entry.id, 0, "other words")];
    put_knowledge(store, &organization, &[late.clone(), replaced.clone()]).await;
    for written in [&late, &replaced] {
        let found = nearest(
            store,
            &sample,
            &organization,
            EMBEDDING_MODEL,
            &first(written).vector,
        )
        .await;
        assert_eq!(found, HashSet::from([first(written).id]));
    }
    assert!(
        !switch(store, &sample, &organization).await,
        "two passages are missing"
    );
    let given = fill(store, &sample, &organization, NEXT).await;
    assert_eq!(given.len(), 2);
    assert!(switch(store, &sample, &organization).await);
    for (passage, vector) in given {
        let found = nearest(store, &sample, &organization, NEXT, &vector).await;
        assert_eq!(found, HashSet::from([passage]));
    }
}

/// After a move nothing is left of the vectors before, and the same way leads back.
pub async fn what_is_no_longer_used_is_cleared(store: Shared) {
    let (store, sample) = (&*store, Sample::default());
    let (organization, entries) = taught(store, &sample).await;
    open(store, &organization).await;
    let given = fill(store, &sample, &organization, NEXT).await;
    assert!(switch(store, &sample, &organization).await);
    clear(store, &organization).await;
    assert_eq!(state(store, &organization).await.beside, None);
    assert_eq!(phrases(store, &organization, EMBEDDING_MODEL).await, 0);
    assert_eq!(phrases(store, &organization, NEXT).await, 2);
    let mut unit = store.begin(scope(&organization)).await.unwrap();
    let embeddings = unit.embeddings();
    assert_eq!(embeddings.count_without(EMBEDDING_MODEL).await.unwrap(), (5, 2));
    assert!(embeddings.open(EMBEDDING_MODEL).await.unwrap());
    unit.commit().await.unwrap();
    assert_eq!(
        fill(store, &sample, &organization, EMBEDDING_MODEL).await.len(),
        entries.len()
    );
    let mut unit = store.begin(scope(&organization)).await.unwrap();
    assert!(
        unit.embeddings()
            .switch(EMBEDDING_MODEL, sample.now())
            .await
            .unwrap()
    );
    unit.commit().await.unwrap();
    clear(store, &organization).await;
    assert!(
        nearest(store, &sample, &organization, NEXT, &given[0].1)
            .await
            .is_empty()
    );
    for written in &entries {
        let found = read(store, &organization, first(written)).await;
        let ranges = |passage: &Passage| -> Vec<_> {
            let sentences = passage.sentences.iter();
            sentences
                .map(|one| (one.start, one.end, one.vector.len()))
                .collect()
        };
        assert_eq!(ranges(&found), ranges(first(written)));
        let found = nearest(store, &sample, &organization, EMBEDDING_MODEL, &found.vector).await;
        assert_eq!(found, HashSet::from([first(written).id]));
    }
}

/// Phrases have a vector of each model while a move goes on.
pub async fn phrases_are_of_both_models_meanwhile(store: Shared) {
    let (store, sample) = (&*store, Sample::default());
    let (organization, _) = taught(store, &sample).await;
    open(store, &organization).await;
    assert_eq!(phrases(store, &organization, NEXT).await, 0);
    fill(store, &sample, &organization, NEXT).await;
    for _ in 0..2 {
        assert_eq!(phrases(store, &organization, NEXT).await, 2);
        assert_eq!(phrases(store, &organization, EMBEDDING_MODEL).await, 2);
        switch(store, &sample, &organization).await;
    }
}

/// What a process writes that does not know the model in force is found by its words, and by meaning once it is embedded.
pub async fn what_another_model_embedded_is_found_by_words_first(store: Shared) {
    let (store, sample) = (&*store, Sample::default());
    let organization = add_organization(store, &sample).await;
    let mut foreign = sample.entry(&organization, "Foreign", "strange words");
    NEXT.clone_into(&mut foreign.embedding_model);
    let known = sample.entry(&organization, "Known", "known words");
    put_knowledge(store, &organization, &[foreign.clone(), known.clone()]).await;
    assert!(state(store, &organization).await.missing);
    let mut unit = store.read(scope(&organization)).await.unwrap();
    let found = unit
        .knowledge()
        .nominate(&sample.query("strange", None))
        .await
        .unwrap();
    assert_eq!(found.nominees[0].passage_id, first(&foreign).id);
    drop(unit);
    let found = nearest(
        store,
        &sample,
        &organization,
        EMBEDDING_MODEL,
        &first(&foreign).vector,
    )
    .await;
    assert_eq!(found, HashSet::from([first(&known).id]));
    let mut unit = store.begin(scope(&organization)).await.unwrap();
    assert!(!unit.embeddings().settle().await.unwrap());
    drop(unit);
    let given = fill(store, &sample, &organization, EMBEDDING_MODEL).await;
    assert_eq!(given.len(), 1);
    let found = nearest(store, &sample, &organization, EMBEDDING_MODEL, &given[0].1).await;
    assert_eq!(found, HashSet::from([first(&foreign).id]));
    let mut unit = store.begin(scope(&organization)).await.unwrap();
    assert!(unit.embeddings().settle().await.unwrap());
    unit.commit().await.unwrap();
    assert!(!state(store, &organization).await.missing);
}

/// The other place is one model's until it is cleared.
pub async fn the_other_place_is_one_models(store: Shared) {
    let (store, sample) = (&*store, Sample::default());
    let (organization, _) = taught(store, &sample).await;
    open(store, &organization).await;
    fill(store, &sample, &organization, NEXT).await;
    let mut unit = store.begin(scope(&organization)).await.unwrap();
    assert!(!unit.embeddings().open("third").await.unwrap());
    assert!(!unit.embeddings().open(EMBEDDING_MODEL).await.unwrap());
    assert!(unit.embeddings().open(NEXT).await.unwrap());
    drop(unit);
    clear(store, &organization).await;
    let mut unit = store.begin(scope(&organization)).await.unwrap();
    assert!(unit.embeddings().open("third").await.unwrap());
    assert_eq!(unit.embeddings().count_without("third").await.unwrap(), (5, 2));
}

/// A live lease keeps others out; one that ended is taken over under a new number.
pub async fn a_move_is_one_holders(store: Shared) {
    let (store, sample) = (&*store, Sample::default());
    let organization = add_organization(store, &sample).await;
    let (now, lease) = (sample.now(), Duration::from_secs(15));
    let acquire = async |now| {
        let mut unit = store.begin(scope(&organization)).await.unwrap();
        let attempt = unit
            .embeddings()
            .acquire("worker-1", now, now + lease)
            .await
            .unwrap();
        unit.commit().await.unwrap();
        attempt
    };
    assert_eq!(acquire(now).await, Some(1));
    assert_eq!(acquire(now + lease - Duration::from_micros(1)).await, None);
    assert_eq!(acquire(now + lease).await, Some(2));
    let mut unit = store.begin(scope(&organization)).await.unwrap();
    assert!(!unit.embeddings().renew(1, now + 9 * lease).await.unwrap());
    assert!(unit.embeddings().renew(2, now).await.unwrap());
    unit.commit().await.unwrap();
    assert_eq!(acquire(now).await, Some(3));
}

/// Organizations are found that another model answers for, or that have something left to do; not those that were moved by
/// somebody who began later, nor those that somebody is moving.
pub async fn organizations_to_move_are_found(store: Shared) {
    let (store, sample) = (&*store, Sample::default());
    let (organization, _) = taught(store, &sample).await;
    let directory = store.directory();
    let began = sample.now();
    let unmoved = async |model: &str, began| {
        let found = directory
            .unmoved(model, sample.now(), began, 1_000)
            .await
            .unwrap();
        found.contains(&organization.id)
    };
    let otherwise = async |model: &str| {
        let found = directory.embedded_otherwise(model, 1_000).await.unwrap();
        found.contains(&organization.id)
    };
    assert!(!unmoved(EMBEDDING_MODEL, began).await && !otherwise(EMBEDDING_MODEL).await);
    assert!(unmoved(NEXT, began).await && otherwise(NEXT).await);
    open(store, &organization).await;
    fill(store, &sample, &organization, NEXT).await;
    sample.advance(Duration::from_secs(60));
    assert!(switch(store, &sample, &organization).await);
    assert!(unmoved(NEXT, began).await, "the vectors before are still there");
    assert!(!otherwise(NEXT).await && otherwise(EMBEDDING_MODEL).await);
    assert!(
        !unmoved(EMBEDDING_MODEL, began).await,
        "whoever moved it began later"
    );
    assert!(unmoved(EMBEDDING_MODEL, sample.now()).await);
    let mut unit = store.begin(scope(&organization)).await.unwrap();
    let until = sample.now() + Duration::from_secs(15);
    unit.embeddings()
        .acquire("worker-1", sample.now(), until)
        .await
        .unwrap();
    unit.commit().await.unwrap();
    assert!(!unmoved(NEXT, began).await, "somebody is at it");
    sample.advance(Duration::from_secs(15));
    assert!(unmoved(NEXT, began).await);
    clear(store, &organization).await;
    assert!(!unmoved(NEXT, began).await);
}
