//! Answer: by language models where there are some, else by the composer, else by an honest template.

use std::sync::Arc;

use acs_domain::analysis::Analysis;
use acs_domain::conversation::Priority;
use acs_domain::knowledge::{Citation, Hit};
use acs_domain::port::chat::TokenUsage;
use acs_domain::port::compose::{Draft, Question};
use acs_domain::turn::{Attempt, Evidence, Outcome, Verdict};

use super::clarify::{Prospect, Thresholds};
use super::decide::Decision;
use super::load::{Loaded, millis_since};
use super::meanings::Meanings;
use super::models::{self, NoReply};
use super::note::note;
use super::parts::{self, InParts};
use super::phrases::{Asking, Phrases};
use super::tape::Tape;
use super::tone::Tone;
use super::{Listener, TurnEvent};
use crate::answers::AnswerCache;
use crate::ports::Ports;

/// Who wrote a reply when no language model did.
const COMPOSER: &str = "composer";
const TEMPLATE: &str = "template";
/// How many titles are named to a customer.
const MAX_CHOICES: usize = 3;

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
    /// Whether it asks back what is meant.
    pub(crate) asks_back: bool,
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
            asks_back: false,
        }
    }

    fn unknown(phrases: &Phrases, confidence: f32) -> Self {
        Self::template(Outcome::Unknown, Some(phrases.unknown.to_owned()), confidence)
    }
}

/// The honest template, for a turn that nothing else could end.
pub(super) fn give_up(why: &str, language: &str, evidence: &mut Evidence) -> Reply {
    evidence.degraded.push(format!("turn: given up, {why}"));
    Reply::unknown(Phrases::of(language), 0.0)
}

/// What is to be answered.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) loaded: &'a Loaded,
    pub(super) question: &'a Question,
    pub(super) analysis: &'a Analysis,
    /// The organization's approved texts for what the message may be about.
    pub(super) statements: &'a [String],
    /// How the reply is worded.
    pub(super) tone: Tone,
    /// The agent's own words in the customer's language.
    pub(super) phrases: &'static Phrases,
    /// What models answered before.
    pub(super) answers: &'a AnswerCache,
    /// Takes down what language models write.
    pub(super) tape: &'a Tape,
    /// Tells what sentences of replies mean.
    pub(super) meanings: &'a Meanings,
}

/// What a reply can stand on.
pub(super) struct Grounds {
    hits: Arc<[Hit]>,
    /// What the sources themselves say to the question; `None` when that is nothing.
    draft: Option<Draft>,
    /// The questions of a message with several that they leave open.
    open: Vec<String>,
}

impl Grounds {
    /// The questions of a message with several that they leave open.
    pub(super) fn open(&self) -> &[String] {
        &self.open
    }

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

    /// How well the knowledge answers: it decides whether the question is answered at all.
    pub(super) fn prospect(&self, question: &Question) -> Prospect {
        // A number alone tells of nothing that could be named.
        let telling = |term: &&String| term.chars().any(char::is_alphabetic);
        let mut words: Vec<&String> = question.terms.iter().filter(telling).collect();
        words.sort_unstable();
        words.dedup();
        let known = self.hits.first().is_some_and(|hit| hit.lexical > 0.0);
        let Some(draft) = self.draft.as_ref() else {
            return Prospect::default();
        };
        let cited = draft.citations.first().map(|citation| citation.title.clone());
        let fitting = cited
            .into_iter()
            .chain(draft.follow_up_questions.clone())
            .take(MAX_CHOICES);
        Prospect {
            confidence: draft.confidence,
            rivals: draft.rivals.clone(),
            fitting: fitting.filter(|_| known).collect(),
            words: words.len(),
        }
    }

    /// The topic, of those of which only the organization's own texts may be sent, that the message is about: by its
    /// intents, by what answers it, or by what was found first.
    fn bound_topic<'a>(&self, asked: Asked<'a>) -> Option<&'a String> {
        let intents = asked.analysis.intents.iter().map(|guess| guess.name.as_str());
        let first = self.hits.first().map(|hit| hit.found.category.as_str());
        let about: Vec<&str> = intents.chain(self.subject()).chain(first).collect();
        let mut bound = asked.loaded.organization.settings.approved_only.iter();
        bound.find(|topic| about.contains(&topic.as_str()))
    }

    /// What a model may word: nothing of a bound topic.
    fn for_models(&self, asked: Asked<'_>) -> Arc<[Hit]> {
        let bound = &asked.loaded.organization.settings.approved_only;
        if bound.is_empty() {
            return Arc::clone(&self.hits);
        }
        let free = self
            .hits
            .iter()
            .filter(|hit| !bound.contains(&hit.found.category));
        free.cloned().collect()
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
        tracing::error!(panicked = error.is_panic(), "the composer failed");
        evidence.degraded.push("composer: it failed".to_owned());
        None
    });
    Grounds {
        hits,
        draft,
        open: Vec::new(),
    }
}

