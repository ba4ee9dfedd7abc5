//! Counters of the organization: the write that changes one enforces its limit.

use acs_domain::budget::Spending;
use acs_domain::organization::LimitExceeded;
use acs_domain::port::store::StoreError;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter};
use time::OffsetDateTime;

use crate::entity::organization::{Column, Entity, Model};
use crate::error::store_error;
use crate::row::micros;
use crate::search::Standing;
use crate::session::Session;

/// Bytes in a gigabyte of the storage quota.
const GIGABYTE: i64 = 1_000_000_000;

/// By how much the knowledge of an organization grows or shrinks.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct KnowledgeGrowth {
    pub(crate) entries: i64,
    pub(crate) passages: i64,
    pub(crate) terms: i64,
    pub(crate) bytes: i64,
}

impl Session {
    /// Counts staff that come or go.
    pub(crate) async fn count_users(&self, by: i64) -> Result<(), StoreError> {
        let mut update = Entity::update_many()
            .col_expr(
                Column::CurrentUsersCount,
                Expr::col(Column::CurrentUsersCount).add(by),
            )
            .filter(Column::Id.eq(self.organization()));
        if by > 0 {
            let room = Expr::col(Column::MaxUsers).sub(by);
            update = update.filter(Expr::col(Column::CurrentUsersCount).lte(room));
        }
        let done = update.exec(self).await.map_err(store_error)?;
        if done.rows_affected == 1 {
            return Ok(());
        }
        let limits = self.usage().await?;
        Err(LimitExceeded {
            what: "users",
            limit: limits.max_users,
        }
        .into())
    }

    /// Counts a new conversation in a calendar month and gives its number. A month that is over counts as the present
    /// one: clocks of two processes may differ.
    pub(crate) async fn count_conversation(&self, month: i64) -> Result<i64, StoreError> {
        const SQL: &str = "UPDATE organizations SET \
            current_month_conversations = CASE WHEN current_month < $1 THEN 1 \
                ELSE current_month_conversations + 1 END, \
            current_month = CASE WHEN current_month < $1 THEN $1 ELSE current_month END, \
            total_conversations_lifetime = total_conversations_lifetime + 1 \
            WHERE id = $2 AND (CASE WHEN current_month < $1 THEN 0 ELSE current_month_conversations END) \
                < max_conversations_per_month \
            RETURNING total_conversations_lifetime AS number";
        let counted = self.rows(SQL, [month.into(), self.organization().into()]).await?;
        if let Some(row) = counted.first() {
            return row.try_get("", "number").map_err(store_error);
        }
        let limits = self.usage().await?;
        Err(LimitExceeded {
            what: "conversations per month",
            limit: limits.max_conversations_per_month,
        }
        .into())
    }

    /// Raises the version of the knowledge, and holds the organization until the unit ends: knowledge is written by
    /// one unit at a time. Gives what answers for it besides.
    pub(crate) async fn raise_knowledge_version(&mut self) -> Result<(i64, Standing), StoreError> {
        const SQL: &str = "UPDATE organizations SET knowledge_version = knowledge_version + 1 WHERE id = $1 \
            RETURNING knowledge_version, embedding_model, vectors_beside";
        self.note_knowledge_change();
        let raised = self.rows(SQL, [self.organization().into()]).await?;
        let row = raised.first().ok_or_else(no_organization)?;
        let version = row.try_get_by_index(0).map_err(store_error)?;
        Ok((version, Standing::read(row, 1)?))
    }

