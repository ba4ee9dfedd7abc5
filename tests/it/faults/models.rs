//! A language model that refuses, breaks off, keeps silent, or lies.

use std::time::{Duration, Instant};

use acs_testkit::model_server::{ModelServer, Script};
use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::{App, Store};
use crate::talk::{PASSWORD_QUESTION, PASSWORD_SENTENCE, Talk};

/// What the model calls itself.
const MODEL: &str = "small-1";

/// The product with models of these names at these servers, asked in this order.
async fn app_with(models: &[(&str, &str, &ModelServer)]) -> App {
    let names: Vec<&str> = models.iter().map(|(_, model, _)| *model).collect();
    let mut settings = vec![("ACS__AI__CHAINS".to_owned(), names.join(","))];
    for (provider, model, server) in models {
        let values = [
            ("PROVIDER", *provider),
            ("MODEL", *model),
            ("BASE_URL", &server.base_url()),
            ("FIRST_TOKEN_TIMEOUT_SECONDS", "0.4"),
            ("TIMEOUT_SECONDS", "0.8"),
        ];
        let setting =
            |(name, value): (&str, &str)| (format!("ACS__AI__MODELS__{model}__{name}"), value.to_owned());
        settings.extend(values.map(setting));
    }
    let settings: Vec<(&str, &str)> = settings
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    App::with(Store::Sqlite, &settings).await
}

async fn app(model: &ModelServer) -> App {
    app_with(&[("openai", MODEL, model)]).await
}

fn refusal(status: u16, headers: &[(&str, &str)], code: &str) -> Script {
    Script::refuse(status, headers, &json!({ "message": "no", "code": code }))
}

fn refused_message(status: u16, headers: &[(&str, &str)], kind: &str) -> Script {
    Script::refuse_message(status, headers, kind, "no")
}

/// One byte a second.
fn crawling() -> Script {
    Script::stream().trickle("data: {}\n\n", Duration::from_secs(1))
}

/// The agent is asked, the model fails in this way, and the composer answers.
async fn check_fallback(provider: &str, script: Script, noted: &str) {
    let model = ModelServer::start([script]).await.unwrap();
    let app = app_with(&[(provider, MODEL, &model)]).await;
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
    let (composer, tries) = models.split_last().unwrap();
    assert_eq!(tries.len(), model.asked().len(), "every try is noted: {models:?}");
    assert_eq!(
        (&composer["model"], &composer["outcome"]),
        (&json!("composer"), &json!("ok"))
    );
    for tried in tries {
        assert_eq!(tried["model"], MODEL);
        assert!(tried["outcome"].as_str().unwrap().contains(noted), "{models:?}");
        assert!(tried["latency_ms"].as_f64().unwrap() > 0.0, "{models:?}");
    }
    talk.transcript(&app).await.check();
}

#[rstest]
#[case::a_wrong_key(refusal(401, &[], "scripted"), "refused the key")]
#[case::too_many_requests(refusal(429, &[], "scripted"), "limits the rate")]
#[case::too_many_requests_for_a_while(refusal(429, &[("Retry-After", "0")], "scripted"), "limits the rate")]
#[case::too_many_requests_for_long(refusal(429, &[("Retry-After", "3600")], "scripted"), "limits the rate")]
#[case::too_many_requests_for_ever(refusal(429, &[("Retry-After", "18446744073709551615")], "scripted"), "limits the rate")]
#[case::too_many_requests_until_a_far_day(refusal(429,
    &[("Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT"), ("Date", "Sun, 06 Nov 1994 08:49:37 GMT")], "scripted"), "limits the rate")]
#[case::away_for_ever(refusal(503, &[("Retry-After", "18446744073709551615")], "scripted"), "failed")]
#[case::a_request_it_does_not_take(refusal(400, &[], "scripted"), "refused the request")]
#[case::a_request_that_is_too_long(refusal(400, &[], "context_length_exceeded"), "too long")]
#[case::a_filter_before(refusal(400, &[], "content_filter"), "filtered")]
#[case::a_filter_after(
    Script::stream().event(&json!({"choices": [{"delta": {}, "finish_reason": "content_filter"}]})), "filtered")]
