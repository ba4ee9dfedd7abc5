//! Answer: the chain of models is tried in order until the first words have left, never after; it ends in the composer.

use std::sync::Arc;

use acs_core::error::Chain;
use acs_domain::conversation::Priority;
use acs_domain::knowledge::{Citation, Hit};
use acs_domain::message::{Message, SenderType};
use acs_domain::port::chat::{
    ChatDelta, ChatMessage, ChatModel, ChatRequest, ChatRole, ModelError, PromptParts, TokenUsage,
};
use acs_domain::port::compose::{Draft, Question};
use acs_domain::turn::{Attempt, Evidence, Outcome};
use futures::StreamExt as _;

use super::decide::Decision;
use super::gate::Gate;
use super::guard;
use super::load::{Loaded, millis_since};
use super::phrases::Phrases;
use super::tape::Tape;
use super::{Listener, TurnEvent};
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
}

impl Reply {
    fn template(outcome: Outcome, text: Option<String>, confidence: f32) -> Self {
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
    /// The agent's own words in the customer's language.
    pub(super) phrases: &'static Phrases,
    /// Language models, in the order in which they are tried.
    pub(super) models: &'a [Arc<dyn ChatModel>],
    /// Takes down what they write.
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
        Decision::Approved { text, confidence } => Reply::template(Outcome::Answered, Some(text), confidence),
        Decision::Unknown { confidence } => Reply::unknown(asked.phrases, confidence),
        Decision::Answer { confidence } => {
            let reply = match by_model(ports, asked, &grounds.hits, listener, evidence).await {
                Some(reply) => Reply { confidence, ..reply },
                None => composed(asked, grounds.draft, confidence, evidence),
            };
            let offers_person = reply.offers_person || confidence < ports.settings.turns.answer_threshold;
            Reply {
                offers_person,
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

/// A reply that stands on the hits, by the first model that gives one.
async fn by_model(
    ports: &Ports,
    asked: Asked<'_>,
    hits: &[Hit],
    listener: &Listener,
    evidence: &mut Evidence,
) -> Option<Reply> {
    if asked.models.is_empty() {
        return None;
    }
    let history = guard::readable(ports, &asked.loaded.history).await;
    let request = prompt(ports, asked, &history, hits);
    evidence.prompt = serde_json::to_value(&request).ok();
    for (fallback_level, model) in (0..).zip(asked.models) {
        let model = asked.tape.listening(&**model);
        if let Some(reply) = attempt(ports, &model, &request, hits, listener, evidence).await {
            return Some(Reply {
                fallback_level,
                ..reply
            });
        }
    }
    None
}

fn prompt(ports: &Ports, asked: Asked<'_>, history: &[&Message], hits: &[Hit]) -> ChatRequest {
    let Asked { loaded, question, .. } = asked;
    let history: Vec<ChatMessage> = history
        .iter()
        .map(|message| ChatMessage {
            role: if message.sender_type == SenderType::User {
                ChatRole::User
            } else {
                ChatRole::Assistant
            },
            content: message.content.clone(),
        })
        .collect();
    ports.prompts.build(&PromptParts {
        organization: loaded.organization.public_name(),
        agent_name: &loaded.organization.settings.agent_name,
        language: &question.language,
        question: &question.text,
        history: &history,
        hits,
    })
}

/// One model's try. `None`: the next link may try, for nothing has left yet.
async fn attempt(
    ports: &Ports,
    model: &dyn ChatModel,
    request: &ChatRequest,
    hits: &[Hit],
    listener: &Listener,
    evidence: &mut Evidence,
) -> Option<Reply> {
    let began = ports.now();
    let mut gate = Gate::new(&*ports.composer, hits);
    let mut tokens = TokenUsage::default();
    let within = ports.settings.turns.answer_within;
    let written = tokio::time::timeout(within, write(model, request, &mut gate, listener, &mut tokens)).await;
    let written = written.unwrap_or(Err(ModelError::Timeout(within)));
    let left = !gate.citations.is_empty();
    let outcome = match &written {
        Ok(()) if left => "ok".to_owned(),
        Ok(()) => "nothing that the sources support".to_owned(),
        Err(error) => Chain(error).to_string(),
    };
    if let Err(error) = &written {
        tracing::warn!(gen_ai.model = model.name(), error = %Chain(error), "the model gave no whole reply");
    }
    metrics::counter!("acs_model_attempts_total", "outcome" => if written.is_ok() { "ok" } else { "failed" })
        .increment(1);
    evidence.attempts.push(Attempt {
        model: model.name().to_owned(),
        outcome,
        latency_ms: millis_since(ports, began),
        input_tokens: tokens.input,
        output_tokens: tokens.output,
    });
    evidence.verdicts.append(&mut gate.verdicts);
    if !left {
        return None;
    }
    Some(Reply {
        outcome: Outcome::Answered,
        text: Some(gate.text.trim().to_owned()),
        citations: gate.citations,
        model: model.name().to_owned(),
        tokens,
        ..Reply::template(Outcome::Answered, None, 0.0)
    })
}

/// Lets the model write through the gate. Words that pass before anything cited has passed are held back, so that the
/// next link can still take over from a model that only chats.
async fn write(
    model: &dyn ChatModel,
    request: &ChatRequest,
    gate: &mut Gate<'_>,
    listener: &Listener,
    tokens: &mut TokenUsage,
) -> Result<(), ModelError> {
    let mut stream = model.reply(request).await?;
    let mut held_back = String::new();
    let mut pass = |passed: Option<String>, cited: bool| {
        if let Some(words) = passed {
            held_back.push_str(&words);
        }
        if cited && !held_back.is_empty() {
            listener.tell(TurnEvent::Delta(std::mem::take(&mut held_back)));
        }
    };
    while let Some(delta) = stream.next().await {
        match delta? {
            ChatDelta::Text(words) => {
                let passed = gate.push(&words);
                pass(passed, !gate.citations.is_empty());
            }
            ChatDelta::End(usage) => {
                *tokens = usage;
                let passed = gate.finish();
                pass(passed, !gate.citations.is_empty());
                return Ok(());
            }
        }
    }
    Err(ModelError::Broken(
        "the stream ended before the reply did".to_owned(),
    ))
}

/// The composer's reply; if it has nothing to say either, the honest template.
fn composed(asked: Asked<'_>, draft: Option<Draft>, confidence: f32, evidence: &mut Evidence) -> Reply {
    evidence.attempts.push(Attempt {
        model: COMPOSER.to_owned(),
        outcome: if draft.is_some() { "ok" } else { "nothing to say" }.to_owned(),
        latency_ms: evidence.timings.compose_ms,
        input_tokens: 0,
        output_tokens: 0,
    });
    let reply = match draft.filter(|draft| !draft.citations.is_empty()) {
        None => Reply::unknown(asked.phrases, confidence.min(UNSURE)),
        Some(draft) => Reply {
            citations: draft.citations,
            follow_up_questions: draft.follow_up_questions,
            model: COMPOSER.to_owned(),
            ..Reply::template(Outcome::Answered, Some(draft.text), confidence)
        },
    };
    Reply {
        fallback_level: u32::try_from(asked.models.len()).unwrap_or(u32::MAX),
        ..reply
    }
}

/// The highest confidence of a reply that knows nothing.
const UNSURE: f32 = 0.29;
