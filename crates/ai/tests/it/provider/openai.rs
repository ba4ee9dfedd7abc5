//! A language model behind OpenAI's protocol: what is asked, what is read, and what each fault becomes.

use std::time::{Duration, Instant};

use acs_ai::provider::{ConnectError, ModelOptions, connect};
use acs_core::secret::Secret;
use acs_domain::port::chat::StopReason;
use rstest::rstest;
use serde_json::json;

use super::{AMPLE, Fault, Heard, SHORT, broken, chunked, ended, hear_from, options, request};
use crate::model_server::{ModelServer, Script};

async fn hear(script: Script) -> Result<Heard, Fault> {
    super::hear("openai", script).await
}

async fn hear_within(script: Script, first_words: Duration, whole: Duration) -> Result<Heard, Fault> {
    let server = ModelServer::start([script]).await.unwrap();
    let options = ModelOptions {
        first_token_timeout: first_words,
        timeout: whole,
        ..options(&server.base_url())
    };
    hear_from(&*connect("openai", options).unwrap(), &request()).await
}

#[tokio::test]
async fn a_reply_comes_in_pieces_and_ends_with_its_cost() {
    let heard = hear(Script::reply(&["Your lamp", " is on", " its way. 🚚"], 31, 9)).await;
    let words = ["Your lamp", " is on", " its way. 🚚"];
    assert_eq!(
        heard,
        Ok(Heard::of(&words, Ok(ended(StopReason::Finished, 31, 9))))
    );
}

#[tokio::test]
async fn the_server_is_asked_in_its_own_words() {
    let server = ModelServer::start([Script::reply(&["ok"], 1, 1)]).await.unwrap();
    hear_from(
        &*connect("openai", options(&format!("{}/", server.base_url()))).unwrap(),
        &request(),
    )
    .await
    .unwrap();
    let asked = &server.asked()[0];
    assert_eq!(asked.line, "POST /v1/chat/completions");
    assert_eq!(asked.header("authorization"), Some("Bearer sk-secret"));
    assert_eq!(
        asked.body,
        json!({
            "model": "small-1", "temperature": 0.2, "max_tokens": 300,
            "stream": true, "stream_options": {"include_usage": true},
            "messages": [
                {"role": "system", "content": "You are Lux."},
                {"role": "user", "content": "Hi"},
                {"role": "assistant", "content": "Hello"},
                {"role": "user", "content": "Where is my lamp?"},
            ],
        })
    );
}

#[tokio::test]
async fn without_a_key_none_is_sent() {
    let server = ModelServer::start([Script::reply(&["ok"], 1, 1)]).await.unwrap();
    let options = ModelOptions {
        api_key: None,
        temperature: None,
        max_tokens: None,
        ..options(&server.base_url())
    };
    hear_from(&*connect("openai", options).unwrap(), &request())
        .await
        .unwrap();
    let asked = &server.asked()[0];
    assert_eq!(asked.header("authorization"), None);
    assert_eq!(
        (asked.body.get("temperature"), asked.body.get("max_tokens")),
        (None, None)
    );
}

#[rstest]
#[case::wrong_key(401, &[], Fault::Unauthorized)]
#[case::no_right(403, &[], Fault::Unauthorized)]
#[case::rate_with_a_time(429, &[("Retry-After", "7")], Fault::RateLimited(Some(Duration::from_secs(7))))]
#[case::rate_without_a_time(429, &[], Fault::RateLimited(None))]
#[case::bad_request(400, &[], Fault::Refused("400, type some_error, code scripted".to_owned()))]
#[case::server_error(500, &[], Fault::Failed("status 500, type some_error, code scripted".to_owned(), None))]
#[case::overloaded(503, &[("Retry-After", "7")],
    Fault::Failed("status 503, type some_error, code scripted".to_owned(), Some(Duration::from_secs(7))))]
#[case::too_large(413, &[], Fault::ContextTooLong)]
#[case::redirect(302, &[("Location", "/elsewhere")],
    Fault::Failed("status 302, type some_error, code scripted".to_owned(), None))]
#[tokio::test]
async fn a_status_says_what_to_do(
    #[case] status: u16,
    #[case] headers: &[(&str, &str)],
    #[case] expected: Fault,
) {
    let error = json!({"message": "sk-secret said: Where is my lamp?", "type": "some_error", "param": null,
        "code": "scripted"});
    assert_eq!(hear(Script::refuse(status, headers, &error)).await, Err(expected));
}

#[rstest]
#[case::context_too_long("context_length_exceeded", Fault::ContextTooLong)]
#[case::content_filtered("content_filter", Fault::Filtered)]
#[tokio::test]
async fn a_request_that_another_model_may_take_is_told_from_one_that_is_wrong(
    #[case] code: &str,
    #[case] expected: Fault,
) {
    let error = json!({"message": "no", "type": "invalid_request_error", "param": "messages", "code": code});
    assert_eq!(hear(Script::refuse(400, &[], &error)).await, Err(expected));
}

