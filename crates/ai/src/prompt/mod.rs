//! What a language model is asked: the policy, the sources as data, the talk so far.
//!
//! | file | one idea |
//! |---|---|
//! | `templates/grounded.md` | the policy, for organizations without one of their own |
//! | `templates/rules.md` | what holds in every prompt, whatever its template says |
//! | `template` | a template is filled in, within bounds |
//! | `tags` | what an organization's own template may hold |
//! | `block` | data as finished parts, each between lines that mark it |
//! | `window` | the part of the talk that a prompt holds in full |
//! | `summary` | what was asked and answered before that |
//! | `writing` | the sections of one prompt |
//! | `pack` | what of them fits, by priority |
//! | `tokens` | how many tokens a text may be |
//!
//! Each source is one line of JSON, so that nothing in it can look like the end of the sources or like a line of the policy.

mod block;
mod pack;
mod summary;
mod tags;
mod template;
mod tokens;
mod window;
mod writing;

use acs_domain::port::chat::{ChatMessage, ChatRequest, ChatRole};
use acs_domain::port::prompt::{Prompt, PromptBuilder, PromptError, PromptParts, TemplateFault};

use self::template::Template;
use self::writing::Writing;

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
    fn build(&self, parts: &PromptParts<'_>) -> Result<Prompt, PromptError> {
        let writing = Writing::new(parts)?;
        let own = parts.template.map(|source| Template { name: OWN, source });
        let (template, written, left_out) = match own.map(|own| (own, writing.write(own))) {
            Some((own, Ok(written))) => (own, written, None),
            Some((_, Err(PromptError::Template(fault)))) => (GROUNDED, writing.write(GROUNDED)?, Some(fault)),
            Some((_, Err(too_long))) => return Err(too_long),
            None => (GROUNDED, writing.write(GROUNDED)?, None),
        };
        let request = ChatRequest {
            template: template.version(),
            system: written.system,
            messages: written.messages,
            temperature: parts.temperature,
            ..ChatRequest::default()
        };
        Ok(Prompt {
            request,
            left_out,
            cuts: written.cuts,
        })
    }

    fn check(&self, template: &str) -> Result<(), TemplateFault> {
        tags::check(template)?;
        let own = Template {
            name: OWN,
            source: template,
        };
        let said = ChatMessage {
            role: ChatRole::User,
            content: "Where is my order?".to_owned(),
        };
        let history = vec![said; window::MAX_MESSAGES + 1];
        let profile = [r#"{"tier":"basic"}"#.to_owned()];
        let empty = PromptParts {
            template: Some(template),
            organization: "Example",
            agent_name: "Assistant",
            language: "en",
            question: "When will it come?",
            history: &[],
            hits: &[],
            state: "",
            profile: &[],
            manner: &[],
            temperature: None,
            room: usize::MAX,
        };
        let full = PromptParts {
            history: &history,
            state: r#"{"topic":"delivery"}"#,
            profile: &profile,
            manner: &["You are brief."],
            ..empty.clone()
        };
        for sample in [empty, full] {
            match Writing::new(&sample)?.write(own) {
                Err(PromptError::Template(fault)) => return Err(fault),
                Err(PromptError::TooLong) | Ok(_) => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
