//! What is sent.

use acs_domain::port::chat::{ChatMessage, ChatRequest, ChatRole, ReplySchema, Tool, ToolResult};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::provider::ModelOptions;

/// The longest reply where no settings say: the protocol wants a limit.
const MAX_TOKENS: u32 = 4_096;

#[derive(Serialize)]
pub(super) struct Body<'a> {
    model: &'a str,
    max_tokens: u32,
    #[serde(skip_serializing_if = "str::is_empty")]
    system: &'a str,
    messages: Vec<Line<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Offer<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_choice: Option<Choice<'a>>,
    stream: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    role: &'static str,
    content: [Block<'a>; 1],
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Block<'a> {
    Text {
        text: &'a str,
    },
    ToolUse {
        id: &'a str,
        name: &'a str,
        input: &'a Map<String, Value>,
    },
    ToolResult {
        tool_use_id: &'a str,
        content: &'a str,
    },
}

#[derive(Serialize)]
struct Offer<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    input_schema: &'a Value,
}

#[derive(Serialize)]
struct Choice<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    name: &'a str,
}

impl<'a> Body<'a> {
    pub(super) fn new(options: &'a ModelOptions, request: &'a ChatRequest) -> Self {
        let talk = request
            .messages
            .iter()
            .filter(|message| !message.content.is_empty());
        let temperature = request.temperature.or(options.temperature);
        Self {
            model: &options.model,
            max_tokens: request.max_tokens.or(options.max_tokens).unwrap_or(MAX_TOKENS),
            system: &request.system,
            messages: talk
                .map(Line::from)
                .chain(request.results.iter().flat_map(exchange))
                .collect(),
            // The scale of the others goes to 2.
            temperature: temperature.map(|temperature| temperature.min(1.0)),
            tools: request
                .tools
                .iter()
                .map(Offer::from)
                .chain(request.schema.as_ref().map(Offer::from))
                .collect(),
            tool_choice: request.schema.as_ref().map(|schema| Choice {
                kind: "tool",
                name: &schema.name,
            }),
            stream: true,
        }
    }
}

impl<'a> From<&'a ChatMessage> for Line<'a> {
    fn from(message: &'a ChatMessage) -> Self {
        let role = match message.role {
            ChatRole::User => "user",
            ChatRole::Assistant => "assistant",
        };
        let text = &message.content;
        Self {
            role,
            content: [Block::Text { text }],
        }
    }
}

/// The model's call, and the answer to it.
fn exchange(result: &ToolResult) -> [Line<'_>; 2] {
    let call = Block::ToolUse {
        id: &result.call.id,
        name: &result.call.name,
        input: &result.call.arguments,
    };
    let answer = Block::ToolResult {
        tool_use_id: &result.call.id,
        content: &result.content,
    };
    [("assistant", call), ("user", answer)].map(|(role, block)| Line {
        role,
        content: [block],
    })
}

impl<'a> From<&'a Tool> for Offer<'a> {
    fn from(tool: &'a Tool) -> Self {
        Self {
            name: &tool.name,
            description: &tool.description,
            input_schema: &tool.parameters,
        }
    }
}

impl<'a> From<&'a ReplySchema> for Offer<'a> {
    fn from(schema: &'a ReplySchema) -> Self {
        Self {
            name: &schema.name,
            description: "Writes the reply.",
            input_schema: &schema.schema,
        }
    }
}
