//! Prompts: what a language model is asked, written from a template.

use super::chat::{ChatMessage, ChatRequest};
use crate::knowledge::Hit;

/// What a prompt is made of. Everything but the names, the manner and the template is data: it can never widen what the agent
/// may do.
#[derive(Debug, Clone)]
pub struct PromptParts<'a> {
    /// The organization's own template; `None`: the built-in one.
    pub template: Option<&'a str>,
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
    pub hits: &'a [Hit],
    /// Where the conversation stands, as one JSON object; empty where there is nothing to tell.
    pub state: &'a str,
    /// What is known of the customer, one JSON object each, what matters most first; without personal data.
    pub profile: &'a [String],
    /// How the reply is worded, sentence by sentence: policy, not data.
    pub manner: &'a [&'a str],
    /// How freely it is worded; `None` leaves it to the model's settings.
    pub temperature: Option<f64>,
    /// How many tokens the prompt may have.
    pub room: usize,
}

/// A prompt, and how it came about.
#[derive(Debug, Clone, PartialEq)]
pub struct Prompt {
    /// What the model is asked.
    pub request: ChatRequest,
    /// Why the organization's own template was left out, where it was.
    pub left_out: Option<TemplateFault>,
    /// What did not fit, section by section.
    pub cuts: Vec<Cut>,
}

/// A section of which a prompt holds less than there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// Which.
    pub section: &'static str,
    /// How many pieces of it are in the prompt.
    pub kept: usize,
    /// How many there are.
    pub of: usize,
}

/// Why there is no prompt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PromptError {
    /// The built-in template cannot be used.
    #[error("the template of the prompt cannot be used")]
    Template(#[from] TemplateFault),
    /// What is never cut does not fit.
    #[error("the prompt is longer than the models' windows")]
    TooLong,
}

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct TemplateFault {
    /// In which line, counted from 1.
    pub line: usize,
    /// What.
    pub what: String,
}

/// Writes what a model is asked.
pub trait PromptBuilder: Send + Sync {
    /// The prompt for a reply that stands on the hits alone. An organization's template that cannot be used is left out for
    /// the built-in one. Never longer than its room: policy, state and question are never cut, and the rest by priority.
    fn build(&self, parts: &PromptParts<'_>) -> Result<Prompt, PromptError>;

    /// Whether an organization may have this template.
    fn check(&self, template: &str) -> Result<(), TemplateFault>;
}
