//! What a language model is asked: the policy, the sources as data, the talk so far.
//!
//! The policy is a text of its own, `system.md`. Each source is one line of JSON, so that nothing in it can look like
//! the end of the sources or like a line of the policy.

mod template;
mod window;

use acs_domain::knowledge::Hit;
use acs_domain::port::chat::{ChatMessage, ChatRequest, ChatRole, PromptBuilder, PromptParts};
use serde::Serialize;

pub(crate) const SYSTEM: &str = include_str!("system.md");

/// Writes prompts for replies that stand on sources.
#[derive(Debug, Clone, Copy, Default)]
pub struct GroundedPrompt;

impl PromptBuilder for GroundedPrompt {
    fn build(&self, parts: &PromptParts<'_>) -> ChatRequest {
        let sources: Vec<String> = (1..)
            .zip(parts.hits)
            .map(|(number, hit)| source(number, hit))
            .collect();
        let sources = sources.join("\n");
        let organization = one_line(parts.organization);
        let agent_name = one_line(parts.agent_name);
        let language = one_line(parts.language);
        let manner: String = parts.manner.iter().map(|line| format!("\n- {line}")).collect();
        let system = template::fill(SYSTEM, |name| match name {
            "organization" => Some(organization.as_str()),
            "agent_name" => Some(agent_name.as_str()),
            "language" => Some(language.as_str()),
            "sources" => Some(sources.as_str()),
            "manner" => Some(manner.as_str()),
            _ => None,
        });
        let question = ChatMessage {
            role: ChatRole::User,
            content: parts.question.to_owned(),
        };
        ChatRequest {
            system,
            messages: window::fit(parts.history, question),
            temperature: parts.temperature,
            ..ChatRequest::default()
        }
    }
}

#[derive(Serialize)]
struct Source<'a> {
    source: usize,
    title: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    heading: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<&'a str>,
    text: &'a str,
}

fn source(number: usize, hit: &Hit) -> String {
    let source = Source {
        source: number,
        title: &hit.found.title,
        heading: &hit.found.passage.heading,
        link: hit.found.source_url.as_deref(),
        text: &hit.found.passage.text,
    };
    serde_json::to_string(&source).unwrap_or_default()
}

/// A name that cannot add a line to the policy.
fn one_line(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
