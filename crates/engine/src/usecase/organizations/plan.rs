//! What an organization may use, as the installation's operators set it.

use acs_domain::access::{Grant, ManageOrganizations, SYSTEM_ORGANIZATION, Scope};
use acs_domain::budget::ModelBudget;
use acs_domain::event::EventKind;
use acs_domain::organization::{Limits, Organization, OrganizationId, Tier};
use serde_json::json;

use super::Organizations;
use crate::error::{EngineError, Thing};

/// Limits that differ from the tier's.
#[derive(Debug, Clone, Copy, Default)]
pub struct PartialLimits {
    /// Staff accounts.
    pub max_users: Option<i64>,
    /// Conversations begun in a calendar month.
    pub max_conversations_per_month: Option<i64>,
    /// Messages in one conversation.
    pub max_messages_per_conversation: Option<i64>,
    /// Knowledge entries.
    pub max_knowledge_entries: Option<i64>,
    /// Calls an hour of all API keys together.
    pub max_api_calls_per_hour: Option<i64>,
    /// Storage, in gigabytes.
    pub storage_quota_gb: Option<i64>,
}

impl PartialLimits {
    /// These limits, and the others where there is none.
    pub(super) fn over(self, others: Limits) -> Limits {
        Limits {
            max_users: self.max_users.unwrap_or(others.max_users),
            max_conversations_per_month: self
                .max_conversations_per_month
                .unwrap_or(others.max_conversations_per_month),
            max_messages_per_conversation: self
                .max_messages_per_conversation
                .unwrap_or(others.max_messages_per_conversation),
            max_knowledge_entries: self.max_knowledge_entries.unwrap_or(others.max_knowledge_entries),
            max_api_calls_per_hour: self
                .max_api_calls_per_hour
                .unwrap_or(others.max_api_calls_per_hour),
            storage_quota_gb: self.storage_quota_gb.unwrap_or(others.storage_quota_gb),
        }
    }
}

/// Changes of what an organization may use; `None` leaves a field as it is.
#[derive(Debug, Clone, Copy, Default)]
pub struct ChangePlan {
    /// What it pays for. Another tier brings its own limits.
    pub tier: Option<Tier>,
    /// Limits that differ from the tier's, or from those before.
    pub limits: PartialLimits,
    /// What language models may cost it, in place of what was before.
    pub budget: Option<ModelBudget>,
    /// Whether it may be used. Who belongs to one that may not is shut out.
    pub is_active: Option<bool>,
}

impl Organizations {
    /// Changes what an organization may use. A limit below what is used stops growth, and takes nothing away.
    pub async fn change_plan(
        &self,
        grant: &Grant<ManageOrganizations>,
        id: OrganizationId,
        change: ChangePlan,
    ) -> Result<Organization, EngineError> {
        // The list of the grant's scope says whether there is such an organization; it is written in its own.
        self.get(grant, id).await?;
        if id == SYSTEM_ORGANIZATION && change.is_active == Some(false) {
            return Err(EngineError::invalid(
                "is_active",
                "of the operators' own organization cannot be false",
            ));
        }
        let ports = &self.ports;
        let mut unit = ports.store.begin(Scope::trusted(id)).await?;
        let mut organization = unit
            .organizations()
            .lock()
            .await?
            .ok_or(EngineError::NotFound(Thing::Organization))?;
        if let Some(tier) = change.tier.filter(|tier| *tier != organization.tier) {
            organization.tier = tier;
            organization.limits = Limits::of(tier);
        }
        organization.limits = change.limits.over(organization.limits);
        organization.limits.check()?;
        organization.budget = change.budget.unwrap_or(organization.budget);
        organization.budget.check()?;
        organization.is_active = change.is_active.unwrap_or(organization.is_active);
        let at = ports.now();
        organization.updated_at = at;
        unit.organizations().update(&organization).await?;
        let event = ports.event(id, EventKind::OrganizationUpdated, id, json!({}), at);
        unit.outbox().append(&[event]).await?;
        unit.commit().await?;
        self.access.forget_all();
        Ok(organization)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_that_are_not_given_are_the_others() {
        let of_free = Limits::of(Tier::Free);
        assert_eq!(PartialLimits::default().over(of_free), of_free);
        let more_users = PartialLimits {
            max_users: Some(77),
            ..PartialLimits::default()
        };
        let expected = Limits {
            max_users: 77,
            ..of_free
        };
        assert_eq!(more_users.over(of_free), expected);
    }
}
