//! Calls for a person.

use acs_core::id::Id;
use acs_domain::conversation::ConversationId;
use acs_domain::escalation::Escalation;
use acs_domain::port::store::{EscalationQueries, Escalations, StoreError};
use acs_domain::user::UserId;
use async_trait::async_trait;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, UpdateMany};
use time::OffsetDateTime;

use crate::entity::escalation::{Column, Entity, Model};
use crate::error::store_error;
use crate::row::{Origin, micros};
use crate::session::Session;

impl Session {
    async fn change_open_calls(
        &self,
        conversation: ConversationId,
        change: UpdateMany<Entity>,
    ) -> Result<(), StoreError> {
        change
            .filter(Column::OrganizationId.eq(self.organization()))
            .filter(Column::ConversationId.eq(conversation.as_uuid()))
            .filter(Column::ResolvedAt.is_null())
            .exec(self)
            .await
            .map_err(store_error)?;
        Ok(())
    }
}

#[async_trait]
impl EscalationQueries for Session {
    async fn find_open(&mut self, conversation: ConversationId) -> Result<Option<Escalation>, StoreError> {
        let found = Entity::find()
            .filter(Column::OrganizationId.eq(self.organization()))
            .filter(Column::ConversationId.eq(conversation.as_uuid()))
            .filter(Column::ResolvedAt.is_null())
            .order_by_desc(Column::CreatedAt)
            .order_by_desc(Column::Id)
            .one(self)
            .await
            .map_err(store_error)?;
        found.map(escalation).transpose()
    }
}

#[async_trait]
impl Escalations for Session {
    async fn insert(&mut self, escalation: &Escalation) -> Result<(), StoreError> {
        self.check_owner(escalation.organization_id)?;
        let row = Model {
            organization_id: escalation.organization_id.as_uuid(),
            id: escalation.id.as_uuid(),
            conversation_id: escalation.conversation_id.as_uuid(),
            reason: escalation.reason.clone(),
            priority: escalation.priority.as_i16(),
            assigned_to: escalation.assigned_to.map(Id::as_uuid),
            sla_deadline: micros(escalation.sla_deadline),
            created_at: micros(escalation.created_at),
            acknowledged_at: escalation.acknowledged_at.map(micros),
            resolved_at: escalation.resolved_at.map(micros),
        };
        Entity::insert(row.into_active_model())
            .exec_without_returning(self)
            .await
            .map_err(store_error)?;
        Ok(())
    }

    async fn acknowledge(
        &mut self,
        conversation: ConversationId,
        by: UserId,
        at: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let taken = Entity::update_many()
            .col_expr(Column::AssignedTo, Expr::val(by.as_uuid()))
            .col_expr(Column::AcknowledgedAt, Expr::val(micros(at)));
        self.change_open_calls(conversation, taken).await
    }

    async fn resolve(&mut self, conversation: ConversationId, at: OffsetDateTime) -> Result<(), StoreError> {
        let ended = Entity::update_many().col_expr(Column::ResolvedAt, Expr::val(micros(at)));
        self.change_open_calls(conversation, ended).await
    }
}

fn escalation(row: Model) -> Result<Escalation, StoreError> {
    let origin = Origin {
        table: "escalations",
        id: row.id,
    };
    Ok(Escalation {
        id: Id::from_uuid(row.id),
        organization_id: Id::from_uuid(row.organization_id),
        conversation_id: Id::from_uuid(row.conversation_id),
        reason: row.reason,
        priority: origin.value(row.priority)?,
        assigned_to: row.assigned_to.map(Id::from_uuid),
        sla_deadline: origin.time(row.sla_deadline)?,
        created_at: origin.time(row.created_at)?,
        acknowledged_at: origin.opt_time(row.acknowledged_at)?,
        resolved_at: origin.opt_time(row.resolved_at)?,
    })
}
