//! How a turn came about, as it is shown: out of its sealed record, which alone holds what tells of the customer.

use acs_testkit::model_server::{ModelServer, Script};
use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::{App, SHARED_KEYS, Store};
use crate::talk::{PARCEL_QUESTION, PARCEL_SENTENCE, PASSWORD_QUESTION, Talk};

/// What no source says: it is dropped, and heard by who reads the evidence alone.
const LIE: &str = "A parcel to Germany costs 77 euros. ";

/// A turn that a model wrote, with a lie in its words; the customer's message.
async fn written(store: Store) -> (App, Talk, String, ModelServer) {
    let model = ModelServer::answering(|_| Script::reply(&[LIE, PARCEL_SENTENCE], 10, 10)).await;
    let model = model.unwrap();
    let settings = [
        SHARED_KEYS[0],
        SHARED_KEYS[1],
        ("ACS__AI__OPENAI_BASE_URL", &*model.base_url()),
    ];
    let app = App::with(store, &settings).await;
    let talk = Talk::begin(&app).await;
    let turn = talk.say(&app, PARCEL_QUESTION).await.expect(200);
    let message = turn["message_id"].as_str().unwrap().to_owned();
    (app, talk, message, model)
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_record_tells_all_that_went_into_a_turn_and_came_of_it(
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
) {
    let (app, talk, message, _model) = written(store).await;
    let explained = talk.explained(&app, &message).await;
    assert_eq!(
        (&explained["erased"], &explained["record"]["unreadable"]),
        (&json!(false), &Value::Null)
    );
    let evidence = &explained["evidence"];
    assert_eq!(evidence["input"]["message"], PARCEL_QUESTION);
    assert_eq!(evidence["input"]["history"], json!([]));
    let written = &evidence["model_output"][0];
    assert_eq!(written["text"], format!("{LIE}{PARCEL_SENTENCE}"));
    assert_eq!(
        (&written["end"], &written["judged"]),
        (&json!("finished"), &Value::Null)
    );
    let sentences = evidence["sentences"].as_array().unwrap();
    let sentence = sentences.last().unwrap();
    assert_eq!(sentence["text"], PARCEL_SENTENCE);
    assert_eq!(sentence["citations"], explained["turn"]["citations"]);
    let lies = |sentence: &Value| sentence["text"].as_str().unwrap().contains("77");
    assert!(!sentences.iter().any(lies), "{sentences:?}");
    let model = &evidence["models"][0];
    assert_eq!(
        (&model["outcome"], &model["output_tokens"]),
        (&json!("ok"), &json!(10))
    );
    assert!(model["latency_ms"].as_f64().unwrap() > 0.0, "{model}");
    let versions = &evidence["versions"];
    assert_eq!(versions["knowledge"], evidence["knowledge_version"]);
    assert!(!versions["parts"].as_object().unwrap().is_empty(), "{versions}");
    assert!(evidence["thresholds"]["unknown"].as_f64().unwrap() > 0.0);
    assert_eq!(evidence["cut"], json!([]));
    assert!(evidence["candidates"][0]["score"].as_f64().unwrap() > 0.0);
    let dropped = evidence["verdicts"].as_array().unwrap().iter();
    assert!(
        dropped
            .map(Value::to_string)
            .any(|verdict| verdict.contains("77 euros"))
    );
    assert!(evidence["timings"]["record_ms"].as_f64().unwrap() > 0.0);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_explains_a_turn_is_stored_sealed_alone(#[values(Store::Sqlite, Store::Postgres)] store: Store) {
    let (app, _talk, _message, _model) = written(store).await;
    let values = app.backend().values().await;
    assert!(values.contains(PARCEL_SENTENCE), "the reply itself is a message");
    for words in [
        "77 euros",
        "What you never do",
        "BEGIN SOURCES",
        "\"verdicts\":[{",
        "\"verdicts\": [{",
    ] {
        assert!(!values.contains(words), "{words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_whose_key_is_another_says_so_and_the_rest_is_told() {
    let (app, talk, message, _model) = written(Store::Sqlite).await;
    let other = app
        .replica(&[
            SHARED_KEYS[0],
            (
                "ACS__SECURITY__ENCRYPTION_KEYS",
                "two:HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            ),
        ])
        .await;
    let explained = talk.explained(&other, &message).await;
    let record = &explained["record"];
    assert_eq!(
        (&record["seq"], &record["chain_holds"]),
        (&json!(1), &json!(true))
    );
    assert!(
        record["unreadable"]
            .as_str()
            .unwrap()
            .starts_with("it does not open"),
        "{record}"
    );
    assert_eq!(explained["erased"], false);
    assert_eq!(explained["turn"]["outcome"], "answered");
    let evidence = &explained["evidence"];
    assert_eq!(
        (&evidence["prompt"], &evidence["input"]),
        (&Value::Null, &Value::Null)
    );
    assert!(evidence["timings"]["load_ms"].as_f64().unwrap() > 0.0);
}

/// Turns of a time when their evidence was stored in the open.
const OLD: [&str; 2] = [
    "UPDATE turns SET result = json_set(result, '$.evidence.verdicts', \
        json('[{\"check\": \"old\", \"decision\": \"kept\", \"reason\": \"plain\"}]'))",
    "UPDATE turns SET result = jsonb_set(result, '{evidence,verdicts}', \
        '[{\"check\": \"old\", \"decision\": \"kept\", \"reason\": \"plain\"}]')",
];

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_turn_from_before_there_were_records_shows_what_was_stored_of_it(
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let talk = Talk::begin(&app).await;
    let turn = talk.say(&app, PASSWORD_QUESTION).await.expect(200);
    let change = match store {
        Store::Sqlite => format!(
            "{}; DROP TRIGGER turn_records_stay; DELETE FROM turn_records",
            OLD[0]
        ),
        Store::Postgres => format!(
            "{}; ALTER TABLE turn_records DISABLE TRIGGER USER; DELETE FROM turn_records",
            OLD[1]
        ),
    };
    app.backend().tamper(&change).await;
    let explained = talk.explained(&app, turn["message_id"].as_str().unwrap()).await;
    assert_eq!(explained["record"], Value::Null);
    assert_eq!(explained["evidence"]["verdicts"][0]["reason"], "plain");
    assert_eq!(explained["evidence"]["input"], Value::Null);
    assert_eq!(explained["turn"], turn);
}
