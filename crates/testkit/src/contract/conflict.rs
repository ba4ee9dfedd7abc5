//! Conflicts between entries of the knowledge, and how far the entries were compared.

use std::collections::HashSet;
use std::time::Duration;

use acs_core::page::PageRequest;
use acs_domain::access::Scope;
use acs_domain::conflict::{Conflict, ConflictId, Difference, Reach, SeenConflict, Side};
use acs_domain::knowledge::{EntryId, Link, LinkKind, PassageId};
use acs_domain::organization::Organization;
use acs_domain::port::store::conflict::{Beside, Progress, Uncompared};
use acs_domain::port::store::knowledge::WrittenEntry;
use acs_domain::port::store::{Store, UnitOfWork};

use super::Shared;
use crate::sample::{EMBEDDING_MODEL, Sample, add_organization, put_knowledge};

const LEASE: Duration = Duration::from_secs(60);

async fn begin(store: &dyn Store, organization: &Organization) -> Box<dyn UnitOfWork> {
    store.begin(Scope::trusted(organization.id)).await.unwrap()
}

/// An organization with entries of these titles, that somebody compares.
async fn written(store: &dyn Store, sample: &Sample, titles: &[&str]) -> (Organization, Vec<WrittenEntry>) {
    let organization = add_organization(store, sample).await;
    let entries: Vec<WrittenEntry> = titles
        .iter()
        .map(|title| sample.entry(&organization, title, "some words"))
        .collect();
    put_knowledge(store, &organization, &entries).await;
    let attempt = acquire(store, sample, &organization).await;
    assert_eq!(attempt, Some(1));
    (organization, entries)
}

async fn acquire(store: &dyn Store, sample: &Sample, organization: &Organization) -> Option<i64> {
    let now = sample.now();
    let mut unit = begin(store, organization).await;
    let attempt = unit
        .conflicts()
        .acquire("worker-1", now, now + LEASE)
        .await
        .unwrap();
    unit.commit().await.unwrap();
    attempt
}

/// A conflict between two entries as they were written.
fn between(sample: &Sample, one: &WrittenEntry, other: &WrittenEntry, difference: Difference) -> Conflict {
    sample.advance(Duration::from_secs(1));
    let side = |written: &WrittenEntry| Side {
        entry_id: written.entry.id,
        version: written.entry.version,
        sentence: format!("{} says {difference}: ¡30 días!", written.entry.text.title),
    };
    let mut sides = [side(one), side(other)];
    sides.sort_by_key(|side| side.entry_id);
    Conflict {
        id: sample.id(),
        difference,
        sides,
        found_at: sample.now(),
    }
}

async fn uncompared(store: &dyn Store, organization: &Organization, limit: u32) -> Uncompared {
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    unit.conflicts().uncompared(limit).await.unwrap()
}

/// Keeps what was found, as the first attempt, and that everything is compared.
async fn keep(store: &dyn Store, organization: &Organization, found: &[Conflict]) {
    let then = uncompared(store, organization, 99).await.then;
    assert!(keep_as(store, organization, 1, found, &then).await);
}

async fn keep_as(
    store: &dyn Store,
    organization: &Organization,
    attempt: i64,
    found: &[Conflict],
    then: &Progress,
) -> bool {
    let mut unit = begin(store, organization).await;
    let kept = unit.conflicts().keep(attempt, found, then).await.unwrap();
    if kept {
        unit.commit().await.unwrap();
    }
    kept
}

async fn seen(store: &dyn Store, sample: &Sample, organization: &Organization) -> Vec<SeenConflict> {
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let page = PageRequest::new(None, None).unwrap();
    unit.conflicts().list(sample.now(), &page).await.unwrap().items
}

async fn open(store: &dyn Store, sample: &Sample, organization: &Organization) -> Vec<ConflictId> {
    let seen = seen(store, sample, organization).await;
    seen.into_iter().map(|one| one.conflict.id).collect()
}

