//! What was said.

use acs_domain::knowledge::Citation;
use sea_orm::entity::prelude::*;
use serde_json::{Map, Value};

use super::Jsonb;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "messages")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) conversation_id: Uuid,
    pub(crate) seq: i64,
    pub(crate) reply_to: Option<Uuid>,
    pub(crate) sender_type: String,
    pub(crate) sender_id: Option<String>,
    pub(crate) sender_name: Option<String>,
    pub(crate) content: String,
    pub(crate) content_type: String,
    pub(crate) attachments: Jsonb<Vec<Value>>,
    pub(crate) citations: Jsonb<Vec<Citation>>,
    pub(crate) metadata: Jsonb<Map<String, Value>>,
    pub(crate) created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
