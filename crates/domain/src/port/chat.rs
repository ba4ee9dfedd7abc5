//! Language models.

use std::time::Duration;

use async_trait::async_trait;
use futures::stream::BoxStream;
use serde::{Deserialize, Serialize};

/// Who speaks in a prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatRole {
    /// The customer.
    User,
    /// The agent, or a person of the staff.
    Assistant,
}

/// One message of a prompt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatMessage {
    /// Who speaks.
    pub role: ChatRole,
    /// The words.
    pub content: String,
}

/// What a model is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChatRequest {
    /// What the agent is and may do, with the sources.
    pub system: String,
    /// The talk so far, oldest first; the last is the customer's.
    pub messages: Vec<ChatMessage>,
}

/// Tokens read and written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TokenUsage {
    /// Read.
    pub input: u64,
    /// Written.
    pub output: u64,
}

/// A piece of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChatDelta {
    /// More words.
    Text(String),
    /// The end, with what it cost. A stream that ends without it was cut off.
    End(TokenUsage),
}

/// A reply as it is written. Dropping it closes the connection.
pub type ChatStream = BoxStream<'static, Result<ChatDelta, ModelError>>;

/// A language model.
#[async_trait]
pub trait ChatModel: Send + Sync {
    /// Which model, as its provider calls it.
    fn name(&self) -> &str;

    /// Begins a reply. The adapter bounds the time to the first words and the whole.
    async fn reply(&self, request: &ChatRequest) -> Result<ChatStream, ModelError>;
}

/// Why a model gave no reply, or not all of it.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The key is wrong: nothing to try again.
    #[error("the model's provider refused the key")]
    Unauthorized,
    /// Too much was asked; try later.
    #[error("the model's provider limits the rate")]
    RateLimited {
        /// When the provider says to come again.
        retry_after: Option<Duration>,
    },
    /// It took too long.
    #[error("the model took longer than {0:?}")]
    Timeout(Duration),
    /// The request is not acceptable to the provider.
    #[error("the model's provider refused the request: {0}")]
    Refused(String),
    /// The provider is away or failed.
    #[error("the model's provider failed")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The reply was cut off or is not in the agreed form.
    #[error("the model's reply is broken: {0}")]
    Broken(String),
}

/// What a prompt is made of. Everything but the names is data: it can never widen what the agent may do.
#[derive(Debug, Clone)]
pub struct PromptParts<'a> {
    /// The organization's name.
    pub organization: &'a str,
    /// What the agent calls itself.
    pub agent_name: &'a str,
    /// Language code of the reply.
    pub language: &'a str,
    /// The customer's message.
    pub question: &'a str,
    /// The talk before it, oldest first.
    pub history: &'a [ChatMessage],
    /// The passages that the reply must stand on, best first.
    pub hits: &'a [crate::knowledge::Hit],
}

/// Writes what a model is asked.
pub trait PromptBuilder: Send + Sync {
    /// The prompt for a reply that stands on the hits alone.
    fn build(&self, parts: &PromptParts<'_>) -> ChatRequest;
}
