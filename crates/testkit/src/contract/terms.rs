//! What an organization calls its own things.

use acs_domain::access::Scope;
use acs_domain::organization::Organization;
use acs_domain::port::store::Store;
use acs_domain::port::understand::Terms;

use super::Shared;
use crate::sample::{Sample, add_organization};

async fn put(store: &dyn Store, organization: &Organization, terms: &Terms, sample: &Sample) {
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    unit.terms().put(terms, sample.now()).await.unwrap();
    unit.commit().await.unwrap();
}

/// The organization's terms with their version.
async fn find(store: &dyn Store, organization: &Organization) -> (Option<Terms>, i64) {
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let found = unit.organizations().find(organization.id).await.unwrap();
    (unit.terms().find().await.unwrap(), found.unwrap().terms_version)
}

/// Every field is read as it was written, and each change raises the version.
pub async fn come_back_as_they_were(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let (none, mut version) = find(&*store, &organization).await;
    assert_eq!(none, None);
    for terms in [
        sample.terms("Aurora Lamp"),
        Terms::default(),
        sample.terms("Borealis Lamp"),
    ] {
        put(&*store, &organization, &terms, &sample).await;
        let (found, raised) = find(&*store, &organization).await;
        assert_eq!(found, Some(terms));
        assert!(raised > version);
        version = raised;
    }
}

/// Terms are one organization's.
pub async fn are_seen_by_their_organization_alone(store: Shared) {
    let sample = Sample::default();
    let ours = add_organization(&*store, &sample).await;
    let theirs = add_organization(&*store, &sample).await;
    put(&*store, &ours, &sample.terms("Aurora Lamp"), &sample).await;
    let (found, version) = find(&*store, &theirs).await;
    assert_eq!((found, version), (None, theirs.terms_version));
}
