//! Tools and replies of a given form, in both protocols.

use acs_ai::provider::connect;
use acs_domain::port::chat::{ChatRequest, ReplySchema, StopReason, Tool, ToolCall, ToolResult};
use rstest::rstest;
use serde_json::{Value, json};

use super::{Fault, Heard, broken, hear_from, options, request};
use crate::model_server::{ModelServer, Script};

fn arguments() -> Value {
    json!({"type": "object", "properties": {"number": {"type": "string"}}, "required": ["number"]})
}

fn with_tool() -> ChatRequest {
    ChatRequest {
        tools: vec![Tool {
            name: "find_order".to_owned(),
            description: "Finds an order.".to_owned(),
            parameters: arguments(),
        }],
        ..request()
    }
}

fn call() -> ToolCall {
    let arguments = json!({"number": "A-17"});
    ToolCall {
        id: "call_1".to_owned(),
        name: "find_order".to_owned(),
        arguments: arguments.as_object().unwrap().clone(),
    }
}

async fn hear(provider: &str, script: Script, request: &ChatRequest) -> Result<Heard, Fault> {
    let server = ModelServer::start([script]).await.unwrap();
    hear_from(&*connect(provider, options(&server.base_url())).unwrap(), request).await
}

/// A reply that calls a tool, its arguments in two pieces, behind a few words.
fn calling(provider: &str, name: &str, arguments: &str) -> Script {
    let (first, second) = arguments.split_at(arguments.len() / 2);
    if provider == "anthropic" {
        let more = |piece: &str| json!({"type": "content_block_delta", "index": 1, "delta": {"type": "input_json_delta", "partial_json": piece}});
        return Script::message_begins(9)
            .message_words("One moment.")
            .named(&json!({"type": "content_block_start", "index": 1,
                "content_block": {"type": "tool_use", "id": "call_1", "name": name, "input": {}}}))
            .named(&more(first))
            .named(&more(second))
            .named(&json!({"type": "content_block_stop", "index": 1}))
            .message_ends("tool_use", 7);
    }
    let delta = |call: Value| json!({"choices": [{"index": 0, "delta": {"tool_calls": [call]}, "finish_reason": null}]});
    Script::stream()
        .words("One moment.")
        .event(&delta(json!({"index": 0, "id": "call_1", "type": "function",
            "function": {"name": name, "arguments": first}})))
        .event(&delta(json!({"index": 0, "function": {"arguments": second}})))
        .event(&json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]}))
        .data("[DONE]")
}

#[rstest]
#[tokio::test]
async fn a_call_comes_whole_with_its_arguments(#[values("openai", "anthropic")] provider: &str) {
    let heard = hear(
        provider,
        calling(provider, "find_order", r#"{"number": "A-17"}"#),
        &with_tool(),
    )
    .await
    .unwrap();
    assert_eq!(heard.words, ["One moment."]);
    assert_eq!(heard.calls, [call()]);
    assert_eq!(heard.end.unwrap().unwrap().reason, StopReason::ToolCalls);
}

#[rstest]
#[case::no_json(
    "find_order",
    r#"{"number": "A-1"#,
    "the arguments of a tool call are no JSON object"
)]
#[case::no_object(
    "find_order",
    r#"["A-17"]"#,
    "the arguments of a tool call are no JSON object"
)]
#[case::no_such_tool(
    "delete_order",
    r#"{"number": "A-17"}"#,
    "it calls a tool that it was not given"
)]
#[tokio::test]
async fn a_call_that_cannot_be_meant_breaks_the_reply(
    #[case] name: &str,
    #[case] arguments: &str,
    #[case] reason: &str,
    #[values("openai", "anthropic")] provider: &str,
) {
    let heard = hear(provider, calling(provider, name, arguments), &with_tool()).await;
    assert_eq!(heard, Ok(Heard::of(&["One moment."], Err(broken(reason)))));
}

#[rstest]
#[tokio::test]
async fn calls_without_end_are_bounded(#[values("openai", "anthropic")] provider: &str) {
    let endless = format!(r#"{{"number": "{}"}}"#, "9".repeat(80 << 10));
    let heard = hear(provider, calling(provider, "find_order", &endless), &with_tool()).await;
    let reason = "the arguments of its tool calls are too long";
    assert_eq!(heard, Ok(Heard::of(&["One moment."], Err(broken(reason)))));
}

/// What the server was asked with.
async fn body(provider: &str, request: &ChatRequest) -> Value {
    let script = if provider == "anthropic" {
        Script::message(&["ok"], 1, 1)
    } else {
        Script::reply(&["ok"], 1, 1)
    };
    let server = ModelServer::start([script]).await.unwrap();
    // A reply of a given form is not what this one is.
    let _heard = hear_from(&*connect(provider, options(&server.base_url())).unwrap(), request).await;
    server.asked()[0].body.clone()
}

#[tokio::test]
async fn tools_and_what_came_of_them_are_told_in_each_protocol_s_words() {
    let request = ChatRequest {
        results: vec![ToolResult {
            call: call(),
            content: "shipped".to_owned(),
        }],
        ..with_tool()
    };
    let openai = body("openai", &request).await;
    assert_eq!(
        openai["tools"],
        json!([{"type": "function", "function":
            {"name": "find_order", "description": "Finds an order.", "parameters": arguments()}}])
    );
    assert_eq!(
        openai["messages"].as_array().unwrap()[4..],
        [
            json!({"role": "assistant", "content": null, "tool_calls": [{"id": "call_1", "type": "function",
                "function": {"name": "find_order", "arguments": r#"{"number":"A-17"}"#}}]}),
            json!({"role": "tool", "tool_call_id": "call_1", "content": "shipped"}),
        ]
    );
    let anthropic = body("anthropic", &request).await;
    assert_eq!(
        anthropic["tools"],
        json!([{"name": "find_order", "description": "Finds an order.", "input_schema": arguments()}])
    );
    assert_eq!(
        anthropic["messages"].as_array().unwrap()[3..],
        [
            json!({"role": "assistant", "content": [{"type": "tool_use", "id": "call_1", "name": "find_order",
                "input": {"number": "A-17"}}]}),
            json!({"role": "user", "content": [{"type": "tool_result", "tool_use_id": "call_1", "content": "shipped"}]}),
        ]
    );
}

fn with_form() -> ChatRequest {
    ChatRequest {
        schema: Some(ReplySchema {
            name: "answer".to_owned(),
            schema: arguments(),
        }),
        ..request()
    }
}

#[tokio::test]
async fn a_form_is_asked_for_as_each_protocol_can() {
    let openai = body("openai", &with_form()).await;
    assert_eq!(
        openai["response_format"],
        json!({"type": "json_schema", "json_schema": {"name": "answer", "schema": arguments(), "strict": true}})
    );
    let anthropic = body("anthropic", &with_form()).await;
    assert_eq!(
        (&anthropic["tool_choice"], &anthropic["tools"][0]["input_schema"]),
        (&json!({"type": "tool", "name": "answer"}), &arguments())
    );
}

#[tokio::test]
async fn the_arguments_of_anthropic_s_form_are_the_reply() {
    let heard = hear(
        "anthropic",
        calling("anthropic", "answer", r#"{"number": "A-17"}"#),
        &with_form(),
    )
    .await
    .unwrap();
    assert_eq!(
        heard.words.concat(),
        r#"{"number": "A-17"}"#,
        "the talk beside it is left out"
    );
    assert_eq!(heard.calls, []);
    assert_eq!(heard.end.unwrap().unwrap().reason, StopReason::Finished);
}
