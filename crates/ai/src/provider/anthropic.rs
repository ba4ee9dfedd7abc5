//! The messages protocol of Anthropic, asked for as a stream, as its public reference describes it.
//!
//! A reply of a given form is asked for as the one tool that the model must call, which every version of its models
//! understands; the arguments are then the reply.

use acs_domain::port::chat::{ChatModel, ChatRequest, ChatStream, Meter, ModelError};
use async_trait::async_trait;
use tracing::{Instrument, Span, field::Empty};

use super::http::{Endpoint, KeyIn};
use super::stream;
use super::{ConnectError, ModelOptions};

mod body;
mod events;

use self::body::Body;
use self::events::Events;

/// The version of the protocol that is spoken here.
const VERSION: &str = "2023-06-01";

/// A model of Anthropic's.
#[derive(Debug)]
pub struct Anthropic {
    endpoint: Endpoint,
    options: ModelOptions,
}

impl Anthropic {
    /// A model at `options.base_url`. The process must have installed a cryptography provider for TLS.
    pub fn new(options: ModelOptions) -> Result<Self, ConnectError> {
        let endpoint = Endpoint::new(&options, &["messages"], KeyIn::Header("x-api-key"))?;
        Ok(Self {
            endpoint: endpoint.with_header("anthropic-version", VERSION),
            options,
        })
    }

    async fn begin(
        &self,
        request: &ChatRequest,
        meter: &Meter,
        span: Span,
    ) -> Result<ChatStream, ModelError> {
        let (response, deadlines) = self.endpoint.post(&Body::new(&self.options, request)).await?;
        stream::begin(response, deadlines, Events::new(request), meter, span).await
    }
}

#[async_trait]
impl ChatModel for Anthropic {
    fn name(&self) -> &str {
        &self.options.model
    }

    async fn reply_metered(&self, request: &ChatRequest, meter: &Meter) -> Result<ChatStream, ModelError> {
        let span = tracing::info_span!(
            "model.reply.stream",
            gen_ai.operation.name = "chat",
            gen_ai.provider.name = "anthropic",
            gen_ai.request.model = %self.options.model,
            server.address = %self.endpoint.host(),
            gen_ai.usage.input_tokens = Empty,
            gen_ai.usage.output_tokens = Empty,
        );
        self.begin(request, meter, span.clone()).instrument(span).await
    }
}
