//! API keys.

use acs_domain::access::{Role, Scope};
use acs_domain::api_key::ApiKey;
use acs_domain::port::store::{Store, StoreError};

use super::{Shared, all_pages, assert_conflict};
use crate::sample::{Sample, add_organization};

async fn insert(store: &dyn Store, key: &ApiKey) -> Result<(), StoreError> {
    let mut unit = store.begin(Scope::trusted(key.organization_id)).await?;
    unit.api_keys().insert(key).await?;
    unit.commit().await
}

/// Every field is read as it was written.
pub async fn comes_back_as_it_was(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let admin = sample.staff(&organization, Role::Admin);
    let mut key = sample.api_key(&organization);
    key.created_by = Some(admin.id);
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    unit.users().insert(&admin).await.unwrap();
    unit.api_keys().insert(&key).await.unwrap();
    assert_eq!(unit.api_keys().find(key.id).await.unwrap(), Some(key));
    assert_eq!(unit.api_keys().find(sample.id()).await.unwrap(), None);
}

/// A key is revoked once, and not after its time.
pub async fn ends_once(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let (key, ended) = (sample.api_key(&organization), sample.api_key(&organization));
    insert(&*store, &key).await.unwrap();
    insert(&*store, &ended).await.unwrap();
    let at = sample.now();
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    assert!(unit.api_keys().revoke(key.id, at).await.unwrap());
    assert!(!unit.api_keys().revoke(key.id, at).await.unwrap());
    assert!(!unit.api_keys().revoke(sample.id(), at).await.unwrap());
    assert!(
        !unit
            .api_keys()
            .revoke(ended.id, ended.expires_at.unwrap())
            .await
            .unwrap()
    );
    assert_eq!(
        unit.api_keys().find(key.id).await.unwrap().unwrap().revoked_at,
        Some(at)
    );
}

/// The time of the last use is kept.
pub async fn use_is_noted(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let key = sample.api_key(&organization);
    insert(&*store, &key).await.unwrap();
    let at = sample.now();
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    unit.api_keys().touch(key.id, at).await.unwrap();
    assert_eq!(
        unit.api_keys().find(key.id).await.unwrap().unwrap().last_used_at,
        Some(at)
    );
}

/// No two keys have one hash, in any organization.
pub async fn a_taken_hash_is_a_conflict(store: Shared) {
    let sample = Sample::default();
    let (ours, theirs) = (
        add_organization(&*store, &sample).await,
        add_organization(&*store, &sample).await,
    );
    let first = sample.api_key(&ours);
    insert(&*store, &first).await.unwrap();
    let mut second = sample.api_key(&theirs);
    second.hash = first.hash;
    assert_conflict(insert(&*store, &second).await, "key");
}

/// Lists are newest first.
pub async fn lists_are_newest_first(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let mut expected = Vec::new();
    for _ in 0..5 {
        let key = sample.api_key(&organization);
        insert(&*store, &key).await.unwrap();
        expected.insert(0, key);
    }
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let listed = all_pages(async |page| unit.api_keys().list(&page).await.unwrap()).await;
    assert_eq!(listed, expected);
}
