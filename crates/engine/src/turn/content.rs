//! What the record of a turn says, out of what the turn read, was told and decided.

use std::collections::BTreeMap;

use acs_core::security::digest::{hex, sha256_of};
use acs_domain::knowledge::{Hit, Sentence};
use acs_domain::message::{Message, SenderType};
use acs_domain::organization::Organization;
use acs_domain::record::{
    Content, Decided, FoundPassageRecord, FoundRecord, Heard, Input, MovedRecord, PersonCalled, Thresholds,
    Tried, VectorRecord, Versions,
};
use acs_domain::turn::Attempt;
use serde_json::Map;

use super::load::Loaded;
use super::think::{Thought, Told};
use crate::ports::TurnSettings;
use crate::search::Found;

/// What a turn read and was told.
pub(crate) struct Known {
    pub(crate) loaded: Loaded,
    pub(crate) told: Told,
}

/// What was decided, without how long it took.
pub(crate) fn decided(thought: &Thought, known: Option<&Known>) -> Decided {
    let Thought {
        analysis,
        course,
        reply,
        evidence,
        missing: _,
    } = thought;
    let tried = evidence.attempts.iter().map(|attempt| Tried {
        model: attempt.model.clone(),
        outcome: attempt.outcome.clone(),
    });
    let called = reply.hand_over.as_ref().map(|(reason, priority)| PersonCalled {
        reason: reason.clone(),
        priority: *priority,
    });
    Decided {
        analysis: analysis.clone(),
        degraded: evidence.degraded.clone(),
        verdicts: evidence.verdicts.clone(),
        draft: known.and_then(|known| known.told.draft.clone()),
        prompt: evidence.prompt.clone(),
        tried: tried.collect(),
        outcome: reply.outcome,
        response: reply.text.clone(),
        citations: reply.citations.clone(),
        confidence: reply.confidence,
        offers_person: reply.offers_person,
        follow_up_questions: reply.follow_up_questions.clone(),
        escalation: called,
        urgent: reply.urgent,
        course: course.clone(),
        model_used: reply.model.clone(),
        fallback_level: reply.fallback_level,
    }
}

/// The settings that a decision depends on.
pub(crate) fn thresholds(settings: &TurnSettings) -> Thresholds {
    Thresholds {
        unknown: settings.unknown_threshold,
        answer: settings.answer_threshold,
        certain: settings.certain_threshold,
        intent: settings.intent_threshold,
        hand_over_abuse: settings.hand_over_abuse,
    }
}

/// The settings with those that a decision depends on in their place.
pub(crate) fn with_thresholds(settings: TurnSettings, kept: &Thresholds) -> TurnSettings {
    TurnSettings {
        unknown_threshold: kept.unknown,
        answer_threshold: kept.answer,
        certain_threshold: kept.certain,
        intent_threshold: kept.intent,
        hand_over_abuse: kept.hand_over_abuse,
        ..settings
    }
}

/// The content of a record.
pub(super) fn content(
    known: Option<Known>,
    parts: &BTreeMap<String, String>,
    thresholds: Thresholds,
    decided: Decided,
    attempts: Vec<Attempt>,
) -> Content {
    let attempts = Some(attempts);
    let Some(Known { loaded, told }) = known else {
        return Content {
            versions: Versions {
                parts: parts.clone(),
                ..Versions::default()
            },
            thresholds,
            input: None,
            heard: Heard::default(),
            decided,
            attempts,
            cut: vec!["input".to_owned()],
        };
    };
    let cut = told.words_cut.then(|| "models' words".to_owned());
    Content {
        versions: Versions {
            parts: parts.clone(),
            ..loaded.versions.clone()
        },
        thresholds,
        heard: Heard {
            found: Some(told.found.map(|found| found_record(found, &loaded.versions))),
            meanings: told.meanings,
            in_our_words: told.in_our_words,
            sentences: told.sentences,
            analysis: Some(told.analysis),
            route: told.route,
        },
        input: Some(input(loaded)),
        decided,
        attempts,
        cut: cut.into_iter().collect(),
    }
}

fn input(loaded: Loaded) -> Input {
    let mut conversation = loaded.conversation;
    conversation.metadata = Map::new();
    let replies = |message: &Message| message.sender_type == SenderType::AiAgent;
    let last = loaded.history.iter().rposition(replies);
    let history = loaded.history.into_iter().enumerate();
    Input {
        at: loaded.at,
        organization: needed(loaded.organization),
        conversation,
        time_zone: loaded.time_zone,
        audience: loaded.audience,
        profile: loaded.profile,
        message: loaded.message,
        history: history
            .map(|(place, message)| said(message, Some(place) == last))
            .collect(),
        approved: loaded
            .approved
            .iter()
            .map(|(intent, texts)| (intent.clone(), texts.clone()))
            .collect(),
        strangers: loaded.strangers,
        degraded: loaded.degraded,
    }
}

/// The organization without what no turn reads, its secrets above all.
fn needed(organization: Organization) -> Organization {
    let mut settings = organization.settings;
    settings.widget_secret_sealed = None;
    Organization {
        settings,
        description: None,
        website: None,
        logo_url: None,
        salesforce_org_id: None,
        features: Map::new(),
        branding: Map::new(),
        allowed_domains: Vec::new(),
        ip_allow_list: Vec::new(),
        metadata: Map::new(),
        tags: Vec::new(),
        ..organization
    }
}

/// A message without what no turn reads of an earlier one: of citations, those of the last reply, and of data, the
/// agent's own marks.
fn said(message: Message, is_last_reply: bool) -> Message {
    let citations = match is_last_reply {
        true => message.citations,
        false => Vec::new(),
    };
    let metadata = match message.sender_type {
        SenderType::AiAgent => message.metadata,
        _ => Map::new(),
    };
    Message {
        attachments: Vec::new(),
        citations,
        metadata,
        ..message
    }
}

fn found_record(found: Found, versions: &Versions) -> FoundRecord {
    let moved = found.embedding_model != versions.embedding_model;
    let moved = found.vector.filter(|_| moved).map(|vector| MovedRecord {
        vector: VectorRecord(vector),
        embedding_model: found.embedding_model,
        strangers: found.strangers,
    });
    FoundRecord {
        superseded: found.superseded,
        parts: found.parts,
        ordered: found.ordered,
        passages: found.hits.into_iter().map(passage_record).collect(),
        moved,
    }
}

fn passage_record(hit: Hit) -> FoundPassageRecord {
    let passage = hit.found.passage;
    FoundPassageRecord {
        id: passage.id,
        entry_id: passage.entry_id,
        version: hit.found.version,
        title: hit.found.title,
        category: hit.found.category,
        success_count: hit.found.success_count,
        updated_at: hit.found.updated_at,
        url: hit.found.source_url,
        ordinal: passage.ordinal,
        heading: passage.heading,
        text: passage.text,
        terms: passage.terms,
        vectors: digest(&passage.sentences),
        sentences: passage
            .sentences
            .iter()
            .map(|sentence| (sentence.start, sentence.end))
            .collect(),
        score: hit.score,
        cosine: hit.cosine,
        lexical: hit.lexical,
    }
}

/// The digest of sentences' vectors.
pub(crate) fn digest(sentences: &[Sentence]) -> String {
    let mut bytes = Vec::with_capacity(sentences.iter().map(|sentence| sentence.vector.len() * 4).sum());
    for component in sentences.iter().flat_map(|sentence| sentence.vector.iter()) {
        bytes.extend_from_slice(&component.to_le_bytes());
    }
    hex(&sha256_of(&[&bytes]))
}
