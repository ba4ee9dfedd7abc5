//! Access tokens, and the refresh tokens that renew them. A spent refresh token used again ends its whole sign-in.

use std::net::IpAddr;

use acs_core::security::opaque::OpaqueToken;
use acs_core::security::token::Subject;
use acs_domain::access::Scope;
use acs_domain::idempotency::Claim;
use acs_domain::port::store::UnitOfWork;
use acs_domain::session::{FamilyId, RefreshToken};
use acs_domain::user::{User, UserStatus};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::Access;
use super::networks::lets_in;
use crate::error::EngineError;
use crate::once::{self, Once};

/// How often a sign-in tries to be noted beside others of the same person.
const MAX_TRIES: u32 = 16;

/// What a refresh token that is not good is answered with, whatever the reason.
const REFUSED: EngineError = EngineError::Unauthorized("The refresh token is not valid. Sign in again.");

/// A token for the API, and the one that renews it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TokenPair {
    /// For the API.
    pub access_token: String,
    /// For a new pair, once.
    pub refresh_token: String,
    /// How long the access token is good, in seconds.
    pub expires_in: u64,
}

/// A token for the API.
#[derive(Debug, Clone, Serialize)]
pub struct AccessToken {
    /// For the API.
    pub access_token: String,
    /// How long it is good, in seconds.
    pub expires_in: u64,
}

impl Access {
    /// Begins a sign-in of a person whose password was right, and keeps it in its new hash, if there is one. The account is
    /// read again: it may have changed while the password was checked, by another sign-in too.
    pub(super) async fn begin_session(
        &self,
        scope: Scope,
        checked: &User,
        renewed: Option<String>,
    ) -> Result<TokenPair, EngineError> {
        let mut tries = 1;
        loop {
            match self.try_session(scope, checked, renewed.clone()).await {
                // Another sign-in of the same person came between, and got on.
                Err(EngineError::Conflict(_)) if tries < MAX_TRIES => tries += 1,
                ended => return ended,
            }
        }
    }

    async fn try_session(
        &self,
        scope: Scope,
        checked: &User,
        renewed: Option<String>,
    ) -> Result<TokenPair, EngineError> {
        let at = self.ports.now();
        let family: FamilyId = self.ports.id(at);
        let mut unit = self.ports.store.begin(scope).await?;
        let found = unit.users().find(checked.id).await?;
        let mut user = found
            .filter(|user| {
                user.status == UserStatus::Active && user.password_changed_at == checked.password_changed_at
            })
            .ok_or(EngineError::InvalidCredentials)?;
        user.last_seen_at = Some(at);
        user.password_hash = renewed.or(user.password_hash);
        unit.users().update(&user).await?;
        let pair = self.pair(&mut *unit, &user, family, at).await?;
        unit.commit().await?;
        Ok(pair)
    }

    /// Exchanges a refresh token for a new pair. A claim makes it safe to send again when the answer was lost: the same
    /// token with the same key gets the same pair, and is not taken for stolen.
    pub async fn refresh(
        &self,
        refresh_token: &str,
        address: IpAddr,
        claim: Option<&Claim>,
    ) -> Result<Once<TokenPair>, EngineError> {
        let ports = &self.ports;
        let hash = OpaqueToken::parse(refresh_token).map_err(|_| REFUSED)?.hash();
        let (organization, id) = ports
            .store
            .directory()
            .refresh_token(&hash)
            .await?
            .ok_or(REFUSED)?;
        let scope = Scope::trusted(organization);
        let mut unit = ports.store.begin(scope).await?;
        let token = unit.sessions().lock(id).await?.ok_or(REFUSED)?;
        let at = ports.now();
        if token.revoked_at.is_some() || token.expires_at <= at {
            return Err(REFUSED);
        }
        // Before an earlier answer is given again: it may have been given to someone within the networks.
        let of = unit.organizations().find(organization).await?;
        if !of.is_some_and(|it| it.is_active && lets_in(&it.ip_allow_list, address)) {
            return Err(REFUSED);
        }
        if let Some(pair) = once::recall(ports, &mut *unit, scope, claim).await? {
            return Ok(Once::replayed(pair));
        }
        if token.spent_at.is_some() {
            unit.sessions().revoke_family(token.family_id, at).await?;
            unit.commit().await?;
            self.forget_sign_in(&token).await;
            tracing::warn!(organization.id = %organization, user.id = %token.user_id, "a spent refresh token came again: its sign-in is ended");
            return Err(REFUSED);
        }
        let user = unit.users().find(token.user_id).await?;
        let user = user
            .filter(|user| user.status == UserStatus::Active)
            .ok_or(REFUSED)?;
        unit.sessions().spend(id, at).await?;
        let pair = self.pair(&mut *unit, &user, token.family_id, at).await?;
        once::keep(ports, &mut *unit, scope, claim, &pair).await?;
        unit.commit().await?;
        Ok(Once::fresh(pair))
    }

    /// Ends the sign-in of a refresh token. A token that is not known, or ended already, is no error.
    pub async fn sign_out(&self, refresh_token: &str) -> Result<(), EngineError> {
        let ports = &self.ports;
        let Ok(token) = OpaqueToken::parse(refresh_token) else {
            return Ok(());
        };
        let Some((organization, id)) = ports.store.directory().refresh_token(&token.hash()).await? else {
            return Ok(());
        };
        let mut unit = ports.store.begin(Scope::trusted(organization)).await?;
        let Some(token) = unit.sessions().lock(id).await? else {
            return Ok(());
        };
        unit.sessions()
            .revoke_family(token.family_id, ports.now())
            .await?;
        unit.commit().await?;
        self.forget_sign_in(&token).await;
        Ok(())
    }

    /// An access token of a person.
    pub(super) fn access_token(
        &self,
        user: &User,
        family: FamilyId,
        at: OffsetDateTime,
    ) -> Result<AccessToken, EngineError> {
        let lifetime = self.ports.settings.access.access_lifetime;
        let subject = Subject {
            user: user.id.as_uuid(),
            organization: user.organization_id.as_uuid(),
            role: user.role.as_str().to_owned(),
            scopes: Vec::new(),
            session: family.as_uuid(),
        };
        let token = self
            .ports
            .tokens
            .issue(&subject, lifetime, at, &*self.ports.entropy);
        let access_token = token.map_err(|error| EngineError::Internal(Box::new(error)))?;
        Ok(AccessToken {
            access_token,
            expires_in: lifetime.as_secs(),
        })
    }

    async fn pair(
        &self,
        unit: &mut dyn UnitOfWork,
        user: &User,
        family_id: FamilyId,
        at: OffsetDateTime,
    ) -> Result<TokenPair, EngineError> {
        let token = OpaqueToken::generate(&*self.ports.entropy);
        let kept = RefreshToken {
            id: self.ports.id(at),
            organization_id: user.organization_id,
            family_id,
            user_id: user.id,
            hash: token.hash(),
            created_at: at,
            expires_at: at + self.ports.settings.access.refresh_lifetime,
            spent_at: None,
            revoked_at: None,
        };
        unit.sessions().insert(&kept).await?;
        let AccessToken {
            access_token,
            expires_in,
        } = self.access_token(user, family_id, at)?;
        Ok(TokenPair {
            access_token,
            refresh_token: token.expose().to_owned(),
            expires_in,
        })
    }
}
