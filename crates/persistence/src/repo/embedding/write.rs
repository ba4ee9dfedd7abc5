//! Writing vectors beside others, and changing their parts.

use acs_domain::knowledge::Vector;
use acs_domain::port::store::embedding::{BarePhrase, PassageVectors};
use acs_domain::port::store::{EmbeddingQueries, Embeddings, StoreError};
use async_trait::async_trait;
use sea_orm::Value;
use time::OffsetDateTime;

use crate::dialect;
use crate::error::store_error;
use crate::row::micros;
use crate::search::{Place, codec};
use crate::session::Session;

impl Session {
    /// One statement for all: `VALUES` of so many rows, with the type of each column on PostgreSQL.
    pub(crate) fn value_rows(&self, rows: usize, types: &[&str], first: usize) -> String {
        let row = |row: usize| {
            let value = |(column, kind): (usize, &&str)| {
                let number = first + row * types.len() + column;
                match self.is_postgres() {
                    true => format!("${number}::{kind}"),
                    false => format!("${number}"),
                }
            };
            let values: Vec<String> = types.iter().enumerate().map(value).collect();
            format!("({})", values.join(", "))
        };
        (0..rows).map(row).collect::<Vec<_>>().join(", ")
    }

    /// Tells those who keep an index in memory that passages of these entries have other vectors.
    async fn touch_entries(&self, passages: &[PassageVectors], revision: i64) -> Result<(), StoreError> {
        let among = dialect::id_in(self.is_postgres(), "p.id", "$3");
        let sql = format!(
            "UPDATE knowledge_entries SET revision = $2 WHERE organization_id = $1 AND id IN \
             (SELECT p.entry_id FROM knowledge_passages p WHERE p.organization_id = $1 AND {among})"
        );
        let ids = dialect::id_list(passages.iter().map(|passage| passage.id.as_uuid()));
        let values = [self.organization().into(), revision.into(), ids.into()];
        self.run(&sql, values).await?;
        Ok(())
    }
}

#[async_trait]
impl Embeddings for Session {
    async fn acquire(
        &mut self,
        owner: &str,
        now: OffsetDateTime,
        until: OffsetDateTime,
    ) -> Result<Option<i64>, StoreError> {
        // Whoever comes second waits at the row, and then sees the lease of the first.
        const SQL: &str = "INSERT INTO embedding_moves AS known \
            (organization_id, lease_owner, lease_expires_at, attempts) VALUES ($1, $2, $3, 1) \
            ON CONFLICT (organization_id) DO UPDATE \
            SET lease_owner = $2, lease_expires_at = $3, attempts = known.attempts + 1 \
            WHERE known.lease_expires_at <= $4 RETURNING attempts";
        let values = [
            self.organization().into(),
            owner.into(),
            micros(until).into(),
            micros(now).into(),
        ];
        let acquired = self.rows(SQL, values).await?;
        let attempt = acquired.first().map(|row| row.try_get_by_index(0));
        attempt.transpose().map_err(store_error)
    }

    async fn renew(&mut self, attempt: i64, until: OffsetDateTime) -> Result<bool, StoreError> {
        const SQL: &str =
            "UPDATE embedding_moves SET lease_expires_at = $3 WHERE organization_id = $1 AND attempts = $2";
        let values = [self.organization().into(), attempt.into(), micros(until).into()];
        Ok(self.run(SQL, values).await? == 1)
    }

    async fn name(&mut self, model: &str) -> Result<bool, StoreError> {
        const ORGANIZATION: &str =
            "UPDATE organizations SET embedding_model = $2 WHERE id = $1 AND embedding_model = ''";
        const PHRASES: &str = "UPDATE intent_phrases SET embedding_model = $2 WHERE organization_id = $1 AND embedding_model = ''";
        let values = || [self.organization().into(), model.into()];
        let named = self.run(ORGANIZATION, values()).await? == 1;
        self.run(PHRASES, values()).await?;
        Ok(named)
    }

