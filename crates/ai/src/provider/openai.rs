//! The chat completions protocol of OpenAI, which many servers speak: vLLM, llama.cpp, Ollama, LiteLLM, Azure.
//!
//! Asked for as a stream with usage, as OpenAI's public reference describes it.

use acs_domain::port::chat::{ChatModel, ChatRequest, ChatStream, Meter, ModelError};
use async_trait::async_trait;
use tracing::{Instrument, Span, field::Empty};

use super::http::{Endpoint, KeyIn};
use super::stream;
use super::{ConnectError, ModelOptions};

mod body;
mod chunks;

use self::body::Body;
use self::chunks::Chunks;

/// The host whose newer models refuse the older name of the limit of tokens, which all other servers know.
const OPENAI_HOST: &str = "api.openai.com";

/// A model behind OpenAI's chat completions protocol.
#[derive(Debug)]
pub struct OpenAi {
    endpoint: Endpoint,
    options: ModelOptions,
    /// The provider, as telemetry calls it.
    provider: &'static str,
    /// Whether the limit of tokens has its newer name.
    completion_tokens: bool,
}

impl OpenAi {
    /// A model at `options.base_url`. The process must have installed a cryptography provider for TLS.
    pub fn new(options: ModelOptions) -> Result<Self, ConnectError> {
        let endpoint = Endpoint::new(&options, &["chat", "completions"], KeyIn::Bearer)?;
        let completion_tokens = endpoint.host() == OPENAI_HOST;
        Ok(Self {
            endpoint,
            options,
            provider: "openai",
            completion_tokens,
        })
    }

    /// A deployment of Azure, named by `options.model`, in the resource at `options.base_url`.
    pub fn on_azure(options: ModelOptions) -> Result<Self, ConnectError> {
        let path = ["openai", "deployments", &options.model, "chat", "completions"];
        let version = options.api_version.as_deref().unwrap_or(super::AZURE_API_VERSION);
        let endpoint = Endpoint::new(&options, &path, KeyIn::Header("api-key"))?;
        Ok(Self {
            endpoint: endpoint.with_query("api-version", version),
            options,
            provider: "azure.ai.openai",
            completion_tokens: true,
        })
    }

    async fn begin(
        &self,
        request: &ChatRequest,
        meter: &Meter,
        span: Span,
    ) -> Result<ChatStream, ModelError> {
        let body = Body::new(&self.options, self.completion_tokens, request);
        let (response, deadlines) = self.endpoint.post(&body).await?;
        stream::begin(response, deadlines, Chunks::new(request), meter, span).await
    }
}

#[async_trait]
impl ChatModel for OpenAi {
    fn name(&self) -> &str {
        &self.options.model
    }

    async fn reply_metered(&self, request: &ChatRequest, meter: &Meter) -> Result<ChatStream, ModelError> {
        let span = tracing::info_span!(
            "model.reply.stream",
            gen_ai.operation.name = "chat",
            gen_ai.provider.name = self.provider,
            gen_ai.request.model = %self.options.model,
            server.address = %self.endpoint.host(),
            gen_ai.usage.input_tokens = Empty,
            gen_ai.usage.output_tokens = Empty,
        );
        self.begin(request, meter, span.clone()).instrument(span).await
    }
}
