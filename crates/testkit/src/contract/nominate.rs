//! Nomination of passages for a question.

use std::collections::HashSet;
use std::time::Duration;

use acs_domain::access::Scope;
use acs_domain::knowledge::PassageId;
use acs_domain::organization::Organization;
use acs_domain::port::store::Store;
use acs_domain::port::store::knowledge::{Filter, Nominations, SearchQuery, WrittenEntry};

use super::Shared;
use crate::sample::{Sample, add_organization, put_knowledge};

async fn nominate(store: &dyn Store, organization: &Organization, query: &SearchQuery) -> Nominations {
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    unit.knowledge().nominate(query).await.unwrap()
}

fn ids(nominations: &Nominations) -> HashSet<PassageId> {
    let ids: HashSet<_> = nominations
        .nominees
        .iter()
        .map(|nominee| nominee.passage_id)
        .collect();
    assert_eq!(ids.len(), nominations.nominees.len(), "each once");
    ids
}

fn passage(written: &WrittenEntry) -> PassageId {
    written.passages[0].id
}

/// What was committed is found at once, by words and by meaning.
pub async fn what_is_written_is_found_by_the_next_unit(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    for n in 0..3 {
        let written = sample.entry(&organization, "Returns", &format!("return within days{n}"));
        put_knowledge(&*store, &organization, std::slice::from_ref(&written)).await;
        let by_words = sample.query(&format!("days{n}"), None);
        assert_eq!(
            ids(&nominate(&*store, &organization, &by_words).await),
            [passage(&written)].into()
        );
        let near = sample.vector_near(&written.passages[0].vector);
        let mut by_meaning = sample.query("unheard", Some(&near));
        by_meaning.candidates = 1;
        assert_eq!(
            ids(&nominate(&*store, &organization, &by_meaning).await),
            [passage(&written)].into()
        );
    }
}

/// A unit finds what it wrote itself.
pub async fn what_is_written_is_found_by_the_same_unit(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    put_knowledge(
        &*store,
        &organization,
        &[sample.entry(&organization, "Old", "old words")],
    )
    .await;
    let vector = sample.vector();
    nominate(&*store, &organization, &sample.query("old", Some(&vector))).await;
    let written = sample.entry(&organization, "Returns", "return within days");
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    unit.knowledge()
        .put(std::slice::from_ref(&written))
        .await
        .unwrap();
    let found = unit
        .knowledge()
        .nominate(&sample.query("days", None))
        .await
        .unwrap();
    assert_eq!(ids(&found), [passage(&written)].into());
    let near = sample.vector_near(&written.passages[0].vector);
    let found = unit
        .knowledge()
        .nominate(&sample.query("unheard", Some(&near)))
        .await
        .unwrap();
    assert!(ids(&found).contains(&passage(&written)));
}

/// What a unit wrote and took back leaves no trace, and the next writer's knowledge is not taken for it.
pub async fn what_is_rolled_back_is_never_found(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let lost = sample.entry(&organization, "Lost", "lost words");
    let vector = &lost.passages[0].vector;
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    unit.knowledge().put(std::slice::from_ref(&lost)).await.unwrap();
    unit.knowledge()
        .nominate(&sample.query("lost", Some(vector)))
        .await
        .unwrap();
    drop(unit);
    let query = sample.query("lost", Some(vector));
    assert!(nominate(&*store, &organization, &query).await.nominees.is_empty());
    let kept = sample.entry(&organization, "Kept", "kept words");
    put_knowledge(&*store, &organization, std::slice::from_ref(&kept)).await;
    assert_eq!(
        ids(&nominate(&*store, &organization, &query).await),
        [passage(&kept)].into()
    );
}

