//! Turns and their leases.

use acs_core::id::Id;
use acs_domain::budget::Spending;
use acs_domain::conversation::ConversationId;
use acs_domain::message::MessageId;
use acs_domain::port::store::{StoreError, TurnQueries, Turns};
use acs_domain::turn::{Lease, Turn, TurnId, TurnResult, TurnState};
use async_trait::async_trait;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter, QuerySelect, Select, UpdateMany,
};
use time::OffsetDateTime;

use crate::dialect;
use crate::entity::Jsonb;
use crate::entity::turn::{Column, Entity, Model};
use crate::error::store_error;
use crate::row::{Origin, micros};
use crate::session::Session;

impl Session {
    fn work(&self) -> Select<Entity> {
        Entity::find().filter(Column::OrganizationId.eq(self.organization()))
    }

    async fn piece(&self, select: Select<Entity>) -> Result<Option<Turn>, StoreError> {
        let found = select.one(self).await.map_err(store_error)?;
        found.map(turn).transpose()
    }

    /// A change that only the present attempt may make: `false` if another has taken over.
    async fn as_attempt(
        &self,
        change: UpdateMany<Entity>,
        id: TurnId,
        attempt: i64,
    ) -> Result<bool, StoreError> {
        let done = change
            .filter(Column::OrganizationId.eq(self.organization()))
            .filter(Column::Id.eq(id.as_uuid()))
            .filter(Column::State.eq(TurnState::Running.as_str()))
            .filter(Column::Attempts.eq(attempt))
            .exec(self)
            .await
            .map_err(store_error)?;
        Ok(done.rows_affected == 1)
    }
}

/// A change after which nobody holds the turn.
fn without_lease(state: TurnState) -> UpdateMany<Entity> {
    Entity::update_many()
        .col_expr(Column::State, Expr::val(state.as_str()))
        .col_expr(Column::LeaseOwner, Expr::val(None::<String>))
        .col_expr(Column::LeaseExpiresAt, Expr::val(None::<i64>))
}

#[async_trait]
impl TurnQueries for Session {
    async fn find(&mut self, id: TurnId) -> Result<Option<Turn>, StoreError> {
        self.piece(self.work().filter(Column::Id.eq(id.as_uuid()))).await
    }

    async fn find_by_message(&mut self, message: MessageId) -> Result<Option<Turn>, StoreError> {
        self.piece(self.work().filter(Column::MessageId.eq(message.as_uuid())))
            .await
    }

    async fn is_free(
        &mut self,
        conversation: ConversationId,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT lease_expires_at FROM turns \
            WHERE organization_id = $1 AND conversation_id = $2 AND state <> 'done' ORDER BY message_seq LIMIT 1";
        let values = [self.organization().into(), conversation.as_uuid().into()];
        let first = self.rows(SQL, values).await?;
        let Some(row) = first.first() else {
            return Ok(false);
        };
        let expires_at: Option<i64> = row.try_get_by_index(0).map_err(store_error)?;
        Ok(expires_at.is_none_or(|at| at <= micros(now)))
    }
}

#[async_trait]
impl Turns for Session {
    async fn insert(&mut self, turn: &Turn) -> Result<(), StoreError> {
        self.check_owner(turn.organization_id)?;
        Entity::insert(model(turn).into_active_model())
            .exec_without_returning(self)
            .await
            .map_err(store_error)?;
        Ok(())
    }

    async fn any_unfinished(&mut self, conversation: ConversationId, after: i64) -> Result<bool, StoreError> {
        let unfinished = self
            .work()
            .select_only()
            .column(Column::Id)
            .filter(Column::ConversationId.eq(conversation.as_uuid()))
            .filter(Column::MessageSeq.gt(after))
            .filter(Expr::cust("state <> 'done'"))
            .into_tuple::<uuid::Uuid>()
            .one(self)
            .await
            .map_err(store_error)?;
        Ok(unfinished.is_some())
    }

