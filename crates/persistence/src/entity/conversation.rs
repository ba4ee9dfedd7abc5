//! Conversations.

use acs_domain::conversation::{EmotionPoint, Topic};
use sea_orm::entity::prelude::*;
use serde_json::{Map, Value};

use super::Jsonb;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "conversations")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) conversation_number: i64,
    pub(crate) user_id: Uuid,
    pub(crate) customer_external_id: String,
    pub(crate) channel: String,
    pub(crate) status: String,
    pub(crate) priority: i16,
    pub(crate) assigned_agent_id: Option<Uuid>,
    pub(crate) title: Option<String>,
    pub(crate) title_search: Option<String>,
    pub(crate) tags: Jsonb<Vec<String>>,
    pub(crate) message_count: i64,
    pub(crate) user_message_count: i64,
    pub(crate) ai_message_count: i64,
    pub(crate) agent_message_count: i64,
    pub(crate) ai_confidence_sum: f64,
    pub(crate) ai_confidence_min: Option<f32>,
    pub(crate) ai_fallback_count: i64,
    pub(crate) model_tokens: i64,
    pub(crate) model_cost: i64,
    pub(crate) sentiment_current: Option<String>,
    pub(crate) emotion_trajectory: Jsonb<Vec<EmotionPoint>>,
    pub(crate) escalated: bool,
    pub(crate) escalation_reason: Option<String>,
    pub(crate) escalation_count: i64,
    pub(crate) resolved: bool,
    pub(crate) resolution_type: Option<String>,
    pub(crate) resolution_code: Option<String>,
    pub(crate) resolution_summary: Option<String>,
    pub(crate) satisfaction_score: Option<i16>,
    pub(crate) satisfaction_feedback: Option<String>,
    pub(crate) nps_score: Option<i16>,
    pub(crate) current_topic: Option<String>,
    pub(crate) topic_stack: Jsonb<Vec<Topic>>,
    pub(crate) asked: Option<String>,
    pub(crate) asked_open: bool,
    pub(crate) language: Option<String>,
    pub(crate) reminded_at: Option<i64>,
    pub(crate) salesforce_case_id: Option<String>,
    pub(crate) metadata: Jsonb<Map<String, Value>>,
    pub(crate) version: i64,
    pub(crate) started_at: i64,
    pub(crate) last_activity_at: i64,
    pub(crate) first_response_at: Option<i64>,
    pub(crate) ended_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
