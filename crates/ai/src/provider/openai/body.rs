//! What is sent.

use acs_domain::port::chat::{ChatMessage, ChatRequest, ChatRole, ReplySchema, Tool, ToolResult};
use serde::Serialize;
use serde_json::Value;

use crate::provider::ModelOptions;

#[derive(Serialize)]
pub(super) struct Body<'a> {
    model: &'a str,
    messages: Vec<Line<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Offer<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<Format<'a>>,
    stream: bool,
    stream_options: StreamOptions,
}

#[derive(Serialize)]
struct StreamOptions {
    include_usage: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    role: &'static str,
    content: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_calls: Option<[Call<'a>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_call_id: Option<&'a str>,
}

#[derive(Serialize)]
struct Call<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    function: Called<'a>,
}

#[derive(Serialize)]
struct Called<'a> {
    name: &'a str,
    /// JSON as text: the protocol wants it so.
    arguments: String,
}

#[derive(Serialize)]
struct Offer<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    function: &'a Tool,
}

#[derive(Serialize)]
struct Format<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    json_schema: Schema<'a>,
}

#[derive(Serialize)]
struct Schema<'a> {
    name: &'a str,
    schema: &'a Value,
    strict: bool,
}

impl<'a> Body<'a> {
    /// `completion_tokens`: the limit of tokens has its newer name.
    pub(super) fn new(options: &'a ModelOptions, completion_tokens: bool, request: &'a ChatRequest) -> Self {
        let max_tokens = request.max_tokens.or(options.max_tokens);
        let system = Line::says("system", &request.system);
        let talk = request.messages.iter().map(Line::from);
        Self {
            model: &options.model,
            messages: std::iter::once(system)
                .chain(talk)
                .chain(request.results.iter().flat_map(exchange))
                .collect(),
            temperature: request.temperature.or(options.temperature),
            max_tokens: max_tokens.filter(|_| !completion_tokens),
            max_completion_tokens: max_tokens.filter(|_| completion_tokens),
            tools: request.tools.iter().map(Offer::from).collect(),
            response_format: request.schema.as_ref().map(Format::from),
            stream: true,
            stream_options: StreamOptions { include_usage: true },
        }
    }
}

impl<'a> Line<'a> {
    fn says(role: &'static str, content: &'a str) -> Self {
        Self {
            role,
            content: Some(content),
            tool_calls: None,
            tool_call_id: None,
        }
    }
}

impl<'a> From<&'a ChatMessage> for Line<'a> {
    fn from(message: &'a ChatMessage) -> Self {
        let role = match message.role {
            ChatRole::User => "user",
            ChatRole::Assistant => "assistant",
        };
        Self::says(role, &message.content)
    }
}

/// The model's call, and the answer to it.
fn exchange(result: &ToolResult) -> [Line<'_>; 2] {
    let call = Call {
        id: &result.call.id,
        kind: "function",
        function: Called {
            name: &result.call.name,
            arguments: Value::Object(result.call.arguments.clone()).to_string(),
        },
    };
    [
        Line {
            role: "assistant",
            content: None,
            tool_calls: Some([call]),
            tool_call_id: None,
        },
        Line {
            tool_call_id: Some(&result.call.id),
            ..Line::says("tool", &result.content)
        },
    ]
}

impl<'a> From<&'a Tool> for Offer<'a> {
    fn from(tool: &'a Tool) -> Self {
        Self {
            kind: "function",
            function: tool,
        }
    }
}

impl<'a> From<&'a ReplySchema> for Format<'a> {
    fn from(schema: &'a ReplySchema) -> Self {
        Self {
            kind: "json_schema",
            json_schema: Schema {
                name: &schema.name,
                schema: &schema.schema,
                strict: true,
            },
        }
    }
}
