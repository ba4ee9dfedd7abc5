//! Refresh tokens.

use acs_core::id::Id;
use acs_domain::port::store::{SessionQueries, Sessions, StoreError};
use acs_domain::session::{FamilyId, RefreshToken, RefreshTokenId};
use acs_domain::user::UserId;
use async_trait::async_trait;
use sea_orm::sea_query::{Expr, LockType, SimpleExpr};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::entity::refresh_token::{Column, Entity, Model};
use crate::error::store_error;
use crate::row::{Origin, micros};
use crate::session::Session;

impl Session {
    async fn mark_tokens(
        &self,
        mark: Column,
        at: OffsetDateTime,
        which: SimpleExpr,
    ) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(mark, Expr::val(micros(at)))
            .filter(Column::OrganizationId.eq(self.organization()))
            .filter(which)
            .filter(mark.is_null())
            .exec(self)
            .await
            .map_err(store_error)?;
        Ok(())
    }
}

#[async_trait]
impl SessionQueries for Session {
    async fn is_live(&mut self, family: FamilyId) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT 1 FROM refresh_tokens \
            WHERE organization_id = $1 AND family_id = $2 AND revoked_at IS NULL LIMIT 1";
        let values = [self.organization().into(), family.as_uuid().into()];
        Ok(!self.rows(SQL, values).await?.is_empty())
    }
}

#[async_trait]
impl Sessions for Session {
    async fn insert(&mut self, token: &RefreshToken) -> Result<(), StoreError> {
        self.check_owner(token.organization_id)?;
        let row = Model {
            organization_id: token.organization_id.as_uuid(),
            id: token.id.as_uuid(),
            family_id: token.family_id.as_uuid(),
            user_id: token.user_id.as_uuid(),
            hash: token.hash.clone(),
            created_at: micros(token.created_at),
            expires_at: micros(token.expires_at),
            spent_at: token.spent_at.map(micros),
            revoked_at: token.revoked_at.map(micros),
        };
        Entity::insert(row.into_active_model())
            .exec_without_returning(self)
            .await
            .map_err(store_error)?;
        Ok(())
    }

    async fn lock(&mut self, id: RefreshTokenId) -> Result<Option<RefreshToken>, StoreError> {
        let mut token = Entity::find()
            .filter(Column::OrganizationId.eq(self.organization()))
            .filter(Column::Id.eq(id.as_uuid()));
        if self.is_postgres() {
            token = token.lock(LockType::Update);
        }
        let found = token.one(self).await.map_err(store_error)?;
        found.map(refresh_token).transpose()
    }

    async fn spend(&mut self, id: RefreshTokenId, at: OffsetDateTime) -> Result<(), StoreError> {
        self.mark_tokens(Column::SpentAt, at, Column::Id.eq(id.as_uuid()))
            .await
    }

    async fn revoke_family(&mut self, family: FamilyId, at: OffsetDateTime) -> Result<(), StoreError> {
        let family: Uuid = family.as_uuid();
        self.mark_tokens(Column::RevokedAt, at, Column::FamilyId.eq(family))
            .await
    }

    async fn revoke_user(&mut self, user: UserId, at: OffsetDateTime) -> Result<(), StoreError> {
        self.mark_tokens(Column::RevokedAt, at, Column::UserId.eq(user.as_uuid()))
            .await
    }
}

fn refresh_token(row: Model) -> Result<RefreshToken, StoreError> {
    let origin = Origin {
        table: "refresh_tokens",
        id: row.id,
    };
    Ok(RefreshToken {
        id: Id::from_uuid(row.id),
        organization_id: Id::from_uuid(row.organization_id),
        family_id: Id::from_uuid(row.family_id),
        user_id: Id::from_uuid(row.user_id),
        hash: row.hash,
        created_at: origin.time(row.created_at)?,
        expires_at: origin.time(row.expires_at)?,
        spent_at: origin.opt_time(row.spent_at)?,
        revoked_at: origin.opt_time(row.revoked_at)?,
    })
}