/// Old passages are found no more, and their words are not counted.
pub async fn what_is_replaced_or_deleted_is_found_no_more(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let first = sample.entry(&organization, "First", "old shared");
    let second = sample.entry(&organization, "Second", "other shared");
    put_knowledge(&*store, &organization, &[first.clone(), second.clone()]).await;
    let everything = sample.query("old other new shared", Some(&first.passages[0].vector));
    assert_eq!(
        nominate(&*store, &organization, &everything).await.nominees.len(),
        2
    );

    let mut replaced = first.clone();
    replaced.entry.version = 2;
    replaced.passages = vec![sample.passage(first.entry.id, 0, "new shared")];
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    unit.knowledge()
        .put(std::slice::from_ref(&replaced))
        .await
        .unwrap();
    unit.knowledge()
        .delete(second.entry.id, sample.now())
        .await
        .unwrap();
    unit.commit().await.unwrap();
    let found = nominate(&*store, &organization, &everything).await;
    assert_eq!(ids(&found), [passage(&replaced)].into());
    assert_eq!(found.lexicon.frequencies, [0, 0, 1, 1]);
    assert_eq!((found.lexicon.passages, found.lexicon.total_terms), (1, 2));
}

/// A passage with the rare word comes before those with the common one.
pub async fn rare_words_beat_common_ones(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let mut entries: Vec<_> = (0..8)
        .map(|n| sample.entry(&organization, &format!("T{n}"), "common words"))
        .collect();
    entries.push(sample.entry(&organization, "Rare", "rare thing"));
    entries.push(sample.entry(&organization, "Both", "rare common"));
    put_knowledge(&*store, &organization, &entries).await;
    let mut query = sample.query("common rare", None);
    query.candidates = 2;
    let found = nominate(&*store, &organization, &query).await;
    assert_eq!(ids(&found), [passage(&entries[8]), passage(&entries[9])].into());
    assert_eq!(found.lexicon.frequencies, [9, 2]);
}

/// How often a nominee has each word of the query, and how many words it has in all.
pub async fn counts_and_lengths_are_those_of_the_passage(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let written = sample.entry(&organization, "Returns", "return the thing return it");
    put_knowledge(&*store, &organization, std::slice::from_ref(&written)).await;
    let found = nominate(&*store, &organization, &sample.query("absent return thing", None)).await;
    assert_eq!(found.nominees.len(), 1);
    let nominee = &found.nominees[0];
    assert_eq!((nominee.entry_id, nominee.length), (written.entry.id, 5));
    assert_eq!(nominee.counts, [0, 2, 1]);
    assert_eq!(found.lexicon.frequencies, [0, 1, 1]);
}

/// Without a common word the nearest passages are nominated.
pub async fn meaning_finds_without_words(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let entries: Vec<_> = (0..30)
        .map(|n| sample.entry(&organization, &format!("T{n}"), &format!("w{n}")))
        .collect();
    put_knowledge(&*store, &organization, &entries).await;
    for wanted in [3, 17, 29] {
        let near = sample.vector_near(&entries[wanted].passages[0].vector);
        let mut query = sample.query("unheard", Some(&near));
        query.candidates = 1;
        let found = nominate(&*store, &organization, &query).await;
        assert_eq!(ids(&found), [passage(&entries[wanted])].into());
    }
}

/// The cosine is exact to six digits, for those that words nominated too, and 0 without a vector.
pub async fn every_nominee_has_its_cosine(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let entries: Vec<_> = (0..12)
        .map(|n| sample.entry(&organization, &format!("T{n}"), &format!("word w{n}")))
        .collect();
    put_knowledge(&*store, &organization, &entries).await;
    let question = sample.vector();
    let mut query = sample.query("w7", Some(&question));
    query.candidates = 3;
    let found = nominate(&*store, &organization, &query).await;
    assert!(ids(&found).contains(&passage(&entries[7])));
    assert!(found.nominees.len() >= 3);
    for nominee in &found.nominees {
        let written = entries
            .iter()
            .find(|one| passage(one) == nominee.passage_id)
            .unwrap();
        let exact: f32 = written.passages[0]
            .vector
            .iter()
            .zip(&*question)
            .map(|(a, b)| a * b)
            .sum();
        assert!(
            (nominee.cosine - exact).abs() < 1e-5,
            "{} {exact}",
            nominee.cosine
        );
    }
    let without = nominate(&*store, &organization, &sample.query("w7", None)).await;
    assert!(without.nominees.iter().all(|nominee| nominee.cosine == 0.0));
}

