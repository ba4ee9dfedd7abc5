//! Retrieve: the passages that may answer. It may fail or be too slow; the turn then knows nothing, and says so.

use acs_domain::access::Scope;
use acs_domain::knowledge::Hit;
use acs_domain::port::compose::Question;
use acs_domain::port::store::knowledge::Filter;
use acs_domain::turn::{Candidate, Evidence, Verdict};

use super::load::{Loaded, millis_since};
use crate::error::EngineError;
use crate::ports::Ports;
use crate::search::{self, Found, Judged};

/// What was found, how long it took, and what went wrong.
pub(super) struct Retrieved {
    found: Found,
    took_ms: f64,
    degraded: Option<&'static str>,
}

pub(super) async fn retrieve(
    ports: &Ports,
    scope: Scope,
    loaded: &Loaded,
    question: &Question,
    embedding_model: &str,
) -> Retrieved {
    let began = ports.now();
    let found = find(ports, scope, loaded, question, embedding_model);
    let (found, degraded) = match tokio::time::timeout(ports.settings.turns.retrieve_within, found).await {
        Ok(Ok(found)) => (found, None),
        Ok(Err(error)) => {
            tracing::warn!(error = %acs_core::error::Chain(&error), "the knowledge was not searched");
            (Found::default(), Some("retrieval: it failed"))
        }
        Err(_late) => (Found::default(), Some("retrieval: it took too long")),
    };
    Retrieved {
        found,
        took_ms: millis_since(ports, began),
        degraded,
    }
}

async fn find(
    ports: &Ports,
    scope: Scope,
    loaded: &Loaded,
    question: &Question,
    embedding_model: &str,
) -> Result<Found, EngineError> {
    let wanted = search::Wanted {
        text: question.text.clone(),
        terms: question.terms.clone(),
        vector: question.vector.clone(),
        embedding_model: embedding_model.to_owned(),
        only: Filter {
            audience: Some(loaded.audience.clone()),
            ..Filter::default()
        },
        at: loaded.message.created_at,
        entries_once: false,
        limit: ports.settings.turns.passages,
    };
    search::search(ports, scope, wanted).await
}

impl Retrieved {
    /// Notes the stage in the evidence and gives what it found. What compares the question with the finds takes the meaning
    /// by which they were found.
    pub(super) fn noted(self, question: &mut Question, evidence: &mut Evidence) -> Vec<Hit> {
        evidence.timings.retrieve_ms = self.took_ms;
        evidence.degraded.extend(self.degraded.map(str::to_owned));
        let Found {
            hits,
            vector,
            embedding_model,
            strangers,
            superseded,
            judged,
        } = self.found;
        match judged {
            Some(Judged::By(model)) => evidence.verdicts.push(Verdict {
                check: "rerank".to_owned(),
                decision: "ordered".to_owned(),
                reason: format!("by {model}"),
            }),
            Some(Judged::LeftOut(why)) => evidence.degraded.push(why.to_owned()),
            None => {}
        }
        evidence.verdicts.extend(superseded.iter().map(|link| Verdict {
            check: "links".to_owned(),
            decision: "superseded".to_owned(),
            reason: format!("entry {} by entry {}", link.target_id, link.entry_id),
        }));
        if vector.is_some() {
            question.vector = vector;
            question.strangers = strangers;
            evidence.embedding_model = embedding_model;
        }
        evidence.candidates = hits.iter().map(candidate).collect();
        hits
    }
}

fn candidate(hit: &Hit) -> Candidate {
    Candidate {
        entry_id: hit.found.passage.entry_id,
        version: hit.found.version,
        passage_id: hit.found.passage.id,
        title: hit.found.title.clone(),
        score: hit.score,
        cosine: hit.cosine,
        lexical: hit.lexical,
    }
}
