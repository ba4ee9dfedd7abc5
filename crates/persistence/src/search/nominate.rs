//! From a query to nominees, on either database: three or four statements, however many passages.

use std::borrow::Cow;
use std::collections::HashMap;

use acs_core::id::Id;
use acs_domain::port::store::StoreError;
use acs_domain::port::store::knowledge::{Lexicon, Nominations, Nominee, SearchQuery};
use sea_orm::QueryResult;
use serde::Deserialize;
use uuid::Uuid;

use super::{Standing, postgres, sqlite, words};
use crate::dialect;
use crate::error::store_error;
use crate::row::Origin;
use crate::session::Session;

/// A passage that was nominated, as it is stored.
pub(crate) struct Candidate {
    pub(crate) id: Uuid,
    pub(crate) entry_id: Uuid,
    pub(crate) term_count: i64,
    /// All of its terms, as JSON.
    pub(crate) terms: String,
    pub(crate) cosine: f32,
}

impl Session {
    /// The passages that may answer a question.
    pub(crate) async fn nominate_passages(&self, query: &SearchQuery) -> Result<Nominations, StoreError> {
        let Some((version, standing, lexicon)) = self.lexicon(&query.terms).await? else {
            return Ok(Nominations::default());
        };
        let mut query = Cow::Borrowed(query);
        if !standing.takes(&query.embedding_model) {
            query.to_mut().vector = None;
        }
        let chosen = words::nominating(&query, &lexicon);
        let candidates = if lexicon.passages == 0 {
            Vec::new()
        } else if self.is_postgres() {
            postgres::candidates(self, &query, &chosen, standing.place).await?
        } else {
            sqlite::candidates(self, &query, &chosen, (version, &standing)).await?
        };
        let counter = Counter::new(&query.terms);
        let nominees = candidates.into_iter().map(|candidate| counter.nominee(candidate));
        Ok(Nominations {
            nominees: nominees.collect::<Result<_, _>>()?,
            lexicon,
            embedding_model: standing.model,
        })
    }

    /// The version of the knowledge, what answers for it, and how common these words are in it.
    async fn lexicon(&self, terms: &[String]) -> Result<Option<(i64, Standing, Lexicon)>, StoreError> {
        let sql = format!(
            "SELECT o.knowledge_version, o.current_knowledge_passages, o.current_knowledge_terms, f.term, f.passages, \
                    o.embedding_model, o.vectors_beside \
             FROM organizations o LEFT JOIN term_frequencies f ON f.organization_id = o.id AND {} WHERE o.id = $1",
            dialect::text_in(self.is_postgres(), "f.term", "$2")
        );
        let list = dialect::text_list(terms.iter().map(String::as_str));
        let rows = self.rows(&sql, [self.organization().into(), list.into()]).await?;
        let Some(first) = rows.first() else {
            return Ok(None);
        };
        let mut known: HashMap<String, u64> = HashMap::new();
        for row in &rows {
            let term: Option<String> = row.try_get_by_index(3).map_err(store_error)?;
            let passages: Option<i64> = row.try_get_by_index(4).map_err(store_error)?;
            if let (Some(term), Some(passages)) = (term, passages) {
                known.insert(term, passages.unsigned_abs());
            }
        }
        let number = |index| first.try_get_by_index::<i64>(index).map_err(store_error);
        let frequency = |term: &String| known.get(term).copied().unwrap_or(0);
        let lexicon = Lexicon {
            passages: number(1)?.unsigned_abs(),
            total_terms: number(2)?.unsigned_abs(),
            frequencies: terms.iter().map(frequency).collect(),
        };
        Ok(Some((number(0)?, Standing::read(first, 5)?, lexicon)))
    }
}

impl Candidate {
    /// Reads id, entry, number of terms and terms: the first columns of both dialects' last statement.
    pub(crate) fn read(row: &QueryResult, cosine: f32) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.try_get_by_index(0).map_err(store_error)?,
            entry_id: row.try_get_by_index(1).map_err(store_error)?,
            term_count: row.try_get_by_index(2).map_err(store_error)?,
            terms: row.try_get_by_index(3).map_err(store_error)?,
            cosine,
        })
    }
}

/// Counts the words of the query in a passage.
struct Counter<'q> {
    places: HashMap<&'q str, usize>,
    terms: &'q [String],
}

/// A term inside the JSON that holds it.
#[derive(Deserialize, PartialEq, Eq, Hash)]
#[serde(transparent)]
struct Term<'j>(#[serde(borrow)] Cow<'j, str>);

impl<'q> Counter<'q> {
    fn new(terms: &'q [String]) -> Self {
        let places = terms.iter().enumerate();
        Self {
            places: places.map(|(place, term)| (term.as_str(), place)).collect(),
            terms,
        }
    }

    fn nominee(&self, candidate: Candidate) -> Result<Nominee, StoreError> {
        let origin = Origin {
            table: "knowledge_passages",
            id: candidate.id,
        };
        let stored: Vec<Term> =
            serde_json::from_str(&candidate.terms).map_err(|error| origin.corrupt(error))?;
        let mut counts = vec![0_u32; self.terms.len()];
        for Term(term) in &stored {
            if let Some(count) = self.places.get(&**term).and_then(|place| counts.get_mut(*place)) {
                *count += 1;
            }
        }
        Ok(Nominee {
            passage_id: Id::from_uuid(candidate.id),
            entry_id: Id::from_uuid(candidate.entry_id),
            cosine: candidate.cosine,
            length: origin.value(candidate.term_count)?,
            counts,
        })
    }
}
