//! People: staff are made by an admin, customers by their first word.

use std::borrow::Cow;
use std::sync::Arc;

use acs_core::page::{Page, PageRequest};
use acs_core::secret::Secret;
use acs_core::security::password::{PersonalWords, SignInWith};
use acs_domain::access::{Caller, Grant, ManageUsers, ReadUsers, Role, Scope};
use acs_domain::event::EventKind;
use acs_domain::idempotency::Claim;
use acs_domain::organization::Organization;
use acs_domain::user::{User, UserId, UserStatus, parse_email};
use serde_json::json;
use time::OffsetDateTime;

use super::conversations::text;
use crate::error::{EngineError, Thing};
use crate::once::{self, Once};
use crate::ports::Ports;

/// A new member of the staff.
#[derive(Debug)]
pub struct NewUser {
    /// E-mail address.
    pub email: String,
    /// Password.
    pub password: Secret,
    /// What the person is to the organization; not a customer, not an operator.
    pub role: Role,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// The name to show.
    pub display_name: Option<String>,
}

/// Changes of an account; `None` leaves a field as it is.
#[derive(Debug, Default)]
pub struct ChangeUser {
    /// What the person is to the organization.
    pub role: Option<Role>,
    /// Whether the account may be used.
    pub status: Option<UserStatus>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// The name to show.
    pub display_name: Option<String>,
}

/// Who the caller is.
#[derive(Debug, Clone)]
pub struct Me {
    /// The person; `None` for a program.
    pub user: Option<User>,
    /// The caller's organization.
    pub organization: Organization,
}

/// The use cases of people.
#[derive(Clone)]
pub struct Users {
    ports: Arc<Ports>,
}

impl Users {
    pub(crate) fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }

    /// Adds a member of the staff.
    pub async fn create(
        &self,
        grant: &Grant<ManageUsers>,
        new: NewUser,
        claim: Option<&Claim>,
    ) -> Result<Once<User>, EngineError> {
        let (ports, scope) = (&self.ports, grant.scope());
        check_role(new.role)?;
        let mut unit = ports.store.read(scope).await?;
        let organization = unit.organizations().find(scope.organization_id()).await?;
        let organization = organization.ok_or(EngineError::NotFound(Thing::Organization))?;
        drop(unit);
        let at = ports.now();
        let user = account(ports, &organization, new, at).await?;
        let mut unit = ports.store.begin(scope).await?;
        if let Some(user) = once::recall::<User>(ports, &mut *unit, scope, claim).await? {
            return Ok(Once::replayed(user));
        }
        unit.users().insert(&user).await?;
        let payload = json!({ "role": user.role });
        unit.outbox()
            .append(&[ports.event(organization.id, EventKind::UserCreated, user.id, payload, at)])
            .await?;
        once::keep(ports, &mut *unit, scope, claim, &user).await?;
        unit.commit().await?;
        Ok(Once::fresh(user))
    }

    /// A person.
    pub async fn get(&self, grant: &Grant<ReadUsers>, id: UserId) -> Result<User, EngineError> {
        let mut unit = self.ports.store.read(grant.scope()).await?;
        unit.users()
            .find(id)
            .await?
            .ok_or(EngineError::NotFound(Thing::User))
    }

    /// People, newest first.
    pub async fn list(
        &self,
        grant: &Grant<ReadUsers>,
        role: Option<Role>,
        page: &PageRequest,
    ) -> Result<Page<User>, EngineError> {
        let mut unit = self.ports.store.read(grant.scope()).await?;
        Ok(unit.users().list(role, page).await?)
    }

    /// Changes an account. Who is no longer active is signed out.
    pub async fn change(
        &self,
        grant: &Grant<ManageUsers>,
        id: UserId,
        change: ChangeUser,
    ) -> Result<User, EngineError> {
        let (ports, scope) = (&self.ports, grant.scope());
        let name = |field, value: Option<String>| value.map(|value| text(field, &value, 100)).transpose();
        let (first, last) = (
            name("first_name", change.first_name)?,
            name("last_name", change.last_name)?,
        );
        let display = name("display_name", change.display_name)?;
        let mut unit = ports.store.begin(scope).await?;
        let mut user = unit
            .users()
            .find(id)
            .await?
            .ok_or(EngineError::NotFound(Thing::User))?;
        if let Some(role) = change.role.filter(|role| *role != user.role) {
            check_role(role)?;
            if user.role == Role::Customer {
                return Err(EngineError::invalid("role", "of a customer cannot change"));
            }
            refuse_self(grant.caller(), id, "role")?;
            user.role = role;
        }
        if let Some(status) = change.status.filter(|status| *status != user.status) {
            refuse_self(grant.caller(), id, "status")?;
            user.status = status;
        }
        let at = ports.now();
        user.first_name = first.unwrap_or(user.first_name);
        user.last_name = last.unwrap_or(user.last_name);
        user.display_name = display.unwrap_or(user.display_name);
        user.updated_at = at;
        unit.users().update(&user).await?;
        user.version += 1;
        if user.status != UserStatus::Active {
            unit.sessions().revoke_user(id, at).await?;
        }
        unit.commit().await?;
        Ok(user)
    }

    /// Who the caller is.
    pub async fn me(&self, caller: &Caller) -> Result<Me, EngineError> {
        let mut unit = self
            .ports
            .store
            .read(Scope::trusted(caller.organization_id))
            .await?;
        let organization = unit.organizations().find(caller.organization_id).await?;
        let organization = organization.ok_or(EngineError::NotFound(Thing::Organization))?;
        let user = match caller.user_id() {
            Some(id) => unit.users().find(id).await?,
            None => None,
        };
        Ok(Me { user, organization })
    }
}

