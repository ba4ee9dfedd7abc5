//! Playback: models that say again what they said.

use std::sync::Arc;
use std::time::Duration;

use acs_domain::port::chat::{ChatDelta, ChatModel, ChatRequest, ChatStream, ModelError, TokenUsage};
use acs_domain::record::{Call, CallEnd};
use async_trait::async_trait;
use futures::{StreamExt as _, stream};

/// The models of a turn, in the order in which they were asked. `answer_within` is when the turn cut them off.
pub(super) fn models(calls: Vec<Call>, answer_within: Duration) -> Vec<Arc<dyn ChatModel>> {
    let model = |call| -> Arc<dyn ChatModel> { Arc::new(Playback { call, answer_within }) };
    calls.into_iter().map(model).collect()
}

struct Playback {
    call: Call,
    answer_within: Duration,
}

#[async_trait]
impl ChatModel for Playback {
    fn name(&self) -> &str {
        &self.call.model
    }

    async fn reply(&self, _request: &ChatRequest) -> Result<ChatStream, ModelError> {
        let words = self.call.written.clone().into_iter().map(ChatDelta::Text).map(Ok);
        let end = match &self.call.end {
            CallEnd::Done { input, output } => Some(Ok(ChatDelta::End(TokenUsage {
                input: *input,
                output: *output,
            }))),
            CallEnd::Broke => None,
            CallEnd::Failed(failure) => Some(Err(ModelError::from(failure.clone()))),
            // As if the time were over: nobody waits for it again.
            CallEnd::CutOff => Some(Err(ModelError::Timeout(self.answer_within))),
        };
        Ok(stream::iter(words.chain(end)).boxed())
    }
}
