//! Retrieve: the passages that may answer. It may fail or be too slow; the turn then knows nothing, and says so.

use std::collections::HashSet;

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

/// What was found, without what went with it.
pub(super) struct Hits {
    /// Each passage once.
    pub(super) all: Vec<Hit>,
    /// Those for each of several questions, the best first; empty for one question.
    pub(super) of_parts: Vec<Vec<Hit>>,
}

/// Searches the knowledge, for each of several questions by itself, unless what is found is given.
pub(super) async fn retrieve(
    ports: &Ports,
    scope: Scope,
    loaded: &Loaded,
    question: &Question,
    parts: &[Question],
    given: Option<Result<Found, String>>,
) -> Retrieved {
    let began = ports.now();
    let found = match given {
        Some(found) => found,
        None => find_in_time(ports, scope, loaded, question, parts)
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
    parts: &[Question],
) -> Result<Found, &'static str> {
    let found = async {
        if let Some(found) = find_parts(ports, scope, loaded, parts).await? {
            return Ok(found);
        }
        find(ports, scope, loaded, question).await
    };
    match tokio::time::timeout(ports.settings.turns.retrieve_within, found).await {
        Ok(Ok(found)) => Ok(found),
        Ok(Err(error)) => {
            tracing::warn!(error = %acs_core::error::Chain(&error), "the knowledge was not searched");
            Err("retrieval: it failed")
        }
        Err(_late) => Err("retrieval: it took too long"),
    }
}

/// What is found for each of several questions; `None` where there are none, and where the organization has moved to another
/// embedding model since they were embedded.
async fn find_parts(
    ports: &Ports,
    scope: Scope,
    loaded: &Loaded,
    parts: &[Question],
) -> Result<Option<Found>, EngineError> {
    let searches = parts.iter().map(|part| find(ports, scope, loaded, part));
    let mut whole = Found::default();
    for found in futures::future::try_join_all(searches).await? {
        if found.embedding_model != loaded.versions.embedding_model {
            return Ok(None);
        }
        whole.parts.push(found.hits.len());
        whole.hits.extend(found.hits);
        whole.superseded.extend(found.superseded);
        whole.embedding_model = found.embedding_model;
        whole.ordered = whole.ordered.or(found.ordered);
    }
    Ok((!whole.parts.is_empty()).then_some(whole))
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
    pub(super) fn noted(self, question: &mut Question, evidence: &mut Evidence) -> Hits {
        evidence.timings.retrieve_ms = self.took_ms;
        let Found {
            hits,
            vector,
            embedding_model,
            strangers,
            superseded,
            parts,
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
        let hits = Hits::of(hits, &parts);
        evidence.candidates = hits.all.iter().map(candidate).collect();
        hits
    }
}

impl Hits {
    fn of(hits: Vec<Hit>, parts: &[usize]) -> Self {
        let mut of_parts = Vec::new();
        let mut rest = hits.as_slice();
        for length in parts {
            let (part, others) = rest.split_at_checked(*length).unwrap_or((rest, &[]));
            of_parts.push(part.to_vec());
            rest = others;
        }
        let mut seen = HashSet::new();
        let mut all = hits;
        // In turns, so that none of the questions is cut off behind the others.
        if !of_parts.is_empty() {
            let longest = of_parts.iter().map(Vec::len).max().unwrap_or(0);
            let in_turns =
                (0..longest).flat_map(|place| of_parts.iter().filter_map(move |part| part.get(place)));
            all = in_turns.cloned().collect();
        }
        all.retain(|hit| seen.insert(hit.found.passage.id));
        Self { all, of_parts }
    }

    /// The same with only the passages that are in `kept`.
    pub(super) fn of_parts_in(self, kept: &[Hit]) -> Vec<Vec<Hit>> {
        let kept: HashSet<_> = kept.iter().map(|hit| hit.found.passage.id).collect();
        let keep = |mut part: Vec<Hit>| {
            part.retain(|hit| kept.contains(&hit.found.passage.id));
            part
        };
        self.of_parts.into_iter().map(keep).collect()
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
