//! The evidence of a turn: everything that explains its reply.

use acs_core::security::digest::hex;
use acs_domain::turn::{self, TurnState};
use acs_engine::usecase::conversations::{Explained, Recorded, Unsealed};
use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use super::analysis::Analysis;
use super::record::Told;
use super::turn::Turn;
use super::word;

/// A turn and how it was decided. One that is not done yet shows only where it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExplainedTurn {
    conversation_id: Uuid,
    /// The customer's message.
    message_id: Uuid,
    #[schema(value_type = word::TurnState)]
    state: TurnState,
    /// How often the turn was taken up: more than once when a server died over it.
    attempts: i64,
    /// When the message was accepted.
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    completed_at: Option<OffsetDateTime>,
    /// How it ended.
    turn: Option<Turn>,
    evidence: Option<Evidence>,
    /// The record of the turn, from which it can be run again. Turns of a time before there were records have none.
    record: Option<Record>,
    /// Whether the customer was erased: then no words are left, only how the turn ended, what it cost and how long it took.
    erased: bool,
}

/// A turn's place in the conversation's chain of records.
#[derive(Debug, Serialize, ToSchema)]
struct Record {
    /// Its number in the chain: 1, 2, 3 …
    seq: i64,
    /// The SHA-256 of the record and of the hash before it, in hexadecimal digits. Whoever keeps it can prove later that
    /// neither this record nor one before it was changed.
    hash: String,
    /// Whether the chain up to the record is as it was written.
    chain_holds: bool,
    /// Why what the record says cannot be read, if it cannot: the key that opens it is another, or it was altered. The
    /// evidence then is what stands beside the record.
    unreadable: Option<String>,
}

impl From<Explained> for ExplainedTurn {
    fn from(explained: Explained) -> Self {
        let erased = explained.is_erased();
        let Explained {
            turn: mut from,
            escalation,
            record,
        } = explained;
        let result = from.result.take();
        let (record, told) = record.map(opened).unzip();
        let evidence = result.as_ref().map(|result| Evidence {
            told: told.flatten().unwrap_or_default(),
            ..Evidence::new(result.clone())
        });
        Self {
            conversation_id: from.conversation_id.as_uuid(),
            message_id: from.message_id.as_uuid(),
            state: from.state,
            attempts: from.attempts,
            created_at: from.created_at,
            completed_at: result.as_ref().map(|result| result.completed_at),
            evidence,
            turn: result.map(|result| Turn::new(&from, result, escalation)),
            record,
            erased,
        }
    }
}

/// A record's place in its chain, and what only the record tells.
fn opened(from: Recorded) -> (Record, Option<Told>) {
    let (told, unreadable) = match from.opened {
        Unsealed::Content(content, sentences) => (Some(Told::new(*content, sentences)), None),
        Unsealed::Erased => (None, None),
        Unsealed::Unreadable(why) => (None, Some(why)),
    };
    let record = Record {
        seq: from.link.seq,
        hash: hex(&from.link.hash),
        chain_holds: from.chain_holds,
        unreadable,
    };
    (record, told)
}

/// Everything that explains a turn.
#[derive(Debug, Serialize, ToSchema)]
struct Evidence {
    /// What was understood.
    analysis: Analysis,
    /// The knowledge version that was searched.
    knowledge_version: i64,
    /// The intents version in force.
    intents_version: i64,
    embedding_model: String,
    /// The passages considered, best first.
    candidates: Vec<Candidate>,
    /// Checks and rules, in the order that they spoke.
    verdicts: Vec<Verdict>,
    /// The prompt, where a language model was asked.
    #[schema(value_type = Option<Object>)]
    prompt: Option<Value>,
    /// The models tried, in order.
    models: Vec<ModelCall>,
    /// What had to be left out, and why.
    degraded: Vec<String>,
    timings: StageTimes,
    #[serde(flatten)]
    told: Told,
}

impl Evidence {
    fn new(result: turn::TurnResult) -> Self {
        Self {
            analysis: result.analysis.into(),
            knowledge_version: result.evidence.knowledge_version,
            intents_version: result.evidence.intents_version,
            embedding_model: result.evidence.embedding_model,
            candidates: result.evidence.candidates.into_iter().map(Into::into).collect(),
            verdicts: result.evidence.verdicts.into_iter().map(Into::into).collect(),
            prompt: result.evidence.prompt,
            models: result.evidence.attempts.into_iter().map(Into::into).collect(),
            degraded: result.evidence.degraded,
            timings: result.evidence.timings.into(),
            told: Told::default(),
        }
    }
}

/// A passage that was considered.
#[derive(Debug, Serialize, ToSchema)]
struct Candidate {
    entry_id: Uuid,
    /// The entry's version.
    version: i64,
    passage_id: Uuid,
    title: String,
    /// How well it fits.
    score: f32,
    /// Cosine of question and passage.
    cosine: f32,
    /// BM25.
    lexical: f32,
}

impl From<turn::Candidate> for Candidate {
    fn from(from: turn::Candidate) -> Self {
        Self {
            entry_id: from.entry_id.as_uuid(),
            version: from.version,
            passage_id: from.passage_id.as_uuid(),
            title: from.title,
            score: from.score,
            cosine: from.cosine,
            lexical: from.lexical,
        }
    }
}

/// What a check or rule said.
#[derive(Debug, Serialize, ToSchema)]
struct Verdict {
    check: String,
    decision: String,
    /// On what ground, with its figures.
    reason: String,
}

impl From<turn::Verdict> for Verdict {
    fn from(from: turn::Verdict) -> Self {
        Self {
            check: from.check,
            decision: from.decision,
            reason: from.reason,
        }
    }
}

/// One try of one model.
#[derive(Debug, Serialize, ToSchema)]
struct ModelCall {
    model: String,
    /// `ok`, or why not.
    outcome: String,
    latency_ms: f64,
    input_tokens: u64,
    output_tokens: u64,
    /// Money, in millionths of the currency of the models' prices.
    cost_micros: u64,
    /// Whether the provider did not tell all of the tokens, and they were estimated.
    estimated: bool,
}

impl From<turn::Attempt> for ModelCall {
    fn from(from: turn::Attempt) -> Self {
        Self {
            model: from.model,
            outcome: from.outcome,
            latency_ms: from.latency_ms,
            input_tokens: from.input_tokens,
            output_tokens: from.output_tokens,
            cost_micros: from.cost_micros,
            estimated: from.estimated,
        }
    }
}

/// How long the stages took.
#[derive(Debug, Serialize, ToSchema)]
struct StageTimes {
    /// Waiting behind earlier turns of the conversation.
    queued_ms: f64,
    load_ms: f64,
    understand_ms: f64,
    retrieve_ms: f64,
    compose_ms: f64,
    answer_ms: f64,
    /// Sealing the record.
    record_ms: f64,
}

impl From<turn::StageTimes> for StageTimes {
    fn from(from: turn::StageTimes) -> Self {
        Self {
            queued_ms: from.queued_ms,
            load_ms: from.load_ms,
            understand_ms: from.understand_ms,
            retrieve_ms: from.retrieve_ms,
            compose_ms: from.compose_ms,
            answer_ms: from.answer_ms,
            record_ms: from.record_ms,
        }
    }
}
