//! What comes back.

use acs_domain::port::chat::{ChatDelta, ChatRequest, ModelError, ReplyEnd, StopReason, TokenUsage};
use serde::Deserialize;
use serde_json::Value;

use crate::provider::calls::Calls;
use crate::provider::refusal::refused_midway;
use crate::provider::stream::{Decoder, parsed};

/// Reads the events of a message: its start, the pieces of its blocks, the reason for its end with what it cost, its
/// stop.
#[derive(Debug, Default)]
pub(super) struct Events {
    calls: Calls,
    /// The tool whose arguments are the reply, and its block once that has begun.
    form: Option<String>,
    reply_block: Option<u64>,
    reason: Option<StopReason>,
    usage: TokenUsage,
}

impl Events {
    pub(super) fn new(request: &ChatRequest) -> Self {
        Self {
            calls: Calls::offered(&request.tools),
            form: request.schema.as_ref().map(|schema| schema.name.clone()),
            ..Self::default()
        }
    }
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Event {
    MessageStart {
        message: Started,
    },
    ContentBlockStart {
        index: u64,
        content_block: Block,
    },
    ContentBlockDelta {
        index: u64,
        delta: Piece,
    },
    MessageDelta {
        delta: Ending,
        usage: Option<Usage>,
    },
    MessageStop,
    Error {
        error: Value,
    },
    /// The end of a block, a sign of life, or what came into the protocol later.
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Started {
    usage: Option<Usage>,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Block {
    ToolUse {
        id: String,
        name: String,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Piece {
    TextDelta {
        text: String,
    },
    InputJsonDelta {
        partial_json: String,
    },
    /// Thoughts and signatures are not the reply.
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Ending {
    stop_reason: Option<String>,
}

/// What was counted so far. What came out of the provider's cache, or went into it, was read too.
#[derive(Deserialize)]
struct Usage {
    input_tokens: Option<u64>,
    cache_creation_input_tokens: Option<u64>,
    cache_read_input_tokens: Option<u64>,
    output_tokens: Option<u64>,
}

impl Decoder for Events {
    fn event(&mut self, data: &str, says: &mut Vec<ChatDelta>) -> Result<(), ModelError> {
        match parsed(data)? {
            Event::MessageStart { message } => self.count(message.usage),
            Event::ContentBlockStart { index, content_block } => self.begin(index, content_block)?,
            Event::ContentBlockDelta { index, delta } => self.delta(index, delta, says)?,
            Event::MessageDelta { delta, usage } => {
                self.count(usage);
                if let Some(reason) = delta.stop_reason {
                    self.stop(&reason, says)?;
                }
            }
            Event::MessageStop => says.push(ChatDelta::End(self.end()?)),
            Event::Error { error } => return Err(refused_midway(&error)),
            Event::Other => {}
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
        Ok(ReplyEnd {
            reason,
            usage: self.usage,
        })
    }
}

impl Events {
    fn begin(&mut self, index: u64, block: Block) -> Result<(), ModelError> {
        match block {
            Block::ToolUse { name, .. } if self.form.as_ref() == Some(&name) => {
                self.reply_block = Some(index);
                Ok(())
            }
            Block::ToolUse { id, name } => self.calls.begin(index, &id, &name),
            Block::Other => Ok(()),
        }
    }

    fn delta(&mut self, index: u64, delta: Piece, says: &mut Vec<ChatDelta>) -> Result<(), ModelError> {
        let words = match delta {
            Piece::InputJsonDelta { partial_json } if self.reply_block != Some(index) => {
                return self.calls.more(index, &partial_json);
            }
            Piece::InputJsonDelta { partial_json } => partial_json,
            // Beside a reply of a given form, words are only talk.
            Piece::TextDelta { text } if self.form.is_none() => text,
            Piece::TextDelta { .. } | Piece::Other => return Ok(()),
        };
        if !words.is_empty() {
            says.push(ChatDelta::Text(words));
        }
        Ok(())
    }

    fn stop(&mut self, reason: &str, says: &mut Vec<ChatDelta>) -> Result<(), ModelError> {
        says.extend(self.calls.finish()?.into_iter().map(ChatDelta::Call));
        self.reason = Some(match reason {
            "max_tokens" | "model_context_window_exceeded" => StopReason::Length,
            "refusal" => StopReason::Filtered,
            "tool_use" if self.reply_block.is_none() => StopReason::ToolCalls,
            _ => StopReason::Finished,
        });
        Ok(())
    }

    /// Takes over what was counted: each count is that of the whole message so far.
    fn count(&mut self, usage: Option<Usage>) {
        let Some(usage) = usage else { return };
        if let Some(fresh) = usage.input_tokens {
            let cached = [usage.cache_creation_input_tokens, usage.cache_read_input_tokens];
            self.usage.input = cached.into_iter().flatten().fold(fresh, u64::saturating_add);
        }
        if let Some(output) = usage.output_tokens {
            self.usage.output = output;
        }
    }
}
