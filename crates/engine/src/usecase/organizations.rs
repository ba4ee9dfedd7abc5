//! Organizations: made and listed by the installation's operators, read by their own people.

use std::sync::Arc;

use acs_core::error::FieldErrors;
use acs_core::page::{Page, PageRequest};
use acs_core::secret::Secret;
use acs_domain::access::{Grant, ManageOrganizations, ReadOrganization, Role, SYSTEM_ORGANIZATION, Scope};
use acs_domain::event::EventKind;
use acs_domain::idempotency::Claim;
use acs_domain::organization::{
    Limits, Organization, OrganizationId, Settings, SubscriptionStatus, Tier, Usage, check_slug, month_number,
};
use acs_domain::user::{User, parse_email};
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};
use time::OffsetDateTime;

use super::users::{NewUser, account};
use crate::error::{EngineError, Thing};
use crate::once::{self, Once};
use crate::ports::Ports;

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
    /// API calls an hour.
    pub max_api_calls_per_hour: Option<i64>,
    /// Storage, in gigabytes.
    pub storage_quota_gb: Option<i64>,
}

/// The first admin of an organization.
#[derive(Debug)]
pub struct NewAdmin {
    /// E-mail address.
    pub email: String,
    /// Password.
    pub password: Secret,
}

/// A new organization.
#[derive(Debug)]
pub struct NewOrganization {
    /// The legal name.
    pub name: String,
    /// The short name in addresses.
    pub slug: String,
    /// What it pays for.
    pub tier: Tier,
    /// Where its limits differ from the tier's.
    pub limits: PartialLimits,
    /// Its first admin.
    pub admin: Option<NewAdmin>,
}

/// A new organization with its first admin.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CreatedOrganization {
    /// The organization.
    pub organization: Organization,
    /// Its first admin.
    pub admin: Option<User>,
}

/// The use cases of organizations.
#[derive(Clone)]
pub struct Organizations {
    ports: Arc<Ports>,
}

impl Organizations {
    pub(crate) fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }

    /// Adds an organization with its first admin.
    pub async fn create(
        &self,
        grant: &Grant<ManageOrganizations>,
        new: NewOrganization,
        claim: Option<&Claim>,
    ) -> Result<Once<CreatedOrganization>, EngineError> {
        let ports = &self.ports;
        let at = ports.now();
        let operators = grant.scope();
        if let Some(created) = self.recall(operators, claim).await? {
            return Ok(Once::replayed(created));
        }
        let mut organization = checked(ports.id(at), &new, at)?;
        // The new organization lies in its own scope, the request's key in the operators': two units. So the
        // organization bears the request's mark, by which a twin, or a retry after a crash between the two, knows it.
        let mark = claim.map(once::mark);
        organization
            .metadata
            .extend(mark.clone().map(|mark| (FOUNDED_BY.to_owned(), json!(mark))));
        let admin = new.admin.as_ref().map(|admin| admin.email.clone());
        let founded = match self.found(organization, new.admin, at).await {
            Ok(created) => Once::fresh(created),
            Err(EngineError::Conflict(taken)) => self
                .founded_by(mark.as_deref(), &new.slug, admin.as_deref())
                .await?
                .map(Once::replayed)
                .ok_or(EngineError::Conflict(taken))?,
            Err(error) => return Err(error),
        };
        let mut unit = ports.store.begin(operators).await?;
        let kept = once::recall::<CreatedOrganization>(ports, &mut *unit, operators, claim).await?;
        if kept.is_none() {
            once::keep(ports, &mut *unit, operators, claim, &founded.value).await?;
            unit.commit().await?;
        }
        Ok(founded)
    }

    /// The organization with this slug, if the request with this mark made it.
    async fn founded_by(
        &self,
        mark: Option<&str>,
        slug: &str,
        admin: Option<&str>,
    ) -> Result<Option<CreatedOrganization>, EngineError> {
        let Some(mark) = mark else { return Ok(None) };
        let directory = self.ports.store.directory();
        let Some(id) = directory.organization(slug).await? else {
            return Ok(None);
        };
        let admin = match admin {
            Some(email) => directory.accounts(&parse_email(email)?, Some(slug)).await?.pop(),
            None => None,
        };
        let mut unit = self.ports.store.read(Scope::trusted(id)).await?;
        let organization = unit.organizations().find(id).await?;
        let Some(organization) = organization.filter(|it| it.metadata.get(FOUNDED_BY) == Some(&json!(mark)))
        else {
            return Ok(None);
        };
        let admin = match admin {
            Some((_, admin)) => unit.users().find(admin).await?,
            None => None,
        };
        Ok(Some(CreatedOrganization { organization, admin }))
    }

    async fn recall(
        &self,
        operators: Scope,
        claim: Option<&Claim>,
    ) -> Result<Option<CreatedOrganization>, EngineError> {
        if claim.is_none() {
            return Ok(None);
        }
        let mut unit = self.ports.store.begin(operators).await?;
        once::recall(&self.ports, &mut *unit, operators, claim).await
    }

    /// Stores an organization and its first admin in one unit.
    async fn found(
        &self,
        mut organization: Organization,
        admin: Option<NewAdmin>,
        at: OffsetDateTime,
    ) -> Result<CreatedOrganization, EngineError> {
        let ports = &self.ports;
        let admin = match admin {
            Some(NewAdmin { email, password }) => {
                let (first_name, last_name, display_name) = Default::default();
                let new = NewUser {
                    email,
                    password,
                    role: Role::Admin,
                    first_name,
                    last_name,
                    display_name,
                };
                Some(account(ports, &organization, new, at).await.map_err(in_admin)?)
            }
            None => None,
        };
        let mut unit = ports.store.begin(Scope::trusted(organization.id)).await?;
        unit.organizations().insert(&organization).await?;
        if let Some(admin) = &admin {
            unit.users().insert(admin).await?;
        }
        let payload = json!({ "slug": organization.slug, "tier": organization.tier });
        let event = ports.event(
            organization.id,
            EventKind::OrganizationCreated,
            organization.id,
            payload,
            at,
        );
        unit.outbox().append(&[event]).await?;
        unit.commit().await?;
        // The store counts from zero, and has counted the admin.
        organization.usage.users = i64::from(admin.is_some());
        Ok(CreatedOrganization { organization, admin })
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
        self.found(organization, None, at).await?;
        Ok(id)
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

/// Where an organization bears the mark of the request that made it.
const FOUNDED_BY: &str = "founded_by";

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
        created_at: at,
        updated_at: at,
    }
}

