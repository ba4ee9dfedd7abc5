//! Messages.

use acs_domain::access::Scope;
use acs_domain::knowledge::Citation;
use acs_domain::message::{ContentType, Message, SenderType};
use acs_domain::port::store::{Store, StoreError};

use super::{Shared, all_pages, assert_conflict};
use crate::sample::{Sample, add_conversation, add_organization};

async fn insert(store: &dyn Store, messages: &[Message]) -> Result<(), StoreError> {
    let mut unit = store.begin(Scope::trusted(messages[0].organization_id)).await?;
    unit.messages().insert(messages).await?;
    unit.commit().await
}

fn reply(sample: &Sample, to: &Message, seq: i64) -> Message {
    Message {
        id: sample.id(),
        seq,
        reply_to: Some(to.id),
        sender_type: SenderType::AiAgent,
        sender_id: None,
        content: "It is on its way [1].".to_owned(),
        content_type: ContentType::Markdown,
        citations: vec![Citation {
            entry_id: sample.id(),
            version: 2,
            title: "Delivery".to_owned(),
            url: None,
            quote: "on its way".to_owned(),
            score: 0.73,
        }],
        ..to.clone()
    }
}

/// Every field is read as it was written.
pub async fn comes_back_as_it_was(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let conversation = add_conversation(&*store, &sample, &organization).await;
    let question = sample.message(&conversation, 1);
    let answer = reply(&sample, &question, 2);
    insert(&*store, &[question.clone(), answer.clone()])
        .await
        .unwrap();
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    assert_eq!(unit.messages().find(question.id).await.unwrap(), Some(question));
    assert_eq!(unit.messages().find(answer.id).await.unwrap(), Some(answer));
    assert_eq!(unit.messages().find(sample.id()).await.unwrap(), None);
}

/// Two messages never have one place in a conversation.
pub async fn a_taken_place_is_a_conflict(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let conversation = add_conversation(&*store, &sample, &organization).await;
    let other = add_conversation(&*store, &sample, &organization).await;
    insert(&*store, &[sample.message(&conversation, 1)])
        .await
        .unwrap();
    insert(&*store, &[sample.message(&other, 1)]).await.unwrap();
    assert_conflict(insert(&*store, &[sample.message(&conversation, 1)]).await, "seq");
}

/// A message is answered at most once.
pub async fn a_second_reply_is_a_conflict(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let conversation = add_conversation(&*store, &sample, &organization).await;
    let question = sample.message(&conversation, 1);
    insert(&*store, &[question.clone(), reply(&sample, &question, 2)])
        .await
        .unwrap();
    assert_conflict(insert(&*store, &[reply(&sample, &question, 3)]).await, "reply_to");
}

/// The last few before a place come, oldest first.
pub async fn the_recent_ones_are_the_last_before_a_place(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let conversation = add_conversation(&*store, &sample, &organization).await;
    let messages: Vec<_> = (1..=6).map(|seq| sample.message(&conversation, seq)).collect();
    insert(&*store, &messages).await.unwrap();
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    assert_eq!(
        unit.messages().recent(conversation.id, 6, 3).await.unwrap(),
        messages[2..5]
    );
    assert_eq!(
        unit.messages().recent(conversation.id, 2, 3).await.unwrap(),
        messages[..1]
    );
    assert!(
        unit.messages()
            .recent(conversation.id, 1, 3)
            .await
            .unwrap()
            .is_empty()
    );
}

/// Pages are in the order of the talk.
pub async fn pages_are_oldest_first(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let conversation = add_conversation(&*store, &sample, &organization).await;
    let messages: Vec<_> = (1..=5).map(|seq| sample.message(&conversation, seq)).collect();
    insert(&*store, &messages).await.unwrap();
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let listed = all_pages(async |page| unit.messages().list(conversation.id, &page).await.unwrap()).await;
    assert_eq!(listed, messages);
}
