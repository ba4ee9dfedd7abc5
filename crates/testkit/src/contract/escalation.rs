//! Calls for a person.

use acs_domain::access::{Role, Scope};
use acs_domain::escalation::Escalation;

use super::Shared;
use crate::sample::{Sample, add_conversation, add_organization};

/// A call is open until it is done with; who took it is noted.
pub async fn the_open_call_is_found_until_it_is_done(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let conversation = add_conversation(&*store, &sample, &organization).await;
    let agent = sample.staff(&organization, Role::Agent);
    let call = sample.escalation(&conversation);
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    unit.users().insert(&agent).await.unwrap();
    assert_eq!(unit.escalations().find_open(conversation.id).await.unwrap(), None);
    unit.escalations().insert(&call).await.unwrap();
    assert_eq!(
        unit.escalations().find_open(conversation.id).await.unwrap(),
        Some(call.clone())
    );
    let at = sample.now();
    unit.escalations()
        .acknowledge(conversation.id, agent.id, at)
        .await
        .unwrap();
    let taken = Escalation {
        assigned_to: Some(agent.id),
        acknowledged_at: Some(at),
        ..call
    };
    assert_eq!(
        unit.escalations().find_open(conversation.id).await.unwrap(),
        Some(taken)
    );
    unit.escalations().resolve(conversation.id, at).await.unwrap();
    assert_eq!(unit.escalations().find_open(conversation.id).await.unwrap(), None);
    unit.escalations().resolve(conversation.id, at).await.unwrap();
}

/// Calls of other conversations stay as they are.
pub async fn others_are_left_alone(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let first = add_conversation(&*store, &sample, &organization).await;
    let second = add_conversation(&*store, &sample, &organization).await;
    let (ended, open) = (sample.escalation(&first), sample.escalation(&second));
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    unit.escalations().insert(&ended).await.unwrap();
    unit.escalations().insert(&open).await.unwrap();
    unit.escalations().resolve(first.id, sample.now()).await.unwrap();
    assert_eq!(unit.escalations().find_open(second.id).await.unwrap(), Some(open));
}
