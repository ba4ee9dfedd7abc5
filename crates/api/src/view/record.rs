//! What only the sealed record of a turn tells: what went in, what models wrote, and what everything was run with.

use std::collections::BTreeMap;

use acs_core::error::Chain;
use acs_domain::message::SenderType;
use acs_domain::port::chat::ModelError;
use acs_domain::record::{self, CallEnd, Content, Piece};
use acs_engine::usecase::conversations::SaidSentence;
use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::message::Citation;
use super::word;

/// What the record tells besides; empty for turns without one, and where it does not open.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct Told {
    /// What was read before the turn began; null for a turn that was given up unread.
    input: Option<TurnInput>,
    /// The sentences of the reply as it was written, each with what it stands on.
    sentences: Vec<Sentence>,
    /// What models wrote, in their own words, before any check.
    model_output: Vec<ModelOutput>,
    /// Which version of everything took part.
    versions: Option<Versions>,
    /// The installation's settings that decided, where the organization had none of its own.
    thresholds: Option<Thresholds>,
    /// What was too long to keep, and is missing here.
    cut: Vec<String>,
}

impl Told {
    pub(crate) fn new(content: Content, sentences: Vec<SaidSentence>) -> Self {
        let calls = content.heard.route.map(|route| route.calls).unwrap_or_default();
        let in_our_words = content.heard.in_our_words;
        Self {
            input: content.input.map(|input| TurnInput::new(input, in_our_words)),
            sentences: sentences.into_iter().map(Into::into).collect(),
            model_output: calls.into_iter().map(Into::into).collect(),
            versions: Some(content.versions.into()),
            thresholds: Some(content.thresholds.into()),
            cut: content.cut,
        }
    }
}

/// What a turn read before it began.
#[derive(Debug, Serialize, ToSchema)]
struct TurnInput {
    #[serde(with = "time::serde::rfc3339")]
    read_at: OffsetDateTime,
    /// The customer's message.
    message: String,
    /// The message in the words of the organization's terms, where it had others.
    in_our_words: Option<String>,
    /// The messages before it that were read, oldest first.
    history: Vec<EarlierMessage>,
    /// What models might know of the customer.
    #[schema(value_type = Object)]
    profile: Value,
    /// What the customer could read besides what is for everybody.
    audience: Vec<String>,
    /// IANA time zone of the customer, or else the organization's.
    time_zone: String,
}

impl TurnInput {
    fn new(from: record::Input, in_our_words: Option<String>) -> Self {
        Self {
            read_at: from.at,
            message: from.message.content,
            in_our_words,
            history: from.history.into_iter().map(Into::into).collect(),
            profile: serde_json::to_value(from.profile).unwrap_or_default(),
            audience: from.audience,
            time_zone: from.time_zone,
        }
    }
}

/// A message that was read.
#[derive(Debug, Serialize, ToSchema)]
struct EarlierMessage {
    #[schema(value_type = word::SenderType)]
    sender_type: SenderType,
    content: String,
}

impl From<acs_domain::message::Message> for EarlierMessage {
    fn from(from: acs_domain::message::Message) -> Self {
        Self {
            sender_type: from.sender_type,
            content: from.content,
        }
    }
}

/// A sentence of a reply.
#[derive(Debug, Serialize, ToSchema)]
struct Sentence {
    text: String,
    /// What it stands on; empty for courtesy and the organization's own texts.
    citations: Vec<Citation>,
}

impl From<SaidSentence> for Sentence {
    fn from(from: SaidSentence) -> Self {
        Self {
            text: from.text,
            citations: from.citations.into_iter().map(Into::into).collect(),
        }
    }
}

/// A reply that a model began.
#[derive(Debug, Serialize, ToSchema)]
struct ModelOutput {
    model: String,
    /// How many models of the chain stand before it.
    level: u32,
    /// Its words, as they came.
    text: String,
    /// What it asked to be done.
    #[schema(value_type = Vec<Object>)]
    tool_calls: Vec<Value>,
    /// How it ended: the model's reason to stop, `broke`, `cut_off`, or why it failed.
    end: String,
    /// What was said of a reply of which nothing could be used.
    judged: Option<String>,
}

impl From<record::Call> for ModelOutput {
    fn from(from: record::Call) -> Self {
        let (mut text, mut tool_calls) = (String::new(), Vec::new());
        for piece in from.written {
            match piece {
                Piece::Text(words) => text.push_str(&words),
                Piece::Call(call) => tool_calls.push(serde_json::to_value(call).unwrap_or_default()),
            }
        }
        Self {
            model: from.model,
            level: from.level,
            text,
            tool_calls,
            end: match from.end {
                CallEnd::Done { reason, .. } => name(&reason),
                CallEnd::Broke => "broke".to_owned(),
                CallEnd::CutOff => "cut_off".to_owned(),
                CallEnd::Failed(failure) => Chain(&ModelError::from(failure)).to_string(),
            },
            judged: from.judged.map(|judged| judged.reason),
        }
    }
}

/// The name of a value that is a word.
fn name(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// Which versions of everything took part.
#[derive(Debug, Serialize, ToSchema)]
struct Versions {
    /// Of the organization's knowledge.
    knowledge: i64,
    /// Of its intents.
    intents: i64,
    /// Of the head trained on them that answered; 0 for none.
    head: i64,
    /// Of its own terms.
    terms: i64,
    embedding_model: String,
    /// The program, and what it carries: heads, rules, templates, each with a digest.
    parts: BTreeMap<String, String>,
}

impl From<record::Versions> for Versions {
    fn from(from: record::Versions) -> Self {
        Self {
            knowledge: from.knowledge,
            intents: from.intents,
            head: from.head,
            terms: from.terms,
            embedding_model: from.embedding_model,
            parts: from.parts,
        }
    }
}

/// Settings that decide.
#[derive(Debug, Serialize, ToSchema)]
struct Thresholds {
    /// Below this confidence nothing is known.
    unknown: f32,
    /// Below this confidence a person is offered.
    answer: f32,
    /// From this confidence on it answers even where entries compete.
    certain: f32,
    /// From this confidence on an intent is acted on.
    intent: f32,
    /// Whether insults call a person.
    hand_over_abuse: bool,
}

impl From<record::Thresholds> for Thresholds {
    fn from(from: record::Thresholds) -> Self {
        Self {
            unknown: from.unknown,
            answer: from.answer,
            certain: from.certain,
            intent: from.intent,
            hand_over_abuse: from.hand_over_abuse,
        }
    }
}
