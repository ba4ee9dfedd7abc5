//! A language model behind Anthropic's protocol: what is asked, what is read, and what each fault becomes.

use std::time::Duration;

use acs_ai::provider::{ModelOptions, connect};
use acs_domain::port::chat::{ChatRequest, StopReason};
use rstest::rstest;
use serde_json::json;

use super::{AMPLE, Fault, Heard, SHORT, broken, chunked, ended, hear_from, options, request};
use crate::model_server::{ModelServer, Script};

async fn hear(script: Script) -> Result<Heard, Fault> {
    super::hear("anthropic", script).await
}

#[tokio::test]
async fn a_reply_comes_in_pieces_and_ends_with_its_cost() {
    let words = ["Your lamp", " is on", " its way. 🚚"];
    assert_eq!(
        hear(Script::message(&words, 31, 9)).await,
        Ok(Heard::of(&words, Ok(ended(StopReason::Finished, 31, 9))))
    );
}

#[tokio::test]
async fn the_server_is_asked_in_its_own_words() {
    let server = ModelServer::start([Script::message(&["ok"], 1, 1)])
        .await
        .unwrap();
    let options = ModelOptions {
        temperature: Some(1.4),
        ..options(&server.base_url())
    };
    hear_from(&*connect("anthropic", options).unwrap(), &request())
        .await
        .unwrap();
    let asked = &server.asked()[0];
    assert_eq!(asked.line, "POST /v1/messages");
    assert_eq!(
        ["x-api-key", "anthropic-version", "authorization"].map(|name| asked.header(name)),
        [Some("sk-secret"), Some("2023-06-01"), None]
    );
    let says = |role: &str, text: &str| json!({"role": role, "content": [{"type": "text", "text": text}]});
    assert_eq!(
        asked.body,
        json!({
            "model": "small-1", "max_tokens": 300, "temperature": 1.0, "stream": true, "system": "You are Lux.",
            "messages": [says("user", "Hi"), says("assistant", "Hello"), says("user", "Where is my lamp?")],
        })
    );
}

#[tokio::test]
async fn what_a_turn_wants_goes_before_what_the_settings_say() {
    let server = ModelServer::start([Script::message(&["ok"], 1, 1)])
        .await
        .unwrap();
    let wanted = ChatRequest {
        max_tokens: Some(50),
        temperature: Some(0.0),
        ..request()
    };
    hear_from(
        &*connect("anthropic", options(&server.base_url())).unwrap(),
        &wanted,
    )
    .await
    .unwrap();
    let body = &server.asked()[0].body;
    assert_eq!(
        (&body["max_tokens"], &body["temperature"]),
        (&json!(50), &json!(0.0))
    );
}

#[rstest]
#[case::wrong_key(401, "authentication_error", &[], Fault::Unauthorized)]
#[case::no_right(403, "permission_error", &[], Fault::Unauthorized)]
#[case::rate_with_a_time(429, "rate_limit_error", &[("retry-after", "7")], Fault::RateLimited(Some(Duration::from_secs(7))))]
#[case::rate_without_a_time(429, "rate_limit_error", &[], Fault::RateLimited(None))]
#[case::bad_request(400, "invalid_request_error", &[], Fault::Refused("400, type invalid_request_error".to_owned()))]
#[case::no_such_model(404, "not_found_error", &[], Fault::NotServed("404, type not_found_error".to_owned()))]
#[case::too_large(413, "request_too_large", &[], Fault::ContextTooLong)]
#[case::server_error(500, "api_error", &[], Fault::Failed("status 500, type api_error".to_owned(), None))]
#[case::overloaded(529, "overloaded_error", &[], Fault::Failed("status 529, type overloaded_error".to_owned(), None))]
#[tokio::test]
async fn a_status_says_what_to_do(
    #[case] status: u16,
    #[case] kind: &str,
    #[case] headers: &[(&str, &str)],
    #[case] expected: Fault,
) {
    let script = Script::refuse_message(status, headers, kind, "sk-secret said: Where is my lamp?");
    assert_eq!(hear(script).await, Err(expected));
}

#[tokio::test]
async fn a_request_that_is_too_long_is_told_from_one_that_is_wrong() {
    let message = "prompt is too long: 208310 tokens > 200000 maximum";
    let script = Script::refuse_message(400, &[], "invalid_request_error", message);
    assert_eq!(hear(script).await, Err(Fault::ContextTooLong));
}

