//! The secret with which an organization's own site proves to the chat widget who its customers are.

use acs_core::secret::Secret;
use acs_core::security::opaque::OpaqueToken;
use acs_core::security::seal::Place;
use acs_domain::access::{ChangeOrganization as MayChange, Grant};
use acs_domain::event::EventKind;
use acs_domain::idempotency::Claim;
use acs_domain::organization::{Organization, OrganizationId};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Organizations;
use crate::error::{EngineError, Thing};
use crate::once::{self, Once};
use crate::ports::Ports;

/// A widget's secret, as it is shown once.
#[derive(Clone, Serialize, Deserialize)]
pub struct WidgetSecret {
    /// The key of the HMAC-SHA256: 43 letters, digits, `-` and `_`.
    pub secret: String,
}

impl Organizations {
    /// Gives the organization a new widget secret, and takes away the one before.
    pub async fn renew_widget_secret(
        &self,
        grant: &Grant<MayChange>,
        claim: Option<&Claim>,
    ) -> Result<Once<WidgetSecret>, EngineError> {
        let (ports, scope) = (&self.ports, grant.scope());
        let mut unit = ports.store.begin(scope).await?;
        if let Some(made) = once::recall(ports, &mut *unit, scope, claim).await? {
            return Ok(Once::replayed(made));
        }
        let mut organization = unit
            .organizations()
            .lock()
            .await?
            .ok_or(EngineError::NotFound(Thing::Organization))?;
        let secret = OpaqueToken::generate(&*ports.entropy).expose().to_owned();
        let sealed = ports.seals.seal(
            &Secret::new(secret.as_str()),
            &place(organization.id),
            &*ports.entropy,
        );
        let sealed = sealed.map_err(|error| EngineError::Internal(Box::new(error)))?;
        let at = ports.now();
        organization.settings.widget_secret_sealed = Some(sealed);
        organization.updated_at = at;
        unit.organizations().update(&organization).await?;
        let id = organization.id;
        let event = ports.event(id, EventKind::OrganizationUpdated, id, json!({}), at);
        unit.outbox().append(&[event]).await?;
        let made = WidgetSecret { secret };
        once::keep(ports, &mut *unit, scope, claim, &made).await?;
        unit.commit().await?;
        Ok(Once::fresh(made))
    }
}

/// The organization's widget secret, if it has one.
pub(crate) fn open(ports: &Ports, organization: &Organization) -> Result<Option<Secret>, EngineError> {
    let sealed = organization.settings.widget_secret_sealed.as_deref();
    let opened = sealed.map(|sealed| ports.seals.open(sealed, &place(organization.id)));
    opened
        .transpose()
        .map_err(|error| EngineError::Internal(Box::new(error)))
}

/// Where a sealed secret belongs, so that it opens for no other organization.
fn place(id: OrganizationId) -> Place<'static> {
    Place {
        organization: id.as_uuid(),
        table: "organizations",
        column: "widget_secret",
        row: id.as_uuid(),
    }
}
