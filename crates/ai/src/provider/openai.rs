//! The chat completions protocol of OpenAI, which many servers speak: vLLM, llama.cpp, Ollama, gateways.
//!
//! Asked for as a stream with usage, as OpenAI's public reference describes it.

use acs_domain::port::chat::{
    ChatDelta, ChatMessage, ChatModel, ChatRequest, ChatRole, ChatStream, ModelError, TokenUsage,
};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tracing::{Instrument, Span, field::Empty};

use super::http::{Endpoint, ErrorCode};
use super::stream::{self, Decoder};
use super::{ConnectError, ModelOptions};

/// The host whose newer models refuse the older name of the limit of tokens, which all other servers know.
const OPENAI_HOST: &str = "api.openai.com";

/// A model behind OpenAI's chat completions protocol.
#[derive(Debug)]
pub struct OpenAi {
    endpoint: Endpoint,
    options: ModelOptions,
}

impl OpenAi {
    /// A model at `options.base_url`. The process must have installed a cryptography provider for TLS.
    pub fn new(options: ModelOptions) -> Result<Self, ConnectError> {
        Ok(Self {
            endpoint: Endpoint::new(&options, "chat/completions")?,
            options,
        })
    }

    fn body<'a>(&'a self, request: &'a ChatRequest) -> Body<'a> {
        let system = Line {
            role: "system",
            content: &request.system,
        };
        let is_openai = self.endpoint.host() == OPENAI_HOST;
        Body {
            model: &self.options.model,
            messages: std::iter::once(system)
                .chain(request.messages.iter().map(Line::from))
                .collect(),
            temperature: self.options.temperature,
            max_tokens: self.options.max_tokens.filter(|_| !is_openai),
            max_completion_tokens: self.options.max_tokens.filter(|_| is_openai),
            stream: true,
            stream_options: StreamOptions { include_usage: true },
        }
    }
}

#[async_trait]
impl ChatModel for OpenAi {
    fn name(&self) -> &str {
        &self.options.model
    }

    async fn reply(&self, request: &ChatRequest) -> Result<ChatStream, ModelError> {
        let span = tracing::info_span!(
            "model.reply.stream",
            gen_ai.operation.name = "chat",
            gen_ai.provider.name = "openai",
            gen_ai.request.model = %self.options.model,
            server.address = %self.endpoint.host(),
            gen_ai.usage.input_tokens = Empty,
            gen_ai.usage.output_tokens = Empty,
        );
        self.begin(request, span.clone()).instrument(span).await
    }
}

impl OpenAi {
    async fn begin(&self, request: &ChatRequest, span: Span) -> Result<ChatStream, ModelError> {
        let (response, deadlines) = self.endpoint.post(&self.body(request)).await?;
        stream::begin(response, deadlines, Chunks::default(), span).await
    }
}

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    messages: Vec<Line<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
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
    content: &'a str,
}

impl<'a> From<&'a ChatMessage> for Line<'a> {
    fn from(message: &'a ChatMessage) -> Self {
        let role = match message.role {
            ChatRole::User => "user",
            ChatRole::Assistant => "assistant",
        };
        Self {
            role,
            content: &message.content,
        }
    }
}

/// Reads the chunks of a completion. A reply is whole once a reason for its end was given; what it cost comes behind
/// that, in a chunk of its own, and the mark `[DONE]` last.
#[derive(Debug, Default)]
struct Chunks {
    finished: bool,
    usage: TokenUsage,
}

#[derive(Deserialize)]
struct Chunk {
    #[serde(default)]
    choices: Vec<Choice>,
    usage: Option<Usage>,
    error: Option<ErrorCode>,
}

#[derive(Deserialize)]
struct Choice {
    delta: Option<Delta>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Delta {
    content: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
}

impl Decoder for Chunks {
    fn event(&mut self, data: &str) -> Result<Option<ChatDelta>, ModelError> {
        if data == "[DONE]" {
            return Ok(Some(ChatDelta::End(self.usage)));
        }
        let chunk: Chunk = serde_json::from_str(data).map_err(|error| {
            ModelError::Broken(format!(
                "a chunk is not in the agreed form: {:?}",
                error.classify()
            ))
        })?;
        if let Some(error) = chunk.error {
            return Err(refused_midway(error));
        }
        if let Some(usage) = chunk.usage {
            self.usage = TokenUsage {
                input: usage.prompt_tokens,
                output: usage.completion_tokens,
            };
        }
        let Some(choice) = chunk.choices.into_iter().next() else {
            return Ok(None);
        };
        if let Some(reason) = choice.finish_reason {
            self.finish(&reason)?;
        }
        let words = choice
            .delta
            .and_then(|delta| delta.content)
            .filter(|words| !words.is_empty());
        Ok(words.map(ChatDelta::Text))
    }

    fn end(&mut self) -> Result<TokenUsage, ModelError> {
        if self.finished {
            Ok(self.usage)
        } else {
            Err(ModelError::Broken("it was cut off".to_owned()))
        }
    }
}

impl Chunks {
    fn finish(&mut self, reason: &str) -> Result<(), ModelError> {
        match reason {
            "length" => Err(ModelError::Broken("the limit of tokens cut it off".to_owned())),
            "content_filter" => Err(ModelError::Refused("content_filter".to_owned())),
            _ => {
                self.finished = true;
                Ok(())
            }
        }
    }
}

fn refused_midway(error: ErrorCode) -> ModelError {
    if error.is_rate_limit() {
        return ModelError::RateLimited { retry_after: None };
    }
    ModelError::Failed(Box::new(ErrorEvent(error)))
}

#[derive(Debug, thiserror::Error)]
#[error("an error instead of words{0}")]
struct ErrorEvent(ErrorCode);
