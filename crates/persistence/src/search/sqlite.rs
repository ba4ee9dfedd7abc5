//! Nomination on SQLite: FTS5 for words, an index in memory for meaning.
//!
//! The planner knows nothing of how few rows are looked up, and would rather read the whole organization: `CROSS JOIN`
//! and `+` tell it to go from the numbers to their rows.

use std::collections::HashSet;
use std::sync::Arc;

use acs_domain::knowledge::Vector;
use acs_domain::port::store::StoreError;
use acs_domain::port::store::knowledge::SearchQuery;
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use super::codec;
use super::index::{Indexed, Kind, VectorIndex};
use super::nominate::Candidate;
use super::steps::exact_dot;
use super::words::{Word, Words, indexed_word};
use super::{Place, Standing};
use crate::dialect;
use crate::error::store_error;
use crate::row::{Origin, micros};
use crate::session::Session;

/// From so many passages on a scan takes long enough to leave the threads that serve requests.
const QUICK_SCAN: usize = 2_000;
/// So many more of the nearest than are wanted are compared by their whole vectors.
const SPARE: usize = 25;
/// So many times the passages that are wanted are looked up first.
const LOOKED_UP_FIRST: i64 = 4;
/// SQLite's word for all.
const NO_LIMIT: i64 = -1;
/// Vectors are read in pages of so many.
const PAGE: i64 = 1_000;

pub(crate) async fn candidates(
    session: &Session,
    query: &SearchQuery,
    words: &Words,
    (version, standing): (i64, &Standing),
) -> Result<Vec<Candidate>, StoreError> {
    let (by_words, nearest) = match &query.vector {
        _ if !query.of.is_empty() => (of_entries(session, query).await?, HashSet::new()),
        Some(vector) => {
            let index = session.vectors().index(session, version, standing).await?;
            // The one in the database's thread, the other in its own.
            tokio::try_join!(by_words(session, query, words), nearest(index, query, vector))?
        }
        None => (by_words(session, query, words).await?, HashSet::new()),
    };
    let sql = format!(
        "SELECT id, entry_id, term_count, terms, {}, number FROM knowledge_passages \
         WHERE +organization_id = $1 AND number IN (SELECT value FROM json_each($2))",
        standing.place.embedding()
    );
    let numbers: Vec<i64> = by_words.union(&nearest).copied().collect();
    let list = serde_json::Value::from(numbers).to_string();
    let rows = session
        .rows(&sql, [session.organization().into(), list.into()])
        .await?;
    let read = |row: &QueryResult| -> Result<(i64, Candidate), StoreError> {
        let candidate = Candidate::read(row, cosine(row, query.vector.as_ref())?)?;
        Ok((row.try_get_by_index(5).map_err(store_error)?, candidate))
    };
    let mut found = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    // Nearest first: so many of them are nominees by meaning, the others only if words nominated them too.
    found.sort_unstable_by(|(one, a), (other, b)| b.cosine.total_cmp(&a.cosine).then_with(|| one.cmp(other)));
    let mut places = query.candidates;
    found.retain(|(number, _)| {
        let by_meaning = places > 0 && nearest.contains(number);
        places -= u32::from(by_meaning);
        by_meaning || by_words.contains(number)
    });
    Ok(found.into_iter().map(|(_, candidate)| candidate).collect())
}

/// The cosine of a candidate and the question; 0 if their vectors are not of one model.
fn cosine(row: &QueryResult, question: Option<&Vector>) -> Result<f32, StoreError> {
    let Some(question) = question else { return Ok(0.0) };
    let embedding: Option<Vec<u8>> = row.try_get_by_index(4).map_err(store_error)?;
    let vector = match codec::read_vector(&embedding.unwrap_or_default()) {
        Ok(vector) => vector,
        Err(error) => return Err(origin(row.try_get_by_index(0).map_err(store_error)?).corrupt(error)),
    };
    if vector.len() == question.len() {
        Ok(exact_dot(&vector, question))
    } else {
        Ok(0.0)
    }
}

