//! Nomination on SQLite: FTS5 for words, an index in memory for meaning.

use std::collections::HashSet;
use std::sync::Arc;

use acs_domain::port::store::StoreError;
use acs_domain::port::store::knowledge::SearchQuery;
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use super::codec::NotAVector;
use super::index::{Filter, Indexed, VectorIndex};
use super::nominate::Candidate;
use super::words::{Word, indexed_word};
use crate::dialect;
use crate::error::store_error;
use crate::row::{Origin, micros};
use crate::session::Session;

/// From so many passages on a scan takes long enough to leave the threads that serve requests.
const QUICK_SCAN: usize = 2_000;
/// So many times the passages that are wanted are looked up first.
const LOOKED_UP_FIRST: i64 = 4;
/// SQLite's word for all.
const NO_LIMIT: i64 = -1;
/// Vectors are read in pages of so many.
const PAGE: i64 = 1_000;

pub(crate) async fn candidates(
    session: &Session,
    query: &SearchQuery,
    words: &[Word],
    version: i64,
) -> Result<Vec<Candidate>, StoreError> {
    let mut numbers: HashSet<i64> = by_words(session, query, words).await?.into_iter().collect();
    let meaning = match &query.vector {
        Some(vector) => {
            let index = session.vectors().index(session, version).await?;
            numbers.extend(nearest(&index, query, vector).await?);
            Some((index, vector))
        }
        None => None,
    };
    const SQL: &str = "SELECT id, entry_id, term_count, terms, number FROM knowledge_passages \
        WHERE organization_id = $1 AND number IN (SELECT value FROM json_each($2))";
    let list = serde_json::Value::from(numbers.into_iter().collect::<Vec<_>>()).to_string();
    let rows = session
        .rows(SQL, [session.organization().into(), list.into()])
        .await?;
    let read = |row: &QueryResult| {
        let number: i64 = row.try_get_by_index(4).map_err(store_error)?;
        let cosine = meaning
            .as_ref()
            .map_or(0.0, |(index, vector)| index.cosine(number, vector));
        Candidate::read(row, cosine)
    };
    rows.iter().map(read).collect()
}

/// The numbers of the passages with the largest sum of the weights of the words that they have.
///
/// A common word is in thousands of passages, and each would be looked up in the table only to see whether it may be found.
/// So the best few are looked up first, and all only if too few of those may be.
async fn by_words(session: &Session, query: &SearchQuery, words: &[Word]) -> Result<Vec<i64>, StoreError> {
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let wanted = i64::from(query.candidates);
    if query.category.is_none() {
        let found = best_by_words(session, query, words, LOOKED_UP_FIRST * wanted).await?;
        if found.len() >= query.candidates as usize {
            return Ok(found);
        }
    }
    best_by_words(session, query, words, NO_LIMIT).await
}

async fn best_by_words(
    session: &Session,
    query: &SearchQuery,
    words: &[Word],
    looked_up: i64,
) -> Result<Vec<i64>, StoreError> {
    const ONE: &str = "SELECT rowid AS number, ? AS weight FROM passage_words WHERE passage_words MATCH ?";
    let matches = vec![ONE; words.len()].join(" UNION ALL ");
    // Numbers grow as ids do, so that equals are taken in the order of their ids here too.
    let sql = format!(
        "SELECT p.number FROM \
             (SELECT number, sum(weight) AS weight FROM ({matches}) GROUP BY number \
              ORDER BY weight DESC, number LIMIT ?) AS hits \
         JOIN knowledge_passages p ON p.number = hits.number \
         WHERE p.organization_id = ? AND (p.expires_at IS NULL OR p.expires_at > ?) \
           AND (? IS NULL OR p.category = ?) \
         ORDER BY hits.weight DESC, p.id LIMIT ?"
    );
    let mut values: Vec<Value> = Vec::with_capacity(words.len() * 2 + 6);
    for word in words {
        values.push(word.weight.into());
        values.push(format!("\"{}\"", indexed_word(session.organization(), &word.term)).into());
    }
    values.extend([
        looked_up.into(),
        session.organization().into(),
        micros(query.at).into(),
        query.category.clone().into(),
        query.category.clone().into(),
        i64::from(query.candidates).into(),
    ]);
    let rows = session.rows(&sql, values).await?;
    rows.iter()
        .map(|row| row.try_get_by_index(0).map_err(store_error))
        .collect()
}

async fn nearest(
    index: &Arc<VectorIndex>,
    query: &SearchQuery,
    vector: &Arc<[f32]>,
) -> Result<Vec<i64>, StoreError> {
    let filter = Filter {
        category: query.category.clone(),
        at: micros(query.at),
    };
    let count = query.candidates as usize;
    if index.len() < QUICK_SCAN {
        return Ok(index.nearest(vector, count, &filter));
    }
    let (index, vector) = (Arc::clone(index), Arc::clone(vector));
    tokio::task::spawn_blocking(move || index.nearest(&vector, count, &filter))
        .await
        .map_err(|error| StoreError::Failed(Box::new(error)))
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
    index: &mut VectorIndex,
) -> Result<(), StoreError> {
    let sql = format!(
        "SELECT number, id, entry_id, category, expires_at, embedding FROM knowledge_passages \
         WHERE organization_id = $1 AND {}",
        dialect::id_in(false, "entry_id", "$2")
    );
    let list = dialect::id_list(entries.iter().copied());
    let rows = session
        .rows(&sql, [session.organization().into(), list.into()])
        .await?;
    rows.iter().try_for_each(|row| add(row, index))
}

/// Adds all passages of the organization, page by page.
pub(crate) async fn read_all_vectors(session: &Session, index: &mut VectorIndex) -> Result<(), StoreError> {
    const SQL: &str = "SELECT number, id, entry_id, category, expires_at, embedding FROM knowledge_passages \
        WHERE organization_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    let mut after = Uuid::nil();
    loop {
        let values = [session.organization().into(), after.into(), PAGE.into()];
        let rows = session.rows(SQL, values).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.try_get_by_index(1).map_err(store_error)?;
        rows.iter().try_for_each(|row| add(row, index))?;
    }
}

fn add(row: &QueryResult, index: &mut VectorIndex) -> Result<(), StoreError> {
    let id: Uuid = row.try_get_by_index(1).map_err(store_error)?;
    let embedding: Vec<u8> = row.try_get_by_index(5).map_err(store_error)?;
    let (components, rest) = embedding.as_chunks::<4>();
    if !rest.is_empty() {
        let origin = Origin {
            table: "knowledge_passages",
            id,
        };
        return Err(origin.corrupt(NotAVector));
    }
    let passage = Indexed {
        number: row.try_get_by_index(0).map_err(store_error)?,
        id,
        entry_id: row.try_get_by_index(2).map_err(store_error)?,
        category: row.try_get_by_index(3).map_err(store_error)?,
        expires_at: row.try_get_by_index(4).map_err(store_error)?,
    };
    index.add(passage, components.iter().map(|bytes| f32::from_le_bytes(*bytes)));
    Ok(())
}
