//! Retrieve: the passages that may answer. It may fail or be too slow; the turn then knows nothing, and says so.

use acs_domain::access::Scope;
use acs_domain::knowledge::Hit;
use acs_domain::port::compose::Question;
use acs_domain::turn::{Candidate, Evidence};

use super::load::{Loaded, millis_since};
use crate::error::EngineError;
use crate::ports::Ports;
use crate::search;

/// What was found, how long it took, and what went wrong.
pub(super) struct Retrieved {
    hits: Vec<Hit>,
    took_ms: f64,
    degraded: Option<&'static str>,
}

pub(super) async fn retrieve(ports: &Ports, scope: Scope, loaded: &Loaded, question: &Question) -> Retrieved {
    let began = ports.now();
    let found = find(ports, scope, loaded, question);
    let (hits, degraded) = match tokio::time::timeout(ports.settings.turns.retrieve_within, found).await {
        Ok(Ok(hits)) => (hits, None),
        Ok(Err(error)) => {
            tracing::warn!(error = %acs_core::error::Chain(&error), "the knowledge was not searched");
            (Vec::new(), Some("retrieval: it failed"))
        }
        Err(_late) => (Vec::new(), Some("retrieval: it took too long")),
    };
    Retrieved {
        hits,
        took_ms: millis_since(ports, began),
        degraded,
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
        evidence.degraded.extend(self.degraded.map(str::to_owned));
        evidence.candidates = self.hits.iter().map(candidate).collect();
        self.hits
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