/// Only the wanted category is found, and nothing that has expired, by words or by meaning.
pub async fn category_and_expiry_are_respected(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let mut entries: Vec<_> = (0..4)
        .map(|n| sample.entry(&organization, &format!("T{n}"), "same words"))
        .collect();
    entries[1].entry.text.category = "billing".to_owned();
    entries[2].entry.text.expires_at = Some(sample.now());
    entries[3].entry.text.expires_at = Some(sample.now() + Duration::from_secs(60));
    put_knowledge(&*store, &organization, &entries).await;
    let vector = sample.vector();
    for vector in [None, Some(&vector)] {
        let mut query = sample.query("same", vector);
        let live = [0, 1, 3].map(|n| passage(&entries[n]));
        query.at = entries[2].entry.text.expires_at.unwrap();
        assert_eq!(ids(&nominate(&*store, &organization, &query).await), live.into());
        query.only.category = Some("billing".to_owned());
        assert_eq!(
            ids(&nominate(&*store, &organization, &query).await),
            [passage(&entries[1])].into()
        );
        query.only.category = Some("nothing".to_owned());
        assert!(nominate(&*store, &organization, &query).await.nominees.is_empty());
    }
}

/// What begins later, is in another language, or is for others, is not found; what names no language or nobody is.
pub async fn what_does_not_hold_for_the_asker_is_not_found(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let mut entries: Vec<_> = (0..4)
        .map(|n| sample.entry(&organization, &format!("T{n}"), "same words"))
        .collect();
    entries[1].entry.text.language = Some("de".to_owned());
    entries[2].entry.text.audience = vec!["premium".to_owned(), "it's \"gold\"".to_owned()];
    entries[3].entry.text.valid_from = Some(sample.now() + Duration::from_secs(60));
    put_knowledge(&*store, &organization, &entries).await;
    let vector = sample.vector();
    let names = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
    for vector in [None, Some(&vector)] {
        let only = async |only: Filter, later: u64| {
            let mut query = sample.query("same", vector);
            query.only = only;
            query.at += Duration::from_secs(later);
            ids(&nominate(&*store, &organization, &query).await)
        };
        let of = |places: &[usize]| places.iter().map(|n| passage(&entries[*n])).collect();
        assert_eq!(only(Filter::default(), 59).await, of(&[0, 1, 2]));
        assert_eq!(only(Filter::default(), 60).await, of(&[0, 1, 2, 3]));
        let spanish = Filter {
            language: Some("es".to_owned()),
            ..Filter::default()
        };
        assert_eq!(only(spanish, 60).await, of(&[0, 2, 3]));
        let nobody = Filter {
            audience: names(&[]),
            ..Filter::default()
        };
        assert_eq!(only(nobody, 60).await, of(&[0, 1, 3]));
        let gold = Filter {
            audience: names(&["other", "it's \"gold\""]),
            ..Filter::default()
        };
        assert_eq!(only(gold, 60).await, of(&[0, 1, 2, 3]));
    }
}

