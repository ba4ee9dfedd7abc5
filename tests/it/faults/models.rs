//! A language model that refuses, breaks off, keeps silent, or lies.

use acs_testkit::model_server::{ModelServer, Script};
use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::{App, Store};
use crate::talk::{PASSWORD_QUESTION, PASSWORD_SENTENCE, Talk};

/// What the model calls itself.
const MODEL: &str = "small-1";

async fn app(model: &ModelServer) -> App {
    let settings = [
        ("ACS__AI__OPENAI_BASE_URL", model.base_url()),
        ("ACS__AI__OPENAI_MODEL", MODEL.to_owned()),
        ("ACS__AI__OPENAI_FIRST_TOKEN_TIMEOUT_SECONDS", "0.4".to_owned()),
        ("ACS__AI__OPENAI_TIMEOUT_SECONDS", "0.8".to_owned()),
    ];
    App::with(
        Store::Sqlite,
        &settings.each_ref().map(|(name, value)| (*name, value.as_str())),
    )
    .await
}

fn refusal(status: u16) -> Script {
    Script::refuse(status, &[], &json!({ "message": "no", "code": "scripted" }))
}

#[rstest]
#[case::a_wrong_key(refusal(401), "refused the key")]
#[case::too_many_requests(refusal(429), "limits the rate")]
#[case::a_request_it_does_not_take(refusal(400), "refused the request")]
#[case::a_failure(refusal(500), "failed")]
#[case::no_answer(Script::default(), "failed")]
#[case::garbage_instead_of_http(Script::default().raw("\u{1}\u{2} no protocol\r\n\r\n"), "failed")]
#[case::garbage_instead_of_chunks(Script::stream().data("{no json"), "broken")]
#[case::a_page_instead_of_a_stream(Script::stream().raw("<html>hello</html>"), "broken")]
#[case::a_cut_in_a_sentence(Script::stream().words("If you forgot"), "broken")]
#[case::silence(Script::silence(), "longer than")]
#[case::silence_in_a_sentence(Script::stream().words("If you forgot").hang(), "longer than")]
#[case::nothing(Script::reply(&[], 10, 0), "broken")]
#[case::only_courtesy(Script::reply(&["Hello! How are you?"], 10, 5), "nothing that the sources support")]
#[tokio::test]
async fn when_the_model_fails_the_composer_answers(#[case] script: Script, #[case] noted: &str) {
    let model = ModelServer::start([script]).await.unwrap();
    let app = app(&model).await;
    let talk = Talk::begin(&app).await;
    let turn = talk.say(&app, PASSWORD_QUESTION).await.expect(200);
    assert_eq!(turn["outcome"], "answered", "{turn}");
    assert_eq!(
        (&turn["model_used"], &turn["fallback_level"]),
        (&json!("composer"), &json!(1))
    );
    assert!(
        turn["response"].as_str().unwrap().contains(PASSWORD_SENTENCE),
        "{turn}"
    );
    assert!(!turn["citations"].as_array().unwrap().is_empty(), "{turn}");

    let explained = talk.explained(&app, turn["message_id"].as_str().unwrap()).await;
    let models = explained["evidence"]["models"].as_array().unwrap();
    let tried: Vec<&Value> = models.iter().map(|model| &model["model"]).collect();
    assert_eq!(tried, [MODEL, "composer"]);
    assert!(
        models[0]["outcome"].as_str().unwrap().contains(noted),
        "{models:?}"
    );
    assert_eq!(models[1]["outcome"], "ok");
    talk.transcript(&app).await.check();
}

#[tokio::test]
async fn what_a_model_said_before_it_broke_off_stands() {
    let script = Script::stream()
        .words(&format!("{PASSWORD_SENTENCE} We send"))
        .hang();
    let model = ModelServer::start([script]).await.unwrap();
    let app = app(&model).await;
    let talk = Talk::begin(&app).await;
    let turn = talk.say(&app, PASSWORD_QUESTION).await.expect(200);
    assert_eq!(
        (&turn["model_used"], &turn["fallback_level"]),
        (&json!(MODEL), &json!(0))
    );
    assert_eq!(
        turn["response"],
        format!("{PASSWORD_SENTENCE} [1]"),
        "a sentence that was begun is not said"
    );
    let explained = talk.explained(&app, turn["message_id"].as_str().unwrap()).await;
    let outcome = explained["evidence"]["models"][0]["outcome"].as_str().unwrap();
    assert!(outcome.contains("longer than"), "{outcome}");
}

#[rstest]
#[case::a_number("We send you a link that is good for 90 minutes.", "90")]
#[case::a_link("Reset it at https://evil.example/reset.", "evil.example")]
#[case::an_address("Write to reset@evil.example for a new one.", "reset@")]
#[tokio::test]
async fn a_lie_is_neither_streamed_nor_stored(#[case] lie: &str, #[case] mark: &str) {
    // One piece a word, so that the lie comes bit by bit.
    let text = format!("{PASSWORD_SENTENCE} {lie} We send you a link that is good for 30 minutes.");
    let words: Vec<&str> = text.split_inclusive(' ').collect();
    let model = ModelServer::start([Script::reply(&words, 10, 30)]).await.unwrap();
    let app = app(&model).await;
    let talk = Talk::begin(&app).await;

    let events = talk.hear(&app, PASSWORD_QUESTION).await;
    let streamed: String = events
        .iter()
        .filter(|(name, _)| name == "delta")
        .map(|(_, delta)| delta["text"].as_str().unwrap())
        .collect();
    let (last, turn) = events.last().unwrap();
    assert_eq!(last, "done");
    assert_eq!(turn["model_used"], MODEL, "{turn}");
    let response = turn["response"].as_str().unwrap();
    assert_eq!(streamed.trim(), response, "what was streamed is what is stored");
    assert!(!response.contains(mark), "{response}");
    assert!(
        response.contains(PASSWORD_SENTENCE) && response.contains("30 minutes"),
        "{response}"
    );

    let explained = talk.explained(&app, turn["message_id"].as_str().unwrap()).await;
    let verdicts = explained["evidence"]["verdicts"].as_array().unwrap();
    let dropped: Vec<&Value> = verdicts
        .iter()
        .filter(|verdict| verdict["check"] == "groundedness" && verdict["decision"] == "dropped")
        .collect();
    assert_eq!(dropped.len(), 1, "{verdicts:?}");
    assert!(
        dropped[0]["reason"].as_str().unwrap().contains(mark),
        "{dropped:?}"
    );
    talk.transcript(&app).await.check();
}

#[tokio::test]
async fn a_model_that_only_lies_is_not_heard() {
    let lies = "Your password is 1234. Call us at +31 20 555 0199.";
    let model = ModelServer::start([Script::reply(&[lies], 10, 10)])
        .await
        .unwrap();
    let app = app(&model).await;
    let talk = Talk::begin(&app).await;
    let events = talk.hear(&app, PASSWORD_QUESTION).await;
    for (_, said) in &events {
        assert!(
            !said.to_string().contains("1234") && !said.to_string().contains("0199"),
            "{said}"
        );
    }
    let (_, turn) = events.last().unwrap();
    assert_eq!(
        (&turn["model_used"], &turn["outcome"]),
        (&json!("composer"), &json!("answered"))
    );
}
