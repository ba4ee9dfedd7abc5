//! The one who listens goes away while the model writes, or a person takes over.

use std::time::Duration;

use acs_testkit::model_server::{ModelServer, Script};
use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::{App, SHARED_KEYS, Store, read};
use crate::talk::{PASSWORD_QUESTION, PASSWORD_SENTENCE, Talk};

/// What the model calls itself.
const MODEL: &str = "small-1";

/// A model that says a sentence, thinks so long, and says another.
async fn hesitating(thinking: Duration) -> ModelServer {
    let first = format!("{PASSWORD_SENTENCE} We send");
    let rest = " you a link that is good for 30 minutes.";
    let script = Script::stream()
        .words(&first)
        .pause(thinking)
        .words(rest)
        .data("[DONE]");
    ModelServer::start([script]).await.unwrap()
}

/// The product with a model that may take its time.
async fn patient_app(store: Store, model: &ModelServer) -> (App, Vec<(&'static str, String)>) {
    let settings = [
        ("ACS__AI__CHAINS", MODEL.to_owned()),
        ("ACS__AI__MODELS__small-1__MODEL", MODEL.to_owned()),
        ("ACS__AI__MODELS__small-1__BASE_URL", model.base_url()),
        ("ACS__AI__MODELS__small-1__TIMEOUT_SECONDS", "300".to_owned()),
        ("ACS__TURN__ANSWER_TIMEOUT_SECONDS", "300".to_owned()),
        ("ACS__SERVER__REQUEST_TIMEOUT_SECONDS", "400".to_owned()),
    ];
    let shared = SHARED_KEYS.map(|(name, value)| (name, value.to_owned()));
    let settings: Vec<_> = settings.into_iter().chain(shared).collect();
    (App::with(store, &borrowed(&settings)).await, settings)
}

fn borrowed<'a>(settings: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
    settings
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect()
}

#[tokio::test]
async fn a_customer_who_cuts_the_stream_finds_the_whole_reply_later() {
    let model = hesitating(Duration::from_millis(300)).await;
    let (app, _) = patient_app(Store::Sqlite, &model).await;
    let talk = Talk::begin(&app).await;
    let request = talk
        .request(&app, PASSWORD_QUESTION)
        .header("Accept", "text/event-stream");
    let mut listening = request.send().await.unwrap();
    let mut heard = String::new();
    while !heard.contains("event: delta") {
        let piece = listening.chunk().await.unwrap().unwrap();
        heard.push_str(&String::from_utf8_lossy(&piece));
    }
    drop(listening);
    assert!(!heard.contains("30 minutes"), "{heard}");
    let transcript = talk.at_rest(&app).await;
    transcript.check();
    let said = transcript.words_of("ai_agent");
    assert!(
        said[0].contains(PASSWORD_SENTENCE) && said[0].contains("30 minutes"),
        "{said:?}"
    );
    assert_eq!(transcript.turns[0]["attempts"], 1);
    let figures = read(app.http.get(format!("{}/metrics", app.base)))
        .await
        .expect(200);
    let checks = figures.as_str().unwrap().lines().find_map(|line| {
        let count = line.strip_prefix("acs_sentence_check_duration_seconds_count ")?;
        count.parse::<u32>().ok()
    });
    // Other tests of the same process may have counted, too.
    assert!(
        checks.is_some_and(|count| count >= 2),
        "each of the two sentences was counted: {figures}"
    );
}

/// While the model thinks between two sentences, this is done at this server: nothing of the second sentence is heard, the model
/// is hung up on, and the draft is nowhere.
async fn check_draft_is_dropped(
    app: &App,
    talk: &Talk,
    model: &ModelServer,
    at: &App,
    path: &str,
    body: Value,
) {
    let request = talk
        .request(app, PASSWORD_QUESTION)
        .header("Accept", "text/event-stream");
    let mut listening = request.send().await.unwrap();
    let mut before = String::new();
    while !before.contains("event: delta") {
        let piece = listening.chunk().await.unwrap().unwrap();
        before.push_str(&String::from_utf8_lossy(&piece));
    }
    let path = format!("/conversations/{}/{path}", talk.id);
    let done = at.post(&talk.admin, &path, body).await;
    assert!(done.status.is_success(), "{}", done.body);
    let after = tokio::time::timeout(Duration::from_secs(60), listening.text());
    let after = after
        .await
        .unwrap_or_else(|late| panic!("the stream ends long before the model goes on: {late}"))
        .unwrap();
    assert!(!after.contains("event: delta"), "{after}");
    assert!(
        !before.contains("30 minutes") && !after.contains("30 minutes"),
        "{before}{after}"
    );
    let hung_up = tokio::time::timeout(Duration::from_secs(20), model.hung_up(1));
    assert!(hung_up.await.is_ok(), "the model's connection is closed");
    let done = after.split("event: done\ndata: ").nth(1).unwrap();
    let done: Value = serde_json::from_str(done.lines().next().unwrap()).unwrap();
    assert_eq!(
        (&done["response"], &done["reply_id"]),
        (&Value::Null, &Value::Null)
    );
    let transcript = talk.at_rest(app).await;
    transcript.check();
    assert!(transcript.words_of("ai_agent").is_empty(), "the draft is nowhere");
    let verdicts = transcript.turns[0]["evidence"]["verdicts"].as_array().unwrap();
    let owner = verdicts.iter().find(|verdict| verdict["check"] == "owner");
    assert_eq!(owner.unwrap()["decision"], "draft_dropped");
}

#[rstest]
#[case::takes_over("takeover", json!({}))]
#[case::is_called("escalate", json!({"reason": "wants a person"}))]
#[case::writes("messages", json!({"content": "Hello, this is Ada."}))]
#[case::solves_it("resolve", json!({}))]
#[tokio::test]
async fn nothing_of_a_draft_is_heard_once_a_person(#[case] path: &str, #[case] body: Value) {
    let model = hesitating(Duration::from_secs(200)).await;
    let (app, _) = patient_app(Store::Sqlite, &model).await;
    let talk = Talk::begin(&app).await;
    check_draft_is_dropped(&app, &talk, &model, &app, path, body).await;
}

#[rstest]
#[tokio::test]
async fn nothing_of_a_draft_is_heard_once_a_person_takes_over_at_another_server(
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
) {
    let model = hesitating(Duration::from_secs(200)).await;
    let (app, settings) = patient_app(store, &model).await;
    let other = app.replica(&borrowed(&settings)).await;
    let talk = Talk::begin(&app).await;
    check_draft_is_dropped(&app, &talk, &model, &other, "takeover", json!({})).await;
}