#[tokio::test]
async fn a_server_that_is_away_has_failed() {
    let server = ModelServer::start([]).await.unwrap();
    let url = server.base_url();
    drop(server);
    let heard = hear_from(&*connect("openai", options(&url)).unwrap(), &request()).await;
    assert!(matches!(heard, Err(Fault::Failed(..))), "{heard:?}");
}

#[tokio::test]
async fn a_server_that_hangs_up_has_failed() {
    let heard = hear(Script::default()).await;
    assert!(matches!(heard, Err(Fault::Failed(..))), "{heard:?}");
}

#[tokio::test]
async fn a_server_that_never_answers_is_left_at_the_first_deadline() {
    assert_eq!(
        hear_within(Script::silence(), SHORT, AMPLE).await,
        Err(Fault::Timeout(SHORT))
    );
}

#[tokio::test]
async fn a_reply_without_words_is_left_at_the_first_deadline() {
    let role = json!({"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": null}]});
    let script = Script::stream().raw(": waiting\n\n").event(&role).hang();
    assert_eq!(
        hear_within(script, SHORT, AMPLE).await,
        Err(Fault::Timeout(SHORT))
    );
}

#[tokio::test]
async fn one_byte_at_a_time_is_left_at_the_first_deadline() {
    let script = Script::stream().trickle(&"x".repeat(1_000), Duration::from_millis(30));
    let begun = Instant::now();
    assert_eq!(
        hear_within(script, SHORT, AMPLE).await,
        Err(Fault::Timeout(SHORT))
    );
    assert!(
        begun.elapsed() < AMPLE / 2,
        "bytes that complete nothing must not extend the deadline"
    );
}

#[tokio::test]
async fn a_reply_that_goes_on_and_on_is_left_at_the_last_deadline() {
    let script = Script::stream()
        .words("Your lamp")
        .trickle(&"data: {}\n\n".repeat(500), Duration::from_millis(5));
    let whole = 3 * SHORT;
    let heard = hear_within(script, whole, whole).await.unwrap();
    assert_eq!(heard, Heard::of(&["Your lamp"], Err(Fault::Timeout(whole))));
}

#[tokio::test]
async fn an_error_that_comes_slowly_is_left_at_the_first_deadline() {
    let script = Script::default()
        .raw("HTTP/1.1 500 Scripted\r\nContent-Length: 9000\r\n\r\n")
        .trickle(&"x".repeat(9_000), Duration::from_millis(30));
    assert_eq!(
        hear_within(script, SHORT, AMPLE).await,
        Err(Fault::Timeout(SHORT))
    );
}

#[rstest]
#[case::no_events(Script::stream().raw("<html>Good morning</html>"), "it was cut off")]
#[case::not_json(Script::stream().data("Good morning"), "a chunk is not in the agreed form: Syntax")]
#[case::half_a_json(Script::stream().data(r#"{"choices": [{"#), "a chunk is not in the agreed form: Eof")]
#[case::another_form(Script::stream().data(r#"{"choices": 7}"#), "a chunk is not in the agreed form: Data")]
#[case::not_utf8_sized(Script::stream().raw(&"x".repeat(2 << 20)), "an event is longer than 1048576 bytes")]
#[case::no_words(Script::reply(&[], 5, 0), "it has no words")]
#[case::cut_at_once(Script::stream(), "it was cut off")]
#[case::no_words_before_the_limit(
    Script::stream().event(&json!({"choices": [{"delta": {}, "finish_reason": "length"}]})).data("[DONE]"), "it has no words")]
#[tokio::test]
async fn garbage_before_the_first_words_is_a_broken_reply(#[case] script: Script, #[case] reason: &str) {
    assert_eq!(hear(script).await, Err(broken(reason)));
}

#[rstest]
#[case::cut(Script::stream().words("Your lamp"), broken("it was cut off"))]
#[case::half_an_event(Script::stream().words("Your lamp").raw(r#"data: {"choices"#), broken("it was cut off"))]
#[case::cut_in_a_chunk(
    Script::default()
        .raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        .raw(&chunked("data: {\"choices\":[{\"delta\":{\"content\":\"Your lamp\"}}]}\n\n"))
        .raw("40\r\ndata: "),
    broken("the connection was cut"))]
#[case::an_error(
    Script::stream().words("Your lamp").event(&json!({"error": {"message": "sk-secret", "type": "server_error"}})),
    Fault::Failed("an error instead of words, type server_error".to_owned(), None))]
#[case::the_rate(
    Script::stream().words("Your lamp").event(&json!({"error": {"message": "x", "code": "rate_limit_exceeded"}})),
    Fault::RateLimited(None))]
