//! People: staff are made by an admin, customers by their first word.

use std::sync::Arc;

use acs_core::error::FieldErrors;
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

use super::access::Access;
use super::conversations::text;
use crate::error::{EngineError, Thing};
use crate::input::tags;
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
    /// A customer's tier.
    pub customer_tier: Option<String>,
    /// Labels.
    pub tags: Option<Vec<String>>,
}

/// An account of a trusted source.
#[derive(Debug, Clone, Copy)]
pub struct AccountSeed<'a> {
    /// E-mail address, lower case.
    pub email: &'a str,
    /// The name to show.
    pub display_name: &'a str,
    /// What the person is to the organization.
    pub role: Role,
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
    access: Access,
}

impl Users {
    pub(crate) fn new(ports: Arc<Ports>, access: Access) -> Self {
        Self { ports, access }
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

    /// Makes sure that an account of a trusted source is there: a demonstration's, an operator's. A `password` that is
    /// given holds from now on; without one, `generate` gives it to a new account. Gives the generated password.
    pub async fn ensure(
        &self,
        scope: Scope,
        seed: AccountSeed<'_>,
        password: Option<&Secret>,
        generate: impl FnOnce() -> Secret + Send,
    ) -> Result<Option<Secret>, EngineError> {
        let ports = &self.ports;
        let mut unit = ports.store.read(scope).await?;
        let organization = unit.organizations().find(scope.organization_id()).await?;
        let organization = organization.ok_or(EngineError::NotFound(Thing::Organization))?;
        let found = ports
            .store
            .directory()
            .accounts(seed.email, Some(&organization.slug))
            .await?;
        let known = match found.first() {
            Some((_, id)) => unit.users().find(*id).await?,
            None => None,
        };
        drop(unit);
        match (known, password) {
            (Some(_), None) => Ok(None),
            (Some(user), Some(password)) => self.keep_password(scope, user, password).await.map(|()| None),
            (None, given) => {
                let password = given.cloned().unwrap_or_else(generate);
                let at = ports.now();
                let mut user = User::new(ports.id(at), organization.id, seed.role, at);
                user.email = Some(seed.email.to_owned());
                user.display_name = Some(seed.display_name.to_owned());
                set_password(ports, &mut user, password.clone(), at).await?;
                let mut unit = ports.store.begin(scope).await?;
                unit.users().insert(&user).await?;
                unit.commit().await?;
                Ok(given.is_none().then_some(password))
            }
        }
    }

    /// Whether an account of a trusted source is there.
    pub async fn exists(&self, scope: Scope, email: &str) -> Result<bool, EngineError> {
        let mut unit = self.ports.store.read(scope).await?;
        let organization = unit.organizations().find(scope.organization_id()).await?;
        drop(unit);
        let Some(organization) = organization else {
            return Ok(false);
        };
        Ok(!self
            .ports
            .store
            .directory()
            .accounts(email, Some(&organization.slug))
            .await?
            .is_empty())
    }

    /// Gives an account the password, unless it has it already; a new one ends its sign-ins.
    async fn keep_password(
        &self,
        scope: Scope,
        mut user: User,
        password: &Secret,
    ) -> Result<(), EngineError> {
        let ports = &self.ports;
        let proof = ports
            .passwords
            .prove(password.clone(), user.password_hash.clone())
            .await?;
        if proof.right {
            return Ok(());
        }
        let at = ports.now();
        set_password(ports, &mut user, password.clone(), at).await?;
        let mut unit = ports.store.begin(scope).await?;
        unit.users().update(&user).await?;
        unit.sessions().revoke_user(user.id, at).await?;
        unit.commit().await?;
        Ok(())
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

    /// Changes an account. Who is no longer active is signed out: at once in this process, elsewhere within the seconds
    /// for which callers are remembered.
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
        let tier = name("customer_tier", change.customer_tier)?;
        let tags = change.tags.as_deref().map(tags).transpose();
        let tags = tags.map_err(|reason| EngineError::invalid("tags", reason))?;
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
        user.customer_tier = tier.unwrap_or(user.customer_tier);
        user.tags = tags.unwrap_or(user.tags);
        user.updated_at = at;
        unit.users().update(&user).await?;
        user.version += 1;
        if user.status != UserStatus::Active {
            unit.sessions().revoke_user(id, at).await?;
        }
        unit.commit().await?;
        self.access.forget_all();
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

/// An account with a checked address and password.
async fn account(
    ports: &Ports,
    organization: &Organization,
    new: NewUser,
    at: OffsetDateTime,
) -> Result<User, EngineError> {
    let password = new.password.clone();
    let mut user = checked(ports, organization, new, at)?;
    set_password(ports, &mut user, password, at).await?;
    Ok(user)
}

/// The account without its password's hash, or everything that is wrong with it.
pub(crate) fn checked(
    ports: &Ports,
    organization: &Organization,
    new: NewUser,
    at: OffsetDateTime,
) -> Result<User, FieldErrors> {
    let mut errors = FieldErrors::default();
    let mut user = User::new(ports.id(at), organization.id, new.role, at);
    match parse_email(&new.email) {
        Ok(email) => user.email = Some(email),
        Err(wrong) => errors.merge(wrong),
    }
    let domain = user.email.as_deref().and_then(|email| email.rsplit('@').next());
    let allowed = &organization.allowed_domains;
    let is_allowed = |domain: &str| allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(domain));
    if !allowed.is_empty() && domain.is_some_and(|domain| !is_allowed(domain)) {
        errors.add("email", "must be of a domain that the organization allows");
    }
    for (field, value, place) in [
        ("first_name", new.first_name, &mut user.first_name),
        ("last_name", new.last_name, &mut user.last_name),
        ("display_name", new.display_name, &mut user.display_name),
    ] {
        match value.map(|value| text(field, &value, 100)).transpose() {
            Ok(value) => *place = value.flatten(),
            Err(wrong) => errors.merge(wrong),
        }
    }
    let name = user.name();
    let names: Vec<&str> = [Some(organization.name.as_str()), name.as_deref()]
        .into_iter()
        .flatten()
        .collect();
    let words = PersonalWords {
        email: user.email.as_deref(),
        names: &names,
    };
    if let Err(weakness) = ports
        .password_policy
        .check(new.password.expose(), SignInWith::Password, words)
    {
        errors.add("password", weakness.to_string());
    }
    if errors.is_empty() { Ok(user) } else { Err(errors) }
}

/// Hashing is the slow part, and happens outside of any unit.
pub(crate) async fn set_password(
    ports: &Ports,
    user: &mut User,
    password: Secret,
    at: OffsetDateTime,
) -> Result<(), EngineError> {
    user.password_hash = Some(ports.passwords.hash(password).await?);
    user.password_changed_at = Some(at);
    Ok(())
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