    /// Notes that something is without a vector of the model in force.
    pub(crate) async fn note_missing_vectors(&self) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE organizations SET vectors_missing = true WHERE id = $1";
        self.run(SQL, [self.organization().into()]).await?;
        Ok(())
    }

    /// Notes that phrases' vectors are missing, if this is not the model in force.
    pub(crate) async fn note_phrases_of(&self, model: &str) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE organizations SET vectors_missing = true WHERE id = $1 AND embedding_model NOT IN ($2, '')";
        self.run(SQL, [self.organization().into(), model.into()]).await?;
        Ok(())
    }

    /// Raises the version of the intents, and holds the organization until the unit ends.
    pub(crate) async fn raise_intents_version(&self, at: OffsetDateTime) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE organizations SET intents_version = intents_version + 1, intents_changed_at = $2 \
            WHERE id = $1";
        let raised = self
            .run(SQL, [self.organization().into(), micros(at).into()])
            .await?;
        if raised == 1 {
            Ok(())
        } else {
            Err(no_organization())
        }
    }

    pub(crate) async fn raise_intent_head_version(&self) -> Result<i64, StoreError> {
        const SQL: &str = "UPDATE organizations SET intent_head_version = intent_head_version + 1 WHERE id = $1 \
            RETURNING intent_head_version AS version";
        let raised = self.rows(SQL, [self.organization().into()]).await?;
        let row = raised.first().ok_or_else(no_organization)?;
        row.try_get("", "version").map_err(store_error)
    }

    pub(crate) async fn raise_terms_version(&self) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE organizations SET terms_version = terms_version + 1 WHERE id = $1";
        match self.run(SQL, [self.organization().into()]).await? {
            1 => Ok(()),
            _ => Err(no_organization()),
        }
    }

    pub(crate) async fn raise_model_keys_version(&self) -> Result<(), StoreError> {
        const SQL: &str =
            "UPDATE organizations SET model_keys_version = model_keys_version + 1 WHERE id = $1";
        match self.run(SQL, [self.organization().into()]).await? {
            1 => Ok(()),
            _ => Err(no_organization()),
        }
    }

    /// Counts knowledge that is written or removed.
    pub(crate) async fn count_knowledge(&self, growth: KnowledgeGrowth) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE organizations SET \
            current_knowledge_entries = current_knowledge_entries + $1, \
            current_knowledge_passages = current_knowledge_passages + $2, \
            current_knowledge_terms = current_knowledge_terms + $3, \
            current_storage_bytes = current_storage_bytes + $4 \
            WHERE id = $5 \
              AND ($1 <= 0 OR current_knowledge_entries + $1 <= max_knowledge_entries) \
              AND ($4 <= 0 OR current_storage_bytes + $4 <= storage_quota_gb * $6)";
        let values = [
            growth.entries.into(),
            growth.passages.into(),
            growth.terms.into(),
            growth.bytes.into(),
            self.organization().into(),
            GIGABYTE.into(),
        ];
        if self.run(SQL, values).await? == 1 {
            return Ok(());
        }
        let usage = self.usage().await?;
        let entries_fit = growth.entries <= 0
            || usage.current_knowledge_entries + growth.entries <= usage.max_knowledge_entries;
        Err(if entries_fit {
            LimitExceeded {
                what: "gigabytes of storage",
                limit: usage.storage_quota_gb,
            }
        } else {
            LimitExceeded {
                what: "knowledge entries",
                limit: usage.max_knowledge_entries,
            }
        }
        .into())
    }

    /// Adds what language models have cost in a calendar month.
    pub(crate) async fn add_models(&self, month: i64, spent: Spending) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE organizations SET \
            model_tokens_this_month = CASE WHEN model_month < $1 THEN $2 ELSE model_tokens_this_month + $2 END, \
            model_cost_this_month = CASE WHEN model_month < $1 THEN $3 ELSE model_cost_this_month + $3 END, \
            model_month = CASE WHEN model_month < $1 THEN $1 ELSE model_month END \
            WHERE id = $4";
        let values = [
            month.into(),
            spent.tokens.into(),
            spent.cost_micros.into(),
            self.organization().into(),
        ];
        match self.run(SQL, values).await? {
            1 => Ok(()),
            _ => Err(no_organization()),
        }
    }

    /// Holds the organization until the unit ends. SQLite has one writer at a time in any case.
    pub(crate) async fn lock_organization(&self) -> Result<(), StoreError> {
        if self.is_postgres() {
            const SQL: &str = "SELECT id FROM organizations WHERE id = $1 FOR NO KEY UPDATE";
            self.run(SQL, [self.organization().into()]).await?;
        }
        Ok(())
    }

    async fn usage(&self) -> Result<Model, StoreError> {
        Entity::find_by_id(self.organization())
            .one(self)
            .await
            .map_err(store_error)?
            .ok_or_else(no_organization)
    }
}

fn no_organization() -> StoreError {
    StoreError::Failed("the unit's organization does not exist".into())
}
