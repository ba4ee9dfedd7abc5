//! Search: the store nominates, the retriever scores, the store gives the best in full. Two steps, no query in a loop.

use std::collections::HashSet;

use acs_domain::access::Scope;
use acs_domain::knowledge::{Hit, Vector};
use acs_domain::port::embed::likeness;
use acs_domain::port::store::knowledge::{Nominations, SearchQuery};
use time::OffsetDateTime;

use crate::error::EngineError;
use crate::meaning::meaning;
use crate::ports::Ports;

/// How many passages the store nominates by words, and as many by meaning.
const CANDIDATES: u32 = 50;
/// How many models a question may find in force that did not embed it: the one before, and then the one that has come in
/// force meanwhile.
const MODELS: usize = 2;

/// What is searched for.
pub(crate) struct Wanted {
    pub(crate) text: String,
    pub(crate) terms: Vec<String>,
    pub(crate) vector: Option<Vector>,
    /// The model that gave the vector.
    pub(crate) embedding_model: String,
    pub(crate) category: Option<String>,
    pub(crate) at: OffsetDateTime,
    /// Of each entry only its best passage.
    pub(crate) entries_once: bool,
    pub(crate) limit: usize,
}

/// What was found, best first, and by which meaning.
#[derive(Debug, Clone, Default)]
pub(crate) struct Found {
    pub(crate) hits: Vec<Hit>,
    pub(crate) vector: Option<Vector>,
    pub(crate) embedding_model: String,
    /// The cosine of strangers to that model.
    pub(crate) strangers: f32,
}

/// The best passages, best first. If the organization has moved to another embedding model since the question was embedded,
/// it is embedded again and asked once more.
pub(crate) async fn search(ports: &Ports, scope: Scope, wanted: Wanted) -> Result<Found, EngineError> {
    let mut terms = wanted.terms;
    terms.sort_unstable();
    terms.dedup();
    if terms.is_empty() && wanted.vector.is_none() {
        return Ok(Found::default());
    }
    let mut query = SearchQuery {
        terms,
        vector: wanted.vector,
        embedding_model: wanted.embedding_model,
        category: wanted.category,
        at: wanted.at,
        candidates: CANDIDATES,
    };
    let mut unit = ports.store.read(scope).await?;
    let mut nominations = unit.knowledge().nominate(&query).await?;
    for _ in 0..MODELS {
        if !has_moved(&query, &nominations) {
            break;
        }
        drop(unit);
        query.vector = meaning(ports, &wanted.text, &nominations.embedding_model)
            .await
            .ok();
        query.embedding_model = nominations.embedding_model;
        unit = ports.store.read(scope).await?;
        nominations = unit.knowledge().nominate(&query).await?;
    }
    let embedder = ports.embedders.of(&query.embedding_model);
    let strangers = embedder.map_or(0.0, |embedder| embedder.strangers());
    // A passage without a vector has a cosine of nothing.
    for nominee in nominations
        .nominees
        .iter_mut()
        .filter(|nominee| nominee.cosine != 0.0)
    {
        nominee.cosine = likeness(nominee.cosine, strangers);
    }
    let mut ranked = ports.retriever.rank(&nominations);
    if wanted.entries_once {
        let mut seen = HashSet::new();
        ranked.retain(|ranked| seen.insert(nominations.nominees[ranked.index].entry_id));
    }
    ranked.truncate(wanted.limit);
    let ids: Vec<_> = ranked
        .iter()
        .map(|ranked| nominations.nominees[ranked.index].passage_id)
        .collect();
    let passages = unit.knowledge().passages(&ids).await?;
    let mut scores = ranked
        .iter()
        .map(|ranked| (ranked, &nominations.nominees[ranked.index]));
    let hits = passages.into_iter().filter_map(|found| {
        let (ranked, nominee) = scores.find(|(_, nominee)| nominee.passage_id == found.passage.id)?;
        Some(Hit {
            found,
            score: ranked.score,
            cosine: nominee.cosine,
            lexical: ranked.lexical,
        })
    });
    Ok(Found {
        hits: hits.collect(),
        vector: query.vector,
        embedding_model: query.embedding_model,
        strangers,
    })
}

fn has_moved(query: &SearchQuery, nominations: &Nominations) -> bool {
    let in_force = &nominations.embedding_model;
    query.vector.is_some() && !in_force.is_empty() && *in_force != query.embedding_model
}
