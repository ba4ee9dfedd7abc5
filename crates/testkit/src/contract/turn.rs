//! Turns and their leases.

use std::sync::Arc;
use std::time::Duration;

use acs_domain::access::Scope;
use acs_domain::budget::Spending;
use acs_domain::conversation::ConversationId;
use acs_domain::organization::Organization;
use acs_domain::port::store::Store;
use acs_domain::turn::{Lease, Turn, TurnState};
use time::OffsetDateTime;
use tokio::task::JoinSet;

use super::Shared;
use crate::sample::{Sample, add_conversation, add_organization, add_turn};

const LEASE: Duration = Duration::from_secs(30);

async fn acquire(
    store: &dyn Store,
    organization: &Organization,
    id: ConversationId,
    now: OffsetDateTime,
) -> Option<Turn> {
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    let turn = unit
        .turns()
        .acquire(id, "worker-1", now, now + LEASE)
        .await
        .unwrap();
    unit.commit().await.unwrap();
    turn
}

/// Every field is read as it was written, and so is the result.
pub async fn comes_back_as_it_was(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let conversation = add_conversation(&*store, &sample, &organization).await;
    let message = sample.message(&conversation, 1);
    let turn = Turn {
        state: TurnState::Running,
        attempts: 1,
        lease: Some(Lease {
            owner: "worker-1".to_owned(),
            attempt: 1,
            expires_at: sample.now() + LEASE,
        }),
        ..sample.turn(&message)
    };
    let result = sample.turn_result();
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    unit.messages().insert(&[message]).await.unwrap();
    unit.turns().insert(&turn).await.unwrap();
    assert_eq!(unit.turns().find(turn.id).await.unwrap(), Some(turn.clone()));
    assert!(unit.turns().complete(turn.id, 1, &result).await.unwrap());
    unit.commit().await.unwrap();
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let done = Turn {
        state: TurnState::Done,
        lease: None,
        result: Some(result),
        ..turn
    };
    assert_eq!(
        unit.turns().find_by_message(done.message_id).await.unwrap(),
        Some(done)
    );
    assert_eq!(unit.turns().find(sample.id()).await.unwrap(), None);
}

/// The first unfinished turn is taken up; the next only when it is done.
pub async fn turns_are_taken_up_in_order(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let conversation = add_conversation(&*store, &sample, &organization).await;
    let first = add_turn(&*store, &sample, &conversation, 1).await;
    let second = add_turn(&*store, &sample, &conversation, 2).await;
    let now = sample.now();
    let taken = acquire(&*store, &organization, conversation.id, now)
        .await
        .unwrap();
    assert_eq!(
        (taken.id, taken.state, taken.attempts),
        (first.id, TurnState::Running, 1)
    );
    let lease = taken.lease.unwrap();
    assert_eq!(
        (lease.owner.as_str(), lease.attempt, lease.expires_at),
        ("worker-1", 1, now + LEASE)
    );
    assert!(
        acquire(&*store, &organization, conversation.id, now)
            .await
            .is_none()
    );
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    assert!(
        unit.turns()
            .complete(first.id, 1, &sample.turn_result())
            .await
            .unwrap()
    );
    unit.commit().await.unwrap();
    assert_eq!(
        acquire(&*store, &organization, conversation.id, now)
            .await
            .unwrap()
            .id,
        second.id
    );
}

/// Nobody takes up a turn that someone works on, as long as the lease lives.
pub async fn a_live_lease_keeps_others_out(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let conversation = add_conversation(&*store, &sample, &organization).await;
    let turn = add_turn(&*store, &sample, &conversation, 1).await;
    let now = sample.now();
    acquire(&*store, &organization, conversation.id, now)
        .await
        .unwrap();
    let last = now + LEASE - Duration::from_micros(1);
    assert!(
        acquire(&*store, &organization, conversation.id, last)
            .await
            .is_none()
    );
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    assert!(unit.turns().renew(turn.id, 1, now + 2 * LEASE).await.unwrap());
    unit.commit().await.unwrap();
    assert!(
        acquire(&*store, &organization, conversation.id, now + LEASE)
            .await
            .is_none()
    );
}

