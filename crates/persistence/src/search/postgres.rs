//! Nomination on PostgreSQL: a GIN index for words, HNSW for meaning.

use acs_domain::port::store::StoreError;
use acs_domain::port::store::knowledge::SearchQuery;
use sea_orm::{QueryResult, Value};

use super::codec;
use super::nominate::Candidate;
use super::words::Word;
use crate::error::store_error;
use crate::row::micros;
use crate::session::Session;

/// The length of the vectors that have an index (see the migration).
const INDEXED_DIMENSIONS: usize = 384;

pub(crate) async fn candidates(
    session: &Session,
    query: &SearchQuery,
    words: &[Word],
) -> Result<Vec<Candidate>, StoreError> {
    let terms: Vec<&str> = words.iter().map(|word| word.term.as_str()).collect();
    let weights: Vec<i64> = words.iter().map(|word| word.weight).collect();
    let mut values: Vec<Value> = vec![
        session.organization().into(),
        serde_json::json!({ "words": terms, "weights": weights })
            .to_string()
            .into(),
        query.category.clone().into(),
        micros(query.at).into(),
        i64::from(query.candidates).into(),
    ];
    let sql = match &query.vector {
        Some(vector) => {
            values.push(codec::write_text(vector).into());
            values.push(i32::try_from(vector.len()).unwrap_or(i32::MAX).into());
            with_meaning(vector.len())
        }
        None => format!("{BY_WORDS} {}", read("words", "0::real")),
    };
    let rows = session.rows(&sql, values).await?;
    let read = |row: &QueryResult| Candidate::read(row, row.try_get_by_index(4).map_err(store_error)?);
    rows.iter().map(read).collect()
}

const BY_WORDS: &str = "WITH words AS (SELECT id FROM ai.nominate_by_words(\
    ARRAY(SELECT jsonb_array_elements_text($2::jsonb -> 'words')), \
    ARRAY(SELECT jsonb_array_elements_text($2::jsonb -> 'weights')::bigint), $3, $4, $5))";

fn with_meaning(dimensions: usize) -> String {
    // The expression and the condition are those of the index, so that it is used.
    let (distance, condition) = if dimensions == INDEXED_DIMENSIONS {
        (
            "embedding::halfvec(384) <#> $6::halfvec(384)",
            "vector_dims(embedding) = 384",
        )
    } else {
        ("embedding <#> $6::vector", "vector_dims(embedding) = $7")
    };
    let nearest = format!(
        "meaning AS MATERIALIZED (SELECT id FROM knowledge_passages \
         WHERE organization_id = $1 AND {condition} AND (expires_at IS NULL OR expires_at > $4) \
           AND ($3 IS NULL OR category = $3) \
         ORDER BY {distance} LIMIT $5)"
    );
    let all = "(SELECT id FROM words UNION SELECT id FROM meaning)";
    let cosine =
        "CASE WHEN vector_dims(p.embedding) = $7 THEN (-(p.embedding <#> $6::vector))::real ELSE 0 END";
    format!("{BY_WORDS}, {nearest} {}", read(all, cosine))
}

fn read(from: &str, cosine: &str) -> String {
    format!(
        "SELECT p.id, p.entry_id, p.term_count, p.terms::text, {cosine} FROM {from} AS picked \
         JOIN knowledge_passages p ON p.organization_id = $1 AND p.id = picked.id"
    )
}
