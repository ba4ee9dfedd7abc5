//! The records of turns: a chain for each conversation, which shows whatever is done to it.

use acs_domain::access::Scope;
use acs_domain::organization::OrganizationId;
use acs_domain::record::Fault;
use acs_engine::usecase::records::Verified;
use rstest::rstest;
use serde_json::Value;

use crate::harness::{App, Store};
use crate::talk::{PARCEL_QUESTION, PASSWORD_QUESTION, Talk};

/// A talk of three turns; the ids of the customer's messages.
async fn talk_of_three(app: &App) -> (Talk, Vec<String>) {
    let talk = Talk::begin(app).await;
    let mut messages = Vec::new();
    for words in [PASSWORD_QUESTION, PARCEL_QUESTION, "I want to speak to a human"] {
        let turn = talk.say(app, words).await.expect(200);
        messages.push(turn["message_id"].as_str().unwrap().to_owned());
    }
    (talk, messages)
}

async fn organization(app: &App) -> OrganizationId {
    let found = app.backend().store().directory().organization("acme").await;
    found.unwrap().unwrap()
}

async fn verified(app: &App) -> Verified {
    let scope = Scope::trusted(organization(app).await);
    app.process.engine.records.verify(scope).await.unwrap()
}

/// What is told of the records of some turns.
async fn told(app: &App, talk: &Talk, messages: &[String]) -> Vec<Value> {
    let mut told = Vec::new();
    for message in messages {
        told.push(talk.explained(app, message).await["record"].clone());
    }
    told
}

/// Lets the database change what it otherwise keeps.
fn unlocked(store: Store, change: &str) -> String {
    match store {
        Store::Sqlite => {
            format!("DROP TRIGGER turn_records_never_change; DROP TRIGGER turn_records_stay; {change}")
        }
        Store::Postgres => format!("ALTER TABLE turn_records DISABLE TRIGGER USER; {change}"),
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn each_turn_has_its_record_tied_to_the_one_before(
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let (talk, messages) = talk_of_three(&app).await;
    let records = told(&app, &talk, &messages).await;
    let mut hashes = Vec::new();
    for (place, record) in (1..).zip(&records) {
        assert_eq!(
            (&record["seq"], &record["chain_holds"]),
            (&Value::from(place), &Value::from(true))
        );
        hashes.push(record["hash"].as_str().unwrap().to_owned());
    }
    assert!(hashes.iter().all(|hash| hash.len() == 64), "{hashes:?}");
    hashes.dedup();
    assert_eq!(hashes.len(), 3);
    let expected = Verified {
        records: 3,
        conversations: 1,
        ..Verified::default()
    };
    assert_eq!(verified(&app).await, expected);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn whoever_changes_a_record_is_found_out(
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
    #[values(
        ("UPDATE turn_records SET content = content_hash WHERE seq = 2", Fault::OtherContent),
        ("UPDATE turn_records SET recorded_at = recorded_at + 1 WHERE seq = 2", Fault::Altered),
        ("UPDATE turn_records SET content_hash = hash WHERE seq = 2", Fault::Altered),
        ("UPDATE turn_records SET status_found = 'escalated' WHERE seq = 2", Fault::Altered)
    )]
    change: (&str, Fault),
) {
    let app = App::on(store).await;
    let (talk, messages) = talk_of_three(&app).await;
    app.backend().tamper(&unlocked(store, change.0)).await;
    let found = verified(&app).await;
    let broken: Vec<(i64, Fault)> = found
        .broken
        .iter()
        .map(|broken| (broken.seq, broken.fault))
        .collect();
    assert_eq!(
        broken,
        [(2, change.1)],
        "the first broken link is named, not those behind it"
    );
    let records = told(&app, &talk, &messages).await;
    assert_eq!(records[0]["chain_holds"], true);
    assert_eq!(records[1]["chain_holds"], false);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_is_taken_out_is_missed(
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
    #[values(2, 3)] seq: i64,
) {
    let app = App::on(store).await;
    let (talk, messages) = talk_of_three(&app).await;
    let change = format!("DELETE FROM turn_records WHERE seq = {seq}");
    app.backend().tamper(&unlocked(store, &change)).await;
    let found = verified(&app).await;
    assert_eq!(found.missing.len(), 1, "its turn is done and has no record");
    let broken: Vec<(i64, Fault)> = found
        .broken
        .iter()
        .map(|broken| (broken.seq, broken.fault))
        .collect();
    let expected: &[(i64, Fault)] = if seq == 2 { &[(3, Fault::Untied)] } else { &[] };
    assert_eq!(broken, expected);
    let records = told(&app, &talk, &messages).await;
    assert_eq!(records[usize::try_from(seq).unwrap() - 1], Value::Null);
    assert_eq!(records[0]["chain_holds"], true);
}
