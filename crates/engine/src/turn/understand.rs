//! Understand: what the message means. It may fail or be too slow; the turn then goes on without it.

use acs_domain::analysis::Analysis;
use acs_domain::knowledge::Vector;
use acs_domain::port::compose::Question;
use acs_domain::port::understand::Utterance;
use acs_domain::turn::Evidence;

use super::load::{Loaded, millis_since};
use crate::meaning::meaning;
use crate::ports::Ports;

/// What a stage found out, how long it took, and what it had to leave out.
pub(super) struct Understood {
    analysis: Analysis,
    took_ms: f64,
}

/// The question with its meaning, unless that is given, and the meaning by itself. Without the embedding, words alone must
/// do.
pub(super) async fn question(
    ports: &Ports,
    loaded: &Loaded,
    given: Option<Result<Vector, String>>,
    evidence: &mut Evidence,
) -> (Question, Result<Vector, String>) {
    let text = loaded.message.content.clone();
    evidence
        .embedding_model
        .clone_from(&loaded.versions.embedding_model);
    let meaning = match given {
        Some(meaning) => meaning,
        None => meaning(ports, &text).await.map_err(str::to_owned),
    };
    evidence.degraded.extend(meaning.as_ref().err().cloned());
    let question = Question {
        terms: ports.retriever.terms(&text),
        text,
        vector: meaning.as_ref().ok().cloned(),
        language: loaded.organization.default_language.clone(),
        company: loaded.organization.public_name().to_owned(),
    };
    (question, meaning)
}

pub(super) async fn understand(
    ports: &Ports,
    loaded: &Loaded,
    question: &Question,
    given: Option<Analysis>,
) -> Understood {
    let began = ports.now();
    let analysis = match (given, &loaded.intents) {
        (Some(given), _) => given,
        (None, None) => degraded("understanding: the intents were not learned"),
        (None, Some(intents)) => {
            let utterance = Utterance {
                text: question.text.clone(),
                vector: question.vector.clone(),
                at: loaded.message.created_at,
                time_zone: Some(loaded.organization.timezone.clone()),
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
