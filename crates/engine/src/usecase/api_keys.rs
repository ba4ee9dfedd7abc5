//! Keys of programs: made, listed and revoked by an admin. A key is shown once.

use std::sync::Arc;

use acs_core::error::FieldErrors;
use acs_core::page::{Page, PageRequest};
use acs_core::security::api_key::ApiKey as Key;
use acs_domain::access::{Grant, ManageApiKeys};
use acs_domain::api_key::{ApiKey, ApiKeyId, ApiScope};
use acs_domain::event::EventKind;
use acs_domain::idempotency::Claim;
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::OffsetDateTime;

use super::access::Access;
use crate::error::{EngineError, Thing};
use crate::input::future;
use crate::once::{self, Once};
use crate::ports::Ports;

/// A new key.
#[derive(Debug, Clone)]
pub struct NewApiKey {
    /// What people call it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<ApiScope>,
    /// When it ends by itself.
    pub expires_at: Option<OffsetDateTime>,
}

/// A key that was just made.
#[derive(Clone, Serialize, Deserialize)]
pub struct IssuedKey {
    /// What is kept of it.
    pub key: ApiKey,
    /// The key itself: shown once.
    pub secret: String,
}

/// The use cases of keys.
#[derive(Clone)]
pub struct ApiKeys {
    ports: Arc<Ports>,
    access: Access,
}

impl ApiKeys {
    pub(crate) fn new(ports: Arc<Ports>, access: Access) -> Self {
        Self { ports, access }
    }

    /// Makes a key.
    pub async fn create(
        &self,
        grant: &Grant<ManageApiKeys>,
        new: NewApiKey,
        claim: Option<&Claim>,
    ) -> Result<Once<IssuedKey>, EngineError> {
        let (ports, scope) = (&self.ports, grant.scope());
        let at = ports.now();
        let (name, expires_at) = checked(&new, at)?;
        let secret = Key::generate(&*ports.entropy);
        let key = ApiKey {
            id: ports.id(at),
            organization_id: scope.organization_id(),
            name,
            prefix: secret.prefix().to_owned(),
            hash: secret.hash(),
            scopes: new.scopes,
            created_by: grant.caller().user_id(),
            created_at: at,
            expires_at,
            revoked_at: None,
            last_used_at: None,
        };
        let issued = IssuedKey {
            key,
            secret: secret.expose().to_owned(),
        };
        let mut unit = ports.store.begin(scope).await?;
        if let Some(issued) = once::recall::<IssuedKey>(ports, &mut *unit, scope, claim).await? {
            return Ok(Once::replayed(issued));
        }
        unit.api_keys().insert(&issued.key).await?;
        let payload = json!({ "scopes": issued.key.scopes });
        let event = ports.event(
            scope.organization_id(),
            EventKind::ApiKeyCreated,
            issued.key.id,
            payload,
            at,
        );
        unit.outbox().append(&[event]).await?;
        once::keep(ports, &mut *unit, scope, claim, &issued).await?;
        unit.commit().await?;
        Ok(Once::fresh(issued))
    }

    /// Keys, newest first.
    pub async fn list(
        &self,
        grant: &Grant<ManageApiKeys>,
        page: &PageRequest,
    ) -> Result<Page<ApiKey>, EngineError> {
        let mut unit = self.ports.store.read(grant.scope()).await?;
        Ok(unit.api_keys().list(page).await?)
    }

    /// Ends a key: at once in this process, elsewhere within the seconds for which callers are remembered.
    pub async fn revoke(&self, grant: &Grant<ManageApiKeys>, id: ApiKeyId) -> Result<(), EngineError> {
        let (ports, scope) = (&self.ports, grant.scope());
        let at = ports.now();
        let mut unit = ports.store.begin(scope).await?;
        let key = unit
            .api_keys()
            .find(id)
            .await?
            .ok_or(EngineError::NotFound(Thing::ApiKey))?;
        if unit.api_keys().revoke(id, at).await? {
            let event = ports.event(
                scope.organization_id(),
                EventKind::ApiKeyRevoked,
                id,
                json!({}),
                at,
            );
            unit.outbox().append(&[event]).await?;
        }
        unit.commit().await?;
        self.access.forget_key(&key.hash).await;
        Ok(())
    }
}

/// The cleaned name, and the end in UTC.
fn checked(new: &NewApiKey, at: OffsetDateTime) -> Result<(String, Option<OffsetDateTime>), FieldErrors> {
    let mut errors = FieldErrors::default();
    let name = acs_core::clean::clean(&new.name).text.into_owned();
    if name.is_empty() || name.chars().count() > 100 {
        errors.add("name", "must be 1 to 100 characters");
    }
    if new.scopes.is_empty() {
        errors.add("scopes", "must name at least one scope");
    }
    let expires_at = future(new.expires_at, at).unwrap_or_else(|reason| {
        errors.add("expires_at", reason);
        None
    });
    if errors.is_empty() {
        Ok((name, expires_at))
    } else {
        Err(errors)
    }
}
