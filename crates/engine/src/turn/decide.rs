//! Decide: answer, use an approved text, hand over, or keep silent. Pure, so that a turn can be replayed.

use acs_domain::analysis::Analysis;
use acs_domain::conversation::Priority;
use acs_domain::turn::{Evidence, Verdict};

use super::clarify::{self, Prospect, Thresholds};
use super::guard;
use super::load::Loaded;
use super::phrases::{self, Closing, Phrases};
use crate::intents::{SPEAK_TO_HUMAN, THANKS};
use crate::ports::TurnSettings;

/// What is done about a message.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Decision {
    /// People own the conversation: the message is theirs to answer.
    Silent,
    /// The same, but somebody may be in danger: what to do at once is said all the same.
    Warn { text: String },
    /// The customer wants a person, or needs one.
    HandOver {
        reason: String,
        priority: Priority,
        text: String,
    },
    /// The message is an attempt on the agent: no model sees it.
    Refuse,
    /// The customer says that the matter is settled.
    Settled { text: String },
    /// A greeting or thanks, met with the organization's approved text.
    Approved { text: String, confidence: f32 },
    /// The message says too little, or has two answers: the customer is asked back.
    Clarify { text: String, confidence: f32 },
    /// The knowledge is likely to have an answer.
    Answer { confidence: f32 },
    /// The knowledge has no answer.
    Unknown { confidence: f32 },
}

/// Decides by, in this order: who owns the conversation (who is in danger is warned even so), what the guard found, a wish for a person, social intents, and
/// how likely the knowledge answers, and whether something competes with its answer.
pub(super) fn decide(
    settings: &TurnSettings,
    loaded: &Loaded,
    analysis: &Analysis,
    prospect: &Prospect,
    evidence: &mut Evidence,
) -> Decision {
    let because = |evidence: &mut Evidence, check: &str, decision: &str, reason: String| {
        let (check, decision) = (check.to_owned(), decision.to_owned());
        evidence.verdicts.push(Verdict {
            check,
            decision,
            reason,
        });
    };
    if loaded.conversation.is_with_people() {
        because(
            evidence,
            "owner",
            "silent",
            "a person is asked for or owns the conversation".to_owned(),
        );
        return guard::warn(loaded, analysis, evidence).unwrap_or(Decision::Silent);
    }
    if let Some(decision) = guard::decide(settings, loaded, analysis, evidence) {
        return decision;
    }
    let sure = analysis
        .intents
        .first()
        .filter(|guess| guess.confidence >= settings.intent_threshold);
    if let Some(guess) = sure.filter(|guess| guess.name == SPEAK_TO_HUMAN) {
        because(
            evidence,
            "intent",
            "hand_over",
            format!("{} at {:.2}", guess.name, guess.confidence),
        );
        return Decision::HandOver {
            reason: "the customer asked for a person".to_owned(),
            priority: Priority::HIGH,
            text: Phrases::for_customer(loaded, analysis).handed_over.to_owned(),
        };
    }
    if analysis.settles && loaded.conversation.ai_message_count > 0 {
        because(
            evidence,
            "context",
            "settled",
            "the customer says that the matter is settled".to_owned(),
        );
        return Decision::Settled {
            text: settled(loaded, analysis),
        };
    }
    if let Some((guess, text)) = sure.and_then(|guess| Some((guess, approved(loaded, &guess.name)?))) {
        because(
            evidence,
            "intent",
            "approved_text",
            format!("{} at {:.2}", guess.name, guess.confidence),
        );
        return Decision::Approved {
            text,
            confidence: guess.confidence,
        };
    }
    let thresholds = Thresholds::of(settings, loaded);
    let phrases = Phrases::for_customer(loaded, analysis);
    if let Some((decision, why)) = clarify::decide(thresholds, loaded, phrases, prospect) {
        let done = if matches!(decision, Decision::Clarify { .. }) {
            "clarify"
        } else {
            "hand_over"
        };
        because(evidence, "clarity", done, why);
        return decision;
    }
    let confidence = prospect.confidence;
    let reason = format!("confidence {confidence:.2}, threshold {:.2}", thresholds.unknown);
    if confidence < thresholds.unknown {
        because(evidence, "threshold", "unknown", reason);
        Decision::Unknown { confidence }
    } else {
        because(evidence, "threshold", "answer", reason);
        Decision::Answer { confidence }
    }
}

/// What is said to a settled matter: the organization's own words to thanks, if it has any, and the way back to a question
/// that was left open.
fn settled(loaded: &Loaded, analysis: &Analysis) -> String {
    let closing = Closing::of(phrases::reply_language(loaded, analysis));
    let text = approved(loaded, THANKS).unwrap_or_else(|| closing.settled.to_owned());
    if loaded.conversation.topic_stack.iter().any(|topic| topic.open) {
        format!("{text} {}", closing.open)
    } else {
        text
    }
}

/// An approved text for a social intent. Which of several follows from the message's place in the talk, so that a
/// repeated greeting is not met with the same words, and a replay with the same.
fn approved(loaded: &Loaded, intent: &str) -> Option<String> {
    let texts = loaded.approved.get(intent)?;
    let turn = usize::try_from(loaded.message.seq).unwrap_or(0) / 2;
    texts.get(turn % texts.len()).cloned()
}

/// The approved texts for everything that the message may be about: a model may say them, for they are the organization's.
pub(super) fn approved_texts(loaded: &Loaded, analysis: &Analysis) -> Vec<String> {
    let guesses = analysis.intents.iter();
    let texts = guesses.filter_map(|guess| loaded.approved.get(&guess.name));
    texts.flatten().cloned().collect()
}

#[cfg(test)]
mod tests;