/// However much other organizations write, nominations, frequencies and their order stay.
pub async fn others_have_no_influence(store: Shared) {
    let sample = Sample::default();
    let ours = add_organization(&*store, &sample).await;
    let theirs = add_organization(&*store, &sample).await;
    let entries: Vec<_> = (0..6)
        .map(|n| {
            sample.entry(
                &ours,
                &format!("T{n}"),
                if n < 2 { "rare thing" } else { "common thing" },
            )
        })
        .collect();
    put_knowledge(&*store, &ours, &entries).await;
    let mut query = sample.query("rare common", Some(&entries[5].passages[0].vector));
    query.candidates = 2;
    let before = nominate(&*store, &ours, &query).await;
    let flood: Vec<_> = (0..40)
        .map(|n| {
            let mut written = sample.entry(&theirs, &format!("F{n}"), "rare rare rare");
            written.passages[0].vector = entries[5].passages[0].vector.clone();
            written
        })
        .collect();
    put_knowledge(&*store, &theirs, &flood).await;
    let after = nominate(&*store, &ours, &query).await;
    assert_eq!(before.lexicon, after.lexicon);
    assert_eq!(ids(&before), ids(&after));
    let expected = [0, 1, 5].map(|n| passage(&entries[n]));
    assert!(
        ids(&after).is_superset(&expected.into()),
        "two by words and one by meaning"
    );
}

/// Words of any characters are found as they are, and only so.
pub async fn odd_words_are_words(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let long = "x".repeat(300);
    let odd = [
        "don't", "a\"b", "a\\b", "a'b", "AND", "OR", "*", "a*", "Straße", "日本", "c++", "c", "-x", "{a,b}",
        "null", "a:b", "·", "a(b)", "NEAR", &long,
    ];
    let entries: Vec<_> = odd
        .iter()
        .map(|word| sample.entry(&organization, word, word))
        .collect();
    put_knowledge(&*store, &organization, &entries).await;
    for (word, entry) in odd.iter().zip(&entries) {
        let found = nominate(&*store, &organization, &sample.query(word, None)).await;
        assert_eq!(ids(&found), [passage(entry)].into(), "{word}");
        assert_eq!(found.nominees[0].counts, [1], "{word}");
    }
}

/// The words that a misspelt one may have been meant to be: of its first letter and about its length, commonest first, and of
/// nobody else's knowledge.
pub async fn words_that_look_like_another_are_told(store: Shared) {
    let sample = Sample::default();
    let [ours, theirs] = [
        add_organization(&*store, &sample).await,
        add_organization(&*store, &sample).await,
    ];
    let entries = ["refund reset straße", "refund reserve ra", "referendum parcel"]
        .map(|words| sample.entry(&ours, words, words));
    put_knowledge(&*store, &ours, &entries).await;
    put_knowledge(&*store, &theirs, &[sample.entry(&theirs, "T", "refunds")]).await;
    let like = async |words: &[&str]| {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let mut unit = store.read(Scope::trusted(ours.id)).await.unwrap();
        unit.knowledge().words_like(&words).await.unwrap()
    };
    assert_eq!(like(&["refnd"]).await, ["refund", "reserve", "reset"]);
    assert_eq!(like(&["strasse", "parcle"]).await, ["parcel", "straße"]);
    assert!(like(&["unheard", ""]).await.is_empty());
    assert!(like(&[]).await.is_empty());
}

/// An organization without knowledge, a question without words: no nominee and no error.
pub async fn nothing_known_nominates_nothing(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let vector = sample.vector();
    let found = nominate(&*store, &organization, &sample.query("any word", Some(&vector))).await;
    assert!(found.nominees.is_empty());
    assert_eq!(
        (found.lexicon.passages, found.lexicon.frequencies),
        (0, vec![0, 0])
    );
    put_knowledge(
        &*store,
        &organization,
        &[sample.entry(&organization, "T", "words")],
    )
    .await;
    assert!(
        nominate(&*store, &organization, &sample.query("", None))
            .await
            .nominees
            .is_empty()
    );
    // A model with vectors of another length finds nothing by meaning.
    let other_model = std::sync::Arc::from(vec![1.0_f32, 0.0]);
    let found = nominate(&*store, &organization, &sample.query("words", Some(&other_model))).await;
    assert_eq!(found.nominees.len(), 1);
    assert_eq!(found.nominees[0].cosine, 0.0);
}
