//! Nomination on PostgreSQL: a GIN index for words, HNSW for meaning.
//!
//! A value that a statement casts is cast again for every row, unless a subselect does it once. The rows of nominees are
//! found by an array of ids, since a join would be planned for as many as a function may return, and read all rows.

use acs_domain::port::store::StoreError;
use acs_domain::port::store::knowledge::SearchQuery;
use sea_orm::{QueryResult, Value};

use super::nominate::Candidate;
use super::words::Words;
use super::{Place, codec};
use crate::dialect;
use crate::error::store_error;
use crate::row::micros;
use crate::session::Session;

/// The length of the vectors that have an index (see the migration).
const INDEXED_DIMENSIONS: usize = 384;

pub(crate) async fn candidates(
    session: &Session,
    query: &SearchQuery,
    words: &Words,
    place: Place,
) -> Result<Vec<Candidate>, StoreError> {
    let all = || words.opening.iter().chain(&words.weighing);
    let terms: Vec<&str> = all().map(|word| word.term.as_str()).collect();
    let weights: Vec<i64> = all().map(|word| word.weight).collect();
    let mut values: Vec<Value> = vec![
        session.organization().into(),
        serde_json::json!({ "words": terms, "weights": weights, "opening": words.opening.len() })
            .to_string()
            .into(),
        dialect::filter(&query.only)?.into(),
        micros(query.at).into(),
        i64::from(query.candidates).into(),
    ];
    let dimensions = query.vector.as_ref().map(|vector| vector.len());
    if let Some(vector) = &query.vector {
        values.push(codec::write_text(vector).into());
        values.push(i32::try_from(vector.len()).unwrap_or(i32::MAX).into());
    }
    let nominees = if query.of.is_empty() {
        let nearest = dimensions.map(|dimensions| format!(" UNION ALL {}", nearest(dimensions, place)));
        format!("{BY_WORDS}{}", nearest.unwrap_or_default())
    } else {
        values.push(dialect::id_list(query.of.iter().map(|id| id.as_uuid())).into());
        of_entries(values.len())
    };
    let embedding = place.embedding();
    let cosine = match dimensions {
        Some(_) => format!(
            "CASE WHEN vector_dims({embedding}) = $7 \
             THEN (-({embedding} <#> (SELECT $6::vector)))::real ELSE 0 END"
        ),
        None => "0::real".to_owned(),
    };
    let sql = format!(
        "SELECT id, entry_id, term_count, terms::text, {cosine} FROM knowledge_passages \
         WHERE organization_id = $1 AND id = ANY (ARRAY({nominees}))"
    );
    let rows = session.rows(&sql, values).await?;
    let read = |row: &QueryResult| Candidate::read(row, row.try_get_by_index(4).map_err(store_error)?);
    rows.iter().map(read).collect()
}

const BY_WORDS: &str = "SELECT id FROM ai.nominate_by_words(\
    ARRAY(SELECT jsonb_array_elements_text($2::jsonb -> 'words')), \
    ARRAY(SELECT jsonb_array_elements_text($2::jsonb -> 'weights')::bigint), \
    ($2::jsonb -> 'opening')::integer, $3::jsonb, $4, $5) AS id";

/// All passages of some entries; `$2` is not asked for, and nevertheless has a type.
fn of_entries(entries: usize) -> String {
    format!(
        "SELECT id FROM knowledge_passages WHERE organization_id = $1 AND $2::text IS NOT NULL AND {} AND {} \
         ORDER BY ordinal, id LIMIT $5",
        dialect::id_in(true, "entry_id", &format!("${entries}")),
        dialect::may_be_found(true, "", "$3", "$4")
    )
}

fn nearest(dimensions: usize, place: Place) -> String {
    let Vectors {
        compared,
        kind,
        condition,
    } = Vectors::of(dimensions, place);
    format!(
        "(SELECT id FROM knowledge_passages WHERE organization_id = $1 AND {condition} AND {} \
         ORDER BY {compared} <#> (SELECT $6::{kind}) LIMIT $5)",
        dialect::may_be_found(true, "", "$3", "$4")
    )
}

/// How vectors of one length are compared: the expression and the condition are those of the index, so that it is used.
pub(super) struct Vectors {
    /// The passage's.
    pub(super) compared: String,
    /// The type of what it is compared with.
    pub(super) kind: &'static str,
    /// That it has this length.
    pub(super) condition: String,
}

impl Vectors {
    pub(super) fn of(dimensions: usize, place: Place) -> Self {
        let embedding = place.embedding();
        let condition = format!("vector_dims({embedding}) = {dimensions}");
        if dimensions == INDEXED_DIMENSIONS {
            Self {
                compared: format!("{embedding}::halfvec(384)"),
                kind: "halfvec(384)",
                condition,
            }
        } else {
            Self {
                compared: embedding.to_owned(),
                kind: "vector",
                condition,
            }
        }
    }
}
