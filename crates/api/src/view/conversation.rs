//! Conversations.

use acs_domain::conversation::{self, Channel, EmotionPoint, Priority, ResolutionType, Status};
use acs_domain::user::UserId;
use acs_engine::usecase::conversations::{Change, Judgement, Resolution};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use super::turn::Turn;
use super::word;
use crate::extract::nullable::{given, nullable};

/// A talk between a customer and the organization.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Conversation {
    id: Uuid,
    /// Counts from 1 in each organization.
    number: i64,
    /// The organization's own id for the customer.
    user_id: String,
    #[schema(value_type = word::Channel)]
    channel: Channel,
    #[schema(value_type = word::ConversationStatus)]
    status: Status,
    /// From 1 (low) to 5 (critical).
    #[schema(minimum = 1, maximum = 5)]
    priority: i16,
    /// The person of the staff who owns it.
    assigned_agent_id: Option<Uuid>,
    title: Option<String>,
    tags: Vec<String>,
    message_count: i64,
    user_message_count: i64,
    ai_message_count: i64,
    agent_message_count: i64,
    /// The mean confidence of the agent's replies; null before the first.
    ai_confidence_avg: Option<f64>,
    /// How the customer's last message was meant.
    #[schema(value_type = Option<word::SentimentLabel>)]
    sentiment_current: Option<acs_domain::analysis::SentimentLabel>,
    /// The emotional course, oldest first.
    emotion_trajectory: Vec<Feeling>,
    /// Whether a person was ever asked for.
    escalated: bool,
    escalation_reason: Option<String>,
    resolved: bool,
    #[schema(value_type = Option<word::ResolutionType>)]
    resolution_type: Option<ResolutionType>,
    /// From 1 to 5.
    satisfaction_score: Option<i16>,
    current_topic: Option<String>,
    /// What it was about before, last first.
    topic_stack: Vec<String>,
    salesforce_case_id: Option<String>,
    #[schema(value_type = Object)]
    metadata: Map<String, Value>,
    #[serde(with = "time::serde::rfc3339")]
    started_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    last_activity_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    ended_at: Option<OffsetDateTime>,
}

/// One point of the emotional course.
#[derive(Debug, Serialize, ToSchema)]
struct Feeling {
    #[schema(value_type = word::EmotionLabel)]
    emotion: acs_domain::analysis::EmotionLabel,
    /// From 0 to 1.
    intensity: f32,
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
}

impl From<EmotionPoint> for Feeling {
    fn from(point: EmotionPoint) -> Self {
        Self {
            emotion: point.emotion,
            intensity: point.intensity,
            at: point.at,
        }
    }
}

impl From<conversation::Conversation> for Conversation {
    fn from(from: conversation::Conversation) -> Self {
        Self {
            id: from.id.as_uuid(),
            number: from.number,
            ai_confidence_avg: from.ai_confidence_avg(),
            user_id: from.customer_external_id,
            channel: from.channel,
            status: from.status,
            priority: from.priority.as_i16(),
            assigned_agent_id: from.assigned_agent_id.map(UserId::as_uuid),
            title: from.title,
            tags: from.tags,
            message_count: from.message_count,
            user_message_count: from.user_message_count,
            ai_message_count: from.ai_message_count,
            agent_message_count: from.agent_message_count,
            sentiment_current: from.sentiment_current,
            emotion_trajectory: from.emotion_trajectory.into_iter().map(Into::into).collect(),
            escalated: from.escalated,
            escalation_reason: from.escalation_reason,
            resolved: from.resolved,
            resolution_type: from.resolution_type,
            satisfaction_score: from.satisfaction.map(|satisfaction| satisfaction.score),
            current_topic: from.current_topic,
            topic_stack: from.topic_stack.into_iter().map(|topic| topic.name).collect(),
            salesforce_case_id: from.salesforce_case_id,
            metadata: from.metadata,
            started_at: from.started_at,
            last_activity_at: from.last_activity_at,
            ended_at: from.ended_at,
        }
    }
}

/// A conversation that was begun or resumed, as it stood when the first message was taken.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OpenedConversation {
    #[serde(flatten)]
    pub(crate) conversation: Conversation,
    /// The turn of `initial_message`; left out without one. Its `status` is the conversation's afterwards.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) turn: Option<Turn>,
}

/// What a conversation begins with.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenConversation {
    /// The organization's own id for its customer, who is added on first sight.
    #[schema(min_length = 1, max_length = 255)]
    pub(crate) user_id: String,
    #[schema(value_type = word::Channel)]
    pub(crate) channel: Channel,
    /// The customer's first message.
    #[schema(max_length = 5000)]
    pub(crate) initial_message: Option<String>,
    /// Free data.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub(crate) metadata: Option<Map<String, Value>>,
    /// From 1 (low) to 5 (critical); 2 unless given.
    #[schema(value_type = Option<i16>, minimum = 1, maximum = 5)]
    pub(crate) priority: Option<Priority>,
    /// The IANA time zone of the customer, in which "tomorrow at 5" is understood from now on; without any, it is the
    /// organization's.
    #[schema(example = "America/New_York")]
    pub(crate) time_zone: Option<String>,
}

/// Changes by hand: what is left out stays, and null removes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeConversation {
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 500)]
    title: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<Vec<String>>)]
    tags: Option<Option<Vec<String>>>,
    /// From 1 (low) to 5 (critical).
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = i16, required = false, minimum = 1, maximum = 5)]
    priority: Option<Priority>,
    /// The person of the staff who takes it over; null gives it back to the agent.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<Uuid>)]
    assigned_agent_id: Option<Option<UserId>>,
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<Object>)]
    metadata: Option<Option<Map<String, Value>>>,
}

impl From<ChangeConversation> for Change {
    fn from(from: ChangeConversation) -> Self {
        Self {
            title: from.title,
            tags: from.tags.map(Option::unwrap_or_default),
            priority: from.priority,
            assigned_agent_id: from.assigned_agent_id,
            metadata: from.metadata.map(Option::unwrap_or_default),
        }
    }
}

/// How the customer judges the conversation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GiveSatisfaction {
    /// From 1 to 5.
    #[schema(minimum = 1, maximum = 5)]
    score: i64,
    /// In the customer's words.
    #[schema(max_length = 5000)]
    feedback: Option<String>,
    /// Net promoter score, from 0 to 10.
    #[schema(minimum = 0, maximum = 10)]
    nps: Option<i64>,
}

impl From<GiveSatisfaction> for Judgement {
    fn from(from: GiveSatisfaction) -> Self {
        Self {
            score: from.score,
            feedback: from.feedback,
            nps: from.nps,
        }
    }
}

/// Why a person is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Escalate {
    #[schema(min_length = 1, max_length = 255)]
    pub(crate) reason: String,
    /// From 1 (low) to 5 (critical); 3 unless given.
    #[schema(value_type = Option<i16>, minimum = 1, maximum = 5)]
    pub(crate) priority: Option<Priority>,
}

/// What a conversation is to be about.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TurnTo {
    #[schema(min_length = 1, max_length = 100)]
    pub(crate) topic: String,
}

/// How a conversation was solved.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Resolve {
    /// The organization's own code.
    #[schema(max_length = 50)]
    resolution_code: Option<String>,
    /// What was done.
    #[schema(max_length = 5000)]
    summary: Option<String>,
}

impl From<Resolve> for Resolution {
    fn from(from: Resolve) -> Self {
        Self {
            code: from.resolution_code,
            summary: from.summary,
        }
    }
}

/// Nothing to say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}