#[tokio::test]
async fn a_fault_behind_the_first_words_ends_the_reply_with_an_error(
    #[case] script: Script,
    #[case] expected: Fault,
) {
    assert_eq!(hear(script).await, Ok(Heard::of(&["Your lamp"], Err(expected))));
}

#[rstest]
#[case::no_mark(Script::stream().words("Yes.").event(&json!({"choices": [{"delta": {}, "finish_reason": "stop"}]})))]
#[case::no_reason(Script::stream().words("Yes.").data("[DONE]"))]
#[tokio::test]
async fn either_sign_of_the_end_is_enough(#[case] script: Script) {
    assert_eq!(
        hear(script).await,
        Ok(Heard::of(&["Yes."], Ok(ended(StopReason::Finished, 0, 0))))
    );
}

fn finished(reason: &str) -> Script {
    Script::stream()
        .words("Your lamp")
        .event(&json!({"choices": [{"delta": {}, "finish_reason": reason}]}))
        .data("[DONE]")
}

#[rstest]
#[case::the_limit_of_tokens(finished("length"), StopReason::Length)]
#[case::the_filter(finished("content_filter"), StopReason::Filtered)]
#[case::the_model_itself(
    Script::stream().words("Your lamp").event(&json!({"choices": [{"delta": {"refusal": "I can't"}}]})).data("[DONE]"),
    StopReason::Filtered)]
#[tokio::test]
async fn a_reply_that_was_stopped_says_why(#[case] script: Script, #[case] reason: StopReason) {
    assert_eq!(
        hear(script).await,
        Ok(Heard::of(&["Your lamp"], Ok(ended(reason, 0, 0))))
    );
}

#[tokio::test]
async fn a_reply_that_is_filtered_before_its_first_words_is_none() {
    let script =
        Script::stream().event(&json!({"choices": [{"delta": {}, "finish_reason": "content_filter"}]}));
    assert_eq!(hear(script.data("[DONE]")).await, Err(Fault::Filtered));
}

#[tokio::test]
async fn azure_is_asked_for_a_deployment_in_a_version_of_its_protocol() {
    let server = ModelServer::start([Script::reply(&["ok"], 1, 1)]).await.unwrap();
    let options = ModelOptions {
        api_version: Some("2025-01-01".to_owned()),
        ..options(server.base_url().trim_end_matches("/v1"))
    };
    hear_from(&*connect("azure", options).unwrap(), &request())
        .await
        .unwrap();
    let asked = &server.asked()[0];
    assert_eq!(
        asked.line,
        "POST /openai/deployments/small-1/chat/completions?api-version=2025-01-01"
    );
    assert_eq!(
        (asked.header("api-key"), asked.header("authorization")),
        (Some("sk-secret"), None)
    );
    assert_eq!(
        (
            asked.body.get("max_completion_tokens"),
            asked.body.get("max_tokens")
        ),
        (Some(&json!(300)), None)
    );
}

#[tokio::test]
async fn a_reply_that_is_dropped_closes_the_connection() {
    let server = ModelServer::start([Script::stream().words("Your lamp").hang()])
        .await
        .unwrap();
    let model = connect("openai", options(&server.base_url())).unwrap();
    let reply = model.reply(&request()).await.unwrap();
    drop(reply);
    tokio::time::timeout(AMPLE, server.hung_up(1)).await.unwrap();
}

#[tokio::test]
async fn a_request_that_is_given_up_closes_the_connection() {
    let server = ModelServer::start([Script::silence()]).await.unwrap();
    let model = connect("openai", options(&server.base_url())).unwrap();
    assert!(
        tokio::time::timeout(SHORT, model.reply(&request()))
            .await
            .is_err()
    );
    tokio::time::timeout(AMPLE, server.hung_up(1)).await.unwrap();
}

#[rstest]
#[case("ftp://models.example/v1")]
#[case("models.example")]
#[case("https://models.example/v1?key=1")]
fn what_is_no_web_address_is_refused_at_start(#[case] url: &str) {
    assert!(matches!(
        connect("openai", options(url)),
        Err(ConnectError::Address)
    ));
}

#[test]
fn a_key_that_cannot_be_sent_is_refused_at_start() {
    let options = ModelOptions {
        api_key: Some(Secret::new("a\nb")),
        ..options("https://models.example/v1")
    };
    assert!(matches!(connect("openai", options), Err(ConnectError::Key)));
}

#[test]
fn an_unknown_provider_is_refused_with_the_known_ones() {
    let error = connect("clippy", options("https://models.example"))
        .err()
        .unwrap();
    assert_eq!(
        error.to_string(),
        "there is no provider \"clippy\"; there are: openai, azure, anthropic, gguf"
    );
}

#[test]
fn options_never_print_the_key() {
    assert!(!format!("{:?}", options("https://models.example")).contains("sk-secret"));
}
