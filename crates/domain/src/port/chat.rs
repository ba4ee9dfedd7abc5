//! Language models.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use futures::stream::BoxStream;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

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
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ChatRequest {
    /// What the system's text was written from: the template's name and version, as `name@version`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub template: String,
    /// What the agent is and may do, with the sources.
    pub system: String,
    /// The talk so far, oldest first; the last is the customer's.
    pub messages: Vec<ChatMessage>,
    /// What the model may ask to be done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<Tool>,
    /// What it asked for since the last message, and what came of it, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<ToolResult>,
    /// The form of the reply, where it is to be JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<ReplySchema>,
    /// The longest reply, in tokens; `None` leaves it to the model's settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u32>,
    /// How freely it is worded; `None` leaves it to the model's settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
}

/// Something that a model may ask to be done. Whether it is done, others decide.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tool {
    /// At most 64 letters, digits, `_` and `-`.
    pub name: String,
    /// What it does, for the model.
    pub description: String,
    /// The JSON schema of its arguments: that of an object.
    pub parameters: Value,
}

/// The form that a reply must have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReplySchema {
    /// At most 64 letters, digits, `_` and `-`.
    pub name: String,
    /// The JSON schema: that of an object, all of whose fields are required and no others allowed.
    pub schema: Value,
}

/// What a model asks to be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToolCall {
    /// The provider's mark for this call.
    pub id: String,
    /// One of the tools of the request.
    pub name: String,
    /// Written by the model: an object, and nothing more is known of it.
    pub arguments: Map<String, Value>,
}

/// A call and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToolResult {
    /// The call.
    pub call: ToolCall,
    /// What the model is told of it.
    pub content: String,
}

/// Tokens read and written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TokenUsage {
    /// Read.
    pub input: u64,
    /// Written.
    pub output: u64,
}

/// What a provider has told so far of the tokens of a reply. Whoever asks keeps it: so it is known however the reply ends.
#[derive(Debug, Clone, Default)]
pub struct Meter(Arc<Mutex<TokenUsage>>);

impl Meter {
    /// Notes what was told last, of the whole reply so far.
    pub fn note(&self, usage: TokenUsage) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = usage;
    }

    /// What was told last; zero where nothing was.
    #[must_use]
    pub fn read(&self) -> TokenUsage {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why a model stopped writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// It had said everything.
    Finished,
    /// The limit of tokens cut it off, perhaps in a sentence.
    Length,
    /// The provider's filter, or the model's own refusal, cut it off.
    Filtered,
    /// It waits for what it asked to be done.
    ToolCalls,
}

/// How a reply ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplyEnd {
    /// Why.
    pub reason: StopReason,
    /// What it cost.
    pub usage: TokenUsage,
}

/// A piece of a reply.
#[derive(Debug, Clone, PartialEq)]
pub enum ChatDelta {
    /// More words; of JSON, where the request has a schema.
    Text(String),
    /// Something is to be done. Whole: its arguments are an object, and its tool is one of the request's.
    Call(ToolCall),
    /// The end. A stream that ends without it was cut off.
    End(ReplyEnd),
}

/// A reply as it is written. Dropping it closes the connection.
pub type ChatStream = BoxStream<'static, Result<ChatDelta, ModelError>>;

/// A language model.
#[async_trait]
pub trait ChatModel: Send + Sync {
    /// Which model, as its provider calls it.
    fn name(&self) -> &str;

    /// Begins a reply. The adapter bounds the time to the first words and the whole, and notes on the meter what the provider
    /// tells of its tokens before the end, as soon as it does.
    async fn reply_metered(&self, request: &ChatRequest, meter: &Meter) -> Result<ChatStream, ModelError>;

    /// Begins a reply whose cost matters at its end alone.
    async fn reply(&self, request: &ChatRequest) -> Result<ChatStream, ModelError> {
        self.reply_metered(request, &Meter::default()).await
    }
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
    /// It is busy with what others asked, and that says nothing of the model.
    #[error("the model is busy")]
    Busy,
    /// It took too long.
    #[error("the model took longer than {0:?}")]
    Timeout(Duration),
    /// The request is longer than the model's window: another model's may be larger.
    #[error("the request is too long for the model")]
    ContextTooLong,
    /// The provider's filter, or the model itself, refused the subject.
    #[error("the model's provider filtered the reply")]
    Filtered,
    /// The request is not acceptable to the provider: that says nothing of the model.
    #[error("the model's provider refused the request: {0}")]
    Refused(String),
    /// The provider does not serve what is asked for: there is no such model, or no such address.
    #[error("the model's provider does not serve this: {0}")]
    NotServed(String),
    /// The provider is away, overloaded or failed; try again.
    #[error("the model's provider failed")]
    Failed {
        /// When the provider says to come again.
        retry_after: Option<Duration>,
        /// What happened.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The reply was cut off or is not in the agreed form.
    #[error("the model's reply is broken: {0}")]
    Broken(String),
    /// The reply is in the agreed form and says nothing, or the same without end: who asked may have wanted that.
    #[error("the model's reply is of no use: {0}")]
    Useless(String),
}

impl ModelError {
    /// A failure that says nothing of when to come again.
    pub fn failed(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Failed {
            retry_after: None,
            source: source.into(),
        }
    }
}