/// An account with a checked address and password. Hashing is the slow part, and happens outside of any unit.
pub(crate) async fn account(
    ports: &Arc<Ports>,
    organization: &Organization,
    new: NewUser,
    at: OffsetDateTime,
) -> Result<User, EngineError> {
    let email = parse_email(&new.email)?;
    let domain = email.rsplit('@').next().unwrap_or_default();
    let allowed = &organization.allowed_domains;
    if !allowed.is_empty() && !allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(domain)) {
        return Err(EngineError::invalid(
            "email",
            "must be of a domain that the organization allows",
        ));
    }
    let name = |field, value: Option<String>| value.map(|value| text(field, &value, 100)).transpose();
    let mut user = User::new(ports.id(at), organization.id, new.role, at);
    user.first_name = name("first_name", new.first_name)?.flatten();
    user.last_name = name("last_name", new.last_name)?.flatten();
    user.display_name = name("display_name", new.display_name)?.flatten();
    let names: Vec<Cow<'_, str>> = [Some(Cow::from(&organization.name)), user.name().map(Cow::from)]
        .into_iter()
        .flatten()
        .collect();
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    let words = PersonalWords {
        email: Some(&email),
        names: &names,
    };
    ports
        .password_policy
        .check(new.password.expose(), SignInWith::Password, words)
        .map_err(|weakness| EngineError::invalid("password", weakness.to_string()))?;
    let hashing = ports.clone();
    let hash =
        tokio::task::spawn_blocking(move || hashing.passwords.hash(new.password.expose(), &*hashing.entropy));
    let hash = hash
        .await
        .map_err(|error| EngineError::Internal(Box::new(error)))?;
    user.password_hash = Some(hash.map_err(|error| EngineError::Internal(Box::new(error)))?);
    user.password_changed_at = Some(at);
    user.email = Some(email);
    Ok(user)
}

fn check_role(role: Role) -> Result<(), EngineError> {
    if matches!(role, Role::Admin | Role::Supervisor | Role::Agent) {
        Ok(())
    } else {
        Err(EngineError::invalid(
            "role",
            "must be one of admin, supervisor, agent",
        ))
    }
}

/// An admin who locks or degrades themselves may leave the organization without one.
fn refuse_self(caller: &Caller, id: UserId, field: &str) -> Result<(), EngineError> {
    if caller.user_id() == Some(id) {
        return Err(EngineError::invalid(
            field,
            "of your own account cannot be changed by yourself",
        ));
    }
    Ok(())
}