    async fn open(&mut self, model: &str) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE organizations SET embedding_model_beside = $2 \
            WHERE id = $1 AND embedding_model_beside IN ($2, '') AND embedding_model <> $2";
        let opened = self.run(SQL, [self.organization().into(), model.into()]).await?;
        Ok(opened == 1)
    }

    async fn put_passages(&mut self, model: &str, vectors: &[PassageVectors]) -> Result<(), StoreError> {
        if vectors.is_empty() {
            return Ok(());
        }
        let places = self.places().await?;
        let Some(place) = places.of(model) else {
            return Ok(());
        };
        if place == places.place {
            let (revision, _) = self.raise_knowledge_version().await?;
            self.touch_entries(vectors, revision).await?;
        }
        let sql = format!(
            "UPDATE knowledge_passages SET {} = v.column2, {} = v.column3 FROM (VALUES {}) AS v \
             WHERE knowledge_passages.organization_id = $1 AND knowledge_passages.id = v.column1",
            place.embedding(),
            place.sentences(),
            self.value_rows(vectors.len(), &["uuid", "vector", "bytea"], 2),
        );
        let values = vectors.iter().flat_map(|one| {
            [
                Value::from(one.id.as_uuid()),
                self.vector_value(&one.vector),
                codec::write_sentences(&one.sentences).into(),
            ]
        });
        let values: Vec<Value> = std::iter::once(self.organization().into())
            .chain(values)
            .collect();
        self.run(&sql, values).await?;
        Ok(())
    }

    async fn put_phrases(&mut self, model: &str, vectors: &[(BarePhrase, Vector)]) -> Result<(), StoreError> {
        if vectors.is_empty() {
            return Ok(());
        }
        let sql = format!(
            "UPDATE intent_phrases SET embedding_beside = v.column4, embedding_model_beside = $2 \
             FROM (VALUES {}) AS v WHERE intent_phrases.organization_id = $1 \
             AND intent_phrases.intent_id = v.column1 AND intent_phrases.ordinal = v.column2 \
             AND intent_phrases.phrase = v.column3",
            self.value_rows(vectors.len(), &["uuid", "bigint", "text", "bytea"], 3),
        );
        let values = vectors.iter().flat_map(|(phrase, vector)| {
            [
                Value::from(phrase.intent.as_uuid()),
                phrase.ordinal.into(),
                phrase.text.as_str().into(),
                codec::write_vector(vector).into(),
            ]
        });
        let values: Vec<Value> = [self.organization().into(), model.into()]
            .into_iter()
            .chain(values)
            .collect();
        self.run(&sql, values).await?;
        Ok(())
    }

    async fn switch(&mut self, model: &str, at: OffsetDateTime) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE organizations SET embedding_model = $2, embedding_model_beside = embedding_model, \
            embedding_model_since = $3, vectors_beside = NOT vectors_beside, vectors_missing = false, \
            intent_head_version = intent_head_version + 1 \
            WHERE id = $1 AND embedding_model_beside = $2";
        // Holds the organization: from here on nobody else writes passages or phrases.
        self.raise_knowledge_version().await?;
        if EmbeddingQueries::count_without(self, model).await? != (0, 0) {
            return Ok(false);
        }
        let values = [self.organization().into(), model.into(), micros(at).into()];
        Ok(self.run(SQL, values).await? == 1)
    }

    async fn settle(&mut self) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE organizations SET vectors_missing = false WHERE id = $1";
        self.run(SQL, [self.organization().into()]).await?;
        let in_force = self.places().await?.in_force;
        Ok(EmbeddingQueries::count_without(self, &in_force).await? == (0, 0))
    }

    async fn clear(&mut self, limit: u32) -> Result<bool, StoreError> {
        const HOLD: &str =
            "UPDATE organizations SET embedding_model_beside = embedding_model_beside WHERE id = $1";
        const NOBODY: &str = "UPDATE organizations SET embedding_model_beside = '' WHERE id = $1";
        const PHRASES_IN_FORCE: &str = "UPDATE intent_phrases SET embedding = embedding_beside, \
            embedding_model = embedding_model_beside WHERE organization_id = $1 AND embedding_model_beside = $2";
        const PHRASES: &str = "UPDATE intent_phrases SET embedding_beside = NULL, embedding_model_beside = '' \
            WHERE organization_id = $1 AND embedding_model_beside <> ''";
        const HEADS: &str = "DELETE FROM intent_heads WHERE organization_id = $1 AND embedding_model = $2";
        // Holds the organization: nobody opens the place meanwhile.
        self.run(HOLD, [self.organization().into()]).await?;
        let places = self.places().await?;
        let place = places.place.other();
        let full = match (place, self.is_postgres()) {
            (Place::Home, _) => format!("NOT ({})", place.is_empty(self.is_postgres())),
            (Place::Beside, _) => "p.embedding_beside IS NOT NULL".to_owned(),
        };
        let sql = format!(
            "UPDATE knowledge_passages SET {} WHERE organization_id = $1 AND id IN \
             (SELECT p.id FROM knowledge_passages p WHERE p.organization_id = $1 AND {full} LIMIT $2)",
            place.cleared(self.is_postgres()),
        );
        let cleared = self
            .run(&sql, [self.organization().into(), i64::from(limit).into()])
            .await?;
        if cleared == u64::from(limit) {
            return Ok(false);
        }
        let organization = || self.organization().into();
        self.run(
            PHRASES_IN_FORCE,
            [organization(), places.in_force.as_str().into()],
        )
        .await?;
        self.run(PHRASES, [organization()]).await?;
        self.run(HEADS, [organization(), places.beside.as_str().into()])
            .await?;
        self.run(NOBODY, [organization()]).await?;
        Ok(true)
    }
}
