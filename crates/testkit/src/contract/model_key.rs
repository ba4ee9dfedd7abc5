//! Organizations' own keys for language models.

use acs_domain::access::Scope;
use acs_domain::model_key::ModelKey;
use acs_domain::organization::Organization;
use acs_domain::port::store::Store;

use super::Shared;
use crate::sample::{Sample, add_organization};

fn key(model: &str, base_url: Option<&str>, sample: &Sample) -> ModelKey {
    ModelKey {
        model: model.to_owned(),
        sealed: format!("v1.one.{}", sample.hash()),
        last_four: "4f2a".to_owned(),
        base_url: base_url.map(str::to_owned),
        set_at: sample.now(),
    }
}

async fn put(store: &dyn Store, organization: &Organization, key: &ModelKey) {
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    unit.model_keys().put(key).await.unwrap();
    unit.commit().await.unwrap();
}

async fn remove(store: &dyn Store, organization: &Organization, model: &str) -> bool {
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    let removed = unit.model_keys().remove(model).await.unwrap();
    unit.commit().await.unwrap();
    removed
}

/// The organization's keys with their version.
async fn all(store: &dyn Store, organization: &Organization) -> (Vec<ModelKey>, i64) {
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let found = unit.organizations().find(organization.id).await.unwrap();
    (
        unit.model_keys().all().await.unwrap(),
        found.unwrap().model_keys_version,
    )
}

/// Every field is read as it was written, by model; each change raises the version.
pub async fn come_back_as_they_were(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let (none, mut version) = all(&*store, &organization).await;
    assert_eq!(none, []);
    let mut rises = async |expected: Vec<ModelKey>| {
        let (found, raised) = all(&*store, &organization).await;
        assert_eq!(found, expected);
        assert!(raised > version);
        version = raised;
    };
    let openai = key("openai", None, &sample);
    put(&*store, &organization, &openai).await;
    rises(vec![openai.clone()]).await;
    let azure = key("azure-eu", Some("https://acme.openai.azure.com"), &sample);
    put(&*store, &organization, &azure).await;
    rises(vec![azure.clone(), openai.clone()]).await;
    let renewed = key("azure-eu", None, &sample);
    put(&*store, &organization, &renewed).await;
    rises(vec![renewed.clone(), openai]).await;
    assert!(remove(&*store, &organization, "openai").await);
    rises(vec![renewed]).await;
    assert!(!remove(&*store, &organization, "openai").await);
}

/// A key is one organization's.
pub async fn are_seen_by_their_organization_alone(store: Shared) {
    let sample = Sample::default();
    let ours = add_organization(&*store, &sample).await;
    let theirs = add_organization(&*store, &sample).await;
    let openai = key("openai", None, &sample);
    put(&*store, &ours, &openai).await;
    let (found, version) = all(&*store, &theirs).await;
    assert_eq!((found, version), (Vec::new(), theirs.model_keys_version));
    assert!(!remove(&*store, &theirs, "openai").await);
    assert_eq!(all(&*store, &ours).await.0, [openai]);
}
