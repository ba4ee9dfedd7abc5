//! Missing: what the knowledge did not answer is kept for its editors, without personal data.

use std::sync::Arc;

use acs_domain::gap::Unanswered;
use acs_domain::knowledge::Vector;
use acs_domain::record::VectorRecord;

use super::load::Loaded;
use super::phrases;
use super::think::{Thought, Told};
use crate::ports::Ports;

/// The questions of a turn that were not answered. None of a message that is an attempt on the agent, and none from which
/// personal data could not be taken out.
pub(super) async fn noted(ports: &Ports, loaded: &Loaded, thought: &Thought, told: &Told) -> Vec<Unanswered> {
    if thought.missing.is_empty() || thought.analysis.guard.flagged {
        return Vec::new();
    }
    let (masker, terms) = (ports.masker.clone(), loaded.terms.clone());
    let questions = thought.missing.clone();
    let masking = tokio::task::spawn_blocking(move || {
        let texts: Vec<&str> = questions.iter().map(String::as_str).collect();
        let masked = masker.mask(&texts, terms.as_ref())?;
        Some(masked.texts().to_vec())
    });
    let Ok(Some(masked)) = masking.await.inspect_err(|error| {
        // What a panic says may quote the customer.
        tracing::error!(
            panicked = error.is_panic(),
            "personal data was not masked: what was not answered is not kept"
        );
    }) else {
        return Vec::new();
    };
    let at = ports.now();
    let language = phrases::told(&thought.analysis).map(str::to_owned);
    let unanswered = |(question, masked): (&String, String)| Unanswered {
        id: ports.id(at),
        conversation_id: loaded.conversation.id,
        question: masked,
        language: language.clone(),
        vector: vector(told, question),
        embedding_model: loaded.versions.embedding_model.clone(),
        knowledge_version: loaded.organization.knowledge_version,
        asked_at: at,
    };
    thought.missing.iter().zip(masked).map(unanswered).collect()
}

/// What a question means, as the turn was told; empty where it was left out.
fn vector(told: &Told, question: &str) -> Vector {
    let meant = told.meanings.iter().find(|meaning| meaning.text == question);
    match meant.map(|meaning| &meaning.place) {
        Some(Ok(VectorRecord(vector))) => Arc::clone(vector),
        _ => Arc::new([]),
    }
}