#[case::a_failure(refusal(500, &[], "scripted"), "failed")]
#[case::no_answer(Script::default(), "failed")]
#[case::garbage_instead_of_http(Script::default().raw("\u{1}\u{2} no protocol\r\n\r\n"), "failed")]
#[case::garbage_instead_of_chunks(Script::stream().data("{no json"), "broken")]
#[case::a_page_instead_of_a_stream(Script::stream().raw("<html>hello</html>"), "broken")]
#[case::half_a_json(Script::stream().data(r#"{"choices": [{"delta"#), "broken")]
#[case::a_cut_in_a_sentence(Script::stream().words("If you forgot"), "broken")]
#[case::one_byte_a_second(crawling(), "longer than")]
#[case::silence(Script::silence(), "longer than")]
#[case::silence_in_a_sentence(Script::stream().words("If you forgot").hang(), "longer than")]
#[case::nothing(Script::reply(&[], 10, 0), "no use")]
#[case::only_courtesy(Script::reply(&["Hello! How are you?"], 10, 5), "nothing that the sources support")]
#[case::a_tool_that_nobody_offered(
    Script::stream().event(&json!({"choices": [{"delta": {"tool_calls": [{"index": 0, "id": "1",
        "function": {"name": "refund", "arguments": "{\"amount\":"}}]}}]})), "broken")]
#[case::arguments_of_a_call_that_never_began(
    Script::stream().event(&json!({"choices": [{"delta": {"tool_calls": [{"index": 0,
        "function": {"arguments": "{\"amount\": ten"}}]}}]})), "broken")]
#[case::a_tool_call_in_another_form(
    Script::stream().event(&json!({"choices": [{"delta": {"tool_calls": [{"index": "first",
        "function": "refund"}]}}]})), "broken")]
#[case::a_tool_call_behind_words_of_courtesy(
    Script::stream().words("One moment, please. ").event(&json!({"choices": [{"delta": {"tool_calls": [{"index": 0,
        "id": "1", "function": {"name": "refund", "arguments": "[1, 2"}}]}}]})), "broken")]
#[tokio::test]
async fn when_the_model_fails_the_composer_answers(#[case] script: Script, #[case] noted: &str) {
    check_fallback("openai", script, noted).await;
}

#[rstest]
#[case::a_wrong_key(refused_message(401, &[], "authentication_error"), "refused the key")]
#[case::too_many_requests(refused_message(429, &[], "rate_limit_error"), "limits the rate")]
#[case::too_many_requests_for_a_while(refused_message(429, &[("retry-after", "0")], "rate_limit_error"), "limits the rate")]
#[case::too_many_requests_for_ever(
    refused_message(429, &[("retry-after", "18446744073709551615")], "rate_limit_error"), "limits the rate")]
#[case::a_request_that_is_too_long(refused_message(413, &[], "request_too_large"), "too long")]
#[case::a_refusal(Script::message_begins(9).message_ends("refusal", 0), "filtered")]
#[case::a_failure(refused_message(500, &[], "api_error"), "failed")]
#[case::overload(refused_message(529, &[], "overloaded_error"), "failed")]
#[case::overload_in_a_sentence(
    Script::message_begins(9).message_words("If you")
        .named(&json!({"type": "error", "error": {"type": "overloaded_error", "message": "no"}})), "failed")]
#[case::garbage(Script::stream().data("{no json"), "broken")]
#[case::half_a_json(Script::message_begins(9).data(r#"{"type": "content_block_d"#), "broken")]
#[case::a_cut_in_a_sentence(Script::message_begins(9).message_words("If you forgot"), "broken")]
#[case::one_byte_a_second(crawling(), "longer than")]
#[case::silence(Script::silence(), "longer than")]
#[case::a_tool_that_nobody_offered(
    Script::message_begins(9).named(&json!({"type": "content_block_start", "index": 0,
        "content_block": {"type": "tool_use", "id": "1", "name": "refund", "input": {}}})), "broken")]
