//! Both stores nominate the same passages by words, whatever the words.

use std::collections::BTreeMap;

use acs_domain::access::Scope;
use acs_domain::knowledge::PassageId;
use acs_domain::organization::Organization;
use acs_domain::port::store::Store;
use acs_domain::port::store::knowledge::{Nominations, Nominee, SearchQuery, WrittenEntry};
use acs_testkit::Backend;
use acs_testkit::sample::{Sample, insert_organization, put_knowledge};

const WORDS: usize = 60;

/// Passages whose words are as unequally common as in real text: word `n` is in about one of `n` passages.
fn entries(sample: &Sample, organization: &Organization) -> Vec<WrittenEntry> {
    (0..250_usize)
        .map(|n| {
            let words = (1..WORDS).filter(|word| (n * 7 + word * word) % word == 0 || (n + word) % 11 == 0);
            let words: Vec<String> = words.map(|word| format!("w{word}")).collect();
            sample.entry(organization, &format!("T{n}"), &words.join(" "))
        })
        .collect()
}

fn queries(sample: &Sample) -> Vec<SearchQuery> {
    let mut queries = Vec::new();
    for first in (1..WORDS).step_by(3) {
        for count in [1, 2, 5, 30] {
            let words: Vec<String> = (0..count).map(|n| format!("w{}", first + n * 2)).collect();
            let mut query = sample.query(&words.join(" "), None);
            query.candidates = 25;
            queries.push(query);
        }
    }
    queries
}

async fn nominate(store: &dyn Store, organization: &Organization, query: &SearchQuery) -> Nominations {
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    unit.knowledge().nominate(query).await.unwrap()
}

fn by_id(nominations: &Nominations) -> BTreeMap<PassageId, &Nominee> {
    nominations
        .nominees
        .iter()
        .map(|nominee| (nominee.passage_id, nominee))
        .collect()
}

async fn fill(store: &dyn Store, sample: &Sample, organization: &Organization) {
    insert_organization(store, organization).await;
    put_knowledge(store, organization, &entries(sample, organization)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_stores_nominate_the_same_postgres_and_sqlite() {
    let (sqlite, postgres) = (Backend::sqlite().await, Backend::postgres().await);
    let (sample, twin) = (Sample::new(1), Sample::new(1));
    let organization = sample.organization();
    assert_eq!(organization, twin.organization());
    fill(sqlite.store(), &sample, &organization).await;
    fill(postgres.store(), &twin, &organization).await;
    for query in queries(&sample) {
        let one = nominate(sqlite.store(), &organization, &query).await;
        let other = nominate(postgres.store(), &organization, &query).await;
        assert_eq!(one.lexicon, other.lexicon, "{:?}", query.terms);
        assert_eq!(by_id(&one), by_id(&other), "{:?}", query.terms);
    }
    for _ in 0..10 {
        let mut query = sample.query("w7 w13", Some(&sample.vector()));
        query.candidates = 10;
        let one = nominate(sqlite.store(), &organization, &query).await;
        let other = nominate(postgres.store(), &organization, &query).await;
        let (one, other) = (by_id(&one), by_id(&other));
        let shared: Vec<_> = one.keys().filter(|id| other.contains_key(id)).collect();
        assert!(
            shared.len() >= 18,
            "half-precision nominates nearly the same: {}",
            shared.len()
        );
        for id in shared {
            assert!((one[id].cosine - other[id].cosine).abs() < 1e-5);
        }
    }
}