fn checked(
    id: OrganizationId,
    new: &NewOrganization,
    at: OffsetDateTime,
) -> Result<Organization, FieldErrors> {
    let mut errors = FieldErrors::default();
    let mut note = |checked: Result<(), FieldErrors>| {
        for (field, reasons) in checked.err().iter().flat_map(FieldErrors::iter) {
            reasons
                .iter()
                .for_each(|reason| errors.add(field, reason.as_str()));
        }
    };
    let name = acs_core::clean::clean(&new.name).text.into_owned();
    note(check_slug(&new.slug));
    let mut organization = blank(id, &name, &new.slug, new.tier, at);
    let (limits, wanted) = (&mut organization.limits, &new.limits);
    for (limit, wanted) in [
        (&mut limits.max_users, wanted.max_users),
        (
            &mut limits.max_conversations_per_month,
            wanted.max_conversations_per_month,
        ),
        (
            &mut limits.max_messages_per_conversation,
            wanted.max_messages_per_conversation,
        ),
        (&mut limits.max_knowledge_entries, wanted.max_knowledge_entries),
        (&mut limits.max_api_calls_per_hour, wanted.max_api_calls_per_hour),
        (&mut limits.storage_quota_gb, wanted.storage_quota_gb),
    ] {
        *limit = wanted.unwrap_or(*limit);
    }
    note(organization.limits.check());
    if name.is_empty() || name.chars().count() > 255 {
        errors.add("name", "must be 1 to 255 characters");
    }
    if errors.is_empty() {
        Ok(organization)
    } else {
        Err(errors)
    }
}

/// Errors of the first admin's fields, under the path that the request has them.
fn in_admin(error: EngineError) -> EngineError {
    let EngineError::Invalid(errors) = error else {
        return error;
    };
    let mut nested = FieldErrors::default();
    for (field, reasons) in errors.iter() {
        reasons
            .iter()
            .for_each(|reason| nested.add(format!("admin.{field}"), reason.as_str()));
    }
    EngineError::Invalid(nested)
}
