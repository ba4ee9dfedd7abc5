//! Knowledge: entries, versions and passages.

use std::sync::Arc;
use std::time::Duration;

use acs_domain::access::{Role, Scope};
use acs_domain::knowledge::{Entry, FoundPassage, Passage};
use acs_domain::organization::Organization;
use acs_domain::port::store::knowledge::WrittenEntry;
use acs_domain::port::store::{Store, StoreError};
use tokio::task::JoinSet;

use super::{Shared, all_pages, assert_conflict, assert_limit};
use crate::sample::{Sample, add_organization, insert_organization, put_knowledge};

async fn put(
    store: &dyn Store,
    organization: &Organization,
    written: &[WrittenEntry],
) -> Result<(), StoreError> {
    let mut unit = store.begin(Scope::trusted(organization.id)).await?;
    unit.knowledge().put(written).await?;
    unit.commit().await
}

async fn read(store: &dyn Store, organization: &Organization) -> Organization {
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    unit.organizations().find(organization.id).await.unwrap().unwrap()
}

/// The next text of an entry.
fn rewritten(sample: &Sample, before: &WrittenEntry, words: &str) -> WrittenEntry {
    let mut written = before.clone();
    written.entry.version += 1;
    written.entry.text.content = words.to_owned();
    written.entry.updated_at = sample.now();
    written.passages = vec![sample.passage(before.entry.id, 0, words)];
    written
}

/// Sentences' vectors are kept with fewer bits: near enough to compare, not the same.
fn assert_same_passage(found: &Passage, written: &Passage) {
    assert_eq!(found.sentences.len(), written.sentences.len());
    for (a, b) in found.sentences.iter().zip(&written.sentences) {
        assert_eq!((a.start, a.end), (b.start, b.end));
        let cosine: f32 = a.vector.iter().zip(&*b.vector).map(|(a, b)| a * b).sum();
        assert!(cosine > 0.999, "{cosine}");
    }
    let sentences = written.sentences.clone();
    assert_eq!(
        Passage {
            sentences,
            ..found.clone()
        },
        *written
    );
}

/// Every field is read as it was written; the store sets the revision.
pub async fn comes_back_as_it_was(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let author = sample.staff(&organization, Role::Supervisor);
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    unit.users().insert(&author).await.unwrap();
    unit.commit().await.unwrap();
    let mut written = sample.entry(&organization, "Returns", "returns take fourteen days");
    written.entry.author_id = Some(author.id);
    written.entry.text.language = Some("de".to_owned());
    written.entry.text.audience = vec!["premium".to_owned()];
    written.entry.text.valid_from = Some(sample.now() - Duration::from_secs(1));
    written.entry.text.expires_at = Some(sample.now());
    written
        .passages
        .push(sample.passage(written.entry.id, 1, "zurück ans Lager 🙂"));
    put_knowledge(&*store, &organization, std::slice::from_ref(&written)).await;
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let found = unit.knowledge().find(written.entry.id).await.unwrap().unwrap();
    let revision = read(&*store, &organization).await.knowledge_version;
    assert_eq!(
        found,
        Entry {
            revision,
            ..written.entry.clone()
        }
    );
    assert_eq!(unit.knowledge().find(sample.id()).await.unwrap(), None);
    let ids: Vec<_> = written.passages.iter().map(|passage| passage.id).collect();
    let passages = unit.knowledge().passages(&ids).await.unwrap();
    for (found, passage) in passages.iter().zip(&written.passages) {
        assert_same_passage(&found.passage, passage);
        let FoundPassage {
            title,
            category,
            source_url,
            version,
            success_count,
            updated_at,
            ..
        } = found;
        assert_eq!(
            (title.as_str(), category.as_str(), *version),
            ("Returns", "general", 1)
        );
        assert_eq!(*source_url, written.entry.text.source_url);
        assert_eq!((*success_count, *updated_at), (0, written.entry.updated_at));
    }
    assert_eq!(passages.len(), 2);
}

/// A replaced text stays as a version, with its author and time.
pub async fn a_new_version_keeps_the_old_text(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let mut written = sample.entry(&organization, "Returns", "text one");
    let id = written.entry.id;
    put_knowledge(&*store, &organization, std::slice::from_ref(&written)).await;
    for n in 2..=5 {
        sample.advance(std::time::Duration::from_secs(60));
        written = rewritten(&sample, &written, &format!("text {n}"));
        put_knowledge(&*store, &organization, std::slice::from_ref(&written)).await;
    }
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let versions = all_pages(async |page| unit.knowledge().versions(id, &page).await.unwrap()).await;
    let texts: Vec<_> = versions
        .iter()
        .map(|one| (one.version, one.text.content.as_str()))
        .collect();
    assert_eq!(
        texts,
        [
            (5, "text 5"),
            (4, "text 4"),
            (3, "text 3"),
            (2, "text 2"),
            (1, "text one")
        ]
    );
    assert_eq!(versions[0].created_at, written.entry.updated_at);
    let now = unit.knowledge().find(id).await.unwrap().unwrap();
    assert_eq!((now.version, now.text.content.as_str()), (5, "text 5"));
    assert_eq!(now.created_at, written.entry.created_at);
}

