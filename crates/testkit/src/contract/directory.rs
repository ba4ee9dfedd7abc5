//! What may be asked before the organization is known.

use std::time::Duration;

use acs_domain::access::{Role, Scope};
use acs_domain::conversation::{Conversation, ConversationId, Status};
use acs_domain::idempotency::RETENTION;
use acs_domain::intent_head::IntentHead;
use acs_domain::organization::{Organization, OrganizationId};
use acs_domain::user::UserStatus;

use super::Shared;
use crate::sample::{EMBEDDING_MODEL, Sample, add_conversation, add_organization, add_turn};

/// A slug leads to its organization.
pub async fn an_organization_is_found_by_its_slug(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let directory = store.directory();
    assert_eq!(
        directory.organization(&organization.slug).await.unwrap(),
        Some(organization.id)
    );
    assert_eq!(directory.organization("nobody").await.unwrap(), None);
}

/// An address leads to its accounts, to two at most, and not to removed ones.
pub async fn accounts_are_found_by_their_address(store: Shared) {
    let sample = Sample::default();
    let mut organizations = Vec::new();
    for n in 0..4 {
        let organization = add_organization(&*store, &sample).await;
        let mut user = sample.staff(&organization, Role::Agent);
        user.email = Some("ann@acme.example".to_owned());
        if n == 3 {
            user.email = Some("bob@acme.example".to_owned());
            user.status = UserStatus::Deleted;
        }
        let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
        unit.users().insert(&user).await.unwrap();
        unit.commit().await.unwrap();
        organizations.push((organization, user));
    }
    let directory = store.directory();
    let (organization, user) = &organizations[1];
    let one = directory
        .accounts("ann@acme.example", Some(&organization.slug))
        .await
        .unwrap();
    assert_eq!(one, [(organization.id, user.id)]);
    assert_eq!(
        directory.accounts("ann@acme.example", None).await.unwrap().len(),
        2
    );
    assert!(
        directory
            .accounts("bob@acme.example", None)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        directory
            .accounts("ann@acme.example", Some("nobody"))
            .await
            .unwrap()
            .is_empty()
    );
}

/// A hash leads to its key or token, ended or not: the use case looks at it.
pub async fn keys_and_tokens_are_found_by_their_hash(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let user = sample.staff(&organization, Role::Agent);
    let (key, token) = (sample.api_key(&organization), sample.refresh_token(&user));
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    unit.users().insert(&user).await.unwrap();
    unit.api_keys().insert(&key).await.unwrap();
    unit.sessions().insert(&token).await.unwrap();
    unit.commit().await.unwrap();
    let directory = store.directory();
    assert_eq!(
        directory.api_key(&key.hash).await.unwrap(),
        Some((organization.id, key.id))
    );
    assert_eq!(
        directory.refresh_token(&token.hash).await.unwrap(),
        Some((organization.id, token.id))
    );
    assert_eq!(directory.api_key(&token.hash).await.unwrap(), None);
    assert_eq!(directory.refresh_token(&key.hash).await.unwrap(), None);
}

