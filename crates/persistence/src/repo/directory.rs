//! What may be asked before the organization is known. On PostgreSQL only functions of the schema's owner can answer.

use acs_core::id::Id;
use acs_domain::api_key::ApiKeyId;
use acs_domain::conversation::ConversationId;
use acs_domain::idempotency::RETENTION;
use acs_domain::organization::OrganizationId;
use acs_domain::port::store::{Directory, StoreError};
use acs_domain::session::RefreshTokenId;
use acs_domain::user::UserId;
use async_trait::async_trait;
use sea_orm::sqlx::postgres::PgRow;
use sea_orm::sqlx::{self, Postgres};
use sea_orm::{QueryResult, Value, Values};
use sea_query_sqlx::SqlxValues;
use time::OffsetDateTime;
use tokio::time::timeout;
use uuid::Uuid;

use crate::connect::{Lines, is_stale};
use crate::error::{driver_error, store_error};
use crate::row::micros;
use crate::store::{Connections, SqlStore};

impl SqlStore {
    /// Runs one statement outside any scope.
    async fn ask(
        &self,
        postgres: &'static str,
        sqlite: &'static str,
        values: Vec<Value>,
    ) -> Result<Vec<QueryResult>, StoreError> {
        match self.connections() {
            Connections::Sqlite { readers, .. } => {
                let mut lane = readers.begin().await?;
                let found = sqlx::query_with(sqlite, SqlxValues(Values(values)))
                    .fetch_all(lane.connection()?)
                    .await;
                let rows = lane.noted(found).map_err(driver_error)?;
                Ok(rows.into_iter().map(Into::into).collect())
            }
            Connections::Postgres(lines) => {
                let mut tries = lines.pool().size();
                loop {
                    let asked = sqlx::query_with(postgres, SqlxValues(Values(values.clone())));
                    match ask_postgres(lines, asked).await {
                        Ok(rows) => return Ok(rows.into_iter().map(Into::into).collect()),
                        Err(error) if tries > 0 && is_stale(&error) => tries -= 1,
                        Err(error) => return Err(driver_error(error)),
                    }
                }
            }
        }
    }
}

async fn ask_postgres(
    lines: &Lines,
    query: sqlx::query::Query<'static, Postgres, SqlxValues>,
) -> Result<Vec<PgRow>, sqlx::Error> {
    let mut line = lines.lend().await?;
    let found = timeout(line.patience(), query.fetch_all(line.ask())).await;
    line.heard(found)
}

/// The id of an organization out of a row.
fn organization(row: &QueryResult) -> Result<OrganizationId, StoreError> {
    let id = row.try_get_by_index::<Uuid>(0).map_err(store_error)?;
    Ok(Id::from_uuid(id))
}

/// A pair of ids out of a row.
fn pair<T>(row: &QueryResult) -> Result<(OrganizationId, Id<T>), StoreError> {
    let id = |index| row.try_get_by_index::<Uuid>(index).map_err(store_error);
    Ok((Id::from_uuid(id(0)?), Id::from_uuid(id(1)?)))
}

#[async_trait]
impl Directory for SqlStore {
    async fn organization(&self, slug: &str) -> Result<Option<OrganizationId>, StoreError> {
        let rows = self
            .ask(
                "SELECT organization_id FROM core.directory_organization($1)",
                "SELECT id FROM organizations WHERE slug = ?",
                vec![slug.into()],
            )
            .await?;
        let id = rows.first().map(|row| row.try_get_by_index::<Uuid>(0));
        Ok(id.transpose().map_err(store_error)?.map(Id::from_uuid))
    }

    async fn accounts(
        &self,
        email: &str,
        slug: Option<&str>,
    ) -> Result<Vec<(OrganizationId, UserId)>, StoreError> {
        let rows = self
            .ask(
                "SELECT organization_id, id FROM core.directory_accounts($1, $2)",
                "SELECT u.organization_id, u.id FROM users u JOIN organizations o ON o.id = u.organization_id \
                 WHERE u.email = ?1 AND u.status <> 'deleted' AND (?2 IS NULL OR o.slug = ?2) \
                 ORDER BY u.organization_id LIMIT 2",
                vec![email.into(), slug.map(str::to_owned).into()],
            )
            .await?;
        rows.iter().map(pair).collect()
    }