async fn dismiss(store: &dyn Store, sample: &Sample, organization: &Organization, id: ConflictId) -> bool {
    let mut unit = begin(store, organization).await;
    let dismissed = unit.conflicts().dismiss(id, sample.now()).await.unwrap();
    unit.commit().await.unwrap();
    dismissed
}

async fn rewrite(
    store: &dyn Store,
    organization: &Organization,
    written: &mut WrittenEntry,
    sample: &Sample,
) {
    written.entry.version += 1;
    written.passages = vec![sample.passage(written.entry.id, 0, "other words")];
    put_knowledge(store, organization, std::slice::from_ref(written)).await;
}

async fn supersede(
    store: &dyn Store,
    sample: &Sample,
    organization: &Organization,
    by: EntryId,
    what: &[EntryId],
) {
    let links: Vec<Link> = what
        .iter()
        .map(|target_id| Link {
            entry_id: by,
            kind: LinkKind::Supersedes,
            target_id: *target_id,
        })
        .collect();
    let mut unit = begin(store, organization).await;
    unit.knowledge()
        .put_links(by, &links, sample.now())
        .await
        .unwrap();
    unit.commit().await.unwrap();
}

/// Every field is read as it was written, with the titles as they are now; pages go from the newest to the oldest.
pub async fn come_back_newest_first(store: Shared) {
    let sample = Sample::default();
    let (organization, entries) = written(&*store, &sample, &["A", "B", "C"]).await;
    let found = [
        between(&sample, &entries[0], &entries[1], Difference::Duration),
        between(&sample, &entries[0], &entries[1], Difference::Denial),
        between(&sample, &entries[2], &entries[1], Difference::Amount),
    ];
    keep(&*store, &organization, &found).await;
    let title = |id: EntryId| {
        let entry = entries.iter().find(|one| one.entry.id == id).unwrap();
        entry.entry.text.title.clone()
    };
    let expected = found.iter().rev().map(|conflict| SeenConflict {
        conflict: conflict.clone(),
        titles: conflict.sides.each_ref().map(|side| title(side.entry_id)),
    });
    let expected: Vec<SeenConflict> = expected.collect();
    assert_eq!(seen(&*store, &sample, &organization).await, expected);
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let mut pages = Vec::new();
    let mut after = None;
    for _ in 0..2 {
        let page = PageRequest::new(Some(2), after).unwrap();
        let page = unit.conflicts().list(sample.now(), &page).await.unwrap();
        pages.push(page.items);
        after = page.next;
    }
    assert_eq!(pages, [&expected[..2], &expected[2..]]);
    assert_eq!(after, None);
}

/// What is found again is the conflict that is there, since when it was, also twice in one batch.
pub async fn are_kept_once(store: Shared) {
    let sample = Sample::default();
    let (organization, entries) = written(&*store, &sample, &["A", "B"]).await;
    let first = between(&sample, &entries[0], &entries[1], Difference::Duration);
    keep(&*store, &organization, std::slice::from_ref(&first)).await;
    let again = [(), ()].map(|()| between(&sample, &entries[1], &entries[0], Difference::Duration));
    keep(&*store, &organization, &again).await;
    let seen = seen(&*store, &sample, &organization).await;
    assert_eq!(
        seen.into_iter().map(|one| one.conflict).collect::<Vec<_>>(),
        [first]
    );
}

