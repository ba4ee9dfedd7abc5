//! Events.

use std::time::Duration;

use acs_domain::access::Scope;

use super::Shared;
use crate::sample::{Sample, add_organization};

/// Events are there after the commit, and not without it. Their number shows when they are swept.
pub async fn events_leave_with_the_commit(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let events = [sample.event(&organization), sample.event(&organization)];
    let later = sample.now() + Duration::from_secs(1);
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    unit.outbox().append(&events).await.unwrap();
    drop(unit);
    assert_eq!(store.directory().sweep(later, later, 100).await.unwrap(), 0);
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    unit.outbox().append(&events).await.unwrap();
    unit.outbox().append(&[]).await.unwrap();
    unit.commit().await.unwrap();
    assert_eq!(store.directory().sweep(later, later, 100).await.unwrap(), 2);
}
