//! Understand: what the message means. It may fail or be too slow; the turn then goes on without it.

use acs_domain::analysis::Analysis;
use acs_domain::port::compose::Question;
use acs_domain::port::understand::Utterance;
use acs_domain::turn::Evidence;

use super::load::{Loaded, millis_since};
use super::meanings::Meanings;
use crate::ports::Ports;

/// What a stage found out, how long it took, and what it had to leave out.
pub(super) struct Understood {
    analysis: Analysis,
    took_ms: f64,
}

/// A question with its meaning. Without the embedding, words alone must do.
pub(super) async fn question(
    ports: &Ports,
    loaded: &Loaded,
    text: &str,
    meanings: &Meanings,
    evidence: &mut Evidence,
) -> Question {
    let vector = match meanings.of(ports, loaded, text).await {
        Ok(vector) => Some(vector),
        Err(why) => {
            if !evidence.degraded.contains(&why) {
                evidence.degraded.push(why);
            }
            None
        }
    };
    Question {
        text: text.to_owned(),
        terms: ports.retriever.terms(text),
        strangers: loaded.strangers,
        vector,
        language: loaded.organization.default_language.clone(),
        company: loaded.organization.public_name().to_owned(),
    }
}

/// Understands what is said, unless what is understood is given.
pub(super) async fn understand(
    ports: &Ports,
    loaded: &Loaded,
    question: &Question,
    meanings: &Meanings,
    given: Option<Analysis>,
) -> Understood {
    let began = ports.now();
    let analysis = match (given, &loaded.intents) {
        (Some(given), _) => given,
        (None, None) => degraded("understanding: the intents were not learned"),
        (None, Some(intents)) => {
            let clauses = match &question.vector {
                Some(_) => meanings.of_clauses(ports, loaded, &question.text).await,
                None => Vec::new(),
            };
            let utterance = Utterance {
                text: question.text.clone(),
                vector: question.vector.clone(),
                clauses,
                embedding_model: loaded.versions.embedding_model.clone(),
                at: loaded.message.created_at,
                time_zone: Some(loaded.time_zone.clone()),
                terms: loaded.terms.clone(),
            };
            let analyzed = ports.understanding.analyze(&utterance, intents);
            match tokio::time::timeout(ports.settings.turns.understand_within, analyzed).await {
                Ok(Ok(analysis)) => analysis,
                Ok(Err(error)) => {
                    tracing::warn!(error = %acs_core::error::Chain(&error), "the message was not understood");
                    degraded("understanding: it failed")
                }
                Err(_late) => degraded("understanding: it took too long"),
            }
        }
    };
    Understood {
        analysis,
        took_ms: millis_since(ports, began),
    }
}

fn degraded(reason: &str) -> Analysis {
    Analysis {
        degraded: vec![reason.to_owned()],
        ..Analysis::default()
    }
}

impl Understood {
    /// Notes the stage in the evidence and gives what it found out.
    pub(super) fn noted(self, evidence: &mut Evidence) -> Analysis {
        evidence.timings.understand_ms = self.took_ms;
        evidence.degraded.extend(self.analysis.degraded.iter().cloned());
        self.analysis
    }
}
