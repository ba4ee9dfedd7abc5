//! What people write of an intent, and what of it is acceptable.

use std::collections::HashSet;

use acs_core::clean::clean;
use acs_core::error::FieldErrors;
use acs_domain::intent::{MAX_PHRASE_CHARS, MAX_PHRASES, check_name};
use serde::{Deserialize, Serialize};

/// What people write of an intent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct IntentText {
    /// Unique in the organization.
    pub name: String,
    /// For people.
    #[serde(default)]
    pub display_name: Option<String>,
    /// For people.
    #[serde(default)]
    pub description: Option<String>,
    /// Ways to say it.
    pub training_phrases: Vec<String>,
    /// Approved replies.
    #[serde(default)]
    pub response_templates: Vec<String>,
    /// Whether it is recognised.
    #[serde(default = "enabled")]
    pub enabled: bool,
}

const fn enabled() -> bool {
    true
}

/// A text, cleaned, without what is wrong in it.
pub(super) struct Cleaned {
    /// The text with those of its phrases that are acceptable. A phrase may be there twice.
    pub(super) text: IntentText,
    /// What is wrong with the other phrases.
    pub(super) bad_phrases: FieldErrors,
    /// What is wrong besides.
    pub(super) errors: FieldErrors,
}

/// The text, cleaned, if all of it is acceptable; else every reason why not. A phrase may be there twice.
pub(super) fn checked(text: IntentText) -> Result<IntentText, FieldErrors> {
    let Cleaned {
        text,
        bad_phrases,
        mut errors,
    } = cleaned(text);
    for (field, reasons) in bad_phrases.iter() {
        for reason in reasons {
            errors.add(field, reason);
        }
    }
    if unrepeated(text.training_phrases.clone()).len() > MAX_PHRASES {
        errors.add("training_phrases", format!("must be at most {MAX_PHRASES}"));
    }
    if errors.is_empty() { Ok(text) } else { Err(errors) }
}

/// The text, cleaned, and what is wrong with it.
pub(super) fn cleaned(text: IntentText) -> Cleaned {
    let mut errors = FieldErrors::default();
    if check_name(&text.name).is_err() {
        errors.add("name", "must be 1 to 100 of a-z, 0-9, _, - and .");
    }
    let mut bad_phrases = FieldErrors::default();
    let mut phrases = Vec::with_capacity(text.training_phrases.len());
    for (place, phrase) in text.training_phrases.iter().enumerate() {
        let phrase = clean(phrase).text.into_owned();
        if (1..=MAX_PHRASE_CHARS).contains(&phrase.chars().count()) {
            phrases.push(phrase);
        } else {
            bad_phrases.add(
                format!("training_phrases.{place}"),
                format!("must be 1 to {MAX_PHRASE_CHARS} characters"),
            );
        }
    }
    let mut optional = |field: &str, value: Option<String>, max: usize| {
        let value = value.map(|value| clean(&value).text.into_owned());
        if value.as_ref().is_some_and(|value| value.chars().count() > max) {
            errors.add(field, format!("must be at most {max} characters"));
        }
        value.filter(|value| !value.is_empty())
    };
    let display_name = optional("display_name", text.display_name, 255);
    let description = optional("description", text.description, 2_000);
    let replies = text.response_templates.iter();
    let replies: Vec<String> = replies.map(|reply| clean(reply).text.into_owned()).collect();
    let acceptable = |reply: &String| (1..=5_000).contains(&reply.chars().count());
    if replies.len() > 20 || !replies.iter().all(acceptable) {
        errors.add(
            "response_templates",
            "must be at most 20, each of 1 to 5000 characters",
        );
    }
    let text = IntentText {
        name: text.name,
        display_name,
        description,
        training_phrases: phrases,
        response_templates: replies,
        enabled: text.enabled,
    };
    Cleaned {
        text,
        bad_phrases,
        errors,
    }
}

/// Each phrase once; case makes no difference.
pub(super) fn unrepeated(mut phrases: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::with_capacity(phrases.len());
    phrases.retain(|phrase| seen.insert(phrase.to_lowercase()));
    phrases
}
