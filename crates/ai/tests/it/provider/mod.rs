//! Language models over HTTP, each at the wire.

mod anthropic;
mod openai;
mod tools;

use std::time::Duration;

use acs_ai::provider::{ModelOptions, Net, connect};
use acs_core::secret::Secret;
use acs_domain::port::chat::{
    ChatDelta, ChatMessage, ChatModel, ChatRequest, ChatRole, ModelError, ReplyEnd, StopReason, TokenUsage,
    ToolCall,
};
use futures::StreamExt;

use crate::model_server::{ModelServer, Script};

pub(crate) const AMPLE: Duration = Duration::from_secs(20);
pub(crate) const SHORT: Duration = Duration::from_millis(100);

pub(crate) fn options(base_url: &str) -> ModelOptions {
    let _ = rustls::crypto::ring::default_provider().install_default();
    ModelOptions {
        base_url: base_url.to_owned(),
        api_key: Some(Secret::new("sk-secret")),
        model: "small-1".to_owned(),
        api_version: None,
        temperature: Some(0.2),
        max_tokens: Some(300),
        first_token_timeout: AMPLE,
        timeout: AMPLE,
        net: Net::trusted().unwrap(),
        file: None,
    }
}

fn says(role: ChatRole, content: &str) -> ChatMessage {
    ChatMessage {
        role,
        content: content.to_owned(),
    }
}

pub(crate) fn request() -> ChatRequest {
    ChatRequest {
        system: "You are Lux.".to_owned(),
        messages: vec![
            says(ChatRole::User, "Hi"),
            says(ChatRole::Assistant, "Hello"),
            says(ChatRole::User, "Where is my lamp?"),
        ],
        ..ChatRequest::default()
    }
}

/// Everything a reply consists of.
#[derive(Debug, PartialEq)]
struct Heard {
    words: Vec<String>,
    calls: Vec<ToolCall>,
    end: Option<Result<ReplyEnd, Fault>>,
}

impl Heard {
    fn of(words: &[&str], end: Result<ReplyEnd, Fault>) -> Self {
        Self {
            words: words.iter().map(|&words| words.to_owned()).collect(),
            calls: Vec::new(),
            end: Some(end),
        }
    }
}

/// A [`ModelError`] that can be compared.
#[derive(Debug, PartialEq)]
enum Fault {
    Unauthorized,
    RateLimited(Option<Duration>),
    Timeout(Duration),
    ContextTooLong,
    Filtered,
    Refused(String),
    NotServed(String),
    Failed(String, Option<Duration>),
    Broken(String),
    Useless(String),
    Busy,
}

impl From<ModelError> for Fault {
    fn from(error: ModelError) -> Self {
        match error {
            ModelError::Unauthorized => Self::Unauthorized,
            ModelError::RateLimited { retry_after } => Self::RateLimited(retry_after),
            ModelError::Busy => Self::Busy,
            ModelError::Timeout(limit) => Self::Timeout(limit),
            ModelError::ContextTooLong => Self::ContextTooLong,
            ModelError::Filtered => Self::Filtered,
            ModelError::Refused(reason) => Self::Refused(reason),
            ModelError::NotServed(reason) => Self::NotServed(reason),
            ModelError::Failed { retry_after, source } => Self::Failed(source.to_string(), retry_after),
            ModelError::Broken(reason) => Self::Broken(reason),
            ModelError::Useless(reason) => Self::Useless(reason),
        }
    }
}

fn broken(reason: &str) -> Fault {
    Fault::Broken(reason.to_owned())
}

fn ended(reason: StopReason, input: u64, output: u64) -> ReplyEnd {
    ReplyEnd {
        reason,
        usage: TokenUsage { input, output },
    }
}

/// A piece of a body that is sent in pieces of known length.
fn chunked(text: &str) -> String {
    format!("{:x}\r\n{text}\r\n", text.len())
}

async fn hear_from(model: &dyn ChatModel, request: &ChatRequest) -> Result<Heard, Fault> {
    let mut reply = model.reply(request).await?;
    let mut heard = Heard {
        words: Vec::new(),
        calls: Vec::new(),
        end: None,
    };
    while let Some(delta) = reply.next().await {
        assert_eq!(heard.end, None, "nothing comes behind the end");
        match delta {
            Ok(ChatDelta::Text(words)) => heard.words.push(words),
            Ok(ChatDelta::Call(call)) => heard.calls.push(call),
            Ok(ChatDelta::End(end)) => heard.end = Some(Ok(end)),
            Err(error) => heard.end = Some(Err(error.into())),
        }
    }
    Ok(heard)
}

async fn hear(provider: &str, script: Script) -> Result<Heard, Fault> {
    let server = ModelServer::start([script]).await.unwrap();
    hear_from(
        &*connect(provider, options(&server.base_url())).unwrap(),
        &request(),
    )
    .await
}
