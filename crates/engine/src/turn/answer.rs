//! Answer: by language models where there are some, else by the composer, else by an honest template.

use std::sync::Arc;

use acs_core::error::Chain;
use acs_domain::analysis::Analysis;
use acs_domain::conversation::Priority;
use acs_domain::knowledge::{Citation, Hit};
use acs_domain::port::chat::TokenUsage;
use acs_domain::port::compose::{Draft, Question};
use acs_domain::turn::{Attempt, Evidence, Outcome};

use super::decide::Decision;
use super::load::{Loaded, millis_since};
use super::models::{self, NoReply};
use super::phrases::Phrases;
use super::tape::Tape;
use super::{Listener, TurnEvent};
use crate::answers::AnswerCache;
use crate::ports::Ports;

/// Who wrote a reply when no language model did.
const COMPOSER: &str = "composer";
const TEMPLATE: &str = "template";

/// A reply, ready to be committed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reply {
    pub(crate) outcome: Outcome,
    /// `None`: nothing is said.
    pub(crate) text: Option<String>,
    pub(crate) citations: Vec<Citation>,
    pub(crate) confidence: f32,
    pub(crate) offers_person: bool,
    pub(crate) follow_up_questions: Vec<String>,
    /// Whether it is said even while people own the conversation: somebody may be in danger.
    pub(crate) urgent: bool,
    /// Why a person is called, and how urgently.
    pub(crate) hand_over: Option<(String, Priority)>,
    pub(crate) model: String,
    pub(crate) fallback_level: u32,
    pub(crate) tokens: TokenUsage,
    /// Whether what models cost is counted by the month, too.
    pub(crate) counts_for_month: bool,
}

impl Reply {
    pub(super) fn template(outcome: Outcome, text: Option<String>, confidence: f32) -> Self {
        Self {
            outcome,
            text,
            citations: Vec::new(),
            confidence,
            offers_person: outcome == Outcome::Unknown,
            follow_up_questions: Vec::new(),
            urgent: false,
            hand_over: None,
            model: TEMPLATE.to_owned(),
            fallback_level: 0,
            tokens: TokenUsage::default(),
            counts_for_month: false,
        }
    }

    fn unknown(phrases: &Phrases, confidence: f32) -> Self {
        Self::template(Outcome::Unknown, Some(phrases.unknown.to_owned()), confidence)
    }
}

/// The honest template, for a turn that nothing else could end.
pub(super) fn give_up(attempts: i64, evidence: &mut Evidence) -> Reply {
    tracing::error!(
        attempts,
        "the turn failed too often: it is answered by the template"
    );
    metrics::counter!("acs_turns_given_up_total").increment(1);
    evidence
        .degraded
        .push(format!("turn: given up, it was tried {attempts} times"));
    Reply::unknown(Phrases::of("en"), 0.0)
}

/// What is to be answered.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) loaded: &'a Loaded,
    pub(super) question: &'a Question,
    pub(super) analysis: &'a Analysis,
    /// The agent's own words in the customer's language.
    pub(super) phrases: &'static Phrases,
    /// What models answered before.
    pub(super) answers: &'a AnswerCache,
    /// Takes down what language models write.
    pub(super) tape: &'a Tape,
}

/// What a reply can stand on.
pub(super) struct Grounds {
    hits: Arc<[Hit]>,
    /// What the sources themselves say to the question; `None` when that is nothing.
    draft: Option<Draft>,
}

impl Grounds {
    /// What the sources themselves say.
    pub(super) fn draft(&self) -> Option<&Draft> {
        self.draft.as_ref()
    }

    /// What the sources' own answer is about, by the organization's categories.
    pub(super) fn subject(&self) -> Option<&str> {
        let cited = self.draft.as_ref()?.citations.first()?.entry_id;
        let hit = self.hits.iter().find(|hit| hit.found.passage.entry_id == cited)?;
        Some(&hit.found.category)
    }

    /// How sure the sources' own answer is: it decides whether the question is answered at all.
    pub(super) fn confidence(&self) -> f32 {
        self.draft.as_ref().map_or(0.0, |draft| draft.confidence)
    }
}

