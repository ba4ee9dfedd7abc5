//! Organizations.

mod budget;
mod change;
mod plan;

use acs_domain::organization::{self, SubscriptionStatus, Tier};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

pub(crate) use self::budget::Budget;
pub(crate) use self::change::{PatchOrganization, WidgetSecret};
pub(crate) use self::plan::{CreateOrganization, OrganizationWithAdmin, PatchPlan};
use super::word;

/// A tenant.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Organization {
    id: Uuid,
    /// The short name in addresses.
    slug: String,
    name: String,
    /// The name that customers see.
    display_name: Option<String>,
    description: Option<String>,
    website: Option<String>,
    logo_url: Option<String>,
    #[schema(value_type = word::Tier)]
    tier: Tier,
    #[schema(value_type = word::SubscriptionStatus)]
    subscription_status: SubscriptionStatus,
    limits: Limits,
    budget: Budget,
    usage: Usage,
    settings: Settings,
    /// IANA time zone.
    timezone: String,
    default_language: String,
    supported_languages: Vec<String>,
    /// Domains of e-mail addresses that new staff may have; empty: any.
    allowed_domains: Vec<String>,
    /// Networks and addresses from which staff and keys may call; empty: any.
    ip_allow_list: Vec<String>,
    is_active: bool,
    /// Rises with every change of knowledge.
    knowledge_version: i64,
    /// Rises with every change of intents.
    intents_version: i64,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    updated_at: OffsetDateTime,
}

impl From<organization::Organization> for Organization {
    fn from(from: organization::Organization) -> Self {
        Self {
            id: from.id.as_uuid(),
            slug: from.slug,
            name: from.name,
            display_name: from.display_name,
            description: from.description,
            website: from.website,
            logo_url: from.logo_url,
            tier: from.tier,
            subscription_status: from.subscription_status,
            limits: from.limits.into(),
            budget: from.budget.into(),
            usage: from.usage.into(),
            settings: from.settings.into(),
            timezone: from.timezone,
            default_language: from.default_language,
            supported_languages: from.supported_languages,
            allowed_domains: from.allowed_domains,
            ip_allow_list: from.ip_allow_list,
            is_active: from.is_active,
            knowledge_version: from.knowledge_version,
            intents_version: from.intents_version,
            created_at: from.created_at,
            updated_at: from.updated_at,
        }
    }
}

/// How much the organization may use.
#[derive(Debug, Serialize, ToSchema)]
struct Limits {
    /// Staff accounts.
    max_users: i64,
    /// Conversations begun in a calendar month (UTC).
    max_conversations_per_month: i64,
    max_messages_per_conversation: i64,
    max_knowledge_entries: i64,
    /// Calls of all API keys together.
    max_api_calls_per_hour: i64,
    storage_quota_gb: i64,
}

impl From<organization::Limits> for Limits {
    fn from(from: organization::Limits) -> Self {
        Self {
            max_users: from.max_users,
            max_conversations_per_month: from.max_conversations_per_month,
            max_messages_per_conversation: from.max_messages_per_conversation,
            max_knowledge_entries: from.max_knowledge_entries,
            max_api_calls_per_hour: from.max_api_calls_per_hour,
            storage_quota_gb: from.storage_quota_gb,
        }
    }
}

/// How much the organization uses.
#[derive(Debug, Serialize, ToSchema)]
struct Usage {
    /// Staff accounts.
    users: i64,
    conversations_this_month: i64,
    conversations_lifetime: i64,
    knowledge_entries: i64,
    /// Bytes of knowledge text.
    storage_bytes: i64,
    /// What language models cost in the last month that was counted: while there is a budget for the month.
    model_tokens_in_month: i64,
    /// In millionths of the currency of the models' prices.
    model_cost_micros_in_month: i64,
}

impl From<organization::Usage> for Usage {
    fn from(from: organization::Usage) -> Self {
        Self {
            users: from.users,
            conversations_this_month: from.conversations_this_month,
            conversations_lifetime: from.conversations_lifetime,
            knowledge_entries: from.knowledge_entries,
            storage_bytes: from.storage_bytes,
            model_tokens_in_month: from.models.tokens,
            model_cost_micros_in_month: from.models.cost_micros,
        }
    }
}

/// What the agent reads. The widget's secret never leaves.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrganizationSettings)]
struct Settings {
    /// Below this confidence the agent says that it does not know; null: the installation's default.
    unknown_threshold: Option<f32>,
    /// Below this confidence it offers a person beside its answer; null: the installation's default.
    answer_threshold: Option<f32>,
    /// From this confidence on it asks nothing back; null: the installation's default.
    certain_threshold: Option<f32>,
    /// Intents and categories about which only the organization's own texts are sent, word for word.
    approved_only: Vec<String>,
    /// Its own template of prompts for language models; null: the built-in one.
    prompt_template: Option<String>,
    /// Whether the first reply of a conversation says that no person writes, also where no law wants it.
    ai_note: bool,
    /// Whether the widget must prove who its user is.
    require_verified_identity: bool,
    /// Whether there is a secret for that proof.
    has_widget_secret: bool,
    /// What the agent calls itself.
    agent_name: String,
}

impl From<organization::Settings> for Settings {
    fn from(from: organization::Settings) -> Self {
        Self {
            unknown_threshold: from.unknown_threshold,
            answer_threshold: from.answer_threshold,
            certain_threshold: from.certain_threshold,
            approved_only: from.approved_only,
            prompt_template: from.prompt_template,
            ai_note: from.ai_note,
            require_verified_identity: from.require_verified_identity,
            has_widget_secret: from.widget_secret_sealed.is_some(),
            agent_name: from.agent_name,
        }
    }
}
