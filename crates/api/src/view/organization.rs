//! Organizations.

use acs_core::secret::Secret;
use acs_domain::organization::{self, SubscriptionStatus, Tier};
use acs_engine::usecase::organizations::{CreatedOrganization, NewAdmin, NewOrganization, PartialLimits};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use super::user::User;
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
    #[schema(value_type = word::Tier)]
    tier: Tier,
    #[schema(value_type = word::SubscriptionStatus)]
    subscription_status: SubscriptionStatus,
    limits: Limits,
    usage: Usage,
    settings: Settings,
    /// IANA time zone.
    timezone: String,
    default_language: String,
    supported_languages: Vec<String>,
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
            tier: from.tier,
            subscription_status: from.subscription_status,
            limits: from.limits.into(),
            usage: from.usage.into(),
            settings: from.settings.into(),
            timezone: from.timezone,
            default_language: from.default_language,
            supported_languages: from.supported_languages,
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
}

impl From<organization::Usage> for Usage {
    fn from(from: organization::Usage) -> Self {
        Self {
            users: from.users,
            conversations_this_month: from.conversations_this_month,
            conversations_lifetime: from.conversations_lifetime,
            knowledge_entries: from.knowledge_entries,
            storage_bytes: from.storage_bytes,
        }
    }
}

/// What the agent reads. The widget's secret never leaves.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrganizationSettings)]
struct Settings {
    /// Below this confidence the agent says that it does not know; null: the installation's default.
    answer_threshold: Option<f32>,
    /// Whether the widget must prove who its user is.
    require_verified_identity: bool,
    /// What the agent calls itself.
    agent_name: String,
}

impl From<organization::Settings> for Settings {
    fn from(from: organization::Settings) -> Self {
        Self {
            answer_threshold: from.answer_threshold,
            require_verified_identity: from.require_verified_identity,
            agent_name: from.agent_name,
        }
    }
}

/// A new organization.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateOrganization {
    name: String,
    /// 2 to 63 of a-z, 0-9 and -, with a letter or digit at both ends.
    #[schema(min_length = 2, max_length = 63)]
    slug: String,
    #[schema(value_type = word::Tier)]
    tier: Tier,
    /// Where its limits differ from the tier's.
    limits: Option<CreateLimits>,
    /// Its first admin.
    admin: Option<CreateAdmin>,
}

/// Limits that differ from the tier's; each from 1 to 1,000,000,000.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateLimits {
    max_users: Option<i64>,
    max_conversations_per_month: Option<i64>,
    max_messages_per_conversation: Option<i64>,
    max_knowledge_entries: Option<i64>,
    max_api_calls_per_hour: Option<i64>,
    storage_quota_gb: Option<i64>,
}

/// The first admin of an organization.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateAdmin {
    email: String,
    #[schema(value_type = String, format = Password)]
    password: Secret,
}

impl From<CreateOrganization> for NewOrganization {
    fn from(from: CreateOrganization) -> Self {
        let limits = from.limits.unwrap_or_default();
        Self {
            name: from.name,
            slug: from.slug,
            tier: from.tier,
            limits: PartialLimits {
                max_users: limits.max_users,
                max_conversations_per_month: limits.max_conversations_per_month,
                max_messages_per_conversation: limits.max_messages_per_conversation,
                max_knowledge_entries: limits.max_knowledge_entries,
                max_api_calls_per_hour: limits.max_api_calls_per_hour,
                storage_quota_gb: limits.storage_quota_gb,
            },
            admin: from.admin.map(|admin| NewAdmin {
                email: admin.email,
                password: admin.password,
            }),
        }
    }
}

/// A new organization with its first admin.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrganizationWithAdmin {
    #[serde(flatten)]
    organization: Organization,
    /// Its first admin; null without one.
    admin: Option<User>,
}

impl From<CreatedOrganization> for OrganizationWithAdmin {
    fn from(from: CreatedOrganization) -> Self {
        Self {
            organization: from.organization.into(),
            admin: from.admin.map(Into::into),
        }
    }
}