#[rstest]
#[case::the_limit_of_tokens("max_tokens", StopReason::Length)]
#[case::the_window("model_context_window_exceeded", StopReason::Length)]
#[case::a_refusal("refusal", StopReason::Filtered)]
#[case::a_word_that_ends_it("stop_sequence", StopReason::Finished)]
#[tokio::test]
async fn a_reply_that_was_stopped_says_why(#[case] named: &str, #[case] reason: StopReason) {
    let script = Script::message_begins(31)
        .message_words("Your lamp")
        .message_ends(named, 9);
    assert_eq!(
        hear(script).await,
        Ok(Heard::of(&["Your lamp"], Ok(ended(reason, 31, 9))))
    );
}

#[tokio::test]
async fn a_refusal_before_the_first_words_is_no_reply() {
    let script = Script::message_begins(31).message_ends("refusal", 0);
    assert_eq!(hear(script).await, Err(Fault::Filtered));
}

#[tokio::test]
async fn thoughts_and_what_the_protocol_may_bring_are_no_words() {
    let thinks = json!({"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "Hm"}});
    let script = Script::message_begins(1)
        .named(&json!({"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": ""}}))
        .named(&thinks)
        .named(&json!({"type": "novelty", "index": 7}))
        .message_words("Yes.")
        .message_ends("end_turn", 2);
    assert_eq!(
        hear(script).await,
        Ok(Heard::of(&["Yes."], Ok(ended(StopReason::Finished, 1, 2))))
    );
}

#[tokio::test]
async fn what_the_provider_had_kept_was_read_too() {
    let usage = json!({"input_tokens": 5, "cache_creation_input_tokens": 20, "cache_read_input_tokens": 300, "output_tokens": 1});
    let script = Script::stream()
        .named(&json!({"type": "message_start", "message": {"usage": usage}}))
        .message_words("Yes.")
        .message_ends("end_turn", 2);
    assert_eq!(
        hear(script).await.unwrap().end,
        Some(Ok(ended(StopReason::Finished, 325, 2)))
    );
}

#[rstest]
#[case::cut(Script::message_begins(1).message_words("Your lamp"), broken("it was cut off"))]
#[case::half_a_json(
    Script::message_begins(1).message_words("Your lamp").data(r#"{"type": "content_bl"#),
    broken("a chunk is not in the agreed form: Eof"))]
#[case::garbage(
    Script::message_begins(1).message_words("Your lamp").data("Good morning"),
    broken("a chunk is not in the agreed form: Syntax"))]
#[case::cut_in_a_chunk(
    Script::default()
        .raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        .raw(&chunked("data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Your lamp\"}}\n\n"))
        .raw("40\r\ndata: "),
    broken("the connection was cut"))]
#[case::overloaded(
    Script::message_begins(1).message_words("Your lamp")
        .named(&json!({"type": "error", "error": {"type": "overloaded_error", "message": "sk-secret"}})),
    Fault::Failed("an error instead of words, type overloaded_error".to_owned(), None))]
#[tokio::test]
async fn a_fault_behind_the_first_words_ends_the_reply_with_an_error(
    #[case] script: Script,
    #[case] expected: Fault,
) {
    assert_eq!(hear(script).await, Ok(Heard::of(&["Your lamp"], Err(expected))));
}

#[rstest]
#[case::never(Script::silence())]
#[case::only_signs_of_life(Script::message_begins(1).trickle(&"event: ping\ndata: {\"type\":\"ping\"}\n\n".repeat(90), Duration::from_millis(2)))]
#[case::one_byte_at_a_time(Script::stream().trickle(&"x".repeat(1_000), Duration::from_millis(30)))]
#[tokio::test]
async fn a_reply_without_words_is_left_at_the_first_deadline(#[case] script: Script) {
    let server = ModelServer::start([script]).await.unwrap();
    let options = ModelOptions {
        first_token_timeout: SHORT,
        ..options(&server.base_url())
    };
    let heard = hear_from(&*connect("anthropic", options).unwrap(), &request()).await;
    assert_eq!(heard, Err(Fault::Timeout(SHORT)));
    tokio::time::timeout(AMPLE, server.hung_up(1)).await.unwrap();
}
