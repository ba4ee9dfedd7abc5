//! Cached: what a model wrote to the same question before is said again, through the same gate against the present sources.
//!
//! Nothing is looked for or kept where the prompt holds anything of a customer's. What is kept is a reply that came to its end,
//! and from which the gate had to drop nothing.

use std::sync::{Arc, Mutex, PoisonError};

use acs_domain::budget::Spending;
use acs_domain::knowledge::Hit;
use acs_domain::port::chat::{ChatDelta, ChatRequest, ChatStream, ReplyEnd, StopReason, TokenUsage};
use acs_domain::port::mask::Masked;
use acs_domain::port::route::{Opened, Route};
use acs_domain::turn::{Attempt, Evidence};
use async_trait::async_trait;
use futures::StreamExt as _;
use futures::stream;
use time::OffsetDateTime;

use super::answer::Asked;
use super::background::Background;
use crate::answers::{AnswerCache, Asking, Kept, Match, Meaning, grounds};
use crate::ports::Ports;

/// The kinds of things that a question may name and still be anybody's.
const ANYBODYS: [&str; 7] = [
    "money",
    "percentage",
    "date",
    "quantity",
    "product",
    "organization",
    "location",
];
/// A longer reply is not kept.
const MAX_BYTES: usize = 32 * 1024;

/// What a model is told, and what that was made of.
pub(super) struct Telling<'a> {
    pub(super) background: &'a Background<'a>,
    pub(super) masked: &'a dyn Masked,
    pub(super) hits: &'a [Hit],
    pub(super) request: &'a ChatRequest,
}

/// The same route, with what was answered before in front of its models; and what is heard of these.
pub(super) fn through<'a>(
    route: Box<dyn Route>,
    ports: &Ports,
    asked: Asked<'a>,
    telling: &Telling<'_>,
    evidence: &Evidence,
) -> (Box<dyn Route>, Heard<'a>) {
    let mut heard = Heard {
        cache: asked.answers,
        asking: None,
        reply: Arc::default(),
    };
    if !asked.answers.is_on() {
        return (route, heard);
    }
    if !is_anybodys(asked, telling, evidence) {
        count("left_out");
        return (route, heard);
    }
    let asking = asking(&*route, ports, asked, telling, evidence);
    let found = asked.answers.find(&asking, ports.now());
    count(found.as_ref().map_or("miss", |(how, _)| how.as_str()));
    heard.asking = Some(asking);
    let route = Remembering {
        route,
        cached: found,
        tried: None,
        asked_others: false,
        reply: Arc::clone(&heard.reply),
    };
    (Box::new(route), heard)
}

fn count(outcome: &'static str) {
    metrics::counter!("acs_answer_cache_total", "outcome" => outcome).increment(1);
}

/// Whether anybody could have asked this, so that the answer is anybody's. A turn that went on without some part of it does
/// not know.
fn is_anybodys(asked: Asked<'_>, telling: &Telling<'_>, evidence: &Evidence) -> bool {
    let request = telling.request;
    let of_its_own = request.tools.is_empty() && request.results.is_empty();
    let entities = &asked.analysis.entities;
    of_its_own
        && telling.background.is_anybodys(asked.loaded, telling.masked)
        && entities
            .iter()
            .all(|entity| !entity.personal && ANYBODYS.contains(&&*entity.kind))
        && !asked.analysis.guard.flagged
        && evidence.degraded.is_empty()
}

/// All that the answer stands on.
fn asking(
    route: &dyn Route,
    ports: &Ports,
    asked: Asked<'_>,
    telling: &Telling<'_>,
    evidence: &Evidence,
) -> Asking {
    let Telling {
        background,
        masked,
        hits,
        request,
    } = *telling;
    let Asked { loaded, question, .. } = asked;
    let organization = &loaded.organization;
    let models = route.models().join("\n");
    let versions = [organization.knowledge_version, organization.model_keys_version].map(i64::to_be_bytes);
    let id = organization.id.as_uuid();
    let common: [&[u8]; 4] = [id.as_bytes(), &versions[0], &versions[1], models.as_bytes()];
    let with = |rest: &[&[u8]]| grounds(common.iter().chain(rest).copied());
    // The prompt without the question, its sources in an order that does not depend on it.
    let mut sources = hits.to_vec();
    sources.sort_unstable_by_key(|hit| hit.found.passage.id);
    let mut texts = masked.texts().to_vec();
    if let Some(question) = texts.last_mut() {
        question.clear();
    }
    let frame = background.prompt(ports, asked, &texts, &sources, usize::MAX);
    let frame = frame.map(|prompt| bytes(&prompt.request));
    let essence = ports
        .retriever
        .essence(&loaded.message.content, &question.language, hits)
        .join(" ");
    let semantic = question.vector.clone().zip(frame.ok()).map(|(vector, frame)| {
        let rest: [&[u8]; 5] = [
            b"semantic",
            &frame,
            evidence.embedding_model.as_bytes(),
            question.language.as_bytes(),
            essence.as_bytes(),
        ];
        let strangers = question.strangers;
        (with(&rest), Meaning { vector, strangers })
    });
    Asking {
        exact: with(&[b"exact", &bytes(request)]),
        semantic,
    }
}

