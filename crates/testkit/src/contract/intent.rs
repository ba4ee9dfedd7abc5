//! Intents.

use acs_domain::access::Scope;
use acs_domain::intent::Intent;
use acs_domain::organization::Organization;
use acs_domain::port::store::intent::WrittenIntent;
use acs_domain::port::store::{Store, StoreError};

use super::{Shared, all_pages, assert_conflict};
use crate::sample::{EMBEDDING_MODEL, Sample, add_organization};

async fn put(
    store: &dyn Store,
    organization: &Organization,
    written: &[WrittenIntent],
) -> Result<(), StoreError> {
    let mut unit = store.begin(Scope::trusted(organization.id)).await?;
    unit.intents().put(written).await?;
    unit.commit().await
}

async fn find(store: &dyn Store, intent: &Intent) -> Option<Intent> {
    let mut unit = store.read(Scope::trusted(intent.organization_id)).await.unwrap();
    unit.intents().find(intent.id).await.unwrap()
}

/// Every field is read as it was written, phrases in their order.
pub async fn comes_back_as_it_was(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let first = sample.intent(
        &organization,
        "refund",
        &["money back", "a refund", "give it back"],
    );
    let second = sample.intent(&organization, "greet", &[]);
    put(&*store, &organization, &[first.clone(), second.clone()])
        .await
        .unwrap();
    assert_eq!(find(&*store, &first.intent).await, Some(first.intent.clone()));
    assert_eq!(find(&*store, &second.intent).await, Some(second.intent.clone()));
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    assert_eq!(unit.intents().find(sample.id()).await.unwrap(), None);
    let names = ["greet".to_owned(), "nothing".to_owned(), "refund".to_owned()];
    let mut found = unit.intents().find_by_names(&names).await.unwrap();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    assert_eq!(found, [second.intent, first.intent]);
}

/// A higher version takes the place of the one before, phrases and all.
pub async fn a_new_version_replaces_the_old(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let first = sample.intent(&organization, "refund", &["money back", "a refund"]);
    put(&*store, &organization, std::slice::from_ref(&first))
        .await
        .unwrap();
    let mut second = sample.intent(&organization, "money_back", &["cash please"]);
    second.intent.id = first.intent.id;
    second.intent.version = 2;
    put(&*store, &organization, std::slice::from_ref(&second))
        .await
        .unwrap();
    let expected = Intent {
        created_at: first.intent.created_at,
        ..second.intent.clone()
    };
    assert_eq!(find(&*store, &first.intent).await, Some(expected));
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let phrases = unit.intents().phrases(EMBEDDING_MODEL).await.unwrap();
    assert_eq!(phrases.len(), 1);
    assert_eq!(
        (phrases[0].intent.as_str(), phrases[0].text.as_str()),
        ("money_back", "cash please")
    );
    assert_eq!(phrases[0].vector, second.vectors[0]);
}

/// A taken name is a conflict of `name`, a version out of turn one of `version`.
pub async fn conflicts_are_named(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let first = sample.intent(&organization, "refund", &["money back"]);
    put(&*store, &organization, std::slice::from_ref(&first))
        .await
        .unwrap();
    let same_name = sample.intent(&organization, "refund", &["again"]);
    assert_conflict(put(&*store, &organization, &[same_name]).await, "name");
    assert_conflict(
        put(&*store, &organization, std::slice::from_ref(&first)).await,
        "version",
    );
    let mut skipping = first;
    skipping.intent.version = 3;
    assert_conflict(put(&*store, &organization, &[skipping]).await, "version");
    let mut never_made = sample.intent(&organization, "other", &[]);
    never_made.intent.version = 2;
    assert_conflict(put(&*store, &organization, &[never_made]).await, "version");
}

/// Phrases come with their vectors, bit by bit, of enabled intents only.
pub async fn phrases_of_enabled_intents_are_learned(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let on = sample.intent(&organization, "refund", &["money back", "a refund"]);
    let mut off = sample.intent(&organization, "greet", &["hello"]);
    off.intent.enabled = false;
    put(&*store, &organization, &[on.clone(), off]).await.unwrap();
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let mut learned = unit.intents().phrases(EMBEDDING_MODEL).await.unwrap();
    learned.sort_by(|a, b| a.text.cmp(&b.text));
    let texts: Vec<_> = learned.iter().map(|phrase| phrase.text.as_str()).collect();
    assert_eq!(texts, ["a refund", "money back"]);
    assert_eq!(learned[1].vector, on.vectors[0]);
}

