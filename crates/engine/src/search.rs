//! Search: the store nominates, the retriever scores, the store gives the best in full. Two steps, no query in a loop.

use std::collections::HashSet;

use acs_domain::knowledge::{Hit, Vector};
use acs_domain::port::store::ReadUnit;
use acs_domain::port::store::knowledge::SearchQuery;
use time::OffsetDateTime;

use crate::error::EngineError;
use crate::ports::Ports;

/// How many passages the store nominates by words, and as many by meaning.
const CANDIDATES: u32 = 50;

/// What is searched for.
pub(crate) struct Wanted {
    pub(crate) terms: Vec<String>,
    pub(crate) vector: Option<Vector>,
    pub(crate) category: Option<String>,
    pub(crate) at: OffsetDateTime,
    /// Of each entry only its best passage.
    pub(crate) entries_once: bool,
    pub(crate) limit: usize,
}

/// The best passages, best first.
pub(crate) async fn search(
    ports: &Ports,
    unit: &mut dyn ReadUnit,
    wanted: Wanted,
) -> Result<Vec<Hit>, EngineError> {
    let mut terms = wanted.terms;
    terms.sort_unstable();
    terms.dedup();
    if terms.is_empty() && wanted.vector.is_none() {
        return Ok(Vec::new());
    }
    let query = SearchQuery {
        terms,
        vector: wanted.vector,
        category: wanted.category,
        at: wanted.at,
        candidates: CANDIDATES,
    };
    let nominations = unit.knowledge().nominate(&query).await?;
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
    Ok(hits.collect())
}