/// Only the next version is taken.
pub async fn a_version_out_of_turn_is_a_conflict(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let written = sample.entry(&organization, "Returns", "text one");
    put_knowledge(&*store, &organization, std::slice::from_ref(&written)).await;
    assert_conflict(
        put(&*store, &organization, std::slice::from_ref(&written)).await,
        "version",
    );
    let mut skipping = rewritten(&sample, &written, "text three");
    skipping.entry.version = 3;
    assert_conflict(put(&*store, &organization, &[skipping]).await, "version");
    let never_made = rewritten(
        &sample,
        &sample.entry(&organization, "Other", "words"),
        "other words",
    );
    assert_conflict(put(&*store, &organization, &[never_made]).await, "version");
}

/// Entries are limited; replacing one needs no room, and one that is removed makes room.
pub async fn the_limit_of_entries_holds(store: Shared) {
    let sample = Sample::default();
    let mut organization = sample.organization();
    organization.limits.max_knowledge_entries = 2;
    insert_organization(&*store, &organization).await;
    let entries: Vec<_> = (0..3)
        .map(|n| sample.entry(&organization, &format!("Title {n}"), "words"))
        .collect();
    assert_limit(put(&*store, &organization, &entries).await, 2);
    put_knowledge(&*store, &organization, &entries[..2]).await;
    assert_limit(put(&*store, &organization, &entries[2..]).await, 2);
    put_knowledge(
        &*store,
        &organization,
        &[rewritten(&sample, &entries[0], "other")],
    )
    .await;
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    unit.knowledge()
        .delete(entries[1].entry.id, sample.now())
        .await
        .unwrap();
    unit.knowledge().put(&entries[2..]).await.unwrap();
    unit.commit().await.unwrap();
    assert_eq!(read(&*store, &organization).await.usage.knowledge_entries, 2);
}

/// The text that is stored now is counted in bytes, and limited.
pub async fn the_storage_quota_holds(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let written = sample.entry(&organization, "Rückgabe", "four");
    put_knowledge(&*store, &organization, std::slice::from_ref(&written)).await;
    let size = |content: usize| i64::try_from("Rückgabe".len() + "In short.".len() + content).unwrap();
    assert_eq!(read(&*store, &organization).await.usage.storage_bytes, size(4));
    let written = rewritten(&sample, &written, "seventeen letters");
    put_knowledge(&*store, &organization, std::slice::from_ref(&written)).await;
    assert_eq!(read(&*store, &organization).await.usage.storage_bytes, size(17));
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    unit.knowledge()
        .delete(written.entry.id, sample.now())
        .await
        .unwrap();
    unit.commit().await.unwrap();
    assert_eq!(read(&*store, &organization).await.usage.storage_bytes, 0);
}

/// A removed entry is gone with its passages; its texts stay.
pub async fn deletion_leaves_the_versions(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let written = sample.entry(&organization, "Returns", "text one");
    put_knowledge(&*store, &organization, std::slice::from_ref(&written)).await;
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    assert!(
        unit.knowledge()
            .delete(written.entry.id, sample.now())
            .await
            .unwrap()
    );
    assert!(
        !unit
            .knowledge()
            .delete(written.entry.id, sample.now())
            .await
            .unwrap()
    );
    assert_eq!(unit.knowledge().find(written.entry.id).await.unwrap(), None);
    assert!(
        unit.knowledge()
            .passages(&[written.passages[0].id])
            .await
            .unwrap()
            .is_empty()
    );
    let versions = unit
        .knowledge()
        .versions(written.entry.id, &Default::default())
        .await
        .unwrap();
    assert_eq!(versions.items.len(), 1);
    assert_eq!(versions.items[0].text, written.entry.text);
}

/// Citations and what came of them are counted, and a new text does not lose the counts.
pub async fn usage_and_success_are_counted_and_kept(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let written = [
        sample.entry(&organization, "One", "words"),
        sample.entry(&organization, "Two", "words"),
    ];
    put_knowledge(&*store, &organization, &written).await;
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    unit.knowledge()
        .count_usage(&[written[0].entry.id, written[1].entry.id])
        .await
        .unwrap();
    unit.knowledge()
        .count_usage(&[written[0].entry.id])
        .await
        .unwrap();
    unit.knowledge().count_usage(&[]).await.unwrap();
    unit.knowledge()
        .count_success(&[written[1].entry.id])
        .await
        .unwrap();
    unit.knowledge()
        .put(&[rewritten(&sample, &written[0], "other words")])
        .await
        .unwrap();
    unit.commit().await.unwrap();
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let mut counts = Vec::new();
    for one in &written {
        let entry = unit.knowledge().find(one.entry.id).await.unwrap().unwrap();
        counts.push((entry.usage_count, entry.success_count));
    }
    assert_eq!(counts, [(2, 0), (1, 1)]);
}

