//! Turns with their evidence.

use acs_domain::turn::TurnResult;
use sea_orm::entity::prelude::*;

use super::Jsonb;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "turns")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) conversation_id: Uuid,
    pub(crate) message_id: Uuid,
    pub(crate) message_seq: i64,
    pub(crate) state: String,
    pub(crate) lease_owner: Option<String>,
    pub(crate) lease_expires_at: Option<i64>,
    pub(crate) attempts: i64,
    pub(crate) created_at: i64,
    pub(crate) outcome: Option<String>,
    pub(crate) completed_at: Option<i64>,
    pub(crate) result: Option<Jsonb<TurnResult>>,
    pub(crate) held_tokens: i64,
    pub(crate) held_cost: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
