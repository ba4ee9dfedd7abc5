//! A new organization, with its first admin.

use acs_core::error::FieldErrors;
use acs_core::secret::Secret;
use acs_domain::access::{Grant, ManageOrganizations, Role, Scope};
use acs_domain::event::EventKind;
use acs_domain::idempotency::Claim;
use acs_domain::organization::{Organization, Tier, check_slug};
use acs_domain::user::{User, parse_email};
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::OffsetDateTime;

use super::{Organizations, PartialLimits, blank};
use crate::error::EngineError;
use crate::once::{self, Once};
use crate::ports::Ports;
use crate::usecase::users::{self, NewUser};

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

/// Where an organization bears the mark of the request that made it.
const FOUNDED_BY: &str = "founded_by";

impl Organizations {
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
        let (mut organization, mut admin) = checked(ports, &new, at)?;
        if let (Some(admin), Some(given)) = (&mut admin, new.admin) {
            users::set_password(ports, admin, given.password, at).await?;
        }
        // The new organization lies in its own scope, the request's key in the operators': two units. So the
        // organization bears the request's mark, by which a twin, or a retry after a crash between the two, knows it.
        let mark = claim.map(once::mark);
        organization
            .metadata
            .extend(mark.clone().map(|mark| (FOUNDED_BY.to_owned(), json!(mark))));
        let address = admin.as_ref().and_then(|admin| admin.email.clone());
        let founded = match self.found(organization, admin, at).await {
            Ok(created) => Once::fresh(created),
            Err(EngineError::Conflict(taken)) => self
                .founded_by(mark.as_deref(), &new.slug, address.as_deref())
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
    pub(super) async fn found(
        &self,
        mut organization: Organization,
        admin: Option<User>,
        at: OffsetDateTime,
    ) -> Result<CreatedOrganization, EngineError> {
        let ports = &self.ports;
        organization.embedding_model = ports.embedders.current().model().to_owned();
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
}

/// The organization and its admin without the password's hash, or everything that is wrong with both.
fn checked(
    ports: &Ports,
    new: &NewOrganization,
    at: OffsetDateTime,
) -> Result<(Organization, Option<User>), FieldErrors> {
    let mut errors = FieldErrors::default();
    let name = acs_core::clean::clean(&new.name).text.into_owned();
    let mut organization = blank(ports.id(at), &name, &new.slug, new.tier, at);
    organization.limits = new.limits.over(organization.limits);
    for wrong in [check_slug(&new.slug), organization.limits.check()] {
        wrong.unwrap_or_else(|wrong| errors.merge(wrong));
    }
    if name.is_empty() || name.chars().count() > 255 {
        errors.add("name", "must be 1 to 255 characters");
    }
    let admin = new.admin.as_ref().and_then(|NewAdmin { email, password }| {
        let (first_name, last_name, display_name) = Default::default();
        let new = NewUser {
            email: email.clone(),
            password: password.clone(),
            role: Role::Admin,
            first_name,
            last_name,
            display_name,
        };
        users::checked(ports, &organization, new, at)
            .map_err(|wrong| errors.merge(wrong.of("admin")))
            .ok()
    });
    if errors.is_empty() {
        Ok((organization, admin))
    } else {
        Err(errors)
    }
}