/// Lets the sources answer each of several questions by itself; a draft that is less sure than `unknown` answers nothing.
pub(super) async fn compose_in_parts(
    ports: &Ports,
    parts: Vec<Question>,
    hits_of_parts: Vec<Vec<Hit>>,
    hits: Vec<Hit>,
    unknown: f32,
    evidence: &mut Evidence,
) -> Grounds {
    let began = ports.now();
    let composer = ports.composer.clone();
    let composing = tokio::task::spawn_blocking(move || {
        let drafts = parts.iter().zip(&hits_of_parts);
        let drafts = drafts.map(|(part, hits)| composer.compose(part, hits)).collect();
        let questions: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
        let language = parts.first().map_or("en", |part| part.language.as_str());
        let InParts { draft, open } = parts::together(&questions, drafts, unknown, language);
        let open = open
            .into_iter()
            .map(|place| questions[place].to_owned())
            .collect();
        (draft, open)
    });
    let composed = composing.await;
    evidence.timings.compose_ms = millis_since(ports, began);
    let (draft, open) = composed.unwrap_or_else(|error| {
        tracing::error!(panicked = error.is_panic(), "the composer failed");
        evidence.degraded.push("composer: it failed".to_owned());
        (None, Vec::new())
    });
    evidence.verdicts.push(Verdict {
        check: "context".to_owned(),
        decision: "in_parts".to_owned(),
        reason: match open.len() {
            0 => "several questions, each with an answer".to_owned(),
            _ => format!("several questions, without an answer: {}", open.join(" · ")),
        },
    });
    Grounds {
        hits: hits.into(),
        draft,
        open,
    }
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
        Decision::Clarify { text, confidence } => Reply {
            asks_back: true,
            ..Reply::template(Outcome::Clarify, Some(text), confidence)
        },
        Decision::Answer { confidence } => {
            let bound = grounds.bound_topic(asked);
            let leaves_open = !grounds.open.is_empty();
            let by_model = match bound {
                Some(topic) => {
                    leave_to_texts(topic, evidence);
                    Err(NoReply { models: 0 })
                }
                None => models::reply(ports, asked, &grounds.for_models(asked), listener, evidence).await,
            };
            let reply = match by_model {
                // It is as sure as the sources, unless the model mostly left them.
                Ok(reply) => Reply {
                    confidence: confidence * reply.confidence,
                    follow_up_questions: next_steps(grounds.draft.as_ref(), &reply.citations),
                    ..reply
                },
                Err(NoReply { models }) => {
                    let language = &asked.question.language;
                    let elsewhere = grounds.draft.as_ref().and_then(|draft| draft.language.clone());
                    let elsewhere = elsewhere.filter(|found| found != language);
                    let reply = composed(asked.phrases, grounds.draft, confidence, evidence);
                    if let Some(found) = &elsewhere {
                        say_elsewhere(language, found, evidence);
                    }
                    let worded = |text: String| match (bound, reply.outcome, &elsewhere) {
                        (_, Outcome::Answered, Some(_)) => {
                            format!("{}\n\n{text}", Asking::of(language).elsewhere)
                        }
                        (None, Outcome::Answered, None) => asked.tone.dress(language, &text),
                        _ => text,
                    };
                    Reply {
                        fallback_level: models,
                        text: reply.text.map(worded),
                        ..reply
                    }
                }
            };
            let thresholds = Thresholds::of(&ports.settings.turns, asked.loaded);
            let offers_person = reply.offers_person
                || leaves_open
                || confidence < thresholds.answer
                || asked.tone.offers_person();
            Reply {
                offers_person,
                counts_for_month: asked.loaded.organization.budget.bounds_the_month(),
                ..reply
            }
        }
    };
    let reply = with_note(asked, reply);
    // A model's sentences have been streamed already; any other reply leaves in one piece.
    if let Some(text) = reply
        .text
        .as_ref()
        .filter(|_| matches!(reply.model.as_str(), COMPOSER | TEMPLATE))
    {
        let words = TurnEvent::Delta(text.clone());
        if reply.urgent {
            listener.insist(words);
        } else {
            listener.tell(words);
        }
    }
    evidence.timings.answer_ms = millis_since(ports, began);
    reply
}

/// Only the organization's own texts are sent about a topic: no model is asked.
fn leave_to_texts(topic: &str, evidence: &mut Evidence) {
    evidence.verdicts.push(Verdict {
        check: "approved_only".to_owned(),
        decision: "composer".to_owned(),
        reason: format!("the topic {topic} is answered by approved texts alone"),
    });
}

/// The sources answer in another language than the customer's, and the reply says so.
fn say_elsewhere(wanted: &str, found: &str, evidence: &mut Evidence) {
    evidence.verdicts.push(Verdict {
        check: "language".to_owned(),
        decision: "as_it_stands".to_owned(),
        reason: format!("the reply is in {wanted}, and its sources are in {found}"),
    });
}

/// What of the knowledge fits the question, too, beside what a model's reply cites.
fn next_steps(draft: Option<&Draft>, cited: &[Citation]) -> Vec<String> {
    let Some(draft) = draft else { return Vec::new() };
    let first = draft.citations.iter().map(|citation| &citation.title);
    let titles = first.chain(&draft.follow_up_questions);
    let mut steps: Vec<String> = Vec::new();
    for title in titles {
        if !steps.contains(title) && cited.iter().all(|citation| citation.title != *title) {
            steps.push(title.clone());
        }
    }
    steps.truncate(MAX_CHOICES);
    steps
}

/// A model's words have left behind the note already; the stored text has it, too.
fn with_note(asked: Asked<'_>, reply: Reply) -> Reply {
    match note(asked) {
        Some(note) => Reply {
            text: reply.text.map(|text| format!("{note}\n\n{text}")),
            ..reply
        },
        None => reply,
    }
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
        estimated: false,
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
