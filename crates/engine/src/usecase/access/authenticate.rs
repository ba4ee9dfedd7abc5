//! Authentication of each request. What the store knows of a caller is kept for a few seconds, so that a busy caller
//! costs no query, and a revoked key or a deactivated account still ends at once for all practical purposes.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use acs_core::id::Id;
use acs_core::security::api_key::ApiKey as Key;
use acs_core::security::token::{Claims, TokenError};
use acs_domain::access::{Actor, Caller, Role, Scope};
use acs_domain::api_key::ApiKey;
use acs_domain::organization::{Organization, OrganizationId};
use acs_domain::session::{FamilyId, RefreshToken};
use acs_domain::user::{UserId, UserStatus};
use ipnet::IpNet;
use moka::future::Cache;
use time::OffsetDateTime;

use super::Access;
use super::networks::allowed;
use crate::error::EngineError;

/// How many callers are remembered at the most.
const MAX_KNOWN: u64 = 50_000;
/// How exactly the last use of a key is noted.
const TOUCH_EVERY: time::Duration = time::Duration::minutes(1);

const BAD_TOKEN: EngineError = EngineError::Unauthorized("The access token is not valid.");
const BAD_KEY: EngineError = EngineError::Unauthorized("The API key is not valid.");

/// What a request brings to prove who is asking.
#[derive(Debug, Clone, Copy)]
pub enum Credential<'a> {
    /// An access token.
    Bearer(&'a str),
    /// An API key.
    ApiKey(&'a str),
}

/// What the store knows of a caller.
#[derive(Debug, Clone)]
pub struct Known {
    /// Who it is.
    pub caller: Caller,
    /// How many calls the keys of the organization may make in an hour.
    pub calls_per_hour: u64,
    /// From where the organization lets staff and keys call; `None`: from anywhere.
    allowed: Option<Vec<IpNet>>,
    /// When a key ends by itself.
    ends_at: Option<OffsetDateTime>,
}

/// A person, by one sign-in.
type SignedIn = (OrganizationId, UserId, FamilyId);

/// Callers seen within the last seconds. `None`: not to be let in.
pub(super) struct KnownCallers {
    users: Cache<SignedIn, Option<Arc<Known>>>,
    keys: Cache<String, Option<Arc<Known>>>,
}

impl KnownCallers {
    pub(super) fn new(ttl: Duration) -> Self {
        Self {
            users: Cache::builder().time_to_live(ttl).max_capacity(MAX_KNOWN).build(),
            keys: Cache::builder().time_to_live(ttl).max_capacity(MAX_KNOWN).build(),
        }
    }
}

impl Access {
    /// Who is asking.
    pub async fn authenticate(
        &self,
        credential: Credential<'_>,
        address: IpAddr,
    ) -> Result<Arc<Known>, EngineError> {
        let now = self.ports.now();
        let known = match credential {
            Credential::Bearer(token) => {
                let claims = self
                    .ports
                    .tokens
                    .verify(token, now)
                    .map_err(|error| match error {
                        TokenError::Expired => EngineError::TokenExpired,
                        _ => BAD_TOKEN,
                    })?;
                self.known_user(&claims).await?.ok_or(BAD_TOKEN)?
            }
            Credential::ApiKey(key) => {
                let hash = Key::parse(key).map_err(|_| BAD_KEY)?.hash();
                let known = self.known_key(hash).await?.ok_or(BAD_KEY)?;
                if known.ends_at.is_some_and(|end| end <= now) {
                    return Err(BAD_KEY);
                }
                known
            }
        };
        let allowed = known
            .allowed
            .as_ref()
            .filter(|_| known.caller.customer_id().is_none());
        if allowed.is_some_and(|networks| !networks.iter().any(|network| network.contains(&address))) {
            return Err(EngineError::AddressNotAllowed);
        }
        Ok(known)
    }

    async fn known_user(&self, claims: &Claims) -> Result<Option<Arc<Known>>, EngineError> {
        let organization_id: OrganizationId = Id::from_uuid(claims.subject.organization);
        let user_id: UserId = Id::from_uuid(claims.subject.user);
        let session: FamilyId = Id::from_uuid(claims.subject.session);
        let load = self.load_user(organization_id, user_id, session);
        self.known
            .users
            .try_get_with((organization_id, user_id, session), load)
            .await
            .map_err(shared)
    }

    async fn load_user(
        &self,
        organization_id: OrganizationId,
        id: UserId,
        session: FamilyId,
    ) -> Result<Option<Arc<Known>>, EngineError> {
        let mut unit = self.ports.store.read(Scope::trusted(organization_id)).await?;
        let Some(organization) = unit
            .organizations()
            .find(organization_id)
            .await?
            .filter(|it| it.is_active)
        else {
            return Ok(None);
        };
        let user = unit
            .users()
            .find(id)
            .await?
            .filter(|user| user.status == UserStatus::Active);
        // A customer's token is renewed by nothing, so there is no sign-in to end.
        let has_sign_in = user.as_ref().is_some_and(|user| user.role != Role::Customer);
        if has_sign_in && !unit.sessions().is_live(session).await? {
            return Ok(None);
        }
        Ok(user.map(|user| {
            let caller = Caller {
                organization_id,
                actor: Actor::User { id, role: user.role },
            };
            Arc::new(Known {
                caller,
                calls_per_hour: calls_per_hour(&organization),
                allowed: allowed(&organization.ip_allow_list),
                ends_at: None,
            })
        }))
    }

    async fn known_key(&self, hash: String) -> Result<Option<Arc<Known>>, EngineError> {
        let load = self.load_key(hash.clone());
        self.known.keys.try_get_with(hash, load).await.map_err(shared)
    }

    async fn load_key(&self, hash: String) -> Result<Option<Arc<Known>>, EngineError> {
        let ports = &self.ports;
        let Some((organization_id, id)) = ports.store.directory().api_key(&hash).await? else {
            return Ok(None);
        };
        let scope = Scope::trusted(organization_id);
        let now = ports.now();
        let mut unit = ports.store.read(scope).await?;
        let organization = unit
            .organizations()
            .find(organization_id)
            .await?
            .filter(|it| it.is_active);
        let key = unit.api_keys().find(id).await?.filter(|key| key.is_live(now));
        drop(unit);
        let (Some(organization), Some(key)) = (organization, key) else {
            return Ok(None);
        };
        self.touch(scope, &key, now);
        let caller = Caller {
            organization_id,
            actor: Actor::ApiKey {
                id,
                scopes: key.scopes,
            },
        };
        Ok(Some(Arc::new(Known {
            caller,
            calls_per_hour: calls_per_hour(&organization),
            allowed: allowed(&organization.ip_allow_list),
            ends_at: key.expires_at,
        })))
    }

    /// Notes the last use, to the minute. Nobody waits for it, and a failure is no reason to turn the caller away.
    fn touch(&self, scope: Scope, key: &ApiKey, now: OffsetDateTime) {
        if key.last_used_at.is_some_and(|last| now - last < TOUCH_EVERY) {
            return;
        }
        let (ports, id) = (Arc::clone(&self.ports), key.id);
        self.tasks.spawn(async move {
            let touched = async {
                let mut unit = ports.store.begin(scope).await?;
                unit.api_keys().touch(id, now).await?;
                unit.commit().await
            };
            if let Err(error) = touched.await {
                tracing::warn!(error = %acs_core::error::Chain(&error), "the use of an API key was not noted");
            }
        });
    }

    /// Forgets what is known of everyone, so that a change of an account or an organization counts at once in this process.
    pub(crate) fn forget_all(&self) {
        self.known.users.invalidate_all();
        self.known.keys.invalidate_all();
    }

    /// Forgets what is known of a sign-in, so that its end counts at once in this process.
    pub(super) async fn forget_sign_in(&self, token: &RefreshToken) {
        let signed_in = (token.organization_id, token.user_id, token.family_id);
        self.known.users.invalidate(&signed_in).await;
    }

    /// Forgets what is known of a key, so that its revocation counts at once in this process.
    pub(crate) async fn forget_key(&self, hash: &str) {
        self.known.keys.invalidate(hash).await;
    }
}

/// A limit is at least one.
fn calls_per_hour(organization: &Organization) -> u64 {
    organization.limits.max_api_calls_per_hour.unsigned_abs()
}

/// An error that several waiting requests share.
fn shared(error: Arc<EngineError>) -> EngineError {
    match Arc::try_unwrap(error) {
        Ok(error) => error,
        Err(shared) => EngineError::Shared(shared),
    }
}