/// When the lease has ended another takes over, with a higher number.
pub async fn an_ended_lease_is_taken_over(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let conversation = add_conversation(&*store, &sample, &organization).await;
    add_turn(&*store, &sample, &conversation, 1).await;
    let now = sample.now();
    acquire(&*store, &organization, conversation.id, now)
        .await
        .unwrap();
    let again = acquire(&*store, &organization, conversation.id, now + LEASE)
        .await
        .unwrap();
    assert_eq!((again.attempts, again.lease.unwrap().attempt), (2, 2));
}

/// Who was taken over can neither renew, give back nor complete; the new holder can.
pub async fn an_old_attempt_may_do_nothing(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let conversation = add_conversation(&*store, &sample, &organization).await;
    let turn = add_turn(&*store, &sample, &conversation, 1).await;
    let now = sample.now();
    acquire(&*store, &organization, conversation.id, now)
        .await
        .unwrap();
    acquire(&*store, &organization, conversation.id, now + LEASE)
        .await
        .unwrap();
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    assert!(!unit.turns().renew(turn.id, 1, now + 9 * LEASE).await.unwrap());
    assert!(!unit.turns().release(turn.id, 1).await.unwrap());
    assert!(
        !unit
            .turns()
            .complete(turn.id, 1, &sample.turn_result())
            .await
            .unwrap()
    );
    assert!(
        unit.turns()
            .complete(turn.id, 2, &sample.turn_result())
            .await
            .unwrap()
    );
    assert!(
        !unit
            .turns()
            .complete(turn.id, 2, &sample.turn_result())
            .await
            .unwrap(),
        "done is done"
    );
}

/// A turn that was given back is free at once, for a new attempt.
pub async fn a_turn_given_back_is_free_at_once(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let conversation = add_conversation(&*store, &sample, &organization).await;
    let turn = add_turn(&*store, &sample, &conversation, 1).await;
    let now = sample.now();
    acquire(&*store, &organization, conversation.id, now)
        .await
        .unwrap();
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    assert!(unit.turns().release(turn.id, 1).await.unwrap());
    let waiting = unit.turns().find(turn.id).await.unwrap().unwrap();
    assert_eq!((waiting.state, waiting.lease), (TurnState::Queued, None));
    unit.commit().await.unwrap();
    assert_eq!(
        acquire(&*store, &organization, conversation.id, now)
            .await
            .unwrap()
            .attempts,
        2
    );
}

/// Twenty reach for a turn: one gets it.
pub async fn one_of_twenty_takes_it_up(store: Shared) {
    let sample = Sample::default();
    let organization = Arc::new(add_organization(&*store, &sample).await);
    let conversation = add_conversation(&*store, &sample, &organization).await;
    add_turn(&*store, &sample, &conversation, 1).await;
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let (store, organization, now) = (Arc::clone(&store), Arc::clone(&organization), sample.now());
        tasks.spawn(async move { acquire(&*store, &organization, conversation.id, now).await });
    }
    let taken = tasks.join_all().await;
    assert_eq!(taken.iter().flatten().count(), 1);
}

/// Whether a turn behind a place waits or runs is known; one that is done is not unfinished.
pub async fn what_is_unfinished_is_known(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let conversation = add_conversation(&*store, &sample, &organization).await;
    let turn = add_turn(&*store, &sample, &conversation, 3).await;
    let now = sample.now();
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    assert!(unit.turns().any_unfinished(conversation.id, 0).await.unwrap());
    assert!(unit.turns().any_unfinished(conversation.id, 2).await.unwrap());
    assert!(!unit.turns().any_unfinished(conversation.id, 3).await.unwrap());
    unit.turns()
        .acquire(conversation.id, "worker-1", now, now + LEASE)
        .await
        .unwrap()
        .unwrap();
    assert!(unit.turns().any_unfinished(conversation.id, 0).await.unwrap());
    unit.turns()
        .complete(turn.id, 1, &sample.turn_result())
        .await
        .unwrap();
    assert!(!unit.turns().any_unfinished(conversation.id, 0).await.unwrap());
}

