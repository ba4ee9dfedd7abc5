//! Questions that the knowledge did not answer.

use std::time::Duration;

use acs_domain::access::Scope;
use acs_domain::gap::Unanswered;
use acs_domain::knowledge::Vector;
use acs_domain::organization::Organization;
use acs_domain::port::store::Store;

use super::Shared;
use crate::sample::{Sample, add_conversation, add_organization};

async fn asked(store: &dyn Store, sample: &Sample, organization: &Organization, words: &str) -> Unanswered {
    let conversation = add_conversation(store, sample, organization).await;
    sample.advance(Duration::from_secs(60));
    Unanswered {
        id: sample.id(),
        conversation_id: conversation.id,
        question: words.to_owned(),
        language: Some("en".to_owned()),
        vector: sample.vector(),
        embedding_model: "model".to_owned(),
        knowledge_version: 7,
        asked_at: sample.now(),
    }
}

async fn add(store: &dyn Store, organization: &Organization, question: &Unanswered, keep: u32, days: i64) {
    let since = question.asked_at - time::Duration::days(days);
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    unit.unanswered().add(question, keep, since).await.unwrap();
    unit.commit().await.unwrap();
}

async fn latest(store: &dyn Store, organization: &Organization, limit: u32) -> Vec<Unanswered> {
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let since = time::OffsetDateTime::UNIX_EPOCH;
    unit.unanswered().latest(limit, since).await.unwrap()
}

/// Every field is read as it was written; the latest are given, oldest first.
pub async fn come_back_in_the_order_of_asking(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let mut questions = Vec::new();
    for words in ["What is it?", "¿Qué es? 🙂", "Why?"] {
        let mut question = asked(&*store, &sample, &organization, words).await;
        if words == "Why?" {
            (question.vector, question.language) = (Vector::from([]), None);
        }
        add(&*store, &organization, &question, 10, 1).await;
        questions.push(question);
    }
    assert_eq!(latest(&*store, &organization, 9).await, questions);
    assert_eq!(latest(&*store, &organization, 2).await, questions[1..]);
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    unit.unanswered().remove(&[questions[1].id]).await.unwrap();
    unit.commit().await.unwrap();
    questions.remove(1);
    assert_eq!(latest(&*store, &organization, 9).await, questions);
}

/// Only so many are kept, and only for so long.
pub async fn are_forgotten_in_time(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let mut questions = Vec::new();
    for n in 0..5 {
        let question = asked(&*store, &sample, &organization, &format!("Question {n}?")).await;
        add(&*store, &organization, &question, 3, 1).await;
        questions.push(question);
    }
    assert_eq!(latest(&*store, &organization, 9).await, questions[2..]);
    sample.advance(Duration::from_secs(2 * 24 * 3_600));
    let late = asked(&*store, &sample, &organization, "Late?").await;
    add(&*store, &organization, &late, 3, 1).await;
    assert_eq!(latest(&*store, &organization, 9).await, [late]);
}

/// Nobody sees, removes or displaces another organization's.
pub async fn are_seen_by_their_organization_alone(store: Shared) {
    let sample = Sample::default();
    let ours = add_organization(&*store, &sample).await;
    let theirs = add_organization(&*store, &sample).await;
    let question = asked(&*store, &sample, &ours, "Ours?").await;
    add(&*store, &ours, &question, 1, 1).await;
    let other = asked(&*store, &sample, &theirs, "Theirs?").await;
    add(&*store, &theirs, &other, 1, 1).await;
    let mut unit = store.begin(Scope::trusted(theirs.id)).await.unwrap();
    unit.unanswered().remove(&[question.id]).await.unwrap();
    unit.commit().await.unwrap();
    assert_eq!(latest(&*store, &ours, 9).await, [question]);
    assert_eq!(latest(&*store, &theirs, 9).await, [other]);
}
