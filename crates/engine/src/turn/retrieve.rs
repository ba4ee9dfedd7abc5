//! Retrieve: the passages that may answer. It may fail or be too slow; the turn then knows nothing, and says so.

use acs_domain::access::Scope;
use acs_domain::knowledge::Hit;
use acs_domain::port::compose::Question;
use acs_domain::port::rerank::Ordered;
use acs_domain::port::store::knowledge::Filter;
use acs_domain::turn::{Candidate, Evidence, Verdict};

use super::load::{Loaded, millis_since};
use crate::error::EngineError;
use crate::ports::Ports;
use crate::search::{self, Found};

/// What was found, or what went wrong, and how long it took.
pub(super) struct Retrieved {
    pub(super) found: Result<Found, String>,
    took_ms: f64,
}

/// Searches the knowledge, unless what is found is given.
pub(super) async fn retrieve(
    ports: &Ports,
    scope: Scope,
    loaded: &Loaded,
    question: &Question,
    given: Option<Result<Found, String>>,
) -> Retrieved {
    let began = ports.now();
    let found = match given {
        Some(found) => found,
        None => find_in_time(ports, scope, loaded, question)
            .await
            .map_err(str::to_owned),
    };
    Retrieved {
        found,
        took_ms: millis_since(ports, began),
    }
}

async fn find_in_time(
    ports: &Ports,
    scope: Scope,
    loaded: &Loaded,
    question: &Question,
) -> Result<Found, &'static str> {
    let found = find(ports, scope, loaded, question);
    match tokio::time::timeout(ports.settings.turns.retrieve_within, found).await {
        Ok(Ok(found)) => Ok(found),
        Ok(Err(error)) => {
            tracing::warn!(error = %acs_core::error::Chain(&error), "the knowledge was not searched");
            Err("retrieval: it failed")
        }
        Err(_late) => Err("retrieval: it took too long"),
    }
}

async fn find(
    ports: &Ports,
    scope: Scope,
    loaded: &Loaded,
    question: &Question,
) -> Result<Found, EngineError> {
    let wanted = search::Wanted {
        text: question.text.clone(),
        terms: question.terms.clone(),
        vector: question.vector.clone(),
        embedding_model: loaded.versions.embedding_model.clone(),
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
        let Found {
            hits,
            vector,
            embedding_model,
            strangers,
            superseded,
            ordered,
        } = self.found.unwrap_or_else(|why| {
            evidence.degraded.push(why);
            Found::default()
        });
        match ordered {
            Some(Ordered::By(model)) => evidence.verdicts.push(Verdict {
                check: "rerank".to_owned(),
                decision: "ordered".to_owned(),
                reason: format!("by {model}"),
            }),
            Some(Ordered::AsBefore(why)) => evidence.degraded.push(why),
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