/// A prompt is plain data: it can always be written.
fn bytes(request: &ChatRequest) -> Vec<u8> {
    serde_json::to_vec(request).unwrap_or_default()
}

/// What is heard of a model's reply.
#[derive(Debug, Default)]
struct Reply {
    text: String,
    model: String,
    level: u32,
    /// Whether it came to its end.
    whole: bool,
    /// Whether it cannot be kept.
    unfit: bool,
}

/// What is heard of the models, to be kept.
pub(super) struct Heard<'a> {
    cache: &'a AnswerCache,
    /// `None`: nothing is kept.
    asking: Option<Asking>,
    reply: Arc<Mutex<Reply>>,
}

impl Heard<'_> {
    /// Keeps the reply that was heard last, if it was written by a model just now and came to its end.
    pub(super) fn keep(self, at: OffsetDateTime) {
        let Some(asking) = self.asking else { return };
        let reply = std::mem::take(&mut *lock(&self.reply));
        if !reply.whole {
            return;
        }
        let kept = Kept {
            text: reply.text,
            model: reply.model,
            level: reply.level,
            at,
        };
        self.cache.keep(&asking, kept);
    }
}

fn lock(reply: &Mutex<Reply>) -> std::sync::MutexGuard<'_, Reply> {
    reply.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A route that begins with a kept answer, if there is one, and hears what its models say otherwise.
struct Remembering {
    route: Box<dyn Route>,
    cached: Option<(Match, Arc<Kept>)>,
    /// The kept answer that was said.
    tried: Option<Attempt>,
    asked_others: bool,
    reply: Arc<Mutex<Reply>>,
}

#[async_trait]
impl Route for Remembering {
    async fn next(&mut self, request: &ChatRequest) -> Option<Opened> {
        if let Some((how, kept)) = self.cached.take() {
            self.tried = Some(attempt(how, &kept));
            return Some(Opened {
                model: kept.model.clone(),
                level: kept.level,
                stream: again(&kept),
            });
        }
        self.asked_others = true;
        let opened = self.route.next(request).await?;
        *lock(&self.reply) = Reply {
            model: opened.model.clone(),
            level: opened.level,
            ..Reply::default()
        };
        Some(Opened {
            stream: overheard(opened.stream, Arc::clone(&self.reply)),
            ..opened
        })
    }

    fn found_wanting(&mut self, reason: &str) {
        match &mut self.tried {
            Some(attempt) if !self.asked_others => {
                attempt.outcome = format!("{}: {reason}", attempt.outcome);
            }
            _ => self.route.found_wanting(reason),
        }
    }

    fn models(&self) -> Vec<String> {
        self.route.models()
    }

    fn links(&self) -> u32 {
        self.route.links()
    }

    fn room(&self) -> usize {
        self.route.room()
    }

    fn most(&self, request: &ChatRequest) -> Spending {
        self.route.most(request)
    }

    fn attempts(&self) -> Vec<Attempt> {
        self.tried.iter().cloned().chain(self.route.attempts()).collect()
    }
}

fn attempt(how: Match, kept: &Kept) -> Attempt {
    Attempt {
        model: kept.model.clone(),
        outcome: format!("from cache, {}", how.as_str()),
        latency_ms: 0.0,
        input_tokens: 0,
        output_tokens: 0,
        cost_micros: 0,
        estimated: false,
    }
}

/// A kept reply as a model would write it, at no cost.
fn again(kept: &Kept) -> ChatStream {
    let end = ReplyEnd {
        reason: StopReason::Finished,
        usage: TokenUsage::default(),
    };
    stream::iter([Ok(ChatDelta::Text(kept.text.clone())), Ok(ChatDelta::End(end))]).boxed()
}

/// The same stream, noted as it goes by.
fn overheard(stream: ChatStream, reply: Arc<Mutex<Reply>>) -> ChatStream {
    let hear = move |delta: &Result<ChatDelta, _>| {
        let mut reply = lock(&reply);
        match delta {
            Ok(ChatDelta::Text(words)) if reply.text.len() + words.len() <= MAX_BYTES => {
                reply.text.push_str(words);
            }
            Ok(ChatDelta::End(end)) if end.reason == StopReason::Finished => {
                reply.whole = !reply.text.is_empty() && !reply.unfit;
            }
            // Too long, more than words, cut off or failed: none of it is kept.
            _ => reply.unfit = true,
        }
    };
    stream.inspect(hear).boxed()
}