/// A conflict is none any more when one of the two texts is another or gone. Where the new text still says so, it is the same.
pub async fn are_settled_by_another_text(store: Shared) {
    let sample = Sample::default();
    let (organization, mut entries) = written(&*store, &sample, &["A", "B", "C"]).await;
    let found = between(&sample, &entries[0], &entries[1], Difference::Duration);
    let other = between(&sample, &entries[1], &entries[2], Difference::Amount);
    keep(&*store, &organization, &[found.clone(), other.clone()]).await;
    rewrite(&*store, &organization, &mut entries[0], &sample).await;
    assert_eq!(open(&*store, &sample, &organization).await, [other.id]);
    keep(&*store, &organization, std::slice::from_ref(&found)).await;
    assert_eq!(
        open(&*store, &sample, &organization).await,
        [other.id],
        "that text is gone"
    );
    let mut unit = begin(&*store, &organization).await;
    unit.knowledge()
        .delete(entries[2].entry.id, sample.now())
        .await
        .unwrap();
    unit.commit().await.unwrap();
    assert!(open(&*store, &sample, &organization).await.is_empty());

    let fresh = between(&sample, &entries[0], &entries[1], Difference::Duration);
    keep(&*store, &organization, std::slice::from_ref(&fresh)).await;
    assert_eq!(
        open(&*store, &sample, &organization).await,
        [fresh.id],
        "the old one was forgotten"
    );
    rewrite(&*store, &organization, &mut entries[1], &sample).await;
    let still = between(&sample, &entries[0], &entries[1], Difference::Duration);
    keep(&*store, &organization, std::slice::from_ref(&still)).await;
    let seen = seen(&*store, &sample, &organization).await;
    assert_eq!(
        (seen[0].conflict.id, seen[0].conflict.found_at),
        (fresh.id, fresh.found_at)
    );
    assert_eq!(seen[0].conflict.sides, still.sides);
}

/// What was dismissed is not listed again until one of the texts is another.
pub async fn a_dismissal_holds_until_a_text_is_another(store: Shared) {
    let sample = Sample::default();
    let (organization, mut entries) = written(&*store, &sample, &["A", "B"]).await;
    let found = between(&sample, &entries[0], &entries[1], Difference::Duration);
    keep(&*store, &organization, std::slice::from_ref(&found)).await;
    assert!(dismiss(&*store, &sample, &organization, found.id).await);
    assert!(
        !dismiss(&*store, &sample, &organization, found.id).await,
        "once is enough"
    );
    assert!(!dismiss(&*store, &sample, &organization, sample.id()).await);
    let again = between(&sample, &entries[0], &entries[1], Difference::Duration);
    keep(&*store, &organization, std::slice::from_ref(&again)).await;
    assert!(open(&*store, &sample, &organization).await.is_empty());
    rewrite(&*store, &organization, &mut entries[1], &sample).await;
    let still = between(&sample, &entries[0], &entries[1], Difference::Duration);
    keep(&*store, &organization, std::slice::from_ref(&still)).await;
    assert_eq!(open(&*store, &sample, &organization).await, [found.id]);
}

/// What something supersedes that holds, or what no longer holds itself, is in no conflict; when it does again, it is.
pub async fn are_settled_by_what_holds_instead(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let mut entries: Vec<WrittenEntry> = ["A", "B", "C", "D", "E"]
        .iter()
        .map(|title| sample.entry(&organization, title, "some words"))
        .collect();
    let end = sample.now() + Duration::from_secs(3_600);
    entries[1].entry.text.expires_at = Some(end + Duration::from_secs(3_600));
    entries[2].entry.text.expires_at = Some(end);
    put_knowledge(&*store, &organization, &entries).await;
    acquire(&*store, &sample, &organization).await;
    let ids: Vec<EntryId> = entries.iter().map(|one| one.entry.id).collect();
    let found = between(&sample, &entries[0], &entries[1], Difference::Duration);
    keep(&*store, &organization, std::slice::from_ref(&found)).await;
    let is_open = async || open(&*store, &sample, &organization).await == [found.id];
    assert!(is_open().await);
    supersede(&*store, &sample, &organization, ids[0], &[ids[1]]).await;
    assert!(!is_open().await, "one supersedes the other");
    supersede(&*store, &sample, &organization, ids[0], &[]).await;
    assert!(is_open().await);
    supersede(&*store, &sample, &organization, ids[2], &[ids[0]]).await;
    assert!(!is_open().await, "a third supersedes one");
    sample.advance(Duration::from_secs(3_600));
    assert!(is_open().await, "the third no longer holds");
    supersede(&*store, &sample, &organization, ids[3], &[ids[2]]).await;
    assert!(!is_open().await, "a fourth came behind the third");
    supersede(&*store, &sample, &organization, ids[3], &[ids[4]]).await;
    assert!(is_open().await);
    sample.advance(Duration::from_secs(3_600));
    assert!(!is_open().await, "one of the two no longer holds");
}

