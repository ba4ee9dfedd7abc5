//! Tenants with their limits, usage and settings.

use acs_domain::budget::ModelBudget;
use acs_domain::organization::Settings;
use sea_orm::entity::prelude::*;
use serde_json::{Map, Value};

use super::Jsonb;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "organizations")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) display_name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) website: Option<String>,
    pub(crate) logo_url: Option<String>,
    pub(crate) salesforce_org_id: Option<String>,
    pub(crate) subscription_tier: String,
    pub(crate) subscription_status: String,
    pub(crate) trial_ends_at: Option<i64>,
    pub(crate) subscription_expires_at: Option<i64>,
    pub(crate) max_users: i64,
    pub(crate) max_conversations_per_month: i64,
    pub(crate) max_messages_per_conversation: i64,
    pub(crate) max_knowledge_entries: i64,
    pub(crate) max_api_calls_per_hour: i64,
    pub(crate) storage_quota_gb: i64,
    pub(crate) current_users_count: i64,
    pub(crate) current_month: i64,
    pub(crate) current_month_conversations: i64,
    pub(crate) total_conversations_lifetime: i64,
    pub(crate) current_knowledge_entries: i64,
    pub(crate) current_knowledge_passages: i64,
    pub(crate) current_knowledge_terms: i64,
    pub(crate) current_storage_bytes: i64,
    pub(crate) model_budget: Jsonb<ModelBudget>,
    pub(crate) model_month: i64,
    pub(crate) model_tokens_this_month: i64,
    pub(crate) model_cost_this_month: i64,
    pub(crate) settings: Jsonb<Settings>,
    pub(crate) features: Jsonb<Map<String, Value>>,
    pub(crate) branding: Jsonb<Map<String, Value>>,
    pub(crate) timezone: String,
    pub(crate) default_language: String,
    pub(crate) supported_languages: Jsonb<Vec<String>>,
    pub(crate) allowed_domains: Jsonb<Vec<String>>,
    pub(crate) ip_whitelist: Jsonb<Vec<String>>,
    pub(crate) require_mfa: bool,
    pub(crate) is_active: bool,
    pub(crate) is_verified: bool,
    pub(crate) is_demo: bool,
    pub(crate) metadata: Jsonb<Map<String, Value>>,
    pub(crate) tags: Jsonb<Vec<String>>,
    pub(crate) knowledge_version: i64,
    pub(crate) intents_version: i64,
    pub(crate) intent_head_version: i64,
    pub(crate) terms_version: i64,
    pub(crate) model_keys_version: i64,
    pub(crate) embedding_model: String,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
