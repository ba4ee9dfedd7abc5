//! What operators say of organizations: who is let in, and how much each may use.

use acs_core::secret::Secret;
use acs_domain::organization::Tier;
use acs_engine::usecase::organizations::{
    ChangePlan, CreatedOrganization, NewAdmin, NewOrganization, PartialLimits,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Budget, Organization};
use crate::extract::nullable::given;
use crate::view::user::User;
use crate::view::word;

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
    limits: Option<ChosenLimits>,
    /// Its first admin.
    admin: Option<CreateAdmin>,
}

/// Limits that differ from the tier's; each from 1 to 1,000,000,000.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChosenLimits {
    max_users: Option<i64>,
    max_conversations_per_month: Option<i64>,
    max_messages_per_conversation: Option<i64>,
    max_knowledge_entries: Option<i64>,
    max_api_calls_per_hour: Option<i64>,
    storage_quota_gb: Option<i64>,
}

impl From<ChosenLimits> for PartialLimits {
    fn from(from: ChosenLimits) -> Self {
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
        Self {
            name: from.name,
            slug: from.slug,
            tier: from.tier,
            limits: from.limits.unwrap_or_default().into(),
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

/// Changes of what an organization may use: what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PatchPlan {
    /// Another tier brings its own limits.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = word::Tier, required = false)]
    tier: Option<Tier>,
    /// Limits that differ from the tier's, or from those before.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = ChosenLimits, required = false)]
    limits: Option<ChosenLimits>,
    /// What language models may cost, in place of what was before.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Budget, required = false)]
    budget: Option<Budget>,
    /// False shuts out everyone who belongs to it, until it is true again.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, required = false)]
    is_active: Option<bool>,
}

impl From<PatchPlan> for ChangePlan {
    fn from(from: PatchPlan) -> Self {
        Self {
            tier: from.tier,
            limits: from.limits.unwrap_or_default().into(),
            budget: from.budget.map(Into::into),
            is_active: from.is_active,
        }
    }
}