/// Conversations whose first unfinished turn nobody works on, over all organizations, the longest waiting first.
pub async fn stranded_turns_are_the_first_unfinished_ones(store: Shared) {
    let sample = Sample::default();
    let ours = add_organization(&*store, &sample).await;
    let theirs = add_organization(&*store, &sample).await;
    let lease = Duration::from_secs(30);

    let dead = add_conversation(&*store, &sample, &ours).await;
    add_turn(&*store, &sample, &dead, 1).await;
    add_turn(&*store, &sample, &dead, 2).await;
    let worked_on = add_conversation(&*store, &sample, &ours).await;
    add_turn(&*store, &sample, &worked_on, 1).await;
    add_turn(&*store, &sample, &worked_on, 2).await;
    let forgotten = add_conversation(&*store, &sample, &theirs).await;
    add_turn(&*store, &sample, &forgotten, 1).await;
    let done = add_conversation(&*store, &sample, &ours).await;
    let finished = add_turn(&*store, &sample, &done, 1).await;

    let now = sample.now();
    let mut unit = store.begin(Scope::trusted(ours.id)).await.unwrap();
    unit.turns()
        .acquire(dead.id, "dead", now, now + lease)
        .await
        .unwrap()
        .unwrap();
    unit.turns()
        .acquire(worked_on.id, "live", now, now + 9 * lease)
        .await
        .unwrap()
        .unwrap();
    unit.turns()
        .acquire(done.id, "live", now, now + lease)
        .await
        .unwrap()
        .unwrap();
    unit.turns()
        .complete(finished.id, 1, &sample.turn_result())
        .await
        .unwrap();
    unit.commit().await.unwrap();

    sample.advance(2 * lease);
    let fresh = add_conversation(&*store, &sample, &ours).await;
    let fresh_turn = add_turn(&*store, &sample, &fresh, 1).await;
    let stranded = async |limit| -> Vec<(OrganizationId, ConversationId)> {
        let before = fresh_turn.created_at;
        store
            .directory()
            .stranded_turns(sample.now(), before, limit)
            .await
            .unwrap()
    };
    assert_eq!(
        stranded(10).await,
        [(ours.id, dead.id), (theirs.id, forgotten.id)]
    );
    assert_eq!(stranded(1).await, [(ours.id, dead.id)]);
}

/// Conversations that wait for a silent customer, over all organizations, the longest silent first.
pub async fn silent_conversations_are_found(store: Shared) {
    let sample = Sample::default();
    let (ours, theirs) = (
        add_organization(&*store, &sample).await,
        add_organization(&*store, &sample).await,
    );
    let waits = async |organization: &Organization, change: fn(&mut Conversation)| {
        let mut conversation = add_conversation(&*store, &sample, organization).await;
        conversation.status = Status::WaitingForUser;
        conversation.ai_message_count = 1;
        conversation.last_activity_at = sample.now();
        change(&mut conversation);
        let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
        unit.conversations().update(&conversation).await.unwrap();
        unit.commit().await.unwrap();
        sample.advance(Duration::from_secs(60));
        (organization.id, conversation.id)
    };
    let first = waits(&ours, |_| {}).await;
    let reminded = waits(&theirs, |it| it.reminded_at = Some(it.last_activity_at)).await;
    let _processing = waits(&ours, |it| it.status = Status::Processing).await;
    let _escalated = waits(&ours, |it| it.status = Status::Escalated).await;
    let mail = waits(&theirs, |it| it.ai_message_count = 0).await;
    let last = waits(&theirs, |_| {}).await;
    let silent = async |remind_for: u64, abandon_for: u64, limit| {
        let before = |seconds| sample.now() - Duration::from_secs(seconds);
        let found = store
            .directory()
            .silent_conversations(before(remind_for), before(abandon_for), limit);
        found.await.unwrap()
    };
    assert_eq!(silent(30, 3_600, 10).await, [first, last]);
    assert_eq!(silent(30, 30, 10).await, [first, reminded, mail, last]);
    assert_eq!(silent(30, 30, 2).await, [first, reminded]);
    assert_eq!(silent(90, 3_600, 10).await, [first]);
}

