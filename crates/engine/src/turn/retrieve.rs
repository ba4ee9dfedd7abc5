//! Retrieve: the passages that may answer. It may fail or be too slow; the turn then knows nothing, and says so.

use acs_domain::access::Scope;
use acs_domain::knowledge::Hit;
use acs_domain::port::compose::Question;
use acs_domain::turn::{Candidate, Evidence};

use super::load::{Loaded, millis_since};
use crate::error::EngineError;
use crate::ports::Ports;
use crate::search;

/// What was found, or what went wrong, and how long it took.
pub(super) struct Retrieved {
    pub(super) found: Result<Vec<Hit>, String>,
    took_ms: f64,
}

/// Searches the knowledge, unless what is found is given.
pub(super) async fn retrieve(
    ports: &Ports,
    scope: Scope,
    loaded: &Loaded,
    question: &Question,
    given: Option<Result<Vec<Hit>, String>>,
) -> Retrieved {
    let began = ports.now();
    let found = match given {
        Some(found) => found,
        None => search_in_time(ports, scope, loaded, question)
            .await
            .map_err(str::to_owned),
    };
    Retrieved {
        found,
        took_ms: millis_since(ports, began),
    }
}

async fn search_in_time(
    ports: &Ports,
    scope: Scope,
    loaded: &Loaded,
    question: &Question,
) -> Result<Vec<Hit>, &'static str> {
    let found = find(ports, scope, loaded, question);
    match tokio::time::timeout(ports.settings.turns.retrieve_within, found).await {
        Ok(Ok(hits)) => Ok(hits),
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
) -> Result<Vec<Hit>, EngineError> {
    let mut unit = ports.store.read(scope).await?;
    let wanted = search::Wanted {
        terms: question.terms.clone(),
        vector: question.vector.clone(),
        category: None,
        at: loaded.message.created_at,
        entries_once: false,
        limit: ports.settings.turns.passages,
    };
    search::search(ports, &mut *unit, wanted).await
}

impl Retrieved {
    /// Notes the stage in the evidence and gives what it found.
    pub(super) fn noted(self, evidence: &mut Evidence) -> Vec<Hit> {
        evidence.timings.retrieve_ms = self.took_ms;
        let hits = self.found.unwrap_or_else(|why| {
            evidence.degraded.push(why);
            Vec::new()
        });
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