    async fn api_key(&self, hash: &str) -> Result<Option<(OrganizationId, ApiKeyId)>, StoreError> {
        let rows = self
            .ask(
                "SELECT organization_id, id FROM core.directory_api_key($1)",
                "SELECT organization_id, id FROM api_keys WHERE hash = ?",
                vec![hash.into()],
            )
            .await?;
        rows.first().map(pair).transpose()
    }

    async fn refresh_token(
        &self,
        hash: &str,
    ) -> Result<Option<(OrganizationId, RefreshTokenId)>, StoreError> {
        let rows = self
            .ask(
                "SELECT organization_id, id FROM core.directory_refresh_token($1)",
                "SELECT organization_id, id FROM refresh_tokens WHERE hash = ?",
                vec![hash.into()],
            )
            .await?;
        rows.first().map(pair).transpose()
    }

    async fn stranded_turns(
        &self,
        now: OffsetDateTime,
        queued_before: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<(OrganizationId, ConversationId)>, StoreError> {
        let rows = self
            .ask(
                "SELECT organization_id, conversation_id FROM core.directory_stranded_turns($1, $2, $3)",
                "SELECT t.organization_id, t.conversation_id FROM turns t WHERE t.state <> 'done' \
                 AND ((t.state = 'queued' AND t.created_at < ?2) OR (t.state = 'running' AND t.lease_expires_at <= ?1)) \
                 AND NOT EXISTS (SELECT 1 FROM turns earlier WHERE earlier.organization_id = t.organization_id \
                     AND earlier.conversation_id = t.conversation_id AND earlier.state <> 'done' \
                     AND earlier.message_seq < t.message_seq) \
                 ORDER BY t.created_at, t.id LIMIT ?3",
                vec![
                    micros(now).into(),
                    micros(queued_before).into(),
                    i64::from(limit).into(),
                ],
            )
            .await?;
        rows.iter().map(pair).collect()
    }

    async fn silent_conversations(
        &self,
        remind_before: OffsetDateTime,
        abandon_before: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<(OrganizationId, ConversationId)>, StoreError> {
        let rows = self
            .ask(
                "SELECT organization_id, conversation_id FROM core.directory_silent_conversations($1, $2, $3)",
                "SELECT organization_id, id FROM conversations \
                 WHERE status IN ('initialized', 'active', 'waiting_for_user') AND assigned_agent_id IS NULL \
                 AND (last_activity_at <= ?2 OR (last_activity_at <= ?1 AND reminded_at IS NULL \
                      AND status = 'waiting_for_user' AND ai_message_count > 0 \
                      AND channel IN ('web', 'mobile', 'slack', 'teams'))) \
                 ORDER BY last_activity_at, id LIMIT ?3",
                vec![
                    micros(remind_before).into(),
                    micros(abandon_before).into(),
                    i64::from(limit).into(),
                ],
            )
            .await?;
        rows.iter().map(pair).collect()
    }

    async fn untrained_intents(
        &self,
        embedding_model: &str,
        now: OffsetDateTime,
        quiet_before: OffsetDateTime,
        overdue_before: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<OrganizationId>, StoreError> {
        let rows = self
            .ask(
                "SELECT organization_id FROM core.directory_untrained_intents($1, $2, $3, $4, $5)",
                "SELECT o.id FROM organizations o \
                 LEFT JOIN intent_heads h ON h.organization_id = o.id AND h.embedding_model = ?1 \
                 LEFT JOIN intent_trainings t ON t.organization_id = o.id AND t.embedding_model = ?1 \
                 WHERE o.intents_version > 0 AND o.intents_version > coalesce(h.intents_version, 0) \
                 AND o.embedding_model IN (?1, '') \
                 AND (o.intents_changed_at <= ?3 OR coalesce(h.trained_at, o.created_at) <= ?4) \
                 AND coalesce(t.lease_expires_at, 0) <= ?2 \
                 ORDER BY o.intents_changed_at, o.id LIMIT ?5",
                vec![
                    embedding_model.into(),
                    micros(now).into(),
                    micros(quiet_before).into(),
                    micros(overdue_before).into(),
                    i64::from(limit).into(),
                ],
            )
            .await?;
        rows.iter().map(organization).collect()
    }

    async fn unmoved(
        &self,
        embedding_model: &str,
        now: OffsetDateTime,
        since_before: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<OrganizationId>, StoreError> {
        let rows = self
            .ask(
                "SELECT organization_id FROM core.directory_unmoved($1, $2, $3, $4)",
                "SELECT o.id FROM organizations o LEFT JOIN embedding_moves m ON m.organization_id = o.id \
                 WHERE ((o.embedding_model <> ?1 AND o.embedding_model_since <= ?3) \
                     OR (o.embedding_model = ?1 AND (o.embedding_model_beside <> '' OR o.vectors_missing))) \
                 AND coalesce(m.lease_expires_at, 0) <= ?2 \
                 ORDER BY o.embedding_model = ?1, o.id LIMIT ?4",
                vec![
                    embedding_model.into(),
                    micros(now).into(),
                    micros(since_before).into(),
                    i64::from(limit).into(),
                ],
            )
            .await?;
        rows.iter().map(organization).collect()
    }

    async fn uncompared(
        &self,
        embedding_model: &str,
        now: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<OrganizationId>, StoreError> {
        let rows = self
            .ask(
                "SELECT organization_id FROM core.directory_uncompared($1, $2, $3)",
                "SELECT o.id FROM organizations o LEFT JOIN knowledge_comparisons c ON c.organization_id = o.id \
                 WHERE o.knowledge_version > coalesce(c.compared_version, 0) AND o.embedding_model IN (?1, '') \
                 AND coalesce(c.lease_expires_at, 0) <= ?2 \
                 ORDER BY coalesce(c.lease_expires_at, 0), o.id LIMIT ?3",
                vec![
                    embedding_model.into(),
                    micros(now).into(),
                    i64::from(limit).into(),
                ],
            )
            .await?;
        rows.iter().map(organization).collect()
    }

    async fn embedded_otherwise(
        &self,
        embedding_model: &str,
        limit: u32,
    ) -> Result<Vec<OrganizationId>, StoreError> {
        let rows = self
            .ask(
                "SELECT organization_id FROM core.directory_embedded_otherwise($1, $2)",
                "SELECT id FROM organizations WHERE embedding_model <> ?1 LIMIT ?2",
                vec![embedding_model.into(), i64::from(limit).into()],
            )
            .await?;
        rows.iter().map(organization).collect()
    }

    async fn sweep(
        &self,
        now: OffsetDateTime,
        events_before: OffsetDateTime,
        limit: u32,
    ) -> Result<u64, StoreError> {
        let batch = i64::from(limit);
        let keys_before = micros(now - RETENTION);
        match self.connections() {
            Connections::Postgres(_) => {
                let values = [micros(now), keys_before, micros(events_before), batch];
                let rows = self
                    .ask(
                        "SELECT core.sweep($1, $2, $3, $4)",
                        "",
                        values.into_iter().map(Value::from).collect(),
                    )
                    .await?;
                let swept = rows.first().map(|row| row.try_get_by_index::<i64>(0));
                let swept = swept.transpose().map_err(store_error)?.unwrap_or(0);
                Ok(u64::try_from(swept).unwrap_or(0))
            }
            Connections::Sqlite { writer, .. } => {
                const KINDS: [&str; 3] = [
                    "DELETE FROM idempotency_keys WHERE rowid IN (SELECT rowid FROM idempotency_keys \
                     WHERE created_at <= ? ORDER BY created_at LIMIT ?)",
                    "DELETE FROM refresh_tokens WHERE rowid IN (SELECT rowid FROM refresh_tokens \
                     WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)",
                    "DELETE FROM outbox WHERE rowid IN (SELECT rowid FROM outbox \
                     WHERE occurred_at < ? ORDER BY occurred_at LIMIT ?)",
                ];
                let mut lane = writer.begin().await?;
                let mut swept = 0;
                for (sql, before) in KINDS
                    .into_iter()
                    .zip([keys_before, micros(now), micros(events_before)])
                {
                    let done = sqlx::query(sql)
                        .bind(before)
                        .bind(batch)
                        .execute(lane.connection()?)
                        .await;
                    swept += lane.noted(done).map_err(driver_error)?.rows_affected();
                }
                lane.commit().await?;
                Ok(swept)
            }
        }
    }
}
