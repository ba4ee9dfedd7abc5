//! Units of work: whole or not at all, and of one organization.

use std::sync::Arc;

use acs_domain::access::{Role, Scope};
use acs_domain::port::store::StoreError;
use acs_domain::port::store::conversation::ConversationFilter;
use tokio::task::JoinSet;

use super::Shared;
use crate::sample::{
    EMBEDDING_MODEL, Sample, add_conversation, add_customer, add_organization, add_turn, insert_organization,
    put_knowledge,
};

/// What a unit wrote is there after its commit.
pub async fn what_is_committed_lasts(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let customer = add_customer(&*store, &sample, &organization).await;
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    assert!(unit.users().find(customer.id).await.unwrap().is_some());
}

/// What a unit wrote that did not commit never was, and the next unit can begin.
pub async fn what_is_dropped_is_gone(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let scope = Scope::trusted(organization.id);
    let customer = sample.customer(&organization, "c-1");
    let mut unit = store.begin(scope).await.unwrap();
    unit.users().insert(&customer).await.unwrap();
    assert!(
        unit.users().find(customer.id).await.unwrap().is_some(),
        "a unit sees what it wrote"
    );
    drop(unit);
    let mut unit = store.begin(scope).await.unwrap();
    assert!(unit.users().find(customer.id).await.unwrap().is_none());
    unit.users().insert(&customer).await.unwrap();
    unit.commit().await.unwrap();
}

/// What another unit commits meanwhile does not change what a reading unit sees.
pub async fn a_read_unit_sees_one_state(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let mut reading = store.read(Scope::trusted(organization.id)).await.unwrap();
    assert!(
        reading
            .users()
            .list(None, &Default::default())
            .await
            .unwrap()
            .items
            .is_empty()
    );
    add_customer(&*store, &sample, &organization).await;
    assert!(
        reading
            .users()
            .list(None, &Default::default())
            .await
            .unwrap()
            .items
            .is_empty()
    );
    drop(reading);
    let mut reading = store.read(Scope::trusted(organization.id)).await.unwrap();
    assert_eq!(
        reading
            .users()
            .list(None, &Default::default())
            .await
            .unwrap()
            .items
            .len(),
        1
    );
}

/// Ids of one organization mean nothing in another's scope.
pub async fn another_organization_sees_and_changes_nothing(store: Shared) {
    let sample = Sample::default();
    let ours = add_organization(&*store, &sample).await;
    let theirs = add_organization(&*store, &sample).await;
    let conversation = add_conversation(&*store, &sample, &ours).await;
    let turn = add_turn(&*store, &sample, &conversation, 1).await;
    let key = sample.api_key(&ours);
    let call = sample.escalation(&conversation);
    let intent = sample.intent(&ours, "greet", &["hello"]);
    let entry = sample.entry(&ours, "Returns", "returns take days");
    let mut unit = store.begin(Scope::trusted(ours.id)).await.unwrap();
    unit.api_keys().insert(&key).await.unwrap();
    unit.escalations().insert(&call).await.unwrap();
    unit.intents().put(std::slice::from_ref(&intent)).await.unwrap();
    unit.commit().await.unwrap();
    put_knowledge(&*store, &ours, std::slice::from_ref(&entry)).await;

    let mut unit = store.begin(Scope::trusted(theirs.id)).await.unwrap();
    let all = ConversationFilter::default();
    assert!(unit.organizations().find(ours.id).await.unwrap().is_none());
    assert!(
        unit.users()
            .find(conversation.customer_id)
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        unit.users()
            .list(None, &Default::default())
            .await
            .unwrap()
            .items
            .is_empty()
    );
    assert!(unit.api_keys().find(key.id).await.unwrap().is_none());
    assert!(!unit.api_keys().revoke(key.id, sample.now()).await.unwrap());
    assert!(
        unit.conversations()
            .find(conversation.id)
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        unit.conversations()
            .lock(conversation.id)
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        unit.conversations()
            .list(&all, &Default::default())
            .await
            .unwrap()
            .items
            .is_empty()
    );
    assert!(unit.messages().find(turn.message_id).await.unwrap().is_none());
    assert!(
        unit.messages()
            .recent(conversation.id, 10, 10)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(unit.turns().find(turn.id).await.unwrap().is_none());
    assert!(!unit.turns().any_unfinished(conversation.id, 0).await.unwrap());
    let now = sample.now();
    assert!(
        unit.turns()
            .acquire(conversation.id, "thief", now, now)
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        unit.escalations()
            .find_open(conversation.id)
            .await
            .unwrap()
            .is_none()
    );
    unit.escalations().resolve(conversation.id, now).await.unwrap();
    assert!(unit.intents().find(intent.intent.id).await.unwrap().is_none());
    assert!(unit.intents().phrases(EMBEDDING_MODEL).await.unwrap().is_empty());
    assert!(!unit.intents().delete(intent.intent.id, now).await.unwrap());
    assert!(unit.knowledge().find(entry.entry.id).await.unwrap().is_none());
    assert!(
        unit.knowledge()
            .passages(&[entry.passages[0].id])
            .await
            .unwrap()
            .is_empty()
    );
    assert!(!unit.knowledge().delete(entry.entry.id, now).await.unwrap());
    unit.commit().await.unwrap();

    let mut unit = store.read(Scope::trusted(ours.id)).await.unwrap();
    assert!(
        unit.escalations()
            .find_open(conversation.id)
            .await
            .unwrap()
            .is_some()
    );
    assert!(unit.intents().find(intent.intent.id).await.unwrap().is_some());
    assert!(unit.knowledge().find(entry.entry.id).await.unwrap().is_some());
    assert_eq!(unit.turns().find(turn.id).await.unwrap(), Some(turn));
}

/// A unit refuses to write what says that it belongs to another organization.
pub async fn a_foreign_thing_is_never_written(store: Shared) {
    let sample = Sample::default();
    let ours = add_organization(&*store, &sample).await;
    let theirs = add_organization(&*store, &sample).await;
    let mut unit = store.begin(Scope::trusted(theirs.id)).await.unwrap();
    let refused = unit.users().insert(&sample.staff(&ours, Role::Admin)).await;
    assert!(matches!(refused, Err(StoreError::Failed(_))), "{refused:?}");
    drop(unit);
    let stranger = sample.organization();
    let mut unit = store.begin(Scope::trusted(theirs.id)).await.unwrap();
    let refused = unit.organizations().insert(&stranger).await;
    assert!(matches!(refused, Err(StoreError::Failed(_))), "{refused:?}");
    drop(unit);
    insert_organization(&*store, &stranger).await;
}

/// Units that read and then write do not fail because others do so too.
pub async fn units_that_read_and_then_write_all_succeed(store: Shared) {
    let sample = Arc::new(Sample::default());
    let organization = Arc::new(add_organization(&*store, &sample).await);
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let (store, sample, organization) =
            (Arc::clone(&store), Arc::clone(&sample), Arc::clone(&organization));
        tasks.spawn(async move {
            for _ in 0..5 {
                let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
                let id = sample.id();
                assert!(unit.users().find(id).await.unwrap().is_none());
                let customer = sample.customer(&organization, &id.to_string());
                unit.users().insert(&customer).await.unwrap();
                unit.commit().await.unwrap();
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let page = acs_core::page::PageRequest::new(Some(100), None).unwrap();
    assert_eq!(unit.users().list(None, &page).await.unwrap().items.len(), 100);
}

/// A store that is there says so.
pub async fn the_store_answers(store: Shared) {
    store.ping().await.unwrap();
}
