//! Trained heads, and the leases under which they are trained.

use std::sync::Arc;
use std::time::Duration;

use acs_domain::access::Scope;
use acs_domain::intent_head::{IntentHead, TrainedHead};
use acs_domain::organization::Organization;
use acs_domain::port::store::Store;
use time::OffsetDateTime;
use tokio::task::JoinSet;

use super::Shared;
use crate::sample::{EMBEDDING_MODEL, Sample, add_organization};

const LEASE: Duration = Duration::from_secs(15);

fn head(sample: &Sample, organization: &Organization, intents_version: i64) -> IntentHead {
    IntentHead {
        organization_id: organization.id,
        embedding_model: EMBEDDING_MODEL.to_owned(),
        intents_version,
        trained_at: sample.now(),
        took: Duration::from_millis(1_234),
    }
}

/// Keeps a head, unless the store would not have it.
async fn put(store: &dyn Store, head: &IntentHead, bytes: Option<&[u8]>) -> bool {
    let scope = Scope::trusted(head.organization_id);
    let mut unit = store.begin(scope).await.unwrap();
    let kept = unit.intent_heads().put(head, bytes).await.unwrap();
    if kept {
        unit.commit().await.unwrap();
    }
    kept
}

async fn trained(store: &dyn Store, organization: &Organization, model: &str) -> Option<TrainedHead> {
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    unit.intent_heads().trained(model).await.unwrap()
}

async fn version(store: &dyn Store, organization: &Organization) -> i64 {
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let found = unit.organizations().find(organization.id).await.unwrap();
    found.unwrap().intent_head_version
}

async fn acquire(store: &dyn Store, organization: &Organization, now: OffsetDateTime) -> Option<i64> {
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    let attempt = unit
        .intent_heads()
        .acquire(EMBEDDING_MODEL, "worker-1", now, now + LEASE)
        .await
        .unwrap();
    unit.commit().await.unwrap();
    attempt
}

/// A head is read as it was written, long bytes too, or none at all.
pub async fn comes_back_as_it_was(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    assert_eq!(trained(&*store, &organization, EMBEDDING_MODEL).await, None);
    let bytes: Vec<u8> = (0..3_000_000_u32).map(|n| (n % 251) as u8).collect();
    for (intents_version, bytes) in [(1, Some(bytes)), (2, None)] {
        let written = head(&sample, &organization, intents_version);
        assert!(put(&*store, &written, bytes.as_deref()).await);
        let found = trained(&*store, &organization, EMBEDDING_MODEL).await.unwrap();
        assert_eq!(found.version, version(&*store, &organization).await);
        assert!(found.bytes == bytes, "the bytes are others");
        let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
        let found = unit.intent_heads().find(EMBEDDING_MODEL).await.unwrap();
        assert_eq!(found, Some(written));
    }
}

/// Of two trainings the one on the later version of the intents stays, whichever ends last.
pub async fn an_older_training_never_replaces_a_newer(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    assert!(put(&*store, &head(&sample, &organization, 3), Some(b"three")).await);
    let in_force = version(&*store, &organization).await;
    for older in [2, 3] {
        assert!(!put(&*store, &head(&sample, &organization, older), Some(b"older")).await);
    }
    let found = trained(&*store, &organization, EMBEDDING_MODEL).await.unwrap();
    assert_eq!(found.bytes.as_deref(), Some(&b"three"[..]));
    assert_eq!(version(&*store, &organization).await, in_force);
    assert!(put(&*store, &head(&sample, &organization, 4), Some(b"four")).await);
    assert!(version(&*store, &organization).await > in_force);
}

/// Each embedding model has a head of its own.
pub async fn models_do_not_meet(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let other = IntentHead {
        embedding_model: "another".to_owned(),
        ..head(&sample, &organization, 1)
    };
    assert!(put(&*store, &head(&sample, &organization, 5), Some(b"first")).await);
    assert!(put(&*store, &other, Some(b"second")).await);
    for (model, bytes) in [(EMBEDDING_MODEL, &b"first"[..]), ("another", b"second")] {
        let found = trained(&*store, &organization, model).await.unwrap();
        assert_eq!(found.bytes.as_deref(), Some(bytes));
    }
}

/// A head is forgotten only as long as it is the one that could not be read.
pub async fn a_discarded_head_may_be_trained_anew(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let written = head(&sample, &organization, 3);
    assert!(put(&*store, &written, Some(b"damaged")).await);
    let damaged = version(&*store, &organization).await;
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    let heads = unit.intent_heads();
    assert!(!heads.discard(EMBEDDING_MODEL, damaged - 1).await.unwrap());
    assert!(!heads.discard("another", damaged).await.unwrap());
    assert!(heads.discard(EMBEDDING_MODEL, damaged).await.unwrap());
    unit.commit().await.unwrap();
    assert_eq!(trained(&*store, &organization, EMBEDDING_MODEL).await, None);
    assert!(put(&*store, &written, Some(b"whole")).await);
    assert!(version(&*store, &organization).await > damaged);
}

/// A live lease keeps others out; one that ended, or was ended, is taken over under a new number, and the old holder may do
/// nothing more.
pub async fn a_training_is_one_holders(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let now = sample.now();
    assert_eq!(acquire(&*store, &organization, now).await, Some(1));
    assert_eq!(
        acquire(&*store, &organization, now + LEASE - Duration::from_micros(1)).await,
        None
    );
    assert_eq!(acquire(&*store, &organization, now + LEASE).await, Some(2));
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    let heads = unit.intent_heads();
    assert!(!heads.renew(EMBEDDING_MODEL, 1, now + 9 * LEASE).await.unwrap());
    assert!(heads.renew(EMBEDDING_MODEL, 2, now + 3 * LEASE).await.unwrap());
    unit.commit().await.unwrap();
    assert_eq!(acquire(&*store, &organization, now + 2 * LEASE).await, None);
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    assert!(unit.intent_heads().renew(EMBEDDING_MODEL, 2, now).await.unwrap());
    unit.commit().await.unwrap();
    assert_eq!(acquire(&*store, &organization, now).await, Some(3));
}

/// Twenty reach for a training: one gets it.
pub async fn one_of_twenty_trains(store: Shared) {
    let sample = Sample::default();
    let organization = Arc::new(add_organization(&*store, &sample).await);
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let (store, organization, now) = (Arc::clone(&store), Arc::clone(&organization), sample.now());
        tasks.spawn(async move { acquire(&*store, &organization, now).await });
    }
    let taken = tasks.join_all().await;
    assert_eq!(taken.iter().flatten().count(), 1);
}