/// Phrases that another model embedded are not mixed with those of this one.
pub async fn phrases_of_another_model_are_left_out(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let ours = sample.intent(&organization, "refund", &["money back", "a refund"]);
    let mut theirs = sample.intent(&organization, "greet", &["hello"]);
    theirs.embedding_model = "another".to_owned();
    let mut off = sample.intent(&organization, "off", &["switched off"]);
    off.intent.enabled = false;
    put(
        &*store,
        &organization,
        &[ours.clone(), theirs.clone(), off.clone()],
    )
    .await
    .unwrap();
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let intents = unit.intents();
    for (model, expected) in [
        (EMBEDDING_MODEL, &["money back", "a refund"][..]),
        ("another", &["hello"]),
        ("unknown", &[]),
    ] {
        let learned = intents.phrases(model).await.unwrap();
        let texts: Vec<_> = learned.iter().map(|phrase| phrase.text.as_str()).collect();
        assert_eq!(texts, expected, "{model}");
    }
    let ids = [ours.intent.id, theirs.intent.id, off.intent.id];
    let of = intents.phrases_of(&ids[1..], EMBEDDING_MODEL).await.unwrap();
    let of: Vec<_> = of.iter().map(|phrase| (&phrase.text, &phrase.vector)).collect();
    assert_eq!(of, [(&"switched off".to_owned(), &off.vectors[0])]);
}

/// The words of all enabled intents, whichever model embedded them.
pub async fn words_come_with_their_intent(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let on = sample.intent(&organization, "refund", &["money back", "a refund"]);
    let mut other = sample.intent(&organization, "greet", &["hello"]);
    other.embedding_model = "another".to_owned();
    let mut off = sample.intent(&organization, "off", &["switched off"]);
    off.intent.enabled = false;
    put(&*store, &organization, &[on, other, off]).await.unwrap();
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let wordings = unit.intents().wordings().await.unwrap();
    let expected = [
        ("greet", "hello"),
        ("refund", "money back"),
        ("refund", "a refund"),
    ];
    assert_eq!(
        wordings,
        expected.map(|(name, text)| (name.to_owned(), text.to_owned()))
    );
}

/// A removed intent is gone with its phrases.
pub async fn deletion_forgets_the_phrases(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let written = sample.intent(&organization, "refund", &["money back"]);
    put(&*store, &organization, std::slice::from_ref(&written))
        .await
        .unwrap();
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    assert!(
        unit.intents()
            .delete(written.intent.id, sample.now())
            .await
            .unwrap()
    );
    assert!(
        !unit
            .intents()
            .delete(written.intent.id, sample.now())
            .await
            .unwrap()
    );
    assert!(unit.intents().phrases(EMBEDDING_MODEL).await.unwrap().is_empty());
    unit.intents().put(&[written]).await.unwrap();
}

/// Caches keyed by the organization's version of its intents are never stale.
pub async fn every_change_raises_the_version(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let version = async || {
        let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
        unit.organizations()
            .find(organization.id)
            .await
            .unwrap()
            .unwrap()
            .intents_version
    };
    let before = version().await;
    let written = sample.intent(&organization, "refund", &["money back"]);
    put(&*store, &organization, std::slice::from_ref(&written))
        .await
        .unwrap();
    let after_put = version().await;
    assert!(after_put > before);
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    unit.intents()
        .delete(written.intent.id, sample.now())
        .await
        .unwrap();
    unit.commit().await.unwrap();
    assert!(version().await > after_put);
}

/// Lists are newest first.
pub async fn lists_are_newest_first(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let mut expected = Vec::new();
    for n in 0..5 {
        let written = sample.intent(&organization, &format!("intent_{n}"), &["one", "two"]);
        put(&*store, &organization, std::slice::from_ref(&written))
            .await
            .unwrap();
        expected.insert(0, written.intent);
    }
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let listed = all_pages(async |page| unit.intents().list(&page).await.unwrap()).await;
    assert_eq!(listed, expected);
}
