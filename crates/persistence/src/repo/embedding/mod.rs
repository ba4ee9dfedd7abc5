//! The way of an organization's vectors to another embedding model.
//!
//! Whose vectors a place has is told in `organizations`, and read first by every call here: a model that has neither place
//! has no vectors.

mod write;

use acs_core::id::Id;
use acs_domain::knowledge::{PassageId, Vector};
use acs_domain::port::store::embedding::{BarePassage, BarePhrase, VectorState};
use acs_domain::port::store::{EmbeddingQueries, StoreError};
use async_trait::async_trait;
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::error::store_error;
use crate::row::Origin;
use crate::search::passage::passage_origin;
use crate::search::{Place, codec};
use crate::session::Session;

/// Both places of an organization.
struct Places {
    in_force: String,
    beside: String,
    since: i64,
    missing: bool,
    place: Place,
}

impl Places {
    /// The place that a model has.
    fn of(&self, model: &str) -> Option<Place> {
        if model == self.in_force {
            Some(self.place)
        } else {
            (model == self.beside).then(|| self.place.other())
        }
    }
}

/// A passage `p` of an entry `e`.
const FROM: &str = "FROM knowledge_passages p \
    JOIN knowledge_entries e ON e.organization_id = p.organization_id AND e.id = p.entry_id \
    WHERE p.organization_id = $1";
/// That a phrase `p` has no vector of the model `$2`.
const PHRASE_WITHOUT: &str = "p.embedding_model <> $2 AND p.embedding_model_beside <> $2";

impl Session {
    async fn places(&self) -> Result<Places, StoreError> {
        const SQL: &str = "SELECT embedding_model, embedding_model_beside, embedding_model_since, \
            vectors_missing, vectors_beside FROM organizations WHERE id = $1";
        let rows = self.rows(SQL, [self.organization().into()]).await?;
        let row = rows
            .first()
            .ok_or_else(|| StoreError::Failed("the organization is not there".into()))?;
        let beside: bool = row.try_get_by_index(4).map_err(store_error)?;
        Ok(Places {
            in_force: row.try_get_by_index(0).map_err(store_error)?,
            beside: row.try_get_by_index(1).map_err(store_error)?,
            since: row.try_get_by_index(2).map_err(store_error)?,
            missing: row.try_get_by_index(3).map_err(store_error)?,
            place: if beside { Place::Beside } else { Place::Home },
        })
    }

    /// Passages that fulfil a condition, by id; the sentences are read where the place in force has them.
    async fn bare_passages(
        &self,
        in_force: Place,
        condition: &str,
        after: Option<PassageId>,
        limit: u32,
    ) -> Result<Vec<QueryResult>, StoreError> {
        let (tags, sent) = if self.is_postgres() {
            ("e.tags::text", "vector_send")
        } else {
            ("e.tags", "")
        };
        let sql = format!(
            "SELECT p.id, e.title, {tags}, p.heading, p.content, p.{}, {sent}(p.{}) \
             {FROM} AND p.id > $2 AND {condition} ORDER BY p.id LIMIT $3",
            in_force.sentences(),
            in_force.embedding(),
        );
        let after = after.map_or(Uuid::nil(), Id::as_uuid);
        let values = [self.organization().into(), after.into(), i64::from(limit).into()];
        self.rows(&sql, values).await
    }

    async fn count(&self, sql: &str, model: Option<&str>) -> Result<u64, StoreError> {
        let values = std::iter::once(self.organization().into()).chain(model.map(Into::into));
        let rows = self.rows(sql, values).await?;
        let count = rows.first().map(|row| row.try_get_by_index::<i64>(0));
        Ok(count
            .transpose()
            .map_err(store_error)?
            .unwrap_or(0)
            .unsigned_abs())
    }
}

fn bare_passage(row: &QueryResult) -> Result<BarePassage, StoreError> {
    let id: Uuid = row.try_get_by_index(0).map_err(store_error)?;
    let origin = passage_origin(id);
    let text = |index| row.try_get_by_index::<String>(index).map_err(store_error);
    let sentences: Vec<u8> = row.try_get_by_index(5).map_err(store_error)?;
    let sentences = codec::read_sentences(&sentences).map_err(|error| origin.corrupt(error))?;
    Ok(BarePassage {
        id: Id::from_uuid(id),
        title: text(1)?,
        tags: serde_json::from_str(&text(2)?).map_err(|error| origin.corrupt(error))?,
        heading: text(3)?,
        text: text(4)?,
        sentences: sentences.iter().map(|one| one.start..one.end).collect(),
    })
}

#[async_trait]
impl EmbeddingQueries for Session {
    async fn state(&mut self) -> Result<VectorState, StoreError> {
        let places = self.places().await?;
        let origin = Origin {
            table: "organizations",
            id: self.organization(),
        };
        Ok(VectorState {
            since: origin.time(places.since)?,
            in_force: places.in_force,
            beside: Some(places.beside).filter(|model| !model.is_empty()),
            missing: places.missing,
        })
    }

    async fn passages_without(
        &mut self,
        model: &str,
        after: Option<PassageId>,
        limit: u32,
    ) -> Result<Vec<BarePassage>, StoreError> {
        let places = self.places().await?;
        let condition = match places.of(model) {
            Some(place) => place.is_empty(self.is_postgres()),
            None => "true",
        };
        let rows = self.bare_passages(places.place, condition, after, limit).await?;
        rows.iter().map(bare_passage).collect()
    }

    async fn phrases_without(&mut self, model: &str, limit: u32) -> Result<Vec<BarePhrase>, StoreError> {
        let sql = format!(
            "SELECT p.intent_id, p.ordinal, p.phrase FROM intent_phrases p \
             WHERE p.organization_id = $1 AND {PHRASE_WITHOUT} ORDER BY p.intent_id, p.ordinal LIMIT $3"
        );
        let values = [self.organization().into(), model.into(), i64::from(limit).into()];
        let rows = self.rows(&sql, values).await?;
        let phrase = |row: &QueryResult| {
            Ok(BarePhrase {
                intent: Id::from_uuid(row.try_get_by_index(0).map_err(store_error)?),
                ordinal: row.try_get_by_index(1).map_err(store_error)?,
                text: row.try_get_by_index(2).map_err(store_error)?,
            })
        };
        rows.iter().map(phrase).collect()
    }

    async fn count_without(&mut self, model: &str) -> Result<(u64, u64), StoreError> {
        let condition = match self.places().await?.of(model) {
            Some(place) => place.is_empty(self.is_postgres()),
            None => "true",
        };
        let passages =
            format!("SELECT count(*) FROM knowledge_passages p WHERE p.organization_id = $1 AND {condition}");
        let phrases = format!(
            "SELECT count(*) FROM intent_phrases p WHERE p.organization_id = $1 AND {PHRASE_WITHOUT}"
        );
        Ok((
            self.count(&passages, None).await?,
            self.count(&phrases, Some(model)).await?,
        ))
    }

    async fn any_passage(&mut self) -> Result<Option<(BarePassage, Vector)>, StoreError> {
        let place = self.places().await?.place;
        let condition = format!("NOT ({})", place.is_empty(self.is_postgres()));
        let rows = self.bare_passages(place, &condition, None, 1).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let passage = bare_passage(row)?;
        let vector = self.vector_of(row, 6, passage_origin(passage.id.as_uuid()))?;
        Ok(Some((passage, vector)))
    }
}
