//! Clarify: a message that says too little, or that two entries answer about as well, is asked back, with what it may mean.

use acs_domain::conversation::Priority;
use acs_domain::message::{Message, SenderType};

use super::decide::Decision;
use super::load::Loaded;
use super::phrases::{Asking, Phrases};
use crate::ports::TurnSettings;

/// How often in a row a customer is asked back; then a person is called.
const MOST: usize = 2;
/// A message of so many words that tell something is too thin to be sure of; one of none tells not even what to name.
const THIN: usize = 1;
/// How a reply that asks back is marked.
pub(super) const MARK: &str = "asks_back";

/// How well the knowledge answers a message.
#[derive(Debug, Clone, Default)]
pub(super) struct Prospect {
    /// How likely the sources' own answer is right.
    pub(super) confidence: f32,
    /// The titles of entries that would answer about as well as the best, with its own; empty where none competes.
    pub(super) rivals: Vec<String>,
    /// The titles of what fits the message at all, the best first.
    pub(super) fitting: Vec<String>,
    /// How many telling words the message has.
    pub(super) words: usize,
}

/// From which confidence on something is done: the organization's own, else the operator's.
#[derive(Debug, Clone, Copy)]
pub(super) struct Thresholds {
    /// Below it the agent does not know.
    pub(super) unknown: f32,
    /// From it on the agent answers without offering a person, and asks nothing back about a thin message.
    pub(super) answer: f32,
    /// From it on the agent answers even where other entries compete.
    pub(super) certain: f32,
}

impl Thresholds {
    pub(super) fn of(settings: &TurnSettings, loaded: &Loaded) -> Self {
        let own = &loaded.organization.settings;
        Self {
            unknown: own.unknown_threshold.unwrap_or(settings.unknown_threshold),
            answer: own.answer_threshold.unwrap_or(settings.answer_threshold),
            certain: own.certain_threshold.unwrap_or(settings.certain_threshold),
        }
    }
}

/// The question back, and why; `None`: there is nothing to ask.
pub(super) fn decide(
    thresholds: Thresholds,
    loaded: &Loaded,
    phrases: &Phrases,
    prospect: &Prospect,
) -> Option<(Decision, String)> {
    let confidence = prospect.confidence;
    let asking = Asking::of(phrases.language);
    let is_thin = prospect.words == THIN && confidence < thresholds.answer && !prospect.fitting.is_empty();
    let competes =
        prospect.rivals.len() > 1 && (thresholds.unknown..thresholds.certain).contains(&confidence);
    let (head, choices, why) = if is_thin {
        let head = format!("{} {}", asking.more, asking.which);
        (head, &prospect.fitting, "it says too little")
    } else if competes {
        (asking.which.to_owned(), &prospect.rivals, "entries compete")
    } else {
        return None;
    };
    let why = format!("{why}: {} entries at {confidence:.2}", choices.len());
    if asked_in_a_row(&loaded.history) >= MOST {
        let decision = Decision::HandOver {
            reason: "the question stayed unclear".to_owned(),
            priority: Priority::MEDIUM,
            text: phrases.handed_over.to_owned(),
        };
        return Some((decision, format!("{why}, asked back {MOST} times")));
    }
    let choices: String = choices.iter().map(|title| format!("\n- {title}")).collect();
    let text = format!("{head}{choices}");
    Some((Decision::Clarify { text, confidence }, why))
}

/// How many of the agent's last replies asked back.
fn asked_in_a_row(history: &[Message]) -> usize {
    let mine = history
        .iter()
        .rev()
        .filter(|message| message.sender_type == SenderType::AiAgent);
    mine.take_while(|message| message.metadata.contains_key(MARK))
        .count()
}

#[cfg(test)]
mod tests;