/// Nobody sees, dismisses, compares or finds near what is another organization's.
pub async fn are_seen_by_their_organization_alone(store: Shared) {
    let sample = Sample::default();
    let (ours, entries) = written(&*store, &sample, &["A", "B"]).await;
    let (theirs, _) = written(&*store, &sample, &["C"]).await;
    let found = between(&sample, &entries[0], &entries[1], Difference::Duration);
    assert_eq!(uncompared(&*store, &theirs, 99).await.passages.len(), 1);
    keep(&*store, &theirs, std::slice::from_ref(&found)).await;
    keep(&*store, &ours, std::slice::from_ref(&found)).await;
    assert!(open(&*store, &sample, &theirs).await.is_empty());
    assert!(!dismiss(&*store, &sample, &theirs, found.id).await);
    assert_eq!(open(&*store, &sample, &ours).await, [found.id]);
    let mut unit = store.read(Scope::trusted(theirs.id)).await.unwrap();
    let beside = Beside {
        entry_id: sample.id(),
        vector: entries[0].passages[0].vector.clone(),
    };
    assert_eq!(
        unit.conflicts().nearest(&[beside], 9).await.unwrap().len(),
        1,
        "its own"
    );
    let reaches = unit.conflicts().reaches(&[entries[0].entry.id]).await.unwrap();
    assert!(reaches.is_empty());
}

/// Passages are compared in the order in which their entries were written, some at a time, and again when they are written again.
pub async fn passages_are_compared_in_the_order_of_writing(store: Shared) {
    let sample = Sample::default();
    let (organization, mut entries) = written(&*store, &sample, &["A"]).await;
    for title in ["B", "C"] {
        let mut entry = sample.entry(&organization, title, "some words");
        entry
            .passages
            .push(sample.passage(entry.entry.id, 1, "more words"));
        put_knowledge(&*store, &organization, std::slice::from_ref(&entry)).await;
        entries.push(entry);
    }
    let passages = |entries: &[WrittenEntry]| -> Vec<PassageId> {
        let passages = entries.iter().flat_map(|one| &one.passages);
        passages.map(|passage| passage.id).collect()
    };
    let all = passages(&entries);
    let due = async |limit| uncompared(&*store, &organization, limit).await;
    let first = due(2).await;
    assert_eq!((&first.passages[..], first.is_all), (&all[..2], false));
    assert_eq!(due(2).await, first, "nothing is kept yet");
    assert!(keep_as(&*store, &organization, 1, &[], &first.then).await);
    rewrite(&*store, &organization, &mut entries[0], &sample).await;
    let second = due(9).await;
    let rewritten = passages(&entries[..1]);
    assert_eq!(
        (&second.passages[..], second.is_all),
        (&[&all[2..], &rewritten[..]].concat()[..], true)
    );
    assert!(keep_as(&*store, &organization, 1, &[], &second.then).await);
    let nothing = due(9).await;
    assert_eq!((nothing.passages.len(), nothing.is_all), (0, true));
    sample.advance(LEASE);
    assert_eq!(acquire(&*store, &sample, &organization).await, Some(2));
    rewrite(&*store, &organization, &mut entries[2], &sample).await;
    let third = due(9).await;
    assert!(
        !keep_as(&*store, &organization, 1, &[], &third.then).await,
        "another attempt has taken over"
    );
    assert_eq!(due(9).await, third);
}