#[case::arguments_of_a_call_that_never_began(
    Script::message_begins(9).named(&json!({"type": "content_block_delta", "index": 0,
        "delta": {"type": "input_json_delta", "partial_json": "{\"amount\": ten"}})), "broken")]
#[tokio::test]
async fn when_anthropic_s_model_fails_the_composer_answers(#[case] script: Script, #[case] noted: &str) {
    check_fallback("anthropic", script, noted).await;
}

#[tokio::test]
async fn when_the_first_model_fails_the_next_answers() {
    let away = ModelServer::start([refusal(503, &[("Retry-After", "60")], "scripted")])
        .await
        .unwrap();
    let there = ModelServer::start([Script::message(&[PASSWORD_SENTENCE], 40, 12)])
        .await
        .unwrap();
    let app = app_with(&[("openai", MODEL, &away), ("anthropic", "large-2", &there)]).await;
    let talk = Talk::begin(&app).await;
    let turn = talk.say(&app, PASSWORD_QUESTION).await.expect(200);
    assert_eq!(
        [&turn["model_used"], &turn["fallback_level"], &turn["tokens_used"]],
        [&json!("large-2"), &json!(1), &json!(52)]
    );
    assert_eq!(turn["response"], format!("{PASSWORD_SENTENCE} [1]"));
}

#[rstest]
#[case::that_limits_the_rate(429)]
#[case::that_is_overloaded(503)]
#[tokio::test]
async fn a_model_is_asked_again_when_it_says_and_answers_then(#[case] status: u16) {
    let model = ModelServer::start([
        refusal(status, &[("Retry-After", "1")], "scripted"),
        Script::reply(&[PASSWORD_SENTENCE], 40, 12),
    ]);
    let model = model.await.unwrap();
    let app = app(&model).await;
    let talk = Talk::begin(&app).await;
    let begun = Instant::now();
    let turn = talk.say(&app, PASSWORD_QUESTION).await.expect(200);
    assert!(begun.elapsed() >= Duration::from_secs(1), "{:?}", begun.elapsed());
    assert_eq!(
        [&turn["model_used"], &turn["fallback_level"], &turn["tokens_used"]],
        [&json!(MODEL), &json!(0), &json!(52)]
    );
    let explained = talk.explained(&app, turn["message_id"].as_str().unwrap()).await;
    let tries = explained["evidence"]["models"].as_array().unwrap();
    assert_eq!((tries.len(), model.asked().len()), (2, 2));
    assert_eq!(tries[1]["outcome"], "ok");
}

