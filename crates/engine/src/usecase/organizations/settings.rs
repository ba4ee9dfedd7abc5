//! What an organization's own people set for its agent.

use acs_core::clean::clean;
use acs_core::error::FieldErrors;
use acs_domain::organization::Settings;
use acs_domain::port::prompt::PromptBuilder;

/// How many topics can be bound to the organization's own texts, and how long their names are.
const MAX_TOPICS: usize = 100;
const MAX_TOPIC_CHARS: usize = 100;

/// Changes of the settings that the agent reads; `None` leaves one as it is.
#[derive(Debug, Default)]
pub struct ChangeSettings {
    /// Below this confidence the agent says that it does not know. `Some(None)`: the installation's default.
    pub unknown_threshold: Option<Option<f32>>,
    /// Below this confidence a person is offered beside the answer. `Some(None)`: the installation's default.
    pub answer_threshold: Option<Option<f32>>,
    /// From this confidence on nothing is asked back. `Some(None)`: the installation's default.
    pub certain_threshold: Option<Option<f32>>,
    /// Intents and categories about which only the organization's own texts are sent.
    pub approved_only: Option<Vec<String>>,
    /// The template of prompts for language models. `Some(None)`: the built-in one.
    pub prompt_template: Option<Option<String>>,
    /// Whether the first reply of a conversation says that no person writes.
    pub ai_note: Option<bool>,
    /// Whether the widget must prove who its user is.
    pub require_verified_identity: Option<bool>,
    /// What the agent calls itself.
    pub agent_name: Option<String>,
}

/// Puts the changes into the settings; what is refused is noted under its field.
pub(super) fn apply(settings: &mut Settings, change: ChangeSettings, errors: &mut FieldErrors) {
    let own = &mut *settings;
    for (field, place, value) in [
        (
            "settings.unknown_threshold",
            &mut own.unknown_threshold,
            change.unknown_threshold,
        ),
        (
            "settings.answer_threshold",
            &mut own.answer_threshold,
            change.answer_threshold,
        ),
        (
            "settings.certain_threshold",
            &mut own.certain_threshold,
            change.certain_threshold,
        ),
    ] {
        if let Some(threshold) = value {
            if threshold.is_some_and(|threshold| !(0.0..=1.0).contains(&threshold)) {
                errors.add(field, "must be between 0 and 1, or null");
            }
            *place = threshold;
        }
    }
    let rising = [own.unknown_threshold, own.answer_threshold, own.certain_threshold];
    if !rising.iter().flatten().is_sorted() {
        errors.add(
            "settings.answer_threshold",
            "must be between the other two thresholds",
        );
    }
    if let Some(topics) = change.approved_only {
        let topics: Vec<String> = topics
            .iter()
            .map(|topic| clean(topic).text.into_owned())
            .filter(|topic| !topic.is_empty())
            .collect();
        if topics.len() > MAX_TOPICS || topics.iter().any(|topic| topic.chars().count() > MAX_TOPIC_CHARS) {
            errors.add(
                "settings.approved_only",
                format!("must be at most {MAX_TOPICS} names of at most {MAX_TOPIC_CHARS} characters"),
            );
        }
        settings.approved_only = topics;
    }
    settings.ai_note = change.ai_note.unwrap_or(settings.ai_note);
    if let Some(name) = change.agent_name {
        settings.agent_name = clean(&name).text.into_owned();
        if !(1..=100).contains(&settings.agent_name.chars().count()) {
            errors.add("settings.agent_name", "must be 1 to 100 characters");
        }
    }
    if let Some(required) = change.require_verified_identity {
        if required && settings.widget_secret_sealed.is_none() {
            errors.add(
                "settings.require_verified_identity",
                "needs a widget secret: make one with POST /admin/organization/widget-secret",
            );
        }
        settings.require_verified_identity = required;
    }
}

/// A template that prompts can be written from; what is wrong with it is noted.
pub(super) fn own_template(
    prompts: &dyn PromptBuilder,
    template: Option<String>,
    errors: &mut FieldErrors,
) -> Option<String> {
    let template = clean(&template?).text.into_owned();
    if template.is_empty() {
        return None;
    }
    if let Err(fault) = prompts.check(&template) {
        errors.add("settings.prompt_template", fault.to_string());
    }
    Some(template)
}
