//! Scripts in Anthropic's messages protocol, as its public reference describes streamed messages.

use serde_json::{Value, json};

use super::Script;

impl Script {
    /// A whole message: a block with a piece for each of `words`, the reason for its end, what it cost, its stop.
    #[must_use]
    pub fn message(words: &[&str], input_tokens: u64, output_tokens: u64) -> Self {
        let block = Self::message_begins(input_tokens)
            .named(&json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}))
            .named(&json!({"type": "ping"}));
        words
            .iter()
            .fold(block, |script, words| script.message_words(words))
            .named(&json!({"type": "content_block_stop", "index": 0}))
            .message_ends("end_turn", output_tokens)
    }

    /// The head of a message that is streamed, and its start.
    #[must_use]
    pub fn message_begins(input_tokens: u64) -> Self {
        let usage = json!({"input_tokens": input_tokens, "output_tokens": 1});
        Self::stream().named(&json!({"type": "message_start", "message": {
            "id": "msg_1", "type": "message", "role": "assistant", "content": [], "model": "scripted",
            "stop_reason": null, "stop_sequence": null, "usage": usage,
        }}))
    }

    /// Sends more words of the first block.
    #[must_use]
    pub fn message_words(self, words: &str) -> Self {
        self.named(
            &json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": words}}),
        )
    }

    /// Sends the reason for the end, what the message cost, and its stop.
    #[must_use]
    pub fn message_ends(self, stop_reason: &str, output_tokens: u64) -> Self {
        let delta = json!({"stop_reason": stop_reason, "stop_sequence": null});
        self.named(
            &json!({"type": "message_delta", "delta": delta, "usage": {"output_tokens": output_tokens}}),
        )
        .named(&json!({"type": "message_stop"}))
    }

    /// Sends an event under the name that its `type` is.
    #[must_use]
    pub fn named(self, data: &Value) -> Self {
        let name = data["type"].as_str().unwrap_or_default();
        self.raw(&format!("event: {name}\n")).event(data)
    }

    /// A refusal in this protocol.
    #[must_use]
    pub fn refuse_message(status: u16, headers: &[(&str, &str)], kind: &str, message: &str) -> Self {
        let error = json!({"type": kind, "message": message});
        Self::refuse_with(
            status,
            headers,
            &json!({"type": "error", "error": error, "request_id": "req_1"}),
        )
    }
}
