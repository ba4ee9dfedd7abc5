//! Staff and customers.

use sea_orm::entity::prelude::*;
use serde_json::{Map, Value};

use super::Jsonb;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) external_id: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) email_verified: bool,
    pub(crate) password_hash: Option<String>,
    pub(crate) password_changed_at: Option<i64>,
    pub(crate) mfa_enabled: bool,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) phone_number: Option<String>,
    pub(crate) role: String,
    pub(crate) customer_tier: Option<String>,
    pub(crate) preferred_language: Option<String>,
    pub(crate) timezone: Option<String>,
    pub(crate) status: String,
    pub(crate) total_conversations: i64,
    pub(crate) last_seen_at: Option<i64>,
    pub(crate) attributes: Jsonb<Map<String, Value>>,
    pub(crate) tags: Jsonb<Vec<String>>,
    pub(crate) version: i64,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