/// Of entries with one title the oldest is found.
pub async fn titles_find_the_oldest(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let entries = ["Twice", "Once", "Twice"].map(|title| sample.entry(&organization, title, "words"));
    put_knowledge(&*store, &organization, &entries).await;
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let titles = ["Once", "Twice", "Never", "It's \"quoted\""].map(str::to_owned);
    let mut found = unit.knowledge().find_by_titles(&titles).await.unwrap();
    found.sort_by(|a, b| a.text.title.cmp(&b.text.title));
    let ids: Vec<_> = found.iter().map(|entry| entry.id).collect();
    assert_eq!(ids, [entries[1].entry.id, entries[0].entry.id]);
}

/// Lists are newest first, of one category if wanted.
pub async fn lists_are_newest_first_and_by_category(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let mut entries: Vec<_> = (0..6)
        .map(|n| sample.entry(&organization, &format!("Title {n}"), "words"))
        .collect();
    for one in entries.iter_mut().step_by(2) {
        one.entry.text.category = "billing".to_owned();
    }
    put_knowledge(&*store, &organization, &entries).await;
    let mut expected: Vec<_> = entries.iter().map(|one| one.entry.id).collect();
    expected.reverse();
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let all = all_pages(async |page| unit.knowledge().list(None, &page).await.unwrap()).await;
    assert_eq!(all.iter().map(|entry| entry.id).collect::<Vec<_>>(), expected);
    let billing = all_pages(async |page| unit.knowledge().list(Some("billing"), &page).await.unwrap()).await;
    assert_eq!(billing.len(), 3);
    assert!(billing.iter().all(|entry| entry.text.category == "billing"));
}

/// Passages come in the order of the ids; those that are gone are left out.
pub async fn passages_come_in_the_order_asked_for(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let entries: Vec<_> = (0..3)
        .map(|n| sample.entry(&organization, &format!("Title {n}"), "words"))
        .collect();
    put_knowledge(&*store, &organization, &entries).await;
    let ids = [entries[2].passages[0].id, sample.id(), entries[0].passages[0].id];
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let found = unit.knowledge().passages(&ids).await.unwrap();
    assert_eq!(
        found.iter().map(|one| one.passage.id).collect::<Vec<_>>(),
        [ids[0], ids[2]]
    );
    assert!(unit.knowledge().passages(&[]).await.unwrap().is_empty());
}

/// Caches keyed by the organization's version of its knowledge are never stale.
pub async fn every_change_raises_the_version(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let before = read(&*store, &organization).await.knowledge_version;
    let written = sample.entry(&organization, "Returns", "text one");
    put_knowledge(&*store, &organization, std::slice::from_ref(&written)).await;
    let after_put = read(&*store, &organization).await.knowledge_version;
    assert!(after_put > before);
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    unit.knowledge()
        .delete(written.entry.id, sample.now())
        .await
        .unwrap();
    unit.commit().await.unwrap();
    assert!(read(&*store, &organization).await.knowledge_version > after_put);
}

/// A batch is written whole, and every entry of it is there.
pub async fn fifty_entries_are_written_at_once(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let entry = |n: usize| {
        let mut written = sample.entry(
            &organization,
            &format!("Title {n}"),
            &format!("shared words number n{n}"),
        );
        for ordinal in 1..5 {
            written
                .passages
                .push(sample.passage(written.entry.id, ordinal, "more shared words"));
        }
        written
    };
    let entries: Vec<_> = (0..50).map(entry).collect();
    put_knowledge(&*store, &organization, &entries).await;
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    assert_eq!(read(&*store, &organization).await.usage.knowledge_entries, 50);
    let nominations = unit
        .knowledge()
        .nominate(&sample.query("shared n37 number", None))
        .await
        .unwrap();
    assert_eq!(nominations.lexicon.passages, 250);
    assert_eq!(nominations.lexicon.frequencies, [250, 1, 50]);
    assert!(
        nominations
            .nominees
            .iter()
            .any(|one| one.entry_id == entries[37].entry.id)
    );
}

/// Two who write knowledge at once do not lose each other's counts.
pub async fn two_who_write_at_once_both_count(store: Shared) {
    let sample = Sample::default();
    let organization = Arc::new(add_organization(&*store, &sample).await);
    let mut tasks = JoinSet::new();
    for n in 0..8 {
        let (store, organization) = (Arc::clone(&store), Arc::clone(&organization));
        let entry = sample.entry(&organization, &format!("Title {n}"), "same words");
        tasks.spawn(async move { put(&*store, &organization, &[entry]).await.unwrap() });
    }
    tasks.join_all().await;
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let nominations = unit
        .knowledge()
        .nominate(&sample.query("same words", None))
        .await
        .unwrap();
    assert_eq!(nominations.lexicon.frequencies, [8, 8]);
    assert_eq!(
        (nominations.lexicon.passages, nominations.lexicon.total_terms),
        (8, 16)
    );
    assert_eq!(nominations.nominees.len(), 8);
}
