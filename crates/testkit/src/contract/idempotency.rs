//! Requests that must take effect once.

use std::sync::Arc;
use std::time::Duration;

use acs_domain::access::Scope;
use acs_domain::idempotency::{Claim, RETENTION, Recall};
use acs_domain::organization::Organization;
use acs_domain::port::store::Store;
use tokio::task::JoinSet;

use super::Shared;
use crate::sample::{Sample, add_organization};

async fn recall(store: &dyn Store, organization: &Organization, claim: &Claim) -> Recall {
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    unit.idempotency().recall(claim).await.unwrap()
}

async fn perform(store: &dyn Store, organization: &Organization, claim: &Claim, result: &str) {
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    assert_eq!(unit.idempotency().recall(claim).await.unwrap(), Recall::Fresh);
    unit.idempotency().keep(claim, result).await.unwrap();
    unit.commit().await.unwrap();
}

/// The first time is fresh; afterwards the result is known, without working again.
pub async fn a_new_claim_is_fresh_and_then_done(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let claim = sample.claim("k-1");
    perform(&*store, &organization, &claim, "{\"id\":1}").await;
    let later = Claim {
        at: claim.at + Duration::from_secs(60),
        ..claim
    };
    assert_eq!(
        recall(&*store, &organization, &later).await,
        Recall::Done("{\"id\":1}".to_owned())
    );
}

/// A key stands for one request.
pub async fn another_request_under_the_key_is_refused(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let claim = sample.claim("k-1");
    perform(&*store, &organization, &claim, "done").await;
    let other = Claim {
        request_hash: sample.hash(),
        ..claim
    };
    assert_eq!(recall(&*store, &organization, &other).await, Recall::Reused);
}

/// The same key of another caller, for another operation or in another organization is another key.
pub async fn callers_and_operations_do_not_meet(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let stranger = add_organization(&*store, &sample).await;
    let claim = sample.claim("k-1");
    perform(&*store, &organization, &claim, "done").await;
    let other_caller = Claim {
        caller: "someone".to_owned(),
        ..claim.clone()
    };
    let other_operation = Claim {
        operation: "POST /knowledge".to_owned(),
        ..claim.clone()
    };
    assert_eq!(recall(&*store, &organization, &other_caller).await, Recall::Fresh);
    assert_eq!(
        recall(&*store, &organization, &other_operation).await,
        Recall::Fresh
    );
    assert_eq!(recall(&*store, &stranger, &claim).await, Recall::Fresh);
}

/// After its time a key is forgotten, even if it was not swept.
pub async fn an_old_claim_is_fresh_again(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let claim = sample.claim("k-1");
    perform(&*store, &organization, &claim, "old").await;
    let still = Claim {
        at: claim.at + RETENTION - Duration::from_micros(1),
        ..claim.clone()
    };
    assert_eq!(
        recall(&*store, &organization, &still).await,
        Recall::Done("old".to_owned())
    );
    let late = Claim {
        at: claim.at + RETENTION,
        request_hash: sample.hash(),
        ..claim
    };
    perform(&*store, &organization, &late, "new").await;
    assert_eq!(
        recall(&*store, &organization, &late).await,
        Recall::Done("new".to_owned())
    );
}

/// Work that came to nothing may be done.
pub async fn work_that_was_rolled_back_is_fresh(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let claim = sample.claim("k-1");
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    assert_eq!(unit.idempotency().recall(&claim).await.unwrap(), Recall::Fresh);
    unit.idempotency().keep(&claim, "lost").await.unwrap();
    drop(unit);
    assert_eq!(recall(&*store, &organization, &claim).await, Recall::Fresh);
}

/// Twins that come at once: one works, the others get its result.
pub async fn twins_at_once_have_one_effect(store: Shared) {
    let sample = Arc::new(Sample::default());
    let organization = Arc::new(add_organization(&*store, &sample).await);
    let claim = sample.claim("k-1");
    let mut tasks = JoinSet::new();
    for n in 0..10 {
        let (store, sample, organization) =
            (Arc::clone(&store), Arc::clone(&sample), Arc::clone(&organization));
        let claim = claim.clone();
        tasks.spawn(async move {
            let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
            match unit.idempotency().recall(&claim).await.unwrap() {
                Recall::Fresh => {
                    let customer = sample.customer(&organization, &format!("c-{n}"));
                    unit.users().insert(&customer).await.unwrap();
                    unit.idempotency()
                        .keep(&claim, &customer.id.to_string())
                        .await
                        .unwrap();
                    unit.commit().await.unwrap();
                    customer.id.to_string()
                }
                Recall::Done(result) => result,
                Recall::Reused => panic!("it is the same request"),
            }
        });
    }
    let results = tasks.join_all().await;
    assert!(results.iter().all(|result| *result == results[0]), "{results:?}");
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    assert_eq!(
        unit.users()
            .list(None, &Default::default())
            .await
            .unwrap()
            .items
            .len(),
        1
    );
}