/// The numbers of the passages with the largest sum of the weights of the words that they have.
///
/// Words may open thousands, and each would be looked up in the table only to see whether it may be found. So the best few
/// are looked up first, and all only if too few of those may be.
async fn by_words(session: &Session, query: &SearchQuery, words: &Words) -> Result<HashSet<i64>, StoreError> {
    if words.is_empty() {
        return Ok(HashSet::new());
    }
    let first = LOOKED_UP_FIRST * i64::from(query.candidates);
    if query.only.category.is_none() && words.opened > first.unsigned_abs() {
        let found = best_by_words(session, query, words, first).await?;
        if found.len() >= query.candidates as usize {
            return Ok(found);
        }
    }
    best_by_words(session, query, words, NO_LIMIT).await
}

async fn best_by_words(
    session: &Session,
    query: &SearchQuery,
    words: &Words,
    looked_up: i64,
) -> Result<HashSet<i64>, StoreError> {
    let quoted = |word: &Word| format!("\"{}\"", indexed_word(session.organization(), &word.term));
    let opening: Vec<String> = words.opening.iter().map(quoted).collect();
    let open = opening.join(" OR ");
    let mut values: Vec<Value> = vec![
        session.organization().into(),
        micros(query.at).into(),
        dialect::filter(&query.only)?.into(),
        looked_up.into(),
        i64::from(query.candidates).into(),
    ];
    let opening = words.opening.iter().zip(opening);
    let weighing = words
        .weighing
        .iter()
        .map(|word| (word, format!("{} AND ({open})", quoted(word))));
    let mut matches = Vec::new();
    for (word, looked_for) in opening.chain(weighing) {
        values.extend([word.weight.into(), looked_for.into()]);
        let (weight, looked_for) = (values.len() - 1, values.len());
        matches.push(format!(
            "SELECT rowid AS number, ?{weight} AS weight FROM passage_words WHERE passage_words MATCH ?{looked_for}"
        ));
    }
    // Numbers grow as ids do, so that equals are taken in the order of their ids here too.
    let sql = format!(
        "SELECT p.number FROM \
             (SELECT number, sum(weight) AS weight FROM ({}) GROUP BY number \
              ORDER BY weight DESC, number LIMIT ?4) AS hits \
         CROSS JOIN knowledge_passages p ON p.number = hits.number \
         WHERE p.organization_id = ?1 AND {} \
         ORDER BY hits.weight DESC, p.id LIMIT ?5",
        matches.join(" UNION ALL "),
        dialect::may_be_found(false, "p.", "?3", "?2")
    );
    let rows = session.rows(&sql, values).await?;
    rows.iter()
        .map(|row| row.try_get_by_index(0).map_err(store_error))
        .collect()
}

/// The numbers of the passages of some entries.
async fn of_entries(session: &Session, query: &SearchQuery) -> Result<HashSet<i64>, StoreError> {
    let sql = format!(
        "SELECT p.number FROM knowledge_passages p WHERE p.organization_id = ?1 AND {} AND {} \
         ORDER BY p.ordinal, p.id LIMIT ?5",
        dialect::id_in(false, "p.entry_id", "?4"),
        dialect::may_be_found(false, "p.", "?3", "?2")
    );
    let values: [Value; 5] = [
        session.organization().into(),
        micros(query.at).into(),
        dialect::filter(&query.only)?.into(),
        dialect::id_list(query.of.iter().map(|id| id.as_uuid())).into(),
        i64::from(query.candidates).into(),
    ];
    let rows = session.rows(&sql, values).await?;
    rows.iter()
        .map(|row| row.try_get_by_index(0).map_err(store_error))
        .collect()
}

