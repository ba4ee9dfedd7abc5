//! Search: the store nominates, the retriever scores, links are followed one step, the store gives the best in full, and the
//! retriever puts them in their last order. No query in a loop.

mod judged;
mod links;

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use acs_domain::access::Scope;
use acs_domain::knowledge::{Hit, Link, Vector};
use acs_domain::port::embed::likeness;
use acs_domain::port::rerank::Ordered;
use acs_domain::port::store::KnowledgeQueries;
use acs_domain::port::store::knowledge::{Filter, Nominations, SearchQuery};
use time::OffsetDateTime;

use crate::error::EngineError;
use crate::meaning::meaning;
use crate::ports::Ports;

/// How many passages the store nominates by words, and as many by meaning.
const CANDIDATES: u32 = 50;
/// How many models a question may find in force that did not embed it: the one before, and then the one that has come in
/// force meanwhile.
const MODELS: usize = 2;

/// At most so many words of a question are taken for slips of the pen.
const MISSPELT: usize = 3;

/// What is searched for.
pub(crate) struct Wanted {
    pub(crate) text: String,
    pub(crate) terms: Vec<String>,
    pub(crate) vector: Option<Vector>,
    /// The model that gave the vector.
    pub(crate) embedding_model: String,
    pub(crate) only: Filter,
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
    /// The links by which finds were left out for others that hold instead.
    pub(crate) superseded: Vec<Link>,
    /// How many of the hits each of several questions has, in their order; empty for one question.
    pub(crate) parts: Vec<usize>,
    /// Who put the hits in their order, or why not; `None` where there is nobody for it.
    pub(crate) ordered: Option<Ordered>,
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
        only: wanted.only,
        of: Vec::new(),
        at: wanted.at,
        candidates: CANDIDATES,
    };
    let mut parts = meanings_of_parts(ports, &wanted.text, &query).await;
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
        parts = meanings_of_parts(ports, &wanted.text, &query).await;
        unit = ports.store.read(scope).await?;
        nominations = unit.knowledge().nominate(&query).await?;
    }
    if let Some(spelt) = respelt(ports, unit.knowledge(), &query.terms, &nominations).await? {
        query.terms = spelt;
        nominations = unit.knowledge().nominate(&query).await?;
    }
    let embedder = ports.embedders.of(&query.embedding_model);
    let strangers = embedder.map_or(0.0, |embedder| embedder.strangers());
    to_scale(&mut nominations, strangers);
    let mut ranked = ports.retriever.rank(&nominations);
    let knowledge = unit.knowledge();
    let superseded =
        links::follow(ports, knowledge, &query, strangers, &mut nominations, &mut ranked).await?;
    // What one of several parts asks for may be far behind in the whole: then all that were nominated compete.
    if parts.is_empty() {
        if wanted.entries_once {
            let mut seen = HashSet::new();
            ranked.retain(|ranked| seen.insert(nominations.nominees[ranked.index].entry_id));
        }
        ranked.truncate(wanted.limit.max(judged::candidates(ports)));
    }
    let ids: Vec<_> = ranked
        .iter()
        .map(|ranked| nominations.nominees[ranked.index].passage_id)
        .collect();
    let passages = unit.knowledge().passages(&ids).await?;
    drop(unit);
    let mut scores = ranked
        .iter()
        .map(|ranked| (ranked, &nominations.nominees[ranked.index]));
    let hits: Vec<Hit> = passages
        .into_iter()
        .filter_map(|found| {
            let (ranked, nominee) = scores.find(|(_, nominee)| nominee.passage_id == found.passage.id)?;
            Some(Hit {
                found,
                score: ranked.score,
                cosine: nominee.cosine,
                lexical: ranked.lexical,
            })
        })
        .collect();
    let mut hits = reranked(ports, parts, strangers, hits).await?;
    if wanted.entries_once {
        let mut seen = HashSet::new();
        hits.retain(|hit| seen.insert(hit.found.passage.entry_id));
    }
    let ordered = judged::judge(ports, &wanted.text, &mut hits).await;
    hits.truncate(wanted.limit);
    Ok(Found {
        hits,
        vector: query.vector,
        embedding_model: query.embedding_model,
        strangers,
        superseded,
        parts: Vec::new(),
        ordered,
    })
}

/// The hits in their last order. All that were nominated for several parts are too many to be compared on an async thread.
async fn reranked(
    ports: &Ports,
    parts: Vec<Vector>,
    strangers: f32,
    mut hits: Vec<Hit>,
) -> Result<Vec<Hit>, EngineError> {
    let retriever = ports.retriever.clone();
    let one_part = parts.is_empty();
    let rerank = move || {
        retriever.rerank(&parts, strangers, &mut hits);
        hits
    };
    if one_part {
        return Ok(rerank());
    }
    let reranking = tokio::task::spawn_blocking(rerank);
    reranking
        .await
        .map_err(|error| EngineError::Internal(Box::new(error)))
}

/// Puts the cosines of nominees on the scale of likeness. A passage without a vector has a cosine of nothing.
fn to_scale(nominations: &mut Nominations, strangers: f32) {
    let with_vector = nominations
        .nominees
        .iter_mut()
        .filter(|nominee| nominee.cosine != 0.0);
    for nominee in with_vector {
        nominee.cosine = likeness(nominee.cosine, strangers);
    }
}

/// The meanings of a long question's parts; none where it has one part, or where its own meaning or one of theirs was left
/// out: nobody waits for a better order.
async fn meanings_of_parts(ports: &Ports, text: &str, query: &SearchQuery) -> Vec<Vector> {
    if query.vector.is_none() {
        return Vec::new();
    }
    let parts = ports.retriever.parts(text);
    let meanings = parts
        .iter()
        .map(|part| meaning(ports, part, &query.embedding_model));
    futures::future::try_join_all(meanings).await.unwrap_or_default()
}

/// The question's words with those that no passage has replaced by what they were meant to be; `None` where nothing is misspelt.
async fn respelt(
    ports: &Ports,
    knowledge: &mut dyn KnowledgeQueries,
    terms: &[String],
    nominations: &Nominations,
) -> Result<Option<Vec<String>>, EngineError> {
    let mut unknown: Vec<String> = terms
        .iter()
        .zip(&nominations.lexicon.frequencies)
        .filter(|(term, passages)| **passages == 0 && term.chars().all(char::is_alphabetic))
        .map(|(term, _)| term.clone())
        .collect();
    // A long word is easier to mistype and easier to tell.
    unknown.sort_by_key(|word| Reverse(word.len()));
    unknown.truncate(MISSPELT);
    if unknown.is_empty() || nominations.lexicon.passages == 0 {
        return Ok(None);
    }
    let known = knowledge.words_like(&unknown).await?;
    let meant: HashMap<String, String> = unknown
        .into_iter()
        .filter_map(|word| Some((ports.retriever.respell(&word, &known)?, word)))
        .map(|(meant, word)| (word, meant))
        .collect();
    if meant.is_empty() {
        return Ok(None);
    }
    let mut spelt: Vec<String> = terms
        .iter()
        .map(|term| meant.get(term).unwrap_or(term).clone())
        .collect();
    spelt.sort_unstable();
    spelt.dedup();
    Ok(Some(spelt))
}

fn has_moved(query: &SearchQuery, nominations: &Nominations) -> bool {
    let in_force = &nominations.embedding_model;
    query.vector.is_some() && !in_force.is_empty() && *in_force != query.embedding_model
}
