//! A message that asks several things is answered part by part; and one in customers' words as if it had the knowledge's.

use rstest::rstest;
use serde_json::json;

use crate::harness::{App, Store};
use crate::talk::{PARCEL_SENTENCE, PASSWORD_SENTENCE, Talk};

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn every_part_is_answered_from_its_own_sources(#[values(Store::Sqlite, Store::Postgres)] store: Store) {
    let app = App::on(store).await;
    let talk = Talk::begin(&app).await;
    let message = "What do I do if I forgot my password, and how long does a parcel to Germany take?";
    let turn = talk.say(&app, message).await.expect(200);
    let response = turn["response"].as_str().unwrap();
    assert!(
        response.contains(PASSWORD_SENTENCE) && response.contains(PARCEL_SENTENCE),
        "{turn}"
    );
    assert_eq!(turn["offers_person"], false, "{turn}");
    let titles: Vec<_> = turn["citations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|citation| citation["title"].as_str().unwrap())
        .collect();
    assert!(
        titles.contains(&"Reset your password") && titles.contains(&"Delivery times"),
        "{titles:?}"
    );
    // Each marker stands for the citation at its place.
    for (number, citation) in (1..).zip(turn["citations"].as_array().unwrap()) {
        let quote = citation["quote"].as_str().unwrap();
        assert!(response.contains(&format!("{quote} [{number}]")), "{turn}");
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_part_without_an_answer_is_named_and_a_person_offered(
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let talk = Talk::begin(&app).await;
    let message = "How long does a parcel to Germany take? Which museums are open on the moon?";
    let turn = talk.say(&app, message).await.expect(200);
    let response = turn["response"].as_str().unwrap();
    assert!(response.contains(PARCEL_SENTENCE), "{turn}");
    assert!(
        response.ends_with("To this part I have found no answer: “Which museums are open on the moon?”"),
        "{turn}"
    );
    assert_eq!(
        (&turn["outcome"], &turn["offers_person"]),
        (&json!("answered"), &json!(true))
    );
    let gaps = app.get(&talk.admin, "/knowledge/gaps").await.expect(200);
    assert_eq!(
        gaps["items"][0]["question"], "Which museums are open on the moon?",
        "{gaps}"
    );
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn customers_words_are_read_as_the_knowledges(#[values(Store::Sqlite, Store::Postgres)] store: Store) {
    let app = App::on(store).await;
    let talk = Talk::begin(&app).await;
    let question = "How long does a zorgle to Germany take?";
    let terms = json!({ "synonyms": [{ "name": "parcel", "aliases": ["zorgle"] }] });
    app.call(
        &talk.admin,
        reqwest::Method::PUT,
        "/admin/settings/terms",
        Some(terms),
    )
    .await
    .expect(200);
    let turn = talk.say(&app, question).await.expect(200);
    assert!(
        turn["response"].as_str().unwrap().contains(PARCEL_SENTENCE),
        "{turn}"
    );
    let explained = talk.explained(&app, turn["message_id"].as_str().unwrap()).await;
    let read_as = json!({ "check": "terms", "decision": "read_as", "reason": "How long does a parcel to Germany take?" });
    let verdicts = explained["evidence"]["verdicts"].as_array().unwrap().clone();
    assert!(verdicts.contains(&read_as), "{verdicts:?}");
}