    async fn acquire(
        &mut self,
        conversation: ConversationId,
        owner: &str,
        now: OffsetDateTime,
        until: OffsetDateTime,
    ) -> Result<Option<Turn>, StoreError> {
        let values = [
            self.organization().into(),
            conversation.as_uuid().into(),
            owner.into(),
            micros(until).into(),
            micros(now).into(),
        ];
        let rows = self
            .rows(dialect::acquire_turn(self.is_postgres()), values)
            .await?;
        let acquired = rows.first().map(|row| Model::from_query_result(row, ""));
        acquired.transpose().map_err(store_error)?.map(turn).transpose()
    }

    async fn renew(&mut self, id: TurnId, attempt: i64, until: OffsetDateTime) -> Result<bool, StoreError> {
        let longer = Entity::update_many().col_expr(Column::LeaseExpiresAt, Expr::val(micros(until)));
        self.as_attempt(longer, id, attempt).await
    }

    async fn reserve(
        &mut self,
        id: TurnId,
        attempt: i64,
        most: Spending,
        now: OffsetDateTime,
    ) -> Result<Option<Spending>, StoreError> {
        // The turn before its organization, as in a turn's commit.
        let held = Entity::update_many()
            .col_expr(Column::HeldTokens, Expr::val(most.tokens))
            .col_expr(Column::HeldCost, Expr::val(most.cost_micros));
        if !self.as_attempt(held, id, attempt).await? {
            return Ok(None);
        }
        self.lock_organization().await?;
        let values = [
            self.organization().into(),
            id.as_uuid().into(),
            micros(now).into(),
        ];
        let rows = self
            .rows(dialect::held_by_others(self.is_postgres()), values)
            .await?;
        let row = rows.first();
        let sum = |place| row.map_or(Ok(0), |row| row.try_get_by_index(place));
        Ok(Some(Spending {
            tokens: sum(0).map_err(store_error)?,
            cost_micros: sum(1).map_err(store_error)?,
        }))
    }

    async fn release(&mut self, id: TurnId, attempt: i64) -> Result<bool, StoreError> {
        self.as_attempt(without_lease(TurnState::Queued), id, attempt)
            .await
    }

    async fn complete(&mut self, id: TurnId, attempt: i64, result: &TurnResult) -> Result<bool, StoreError> {
        let done = without_lease(TurnState::Done)
            .col_expr(Column::Outcome, Expr::val(result.outcome.as_str()))
            .col_expr(Column::CompletedAt, Expr::val(micros(result.completed_at)))
            .col_expr(Column::Result, Expr::val(Jsonb(result.clone())));
        self.as_attempt(done, id, attempt).await
    }
}

fn model(it: &Turn) -> Model {
    Model {
        organization_id: it.organization_id.as_uuid(),
        id: it.id.as_uuid(),
        conversation_id: it.conversation_id.as_uuid(),
        message_id: it.message_id.as_uuid(),
        message_seq: it.message_seq,
        state: it.state.to_string(),
        lease_owner: it.lease.as_ref().map(|lease| lease.owner.clone()),
        lease_expires_at: it.lease.as_ref().map(|lease| micros(lease.expires_at)),
        attempts: it.attempts,
        created_at: micros(it.created_at),
        outcome: it.result.as_ref().map(|result| result.outcome.to_string()),
        completed_at: it.result.as_ref().map(|result| micros(result.completed_at)),
        result: it.result.clone().map(Jsonb),
        held_tokens: 0,
        held_cost: 0,
    }
}

fn turn(row: Model) -> Result<Turn, StoreError> {
    let origin = Origin {
        table: "turns",
        id: row.id,
    };
    let lease = match (row.lease_owner, origin.opt_time(row.lease_expires_at)?) {
        (Some(owner), Some(expires_at)) => Some(Lease {
            owner,
            attempt: row.attempts,
            expires_at,
        }),
        _ => None,
    };
    Ok(Turn {
        id: Id::from_uuid(row.id),
        organization_id: Id::from_uuid(row.organization_id),
        conversation_id: Id::from_uuid(row.conversation_id),
        message_id: Id::from_uuid(row.message_id),
        message_seq: row.message_seq,
        state: origin.word(&row.state)?,
        lease,
        attempts: row.attempts,
        created_at: origin.time(row.created_at)?,
        result: row.result.map(|result| result.0),
    })
}