/// The first of two models is late, so that the second is asked beside it, and is cut off behind its first sentence.
#[tokio::test]
async fn once_words_have_left_the_model_beside_it_is_not_asked_again() {
    let late = Script::stream()
        .pause(Duration::from_millis(400))
        .words(&format!("{PASSWORD_SENTENCE} We send"));
    let (first, second) = (
        ModelServer::start([late]).await.unwrap(),
        ModelServer::start([Script::silence(), Script::reply(&["No."], 9, 9)])
            .await
            .unwrap(),
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("acs.toml");
    let model = |name: &str, server: &ModelServer| {
        format!(
            "[ai.models.{name}]\nmodel = \"{name}\"\nbase_url = \"{}\"\n",
            server.base_url()
        )
    };
    let chain = "[[ai.chains]]\nmodels = [\"first\", \"second\"]\nhedge_after_seconds = 0.05\n".to_owned();
    let config = [model("first", &first), model("second", &second), chain];
    std::fs::write(&file, config.concat()).unwrap();
    let app = App::with(Store::Sqlite, &[("ACS_CONFIG", file.to_str().unwrap())]).await;
    let talk = Talk::begin(&app).await;
    let turn = talk.say(&app, PASSWORD_QUESTION).await.expect(200);
    assert_eq!(
        (&turn["model_used"], turn["response"].as_str()),
        (&json!("first"), Some(&*format!("{PASSWORD_SENTENCE} [1]")))
    );
    let hung_up = tokio::time::timeout(Duration::from_secs(20), second.hung_up(1));
    hung_up.await.expect("the slower model is hung up on");
    assert_eq!((first.asked().len(), second.asked().len()), (1, 1));
}

#[tokio::test]
async fn once_words_have_left_no_other_model_is_asked() {
    let cut = Script::stream().words(&format!("{PASSWORD_SENTENCE} We send"));
    let (first, second) = (
        ModelServer::start([cut]).await.unwrap(),
        ModelServer::start([Script::reply(&[PASSWORD_SENTENCE], 9, 9)])
            .await
            .unwrap(),
    );
    let app = app_with(&[("openai", MODEL, &first), ("openai", "large-2", &second)]).await;
    let talk = Talk::begin(&app).await;
    let turn = talk.say(&app, PASSWORD_QUESTION).await.expect(200);
    assert_eq!(
        (&turn["model_used"], turn["response"].as_str()),
        (&json!(MODEL), Some(&*format!("{PASSWORD_SENTENCE} [1]")))
    );
    assert_eq!(second.asked().len(), 0);
}

#[tokio::test]
async fn a_model_that_repeats_itself_is_stopped_and_heard_once() {
    let sentence = format!("{PASSWORD_SENTENCE} ");
    let endless = (0..2_000).fold(Script::stream(), |script, _| script.words(&sentence));
    let model = ModelServer::start([endless.hang()]).await.unwrap();
    let app = app(&model).await;
    let talk = Talk::begin(&app).await;
    let turn = talk.say(&app, PASSWORD_QUESTION).await.expect(200);
    assert_eq!(turn["response"], format!("{PASSWORD_SENTENCE} [1]"));
    tokio::time::timeout(Duration::from_secs(20), model.hung_up(1))
        .await
        .unwrap();
    let explained = talk.explained(&app, turn["message_id"].as_str().unwrap()).await;
    let outcome = explained["evidence"]["models"][0]["outcome"].as_str().unwrap();
    assert!(outcome.contains("repeats itself"), "{outcome}");
    let verdicts = explained["evidence"]["verdicts"].as_array().unwrap();
    assert!(verdicts.len() < 50, "{}", verdicts.len());
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

/// So many turns work at once on a machine that analyses one message at a time.
const WORKING: usize = 16;

#[tokio::test]
async fn nobody_queues_behind_customers_who_wait_for_a_slow_model() {
    let model = ModelServer::answering(|_| Script::silence()).await.unwrap();
    let settings = [
        ("ACS__AI__OPENAI_BASE_URL", &*model.base_url()),
        ("ACS__PERFORMANCE__UNDERSTANDING_THREADS", "1"),
        // Nobody gives the model up before the last has asked.
        ("ACS__AI__OPENAI_FIRST_TOKEN_TIMEOUT_SECONDS", "300"),
        ("ACS__AI__OPENAI_TIMEOUT_SECONDS", "300"),
        ("ACS__TURN__ANSWER_TIMEOUT_SECONDS", "300"),
        ("ACS__SERVER__REQUEST_TIMEOUT_SECONDS", "600"),
    ];
    let app = App::with(Store::Sqlite, &settings).await;
    let talk = Talk::begin(&app).await;
    let mut customers = Vec::new();
    for number in 0..=WORKING {
        let id = app.conversation(&talk.key, &format!("patient-{number}")).await;
        customers.push(Talk { id, ..talk.clone() });
    }
    let all_wait = futures::future::join_all(customers.iter().map(|talk| talk.say(&app, PASSWORD_QUESTION)));
    let all_are_asked = async {
        while model.asked().len() <= WORKING {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::select! {
        () = all_are_asked => {}
        answers = all_wait => panic!("the model keeps silent, and yet: {answers:?}"),
        () = tokio::time::sleep(Duration::from_secs(60)) => panic!("{} asked the model", model.asked().len()),
    }
}