/// Whether someone could take up the conversation's next turn is known without trying to.
pub async fn a_turn_that_nobody_works_on_is_free(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let conversation = add_conversation(&*store, &sample, &organization).await;
    let now = sample.now();
    let is_free = async |at| {
        let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
        unit.turns().is_free(conversation.id, at).await.unwrap()
    };
    assert!(!is_free(now).await, "there is no turn");
    let first = add_turn(&*store, &sample, &conversation, 1).await;
    add_turn(&*store, &sample, &conversation, 2).await;
    assert!(is_free(now).await);
    acquire(&*store, &organization, conversation.id, now)
        .await
        .unwrap();
    assert!(!is_free(now).await, "the second waits for the first");
    assert!(is_free(now + LEASE).await, "the lease has ended");
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    let result = sample.turn_result();
    assert!(unit.turns().complete(first.id, 1, &result).await.unwrap());
    unit.commit().await.unwrap();
    assert!(is_free(now).await, "the second is the next");
}

/// What a turn under way may cost is held until it is done or given back or its lease ends, and by its own organization alone.
pub async fn what_a_turn_may_cost_is_held_while_it_is_under_way(store: Shared) {
    let sample = Sample::default();
    let now = sample.now();
    let most = Spending {
        tokens: 8_192,
        cost_micros: 70,
    };
    let organization = add_organization(&*store, &sample).await;
    let mut turns = Vec::new();
    for _ in 0..4 {
        let conversation = add_conversation(&*store, &sample, &organization).await;
        add_turn(&*store, &sample, &conversation, 1).await;
        turns.push(
            acquire(&*store, &organization, conversation.id, now)
                .await
                .unwrap(),
        );
    }
    let [done, released, held, asking] = &turns[..] else {
        unreachable!("there are four")
    };
    let reserve = async |turn: &Turn, attempt, at| {
        let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
        let others = unit.turns().reserve(turn.id, attempt, most, at).await.unwrap();
        unit.commit().await.unwrap();
        others
    };
    for (turn, before) in [(done, 0), (released, 1), (held, 2), (held, 2)] {
        let others = reserve(turn, 1, now).await.unwrap();
        assert_eq!(others.tokens, before * most.tokens);
        assert_eq!(others.cost_micros, before * most.cost_micros);
    }
    assert_eq!(
        reserve(asking, 2, now).await,
        None,
        "another attempt holds nothing"
    );
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    let result = sample.turn_result();
    assert!(unit.turns().complete(done.id, 1, &result).await.unwrap());
    assert!(unit.turns().release(released.id, 1).await.unwrap());
    assert!(unit.turns().renew(asking.id, 1, now + 2 * LEASE).await.unwrap());
    let again = unit
        .turns()
        .acquire(released.conversation_id, "another", now, now + LEASE);
    assert_eq!(
        again.await.unwrap().map(|turn| (turn.id, turn.attempts)),
        Some((released.id, 2)),
        "its new attempt holds nothing yet"
    );
    assert_eq!(
        unit.turns().reserve(asking.id, 1, most, now).await.unwrap(),
        Some(most)
    );
    assert_eq!(
        unit.turns()
            .reserve(asking.id, 1, most, now + LEASE)
            .await
            .unwrap(),
        Some(Spending::default()),
        "who holds it has died"
    );
    drop(unit);
    let another = add_organization(&*store, &sample).await;
    let conversation = add_conversation(&*store, &sample, &another).await;
    add_turn(&*store, &sample, &conversation, 1).await;
    let its = acquire(&*store, &another, conversation.id, now).await.unwrap();
    let mut unit = store.begin(Scope::trusted(another.id)).await.unwrap();
    let others = unit.turns().reserve(its.id, 1, most, now).await.unwrap();
    assert_eq!(others, Some(Spending::default()));
}
