//! Erasing customers.

use acs_domain::access::Scope;
use acs_domain::conversation::{Conversation, Status};
use acs_domain::gap::Unanswered;
use acs_domain::port::store::Store;
use acs_domain::port::store::erasure::Extent;
use acs_domain::turn::Turn;

use super::{Shared, assert_conflict};
use crate::sample::{Sample, add_conversation, add_organization, add_turn};

/// A customer's conversation with all that hangs on it: a turn that is done, one under way, a call for a person, a key, and an
/// unanswered question.
async fn full(store: &dyn Store, sample: &Sample, conversation: &Conversation) -> (Turn, Turn) {
    let done = add_turn(store, sample, conversation, 1).await;
    let running = add_turn(store, sample, conversation, 2).await;
    let mut unit = store
        .begin(Scope::trusted(conversation.organization_id))
        .await
        .unwrap();
    let until = sample.now() + std::time::Duration::from_secs(30);
    for _ in 0..2 {
        unit.turns()
            .acquire(conversation.id, "worker-1", sample.now(), until)
            .await
            .unwrap();
        unit.turns()
            .complete(done.id, 1, &sample.turn_result())
            .await
            .unwrap();
    }
    unit.escalations()
        .insert(&sample.escalation(conversation))
        .await
        .unwrap();
    unit.records()
        .add_key(&sample.customer_key(conversation))
        .await
        .unwrap();
    let question = Unanswered {
        id: sample.id(),
        conversation_id: conversation.id,
        question: "Where is it?".to_owned(),
        language: None,
        vector: sample.vector(),
        embedding_model: "model".to_owned(),
        knowledge_version: 1,
        asked_at: sample.now(),
    };
    let since = time::OffsetDateTime::UNIX_EPOCH;
    unit.unanswered().add(&question, 10, since).await.unwrap();
    unit.commit().await.unwrap();
    (done, running)
}

/// What is emptied has no words and can be read; nobody can go on with it; another customer's stays as it was.
pub async fn empties_one_customer_and_nobody_else(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let scope = Scope::trusted(organization.id);
    let ours = add_conversation(&*store, &sample, &organization).await;
    let other = add_conversation(&*store, &sample, &organization).await;
    let (done, running) = full(&*store, &sample, &ours).await;
    let (others_done, others_running) = full(&*store, &sample, &other).await;
    let mut unit = store.read(scope).await.unwrap();
    let extent = Extent {
        conversations: 1,
        messages: 2,
        keys: 1,
    };
    assert_eq!(unit.erasure().extent(ours.customer_id).await.unwrap(), extent);
    let others_before = unit.conversations().find(other.id).await.unwrap();
    drop(unit);

    let mut unit = store.begin(scope).await.unwrap();
    let at = sample.now();
    let held = unit.erasure().hold(ours.customer_id, 10).await.unwrap();
    assert_eq!(held, [ours.id]);
    assert_eq!(unit.erasure().empty(&held, at).await.unwrap(), 2);
    unit.erasure().forget(ours.customer_id, at).await.unwrap();
    assert_eq!(
        unit.erasure().hold(ours.customer_id, 10).await.unwrap(),
        [],
        "once is enough"
    );
    unit.commit().await.unwrap();

    let mut unit = store.begin(scope).await.unwrap();
    let conversation = unit.conversations().find(ours.id).await.unwrap().unwrap();
    assert_eq!(
        (conversation.is_erased(), conversation.status, conversation.asked),
        (true, Status::Archived, None)
    );
    for message in unit.messages().recent(ours.id, i64::MAX, 10).await.unwrap() {
        assert!(message.is_erased() && message.sender_id.is_none() && message.metadata.is_empty());
    }
    let emptied = unit.turns().find(done.id).await.unwrap().unwrap().result.unwrap();
    let mut expected = sample.turn_result();
    let open = sample.turn_result().evidence.in_the_open();
    (expected.reply_id, expected.completed_at) = (emptied.reply_id, emptied.completed_at);
    (expected.response, expected.evidence, expected.erased) = (None, open, true);
    expected.follow_up_questions.clear();
    assert_eq!(emptied, expected);
    let lost = unit
        .turns()
        .complete(running.id, 1, &sample.turn_result())
        .await
        .unwrap();
    assert!(!lost, "whoever worked on it has lost it");
    assert_eq!(unit.escalations().find_open(ours.id).await.unwrap(), None);
    let asked = unit
        .unanswered()
        .latest(10, time::OffsetDateTime::UNIX_EPOCH)
        .await;
    let asked: Vec<_> = asked
        .unwrap()
        .into_iter()
        .map(|question| question.conversation_id)
        .collect();
    assert_eq!(asked, [other.id]);

    assert_eq!(unit.conversations().find(other.id).await.unwrap(), others_before);
    let others = unit.messages().recent(other.id, i64::MAX, 10).await.unwrap();
    assert!(others.iter().all(|message| !message.is_erased()));
    let result = unit.turns().find(others_done.id).await.unwrap().unwrap().result;
    assert!(!result.unwrap().erased);
    let kept = unit
        .turns()
        .complete(others_running.id, 1, &sample.turn_result())
        .await
        .unwrap();
    assert!(kept);
    assert_eq!(unit.erasure().extent(other.customer_id).await.unwrap(), extent);
}

/// A customer is half erased until the organization's own id is gone; then nobody begins a conversation of theirs.
pub async fn is_unfinished_until_the_own_id_is_gone(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let scope = Scope::trusted(organization.id);
    let ours = add_conversation(&*store, &sample, &organization).await;
    let foreign = add_organization(&*store, &sample).await;
    let mut unit = store.begin(scope).await.unwrap();
    assert_eq!(unit.erasure().unfinished(10).await.unwrap(), []);
    unit.erasure()
        .forget(ours.customer_id, sample.now())
        .await
        .unwrap();
    assert_eq!(unit.erasure().unfinished(10).await.unwrap(), [ours.customer_id]);
    unit.commit().await.unwrap();
    let mut unit = store.begin(Scope::trusted(foreign.id)).await.unwrap();
    assert_eq!(unit.erasure().unfinished(10).await.unwrap(), []);
    unit.erasure().release(ours.customer_id).await.unwrap();
    unit.commit().await.unwrap();
    let mut unit = store.begin(scope).await.unwrap();
    assert_eq!(unit.erasure().unfinished(10).await.unwrap(), [ours.customer_id]);
    unit.erasure().release(ours.customer_id).await.unwrap();
    assert_eq!(unit.erasure().unfinished(10).await.unwrap(), []);
    let person = unit.users().find(ours.customer_id).await.unwrap().unwrap();
    assert_eq!((person.external_id, person.email), (None, None));
    assert_conflict(
        unit.conversations().lock_customer(ours.customer_id).await,
        "version",
    );
}
