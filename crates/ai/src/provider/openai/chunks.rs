//! What comes back.

use acs_domain::port::chat::{ChatDelta, ChatRequest, ModelError, ReplyEnd, StopReason, TokenUsage};
use serde::Deserialize;
use serde_json::Value;

use crate::provider::calls::Calls;
use crate::provider::refusal::refused_midway;
use crate::provider::stream::{Decoder, parsed};

/// Reads the chunks of a completion. A reply is whole once a reason for its end was given; what it cost comes behind
/// that, in a chunk of its own, and the mark `[DONE]` last.
#[derive(Debug, Default)]
pub(super) struct Chunks {
    calls: Calls,
    reason: Option<StopReason>,
    usage: TokenUsage,
}

impl Chunks {
    pub(super) fn new(request: &ChatRequest) -> Self {
        Self {
            calls: Calls::offered(&request.tools),
            ..Self::default()
        }
    }
}

#[derive(Deserialize)]
struct Chunk {
    #[serde(default)]
    choices: Vec<Choice>,
    usage: Option<Usage>,
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Choice {
    delta: Option<Delta>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Delta {
    content: Option<String>,
    /// The model declines, in words of its own.
    refusal: Option<String>,
    tool_calls: Option<Vec<CallPiece>>,
}

#[derive(Deserialize)]
struct CallPiece {
    #[serde(default)]
    index: u64,
    id: Option<String>,
    function: Option<FunctionPiece>,
}

#[derive(Deserialize)]
struct FunctionPiece {
    name: Option<String>,
    arguments: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
}

impl Decoder for Chunks {
    fn event(&mut self, data: &str, says: &mut Vec<ChatDelta>) -> Result<(), ModelError> {
        if data == "[DONE]" {
            says.extend(self.calls.finish()?.into_iter().map(ChatDelta::Call));
            says.push(ChatDelta::End(
                self.ended(self.reason.unwrap_or(StopReason::Finished)),
            ));
            return Ok(());
        }
        let chunk: Chunk = parsed(data)?;
        if let Some(error) = chunk.error {
            return Err(refused_midway(&error));
        }
        if let Some(usage) = chunk.usage {
            self.usage = TokenUsage {
                input: usage.prompt_tokens,
                output: usage.completion_tokens,
            };
        }
        let Some(choice) = chunk.choices.into_iter().next() else {
            return Ok(());
        };
        if let Some(delta) = choice.delta {
            self.delta(delta, says)?;
        }
        if let Some(reason) = choice.finish_reason {
            says.extend(self.calls.finish()?.into_iter().map(ChatDelta::Call));
            self.reason.get_or_insert(match reason.as_str() {
                "length" => StopReason::Length,
                "content_filter" => StopReason::Filtered,
                "tool_calls" => StopReason::ToolCalls,
                _ => StopReason::Finished,
            });
        }
        Ok(())
    }

    fn usage(&self) -> TokenUsage {
        self.usage
    }

    fn end(&mut self) -> Result<ReplyEnd, ModelError> {
        let reason = self
            .reason
            .ok_or_else(|| ModelError::Broken("it was cut off".to_owned()))?;
        Ok(self.ended(reason))
    }
}

impl Chunks {
    fn delta(&mut self, delta: Delta, says: &mut Vec<ChatDelta>) -> Result<(), ModelError> {
        if let Some(words) = delta.content.filter(|words| !words.is_empty()) {
            says.push(ChatDelta::Text(words));
        }
        if delta.refusal.is_some_and(|words| !words.is_empty()) {
            self.reason = Some(StopReason::Filtered);
        }
        for piece in delta.tool_calls.unwrap_or_default() {
            let function = piece.function;
            let name = function.as_ref().and_then(|function| function.name.as_deref());
            if let (Some(id), Some(name)) = (&piece.id, name) {
                self.calls.begin(piece.index, id, name)?;
            }
            if let Some(arguments) = function
                .as_ref()
                .and_then(|function| function.arguments.as_deref())
            {
                self.calls.more(piece.index, arguments)?;
            }
        }
        Ok(())
    }

    fn ended(&self, reason: StopReason) -> ReplyEnd {
        ReplyEnd {
            reason,
            usage: self.usage,
        }
    }
}
