//! Requests that must take effect once.
//!
//! A claim is written before the work is done. PostgreSQL lets the insert of a twin wait until the first unit has
//! committed or rolled back, and SQLite has one writer: so a twin never finds a claim half done.

use acs_domain::idempotency::{Claim, RETENTION, Recall};
use acs_domain::port::store::{Idempotency, StoreError};
use async_trait::async_trait;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, UpdateMany};

use crate::entity::idempotency_key::{Column, Entity};
use crate::error::store_error;
use crate::row::micros;
use crate::session::Session;

impl Session {
    fn on_claim(&self, change: UpdateMany<Entity>, claim: &Claim) -> UpdateMany<Entity> {
        change
            .filter(Column::OrganizationId.eq(self.organization()))
            .filter(Column::Caller.eq(claim.caller.as_str()))
            .filter(Column::Operation.eq(claim.operation.as_str()))
            .filter(Column::Key.eq(claim.key.as_str()))
    }
}

#[async_trait]
impl Idempotency for Session {
    async fn recall(&mut self, claim: &Claim) -> Result<Recall, StoreError> {
        // The row that is there comes back untouched, and held.
        const SQL: &str = "INSERT INTO idempotency_keys AS known \
            (organization_id, caller, operation, key, request_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6) \
            ON CONFLICT (organization_id, caller, operation, key) DO UPDATE SET caller = known.caller \
            RETURNING request_hash, result, created_at";
        let values = [
            self.organization().into(),
            claim.caller.as_str().into(),
            claim.operation.as_str().into(),
            claim.key.as_str().into(),
            claim.request_hash.as_str().into(),
            micros(claim.at).into(),
        ];
        let rows = self.rows(SQL, values).await?;
        let Some(row) = rows.first() else {
            return Err(StoreError::Failed("an upsert gave back no row".into()));
        };
        let created_at: i64 = row.try_get("", "created_at").map_err(store_error)?;
        let retention = i64::try_from(RETENTION.as_micros()).unwrap_or(i64::MAX);
        if created_at.saturating_add(retention) <= micros(claim.at) {
            let renewed = Entity::update_many()
                .col_expr(Column::RequestHash, Expr::val(claim.request_hash.as_str()))
                .col_expr(Column::Result, Expr::val(None::<String>))
                .col_expr(Column::CreatedAt, Expr::val(micros(claim.at)));
            self.on_claim(renewed, claim)
                .exec(self)
                .await
                .map_err(store_error)?;
            return Ok(Recall::Fresh);
        }
        let request_hash: String = row.try_get("", "request_hash").map_err(store_error)?;
        if request_hash != claim.request_hash {
            return Ok(Recall::Reused);
        }
        let result: Option<String> = row.try_get("", "result").map_err(store_error)?;
        Ok(result.map_or(Recall::Fresh, Recall::Done))
    }

    async fn keep(&mut self, claim: &Claim, result: &str) -> Result<(), StoreError> {
        let kept = Entity::update_many().col_expr(Column::Result, Expr::val(result));
        let done = self.on_claim(kept, claim).exec(self).await.map_err(store_error)?;
        if done.rows_affected == 1 {
            Ok(())
        } else {
            Err(StoreError::Failed(
                "a result was kept that was never claimed".into(),
            ))
        }
    }
}