/// The nearest passages of others, for each meaning that is asked for.
pub async fn the_nearest_of_other_entries_are_found(store: Shared) {
    let sample = Sample::default();
    let (organization, mut entries) = written(&*store, &sample, &["A", "B", "C", "D"]).await;
    let near = sample.vector_near(&entries[0].passages[0].vector);
    entries[1].entry.version += 1;
    entries[1].passages[0].id = sample.id();
    entries[1].passages[0].vector = near;
    put_knowledge(&*store, &organization, &entries[1..2]).await;
    let passage = |at: usize| &entries[at].passages[0];
    let beside = |at: usize| Beside {
        entry_id: entries[at].entry.id,
        vector: passage(at).vector.clone(),
    };
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let asked = [beside(0), beside(3), beside(1)];
    let found = unit.conflicts().nearest(&asked, 1).await.unwrap();
    assert_eq!(found.len(), 3);
    assert!(
        found.contains(&(0, passage(1).id)) && found.contains(&(2, passage(0).id)),
        "{found:?}"
    );
    let all = unit.conflicts().nearest(&asked[1..2], 9).await.unwrap();
    let all: HashSet<PassageId> = all.into_iter().map(|(_, id)| id).collect();
    assert_eq!(all, [passage(0).id, passage(1).id, passage(2).id].into());
    assert!(unit.conflicts().nearest(&[], 9).await.unwrap().is_empty());
}

/// Whom entries speak to is read in one go.
pub async fn the_reach_of_entries_is_read(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let mut entry = sample.entry(&organization, "A", "some words");
    let reach = Reach {
        language: Some("de".to_owned()),
        audience: vec!["gold".to_owned(), "größer".to_owned()],
        valid_from: Some(sample.now()),
        expires_at: Some(sample.now() + LEASE),
    };
    entry.entry.text.language.clone_from(&reach.language);
    entry.entry.text.audience.clone_from(&reach.audience);
    (entry.entry.text.valid_from, entry.entry.text.expires_at) = (reach.valid_from, reach.expires_at);
    let plain = sample.entry(&organization, "B", "some words");
    put_knowledge(&*store, &organization, &[entry.clone(), plain.clone()]).await;
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let ids = [entry.entry.id, sample.id(), plain.entry.id];
    let read = unit.conflicts().reaches(&ids).await.unwrap();
    let of = |id: EntryId| read.iter().find(|one| one.entry_id == id).map(|one| &one.reach);
    assert_eq!(read.len(), 2);
    assert_eq!(
        (of(entry.entry.id), of(plain.entry.id)),
        (Some(&reach), Some(&Reach::default()))
    );
}

/// An organization is found while its knowledge is newer than what was compared of it, and nobody is at it.
pub async fn organizations_to_compare_are_found(store: Shared) {
    let sample = Sample::default();
    let (organization, _) = written(&*store, &sample, &["A", "B"]).await;
    let due = async |model: &str| {
        let directory = store.directory();
        let found = directory.uncompared(model, sample.now(), 99).await.unwrap();
        found.contains(&organization.id)
    };
    assert!(!due(EMBEDDING_MODEL).await, "somebody is at it");
    assert_eq!(acquire(&*store, &sample, &organization).await, None);
    sample.advance(LEASE);
    assert!(due(EMBEDDING_MODEL).await && !due("another").await);
    assert_eq!(acquire(&*store, &sample, &organization).await, Some(2));
    let first = uncompared(&*store, &organization, 1).await;
    assert!(keep_as(&*store, &organization, 2, &[], &first.then).await);
    let renew = async |until| {
        let mut unit = begin(&*store, &organization).await;
        let renewed = unit.conflicts().renew(2, until).await.unwrap();
        unit.commit().await.unwrap();
        renewed
    };
    assert!(renew(sample.now()).await);
    assert!(due(EMBEDDING_MODEL).await, "there is a second passage");
    let rest = uncompared(&*store, &organization, 2).await;
    assert!(keep_as(&*store, &organization, 2, &[], &rest.then).await);
    assert!(!due(EMBEDDING_MODEL).await);
    put_knowledge(
        &*store,
        &organization,
        &[sample.entry(&organization, "C", "some words")],
    )
    .await;
    assert!(due(EMBEDDING_MODEL).await);
}
