//! How a model reads a text: what stands before it, how much of it is seen, and which of the tokens' vectors is its own.

use acs_domain::port::embed::Role;

/// Tokens that a sentence model is trained to read; what is behind them is not seen.
const DEFAULT_MAX_TOKENS: usize = 256;

/// Everything but network and tokenizer that a vector depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reading {
    /// At how many tokens a text is cut.
    pub(super) max_tokens: usize,
    pub(super) pooling: Pooling,
    pub(super) prompts: Prompts,
}

/// How the vector of a text comes of those of its tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pooling {
    /// It is their mean.
    Mean,
    /// It is the first one's.
    First,
}

/// What stands before a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Prompts {
    pub(super) question: String,
    pub(super) passage: String,
}

impl Default for Reading {
    fn default() -> Self {
        Self {
            max_tokens: DEFAULT_MAX_TOKENS,
            pooling: Pooling::Mean,
            prompts: Prompts::default(),
        }
    }
}

impl Reading {
    /// The text as the model is given it.
    pub(super) fn prompted(&self, text: String, role: Role) -> String {
        let prompt = match role {
            Role::Question => &self.prompts.question,
            Role::Passage => &self.prompts.passage,
        };
        if prompt.is_empty() {
            text
        } else {
            format!("{prompt}{text}")
        }
    }

    /// What tells this way of reading from another one; nothing for the usual way.
    pub(super) fn mark(&self) -> String {
        let Self {
            max_tokens,
            pooling,
            prompts,
        } = self;
        if *self == Self::default() {
            String::new()
        } else {
            format!(
                "{max_tokens} {pooling:?} {:?} {:?}",
                prompts.question, prompts.passage
            )
        }
    }
}