/// Lets the sources themselves answer. Their words are there for when no model gives any.
pub(super) async fn compose(
    ports: &Ports,
    question: &Question,
    hits: Vec<Hit>,
    evidence: &mut Evidence,
) -> Grounds {
    let began = ports.now();
    let composer = ports.composer.clone();
    let hits: Arc<[Hit]> = hits.into();
    let (question, sources) = (question.clone(), Arc::clone(&hits));
    let composed = tokio::task::spawn_blocking(move || composer.compose(&question, &sources)).await;
    evidence.timings.compose_ms = millis_since(ports, began);
    let draft = composed.unwrap_or_else(|error| {
        tracing::error!(error = %Chain(&error), "the composer failed");
        evidence.degraded.push("composer: it failed".to_owned());
        None
    });
    Grounds { hits, draft }
}

pub(super) async fn answer(
    ports: &Ports,
    asked: Asked<'_>,
    grounds: Grounds,
    decision: Decision,
    listener: &Listener,
    evidence: &mut Evidence,
) -> Reply {
    let began = ports.now();
    let reply = match decision {
        Decision::Silent => Reply::template(Outcome::HandedOver, None, 0.0),
        Decision::Warn { text } => Reply {
            urgent: true,
            ..Reply::template(Outcome::HandedOver, Some(text), 1.0)
        },
        Decision::HandOver {
            reason,
            priority,
            text,
        } => Reply {
            hand_over: Some((reason, priority)),
            ..Reply::template(Outcome::HandedOver, Some(text), 1.0)
        },
        Decision::Refuse => Reply::template(Outcome::Unknown, Some(asked.phrases.refused.to_owned()), 0.0),
        Decision::Settled { text } => Reply::template(Outcome::Answered, Some(text), 1.0),
        Decision::Approved { text, confidence } => Reply::template(Outcome::Answered, Some(text), confidence),
        Decision::Unknown { confidence } => Reply::unknown(asked.phrases, confidence),
        Decision::Answer { confidence } => {
            let reply = match models::reply(ports, asked, &grounds.hits, listener, evidence).await {
                Ok(reply) => Reply { confidence, ..reply },
                Err(NoReply { models }) => Reply {
                    fallback_level: models,
                    ..composed(asked.phrases, grounds.draft, confidence, evidence)
                },
            };
            let offers_person = reply.offers_person || confidence < ports.settings.turns.answer_threshold;
            Reply {
                offers_person,
                counts_for_month: asked.loaded.organization.budget.bounds_the_month(),
                ..reply
            }
        }
    };
    // A model's sentences have been streamed already; any other reply leaves in one piece.
    if let Some(text) = reply
        .text
        .as_ref()
        .filter(|_| matches!(reply.model.as_str(), COMPOSER | TEMPLATE))
    {
        listener.tell(TurnEvent::Delta(text.clone()));
    }
    evidence.timings.answer_ms = millis_since(ports, began);
    reply
}

/// The composer's reply; if it has nothing to say either, the honest template.
fn composed(phrases: &Phrases, draft: Option<Draft>, confidence: f32, evidence: &mut Evidence) -> Reply {
    evidence.attempts.push(Attempt {
        model: COMPOSER.to_owned(),
        outcome: if draft.is_some() { "ok" } else { "nothing to say" }.to_owned(),
        latency_ms: evidence.timings.compose_ms,
        input_tokens: 0,
        output_tokens: 0,
        cost_micros: 0,
    });
    match draft.filter(|draft| !draft.citations.is_empty()) {
        None => Reply::unknown(phrases, confidence.min(UNSURE)),
        Some(draft) => Reply {
            citations: draft.citations,
            follow_up_questions: draft.follow_up_questions,
            model: COMPOSER.to_owned(),
            ..Reply::template(Outcome::Answered, Some(draft.text), confidence)
        },
    }
}

/// The highest confidence of a reply that knows nothing.
const UNSURE: f32 = 0.29;
