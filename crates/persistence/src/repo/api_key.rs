//! API keys.

use acs_core::id::Id;
use acs_core::page::{Cursor, Page, PageRequest};
use acs_domain::api_key::{ApiKey, ApiKeyId};
use acs_domain::port::store::{ApiKeyQueries, ApiKeys, StoreError};
use async_trait::async_trait;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, Select};
use time::OffsetDateTime;

use super::page::newest_first;
use crate::entity::Jsonb;
use crate::entity::api_key::{Column, Entity, Model};
use crate::error::store_error;
use crate::row::{Origin, micros};
use crate::session::Session;

impl Session {
    fn keys(&self) -> Select<Entity> {
        Entity::find().filter(Column::OrganizationId.eq(self.organization()))
    }
}

#[async_trait]
impl ApiKeyQueries for Session {
    async fn find(&mut self, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError> {
        let key = self.keys().filter(Column::Id.eq(id.as_uuid()));
        let found = key.one(self).await.map_err(store_error)?;
        found.map(api_key).transpose()
    }

    async fn list(&mut self, page: &PageRequest) -> Result<Page<ApiKey>, StoreError> {
        let rows = newest_first(self.keys(), Column::CreatedAt, Column::Id, page)
            .all(self)
            .await
            .map_err(store_error)?;
        let items = rows.into_iter().map(api_key).collect::<Result<Vec<_>, _>>()?;
        Ok(Page::from_rows(items, page, |item| Cursor {
            key: micros(item.created_at),
            id: item.id.as_uuid(),
        }))
    }
}

#[async_trait]
impl ApiKeys for Session {
    async fn insert(&mut self, key: &ApiKey) -> Result<(), StoreError> {
        self.check_owner(key.organization_id)?;
        let row = Model {
            organization_id: key.organization_id.as_uuid(),
            id: key.id.as_uuid(),
            name: key.name.clone(),
            prefix: key.prefix.clone(),
            hash: key.hash.clone(),
            scopes: Jsonb(key.scopes.clone()),
            created_by: key.created_by.map(Id::as_uuid),
            created_at: micros(key.created_at),
            expires_at: key.expires_at.map(micros),
            revoked_at: key.revoked_at.map(micros),
            last_used_at: key.last_used_at.map(micros),
        };
        Entity::insert(row.into_active_model())
            .exec_without_returning(self)
            .await
            .map_err(store_error)?;
        Ok(())
    }

    async fn revoke(&mut self, id: ApiKeyId, at: OffsetDateTime) -> Result<bool, StoreError> {
        let done = Entity::update_many()
            .col_expr(Column::RevokedAt, Expr::val(micros(at)))
            .filter(Column::OrganizationId.eq(self.organization()))
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::RevokedAt.is_null())
            .filter(Column::ExpiresAt.is_null().or(Column::ExpiresAt.gt(micros(at))))
            .exec(self)
            .await
            .map_err(store_error)?;
        Ok(done.rows_affected == 1)
    }

    async fn touch(&mut self, id: ApiKeyId, at: OffsetDateTime) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::LastUsedAt, Expr::val(micros(at)))
            .filter(Column::OrganizationId.eq(self.organization()))
            .filter(Column::Id.eq(id.as_uuid()))
            .exec(self)
            .await
            .map_err(store_error)?;
        Ok(())
    }
}

fn api_key(row: Model) -> Result<ApiKey, StoreError> {
    let origin = Origin {
        table: "api_keys",
        id: row.id,
    };
    Ok(ApiKey {
        id: Id::from_uuid(row.id),
        organization_id: Id::from_uuid(row.organization_id),
        name: row.name,
        prefix: row.prefix,
        hash: row.hash,
        scopes: row.scopes.0,
        created_by: row.created_by.map(Id::from_uuid),
        created_at: origin.time(row.created_at)?,
        expires_at: origin.opt_time(row.expires_at)?,
        revoked_at: origin.opt_time(row.revoked_at)?,
        last_used_at: origin.opt_time(row.last_used_at)?,
    })
}
