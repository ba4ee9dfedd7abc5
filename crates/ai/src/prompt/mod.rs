//! What a language model is asked: the policy, the sources as data, the talk so far.
//!
//! | file | one idea |
//! |---|---|
//! | `templates/grounded.md` | the policy, for organizations without one of their own |
//! | `templates/rules.md` | what holds in every prompt, whatever its template says |
//! | `template` | a template is filled in, within bounds |
//! | `tags` | what an organization's own template may hold |
//! | `block` | data as finished parts, each between lines that mark it |
//! | `window` | the part of the talk that a prompt holds |
//!
//! Each source is one line of JSON, so that nothing in it can look like the end of the sources or like a line of the policy.

mod block;
mod tags;
mod template;
mod window;

use acs_domain::port::chat::{ChatMessage, ChatRequest, ChatRole};
use acs_domain::port::prompt::{Prompt, PromptBuilder, PromptParts, TemplateFault};

use self::template::{Put, Template};

/// The built-in template.
pub(crate) const GROUNDED: Template<'_> = Template {
    name: "grounded",
    source: include_str!("templates/grounded.md"),
};
/// What no template can change.
pub(crate) const RULES: Template<'_> = Template {
    name: "rules",
    source: include_str!("templates/rules.md"),
};
/// What an organization's own template is called.
const OWN: &str = "own";

/// Writes prompts for replies that stand on sources.
#[derive(Debug, Clone, Copy, Default)]
pub struct GroundedPrompt;

impl PromptBuilder for GroundedPrompt {
    fn build(&self, parts: &PromptParts<'_>) -> Result<Prompt, TemplateFault> {
        let own = parts.template.map(|source| Template { name: OWN, source });
        let written = own.map(|own| write(own, parts).map(|system| (own, system)));
        let (template, system, left_out) = match written {
            Some(Ok((own, system))) => (own, system, None),
            Some(Err(fault)) => (GROUNDED, write(GROUNDED, parts)?, Some(fault)),
            None => (GROUNDED, write(GROUNDED, parts)?, None),
        };
        let question = ChatMessage {
            role: ChatRole::User,
            content: parts.question.to_owned(),
        };
        let request = ChatRequest {
            template: template.version(),
            system,
            messages: window::fit(parts.history, question),
            temperature: parts.temperature,
            ..ChatRequest::default()
        };
        Ok(Prompt { request, left_out })
    }

    fn check(&self, template: &str) -> Result<(), TemplateFault> {
        tags::check(template)?;
        let own = Template {
            name: OWN,
            source: template,
        };
        for manner in [&[][..], &["You are brief."]] {
            let sample = PromptParts {
                template: Some(template),
                organization: "Example",
                agent_name: "Assistant",
                language: "en",
                question: "Where is my order?",
                history: &[],
                hits: &[],
                manner,
                temperature: None,
            };
            write(own, &sample)?;
        }
        Ok(())
    }
}

/// The system's text.
fn write(template: Template<'_>, parts: &PromptParts<'_>) -> Result<String, TemplateFault> {
    let words = [
        ("organization", Put::Word(parts.organization)),
        ("agent_name", Put::Word(parts.agent_name)),
        ("language", Put::Word(parts.language)),
    ];
    let rules = RULES.render(words)?;
    let manner: Vec<String> = parts.manner.iter().map(|line| format!("- {line}")).collect();
    let (manner, sources) = (manner.join("\n"), block::sources(parts.hits));
    let blocks = [
        ("rules", Put::Part(&rules)),
        ("manner", Put::Part(&manner)),
        ("sources", Put::Part(&sources)),
    ];
    template.render(words.into_iter().chain(blocks))
}

#[cfg(test)]
mod tests;
