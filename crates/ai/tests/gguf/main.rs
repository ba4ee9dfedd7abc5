//! A language model in this process, by its real file: `ACS_TEST_GGUF` names that of SmolLM2-135M-Instruct.

#![expect(clippy::unwrap_used, reason = "in a test, a surprise is a failure")]

mod files;
// The test kit as a whole needs the store's drivers: this layer is tested without them.
#[path = "../../../testkit/src/model_server.rs"]
#[expect(dead_code, reason = "one script is enough here")]
mod model_server;
mod queue;
mod replies;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use acs_ai::provider::{FileOptions, ModelOptions, Net, connect};
use acs_domain::port::chat::{
    ChatDelta, ChatMessage, ChatModel, ChatRequest, ChatRole, ChatStream, ModelError, ReplyEnd, ReplySchema,
};
use futures::StreamExt;
use serde_json::json;

const AMPLE: Duration = Duration::from_secs(120);

fn path() -> PathBuf {
    let path = std::env::var_os("ACS_TEST_GGUF");
    PathBuf::from(path.unwrap_or_else(|| unreachable!("set ACS_TEST_GGUF, or run .ci/gguf, which does")))
}

fn options() -> ModelOptions {
    let _ = rustls::crypto::ring::default_provider().install_default();
    ModelOptions {
        base_url: String::new(),
        api_key: None,
        model: "smollm2".to_owned(),
        api_version: None,
        temperature: Some(0.0),
        max_tokens: Some(400),
        first_token_timeout: AMPLE,
        timeout: AMPLE,
        net: Net::trusted().unwrap(),
        file: Some(file()),
    }
}

fn file() -> FileOptions {
    FileOptions {
        path: path(),
        window_tokens: 2_048,
        threads: 1,
        concurrency: 1,
        queue: 1,
    }
}

fn model() -> Arc<dyn ChatModel> {
    connect("gguf", options()).unwrap()
}

fn ask(words: &str) -> ChatRequest {
    ChatRequest {
        system: "You answer in one short sentence.".to_owned(),
        messages: vec![ChatMessage {
            role: ChatRole::User,
            content: words.to_owned(),
        }],
        ..ChatRequest::default()
    }
}

/// What has no end before hundreds of tokens, whatever the model would like to write.
fn ask_for_much() -> ChatRequest {
    let numbers = json!({"type": "array", "items": {"type": "integer"}, "minItems": 300});
    ChatRequest {
        schema: Some(ReplySchema {
            name: "numbers".to_owned(),
            schema: json!({"type": "object", "properties": {"numbers": numbers}, "required": ["numbers"]}),
        }),
        max_tokens: Some(1_500),
        ..ask("Count.")
    }
}

/// The pieces of a reply, and its end.
async fn hear(mut stream: ChatStream) -> (Vec<String>, Result<ReplyEnd, ModelError>) {
    let mut pieces = Vec::new();
    while let Some(delta) = stream.next().await {
        match delta {
            Ok(ChatDelta::Text(words)) => pieces.push(words),
            Ok(ChatDelta::End(end)) => return (pieces, Ok(end)),
            Ok(ChatDelta::Call(_)) => unreachable!("nothing was offered"),
            Err(error) => return (pieces, Err(error)),
        }
    }
    unreachable!("a reply has an end, or an error in its stead")
}

/// The words of a reply that came to its end.
async fn answer(model: &dyn ChatModel, request: &ChatRequest) -> (String, ReplyEnd) {
    let (pieces, end) = hear(model.reply(request).await.unwrap()).await;
    (pieces.concat(), end.unwrap())
}