/// An organization is to be trained when its phrases are newer than its head for this model, they have been left alone for
/// a while or the last training is long ago, and nobody is at it.
pub async fn intents_newer_than_their_training_are_found(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let scope = Scope::trusted(organization.id);
    let written = sample.intent(&organization, "refund", &["money back"]);
    let changed_at = written.intent.updated_at;
    let mut unit = store.begin(scope).await.unwrap();
    unit.intents().put(&[written]).await.unwrap();
    unit.commit().await.unwrap();
    let long_ago = sample.now() - Duration::from_secs(9_999);
    let due = async |model: &str, now, quiet_before, overdue_before| {
        let found = store
            .directory()
            .untrained_intents(model, now, quiet_before, overdue_before, 10)
            .await;
        found.unwrap() == [organization.id]
    };
    let now = sample.now();
    assert!(due(EMBEDDING_MODEL, now, changed_at, long_ago).await);
    let unquiet = changed_at - Duration::from_micros(1);
    assert!(!due(EMBEDDING_MODEL, now, unquiet, long_ago).await);
    assert!(
        due(EMBEDDING_MODEL, now, unquiet, organization.created_at).await,
        "it waits since it was founded"
    );

    let mut unit = store.begin(scope).await.unwrap();
    let until = now + Duration::from_secs(1);
    unit.intent_heads()
        .acquire(EMBEDDING_MODEL, "worker-1", now, until)
        .await
        .unwrap();
    unit.commit().await.unwrap();
    assert!(!due(EMBEDDING_MODEL, now, now, long_ago).await, "somebody trains");
    assert!(
        !due("another", until, now, long_ago).await,
        "that model does not answer for it"
    );
    assert!(
        due(EMBEDDING_MODEL, until, now, long_ago).await,
        "whoever trained is gone"
    );

    let mut unit = store.begin(scope).await.unwrap();
    let version = unit
        .organizations()
        .find(organization.id)
        .await
        .unwrap()
        .unwrap()
        .intents_version;
    let head = IntentHead {
        organization_id: organization.id,
        embedding_model: EMBEDDING_MODEL.to_owned(),
        intents_version: version,
        trained_at: now,
        took: Duration::ZERO,
    };
    assert!(unit.intent_heads().put(&head, None).await.unwrap());
    unit.commit().await.unwrap();
    assert!(!due(EMBEDDING_MODEL, until, until, until).await, "it is trained");
    let mut unit = store.begin(scope).await.unwrap();
    unit.intents()
        .put(&[sample.intent(&organization, "greet", &[])])
        .await
        .unwrap();
    unit.commit().await.unwrap();
    assert!(!due(EMBEDDING_MODEL, until, long_ago, long_ago).await);
    assert!(
        due(EMBEDDING_MODEL, until, long_ago, now).await,
        "the last training is long ago"
    );
}

/// What is past its time goes, at most so many of each kind at once; the rest stays.
pub async fn a_sweep_deletes_what_is_past_its_time(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let user = sample.staff(&organization, Role::Agent);
    let scope = Scope::trusted(organization.id);
    let mut unit = store.begin(scope).await.unwrap();
    unit.users().insert(&user).await.unwrap();
    for n in 0..3 {
        let claim = sample.claim(&format!("old-{n}"));
        unit.idempotency().recall(&claim).await.unwrap();
        unit.idempotency().keep(&claim, "done").await.unwrap();
        unit.sessions()
            .insert(&sample.refresh_token(&user))
            .await
            .unwrap();
        unit.outbox()
            .append(&[sample.event(&organization)])
            .await
            .unwrap();
    }
    sample.advance(RETENTION);
    let before_the_new = sample.now();
    let (claim, token) = (sample.claim("new"), sample.refresh_token(&user));
    unit.idempotency().recall(&claim).await.unwrap();
    unit.idempotency().keep(&claim, "kept").await.unwrap();
    unit.sessions().insert(&token).await.unwrap();
    unit.outbox()
        .append(&[sample.event(&organization)])
        .await
        .unwrap();
    unit.commit().await.unwrap();

    let directory = store.directory();
    let sweep = async || directory.sweep(sample.now(), before_the_new, 2).await.unwrap();
    assert_eq!((sweep().await, sweep().await, sweep().await), (6, 3, 0));
    assert!(directory.refresh_token(&token.hash).await.unwrap().is_some());
    let mut unit = store.begin(scope).await.unwrap();
    assert_eq!(
        unit.idempotency().recall(&claim).await.unwrap(),
        acs_domain::idempotency::Recall::Done("kept".to_owned())
    );
}