/// The numbers of the nearest passages, and of some more, so that rounding in the index leaves none of them out.
async fn nearest(
    index: Arc<VectorIndex>,
    query: &SearchQuery,
    vector: &Vector,
) -> Result<HashSet<i64>, StoreError> {
    let (only, at) = (query.only.clone(), micros(query.at));
    let count = query.candidates as usize + SPARE;
    let (vector, quick) = (Arc::clone(vector), index.len() < QUICK_SCAN);
    let scan = move || index.nearest(&vector, count, &only, at);
    let found = if quick {
        scan()
    } else {
        let scanned = tokio::task::spawn_blocking(scan).await;
        scanned.map_err(|error| StoreError::Failed(Box::new(error)))?
    };
    Ok(found.into_iter().collect())
}

/// The entries that were written or removed after a version.
pub(crate) async fn changed_entries(session: &Session, since: i64) -> Result<HashSet<Uuid>, StoreError> {
    const SQL: &str = "SELECT id FROM knowledge_entries WHERE organization_id = $1 AND revision > $2 \
        UNION SELECT entry_id FROM knowledge_versions WHERE organization_id = $1 AND deleted_revision > $2";
    let rows = session
        .rows(SQL, [session.organization().into(), since.into()])
        .await?;
    rows.iter()
        .map(|row| row.try_get_by_index(0).map_err(store_error))
        .collect()
}

/// Adds the passages of some entries.
pub(crate) async fn read_vectors_of(
    session: &Session,
    entries: &HashSet<Uuid>,
    place: Place,
    index: &mut VectorIndex,
) -> Result<(), StoreError> {
    let sql = format!(
        "SELECT number, id, entry_id, category, expires_at, {}, language, audience, valid_from FROM knowledge_passages \
         WHERE organization_id = $1 AND {}",
        place.embedding(),
        dialect::id_in(false, "entry_id", "$2")
    );
    let list = dialect::id_list(entries.iter().copied());
    let rows = session
        .rows(&sql, [session.organization().into(), list.into()])
        .await?;
    rows.iter().try_for_each(|row| add(row, index))
}

/// Adds all passages of the organization, page by page.
pub(crate) async fn read_all_vectors(
    session: &Session,
    place: Place,
    index: &mut VectorIndex,
) -> Result<(), StoreError> {
    let sql = format!(
        "SELECT number, id, entry_id, category, expires_at, {}, language, audience, valid_from FROM knowledge_passages \
         WHERE organization_id = $1 AND id > $2 ORDER BY id LIMIT $3",
        place.embedding()
    );
    let mut after = Uuid::nil();
    loop {
        let values = [session.organization().into(), after.into(), PAGE.into()];
        let rows = session.rows(&sql, values).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.try_get_by_index(1).map_err(store_error)?;
        rows.iter().try_for_each(|row| add(row, index))?;
    }
}

fn add(row: &QueryResult, index: &mut VectorIndex) -> Result<(), StoreError> {
    let id: Uuid = row.try_get_by_index(1).map_err(store_error)?;
    let embedding: Option<Vec<u8>> = row.try_get_by_index(5).map_err(store_error)?;
    let vector =
        codec::read_vector(&embedding.unwrap_or_default()).map_err(|error| origin(id).corrupt(error))?;
    let audience: String = row.try_get_by_index(7).map_err(store_error)?;
    let kind = Kind {
        category: row.try_get_by_index(3).map_err(store_error)?,
        language: row.try_get_by_index(6).map_err(store_error)?,
        audience: serde_json::from_str(&audience).map_err(|error| origin(id).corrupt(error))?,
    };
    let passage = Indexed {
        number: row.try_get_by_index(0).map_err(store_error)?,
        entry_id: row.try_get_by_index(2).map_err(store_error)?,
        valid_from: row.try_get_by_index(8).map_err(store_error)?,
        expires_at: row.try_get_by_index(4).map_err(store_error)?,
    };
    index.add(passage, kind, &vector);
    Ok(())
}

fn origin(id: Uuid) -> Origin {
    Origin {
        table: "knowledge_passages",
        id,
    }
}
