//! Pieces of knowledge, as they are now.

use sea_orm::entity::prelude::*;

use super::Jsonb;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "knowledge_entries")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) title: String,
    pub(crate) content: String,
    pub(crate) category: String,
    pub(crate) subcategory: Option<String>,
    pub(crate) tags: Jsonb<Vec<String>>,
    pub(crate) summary: Option<String>,
    pub(crate) source: Option<String>,
    pub(crate) source_url: Option<String>,
    pub(crate) language: Option<String>,
    pub(crate) audience: Jsonb<Vec<String>>,
    pub(crate) valid_from: Option<i64>,
    pub(crate) expires_at: Option<i64>,
    pub(crate) version: i64,
    pub(crate) revision: i64,
    pub(crate) author_id: Option<Uuid>,
    pub(crate) usage_count: i64,
    pub(crate) success_count: i64,
    pub(crate) size_bytes: i64,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
