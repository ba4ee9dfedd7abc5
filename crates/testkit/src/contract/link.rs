//! Links between knowledge entries.

use std::collections::HashSet;
use std::time::Duration;

use acs_domain::access::Scope;
use acs_domain::knowledge::LinkKind::{PartOf, SeeAlso, Supersedes};
use acs_domain::knowledge::{EntryId, Link, LinkKind, TitledLink};
use acs_domain::organization::Organization;
use acs_domain::port::store::knowledge::Filter;
use acs_domain::port::store::{Store, StoreError};

use super::{Shared, assert_conflict};
use crate::sample::{Sample, add_organization, put_knowledge};

async fn read(store: &dyn Store, organization: &Organization) -> Organization {
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let found = unit.organizations().find(organization.id).await.unwrap();
    found.unwrap()
}

/// Links are read from both ends, in the order in which they were written, and go with either entry.
pub async fn have_two_ends(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let entries = ["A", "B", "C"].map(|title| sample.entry(&organization, title, "words"));
    put_knowledge(&*store, &organization, &entries).await;
    let [a, b, c] = entries.map(|one| one.entry.id);
    let before = read(&*store, &organization).await.knowledge_version;
    put_links(&*store, &organization, a, &[(SeeAlso, c), (PartOf, b)])
        .await
        .unwrap();
    put_links(&*store, &organization, b, &[(SeeAlso, a)])
        .await
        .unwrap();
    assert_eq!(read(&*store, &organization).await.knowledge_version, before + 2);
    let seen = async |id: EntryId| -> HashSet<(EntryId, LinkKind, EntryId, String)> {
        let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
        let links = unit.knowledge().links_of(id).await.unwrap();
        let seen = |one: TitledLink| (one.link.entry_id, one.link.kind, one.link.target_id, one.title);
        links.into_iter().map(seen).collect()
    };
    let title = str::to_owned;
    assert_eq!(
        seen(a).await,
        [
            (a, SeeAlso, c, title("C")),
            (a, PartOf, b, title("B")),
            (b, SeeAlso, a, title("B"))
        ]
        .into()
    );
    put_links(&*store, &organization, a, &[(PartOf, c)])
        .await
        .unwrap();
    assert_eq!(
        seen(a).await,
        [(a, PartOf, c, title("C")), (b, SeeAlso, a, title("B"))].into()
    );
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    unit.knowledge().delete(a, sample.now()).await.unwrap();
    unit.commit().await.unwrap();
    assert!(seen(b).await.is_empty() && seen(c).await.is_empty());
}

/// A link leads to an entry of the same organization, and no chain of successors is a circle.
pub async fn to_nothing_and_in_circles_are_refused(store: Shared) {
    let sample = Sample::default();
    let (ours, theirs) = (
        add_organization(&*store, &sample).await,
        add_organization(&*store, &sample).await,
    );
    let entries = ["A", "B", "C"].map(|title| sample.entry(&ours, title, "words"));
    let foreign = sample.entry(&theirs, "Foreign", "words");
    put_knowledge(&*store, &ours, &entries).await;
    put_knowledge(&*store, &theirs, std::slice::from_ref(&foreign)).await;
    let [a, b, c] = entries.map(|one| one.entry.id);
    for stranger in [foreign.entry.id, sample.id()] {
        let refused = put_links(&*store, &ours, a, &[(SeeAlso, stranger)]).await;
        assert_conflict(refused, "links");
    }
    put_links(&*store, &ours, a, &[(Supersedes, b)]).await.unwrap();
    put_links(&*store, &ours, b, &[(Supersedes, c)]).await.unwrap();
    assert_conflict(put_links(&*store, &ours, c, &[(Supersedes, a)]).await, "links");
    put_links(&*store, &ours, c, &[(SeeAlso, a)]).await.unwrap();
}

/// From what was found, links lead to what holds for the asker: up the whole chain of successors, but one step otherwise.
pub async fn lead_on_from_what_was_found(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let mut entries: Vec<_> = (0..7)
        .map(|n| sample.entry(&organization, &format!("T{n}"), "words"))
        .collect();
    entries[2].entry.text.valid_from = Some(sample.now() + Duration::from_secs(60));
    entries[6].entry.text.audience = vec!["premium".to_owned()];
    put_knowledge(&*store, &organization, &entries).await;
    let id = |n: usize| entries[n].entry.id;
    for (from, links) in [
        (1, vec![(Supersedes, id(0)), (SeeAlso, id(5))]),
        (2, vec![(Supersedes, id(1))]),
        (0, vec![(SeeAlso, id(3)), (SeeAlso, id(6))]),
        (4, vec![(PartOf, id(0))]),
    ] {
        put_links(&*store, &organization, id(from), &links).await.unwrap();
    }
    let led = async |only: &Filter, later: u64| -> HashSet<(EntryId, LinkKind, EntryId)> {
        let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
        let at = sample.now() + Duration::from_secs(later);
        let links = unit.knowledge().links_on(&[id(0)], only, at).await.unwrap();
        let plain = |link: Link| (link.entry_id, link.kind, link.target_id);
        links.into_iter().map(plain).collect()
    };
    let mut expected: HashSet<_> = [
        (id(1), Supersedes, id(0)),
        (id(0), SeeAlso, id(3)),
        (id(4), PartOf, id(0)),
        (id(0), SeeAlso, id(6)),
    ]
    .into();
    assert_eq!(led(&Filter::default(), 0).await, expected);
    expected.insert((id(2), Supersedes, id(1)));
    assert_eq!(led(&Filter::default(), 60).await, expected);
    expected.remove(&(id(0), SeeAlso, id(6)));
    let everybody = Filter {
        audience: Some(Vec::new()),
        ..Filter::default()
    };
    assert_eq!(led(&everybody, 60).await, expected);
}

async fn put_links(
    store: &dyn Store,
    organization: &Organization,
    id: EntryId,
    links: &[(LinkKind, EntryId)],
) -> Result<(), StoreError> {
    let links: Vec<Link> = links
        .iter()
        .map(|(kind, target_id)| Link {
            entry_id: id,
            kind: *kind,
            target_id: *target_id,
        })
        .collect();
    let at = read(store, organization).await.created_at;
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    unit.knowledge().put_links(id, &links, at).await?;
    unit.commit().await
}
