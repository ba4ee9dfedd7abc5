//! Trained heads, and the leases under which they are trained.

use std::time::Duration;

use acs_domain::intent_head::{IntentHead, TrainedHead};
use acs_domain::port::store::{IntentHeadQueries, IntentHeads, StoreError};
use async_trait::async_trait;
use sea_orm::{QueryResult, TryGetable};
use time::OffsetDateTime;

use crate::error::store_error;
use crate::row::{Origin, micros};
use crate::session::Session;

impl Session {
    /// The columns of the organization's head for a model; the row may be missing.
    async fn head_row(
        &self,
        sql: &'static str,
        embedding_model: &str,
    ) -> Result<Option<QueryResult>, StoreError> {
        let values = [self.organization().into(), embedding_model.into()];
        Ok(self.rows(sql, values).await?.into_iter().next())
    }
}

fn column<T: TryGetable>(row: &QueryResult, index: usize) -> Result<T, StoreError> {
    row.try_get_by_index(index).map_err(store_error)
}

#[async_trait]
impl IntentHeadQueries for Session {
    async fn find(&mut self, embedding_model: &str) -> Result<Option<IntentHead>, StoreError> {
        const SQL: &str = "SELECT intents_version, trained_at, took_ms FROM intent_heads \
            WHERE organization_id = $1 AND embedding_model = $2";
        let origin = Origin {
            table: "intent_heads",
            id: self.organization(),
        };
        let Some(row) = self.head_row(SQL, embedding_model).await? else {
            return Ok(None);
        };
        Ok(Some(IntentHead {
            organization_id: self.organization_id(),
            embedding_model: embedding_model.to_owned(),
            intents_version: column(&row, 0)?,
            trained_at: origin.time(column(&row, 1)?)?,
            took: Duration::from_millis(origin.value(column::<i64>(&row, 2)?)?),
        }))
    }

    async fn trained(&mut self, embedding_model: &str) -> Result<Option<TrainedHead>, StoreError> {
        const SQL: &str =
            "SELECT version, head FROM intent_heads WHERE organization_id = $1 AND embedding_model = $2";
        let Some(row) = self.head_row(SQL, embedding_model).await? else {
            return Ok(None);
        };
        Ok(Some(TrainedHead {
            version: column(&row, 0)?,
            bytes: column(&row, 1)?,
        }))
    }
}

#[async_trait]
impl IntentHeads for Session {
    async fn acquire(
        &mut self,
        embedding_model: &str,
        owner: &str,
        now: OffsetDateTime,
        until: OffsetDateTime,
    ) -> Result<Option<i64>, StoreError> {
        // Whoever comes second waits at the row, and then sees the lease of the first.
        const SQL: &str = "INSERT INTO intent_trainings AS known \
            (organization_id, embedding_model, lease_owner, lease_expires_at, attempts) VALUES ($1, $2, $3, $4, 1) \
            ON CONFLICT (organization_id, embedding_model) DO UPDATE \
            SET lease_owner = $3, lease_expires_at = $4, attempts = known.attempts + 1 \
            WHERE known.lease_expires_at <= $5 RETURNING attempts";
        let values = [
            self.organization().into(),
            embedding_model.into(),
            owner.into(),
            micros(until).into(),
            micros(now).into(),
        ];
        let acquired = self.rows(SQL, values).await?;
        acquired.first().map(|row| column(row, 0)).transpose()
    }

    async fn renew(
        &mut self,
        embedding_model: &str,
        attempt: i64,
        until: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE intent_trainings SET lease_expires_at = $4 \
            WHERE organization_id = $1 AND embedding_model = $2 AND attempts = $3";
        let values = [
            self.organization().into(),
            embedding_model.into(),
            attempt.into(),
            micros(until).into(),
        ];
        Ok(self.run(SQL, values).await? == 1)
    }

    async fn put(&mut self, head: &IntentHead, bytes: Option<&[u8]>) -> Result<bool, StoreError> {
        const SQL: &str = "INSERT INTO intent_heads AS known \
            (organization_id, embedding_model, version, intents_version, trained_at, took_ms, head) \
            VALUES ($1, $2, $3, $4, $5, $6, $7) \
            ON CONFLICT (organization_id, embedding_model) DO UPDATE SET version = excluded.version, \
                intents_version = excluded.intents_version, trained_at = excluded.trained_at, \
                took_ms = excluded.took_ms, head = excluded.head \
            WHERE known.intents_version < excluded.intents_version";
        self.check_owner(head.organization_id)?;
        let version = self.raise_intent_head_version().await?;
        let values = [
            self.organization().into(),
            head.embedding_model.as_str().into(),
            version.into(),
            head.intents_version.into(),
            micros(head.trained_at).into(),
            i64::try_from(head.took.as_millis()).unwrap_or(i64::MAX).into(),
            bytes.map(<[u8]>::to_vec).into(),
        ];
        Ok(self.run(SQL, values).await? == 1)
    }

    async fn discard(&mut self, embedding_model: &str, version: i64) -> Result<bool, StoreError> {
        const SQL: &str =
            "DELETE FROM intent_heads WHERE organization_id = $1 AND embedding_model = $2 AND version = $3";
        let values = [self.organization().into(), embedding_model.into(), version.into()];
        Ok(self.run(SQL, values).await? == 1)
    }
}
