//! Organizations: made, listed and limited by the installation's operators, read and set up by their own people.

mod change;
mod found;
mod plan;
mod settings;
pub(crate) mod widget_secret;

use std::sync::Arc;

use acs_core::page::{Page, PageRequest};
use acs_domain::access::{Grant, ManageOrganizations, ReadOrganization, SYSTEM_ORGANIZATION, Scope};
use acs_domain::budget::ModelBudget;
use acs_domain::organization::{
    Limits, Organization, OrganizationId, Settings, SubscriptionStatus, Tier, Usage, month_number,
};
use serde_json::Map;
use time::OffsetDateTime;

pub use self::change::ChangeOrganization;
pub use self::found::{CreatedOrganization, NewAdmin, NewOrganization};
pub use self::plan::{ChangePlan, PartialLimits};
pub use self::settings::ChangeSettings;
pub use self::widget_secret::WidgetSecret;
use super::access::Access;
use crate::error::{EngineError, Thing};
use crate::ports::Ports;

/// The use cases of organizations.
#[derive(Clone)]
pub struct Organizations {
    ports: Arc<Ports>,
    access: Access,
}

impl Organizations {
    pub(crate) fn new(ports: Arc<Ports>, access: Access) -> Self {
        Self { ports, access }
    }

    /// An organization.
    pub async fn get(
        &self,
        grant: &Grant<ManageOrganizations>,
        id: OrganizationId,
    ) -> Result<Organization, EngineError> {
        let mut unit = self.ports.store.read(grant.scope()).await?;
        unit.organizations()
            .find(id)
            .await?
            .ok_or(EngineError::NotFound(Thing::Organization))
    }

    /// Organizations, newest first.
    pub async fn list(
        &self,
        grant: &Grant<ManageOrganizations>,
        page: &PageRequest,
    ) -> Result<Page<Organization>, EngineError> {
        let mut unit = self.ports.store.read(grant.scope()).await?;
        Ok(unit.organizations().list(page).await?)
    }

    /// The caller's own organization.
    pub async fn own(&self, grant: &Grant<ReadOrganization>) -> Result<Organization, EngineError> {
        let mut unit = self.ports.store.read(grant.scope()).await?;
        let own = unit.organizations().find(grant.scope().organization_id()).await?;
        own.ok_or(EngineError::NotFound(Thing::Organization))
    }

    /// Makes sure that an organization of a trusted source is there, such as the demonstration: made by `make`, from a
    /// new id and the time, if its slug is not taken yet.
    pub async fn ensure(
        &self,
        slug: &str,
        make: impl FnOnce(OrganizationId, OffsetDateTime) -> Organization + Send,
    ) -> Result<OrganizationId, EngineError> {
        if let Some(id) = self.ports.store.directory().organization(slug).await? {
            return Ok(id);
        }
        let at = self.ports.now();
        let organization = make(self.ports.id(at), at);
        let id = organization.id;
        match self.found(organization, None, at).await {
            Ok(_) => Ok(id),
            // Another process came first.
            Err(EngineError::Conflict(taken)) => {
                let first = self.ports.store.directory().organization(slug).await?;
                first.ok_or(EngineError::Conflict(taken))
            }
            Err(error) => Err(error),
        }
    }

    /// Makes sure that the operators' own organization is there.
    pub async fn ensure_operators(&self) -> Result<Scope, EngineError> {
        let operators = |_, at| {
            blank(
                SYSTEM_ORGANIZATION,
                "Operators",
                SYSTEM_SLUG,
                Tier::Enterprise,
                at,
            )
        };
        self.ensure(SYSTEM_SLUG, operators).await.map(Scope::trusted)
    }
}

/// The slug of the operators' organization.
pub const SYSTEM_SLUG: &str = "system";

/// An organization of a tier, with nothing else set.
#[must_use]
pub fn blank(id: OrganizationId, name: &str, slug: &str, tier: Tier, at: OffsetDateTime) -> Organization {
    Organization {
        id,
        slug: slug.to_owned(),
        name: name.to_owned(),
        display_name: None,
        description: None,
        website: None,
        logo_url: None,
        salesforce_org_id: None,
        tier,
        subscription_status: SubscriptionStatus::Active,
        trial_ends_at: None,
        subscription_expires_at: None,
        limits: Limits::of(tier),
        budget: ModelBudget::default(),
        usage: Usage {
            month: month_number(at),
            ..Usage::default()
        },
        settings: Settings::default(),
        features: Map::new(),
        branding: Map::new(),
        timezone: "UTC".to_owned(),
        default_language: "en".to_owned(),
        supported_languages: vec!["en".to_owned()],
        allowed_domains: Vec::new(),
        ip_allow_list: Vec::new(),
        require_mfa: false,
        is_active: true,
        is_verified: false,
        is_demo: false,
        metadata: Map::new(),
        tags: Vec::new(),
        knowledge_version: 0,
        intents_version: 0,
        intent_head_version: 0,
        terms_version: 0,
        model_keys_version: 0,
        embedding_model: String::new(),
        created_at: at,
        updated_at: at,
    }
}
