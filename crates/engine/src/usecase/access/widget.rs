//! Customers of the chat widget.

use std::net::IpAddr;

use acs_core::security::signature;
use acs_domain::access::{Role, SYSTEM_ORGANIZATION, Scope};
use acs_domain::organization::{Organization, check_slug};
use acs_domain::user::{User, UserStatus};
use serde_json::json;

use super::{Access, AccessToken};
use crate::error::{EngineError, Thing};
use crate::usecase::conversations::{check_external_id, check_time_zone, keep_time_zone, text};
use crate::usecase::organizations::widget_secret;

/// Who opens the widget.
#[derive(Debug)]
pub struct Visitor {
    /// The organization's slug.
    pub organization: String,
    /// The organization's own id for its customer.
    pub user_id: String,
    /// Hex HMAC-SHA256 of `user_id` under the organization's widget secret.
    pub user_hash: Option<String>,
    /// The customer's name.
    pub name: Option<String>,
    /// The customer's e-mail address.
    pub email: Option<String>,
    /// IANA time zone of the customer; the one before stays without it.
    pub time_zone: Option<String>,
    /// Where the request comes from.
    pub address: IpAddr,
}

impl Access {
    /// A token with which a customer converses. Where the organization wants proof of who its customers are, only the
    /// holder of its widget secret can ask for one.
    pub async fn widget(&self, visitor: Visitor) -> Result<AccessToken, EngineError> {
        let ports = &self.ports;
        check_external_id(&visitor.user_id)?;
        check_time_zone(visitor.time_zone.as_deref())?;
        let name = visitor
            .name
            .map(|name| text("name", &name, 200))
            .transpose()?
            .flatten();
        let email = visitor
            .email
            .map(|email| acs_domain::user::parse_email(&email))
            .transpose()?;
        check_slug(&visitor.organization).map_err(|_| EngineError::NotFound(Thing::Organization))?;
        let id = ports
            .store
            .directory()
            .organization(&visitor.organization)
            .await?;
        // The operators have no customers.
        let id = id.filter(|id| *id != SYSTEM_ORGANIZATION);
        let scope = Scope::trusted(id.ok_or(EngineError::NotFound(Thing::Organization))?);
        let mut unit = ports.store.read(scope).await?;
        let organization = unit.organizations().find(scope.organization_id()).await?;
        let organization = organization
            .filter(|it| it.is_active)
            .ok_or(EngineError::NotFound(Thing::Organization))?;
        let known = unit.users().find_by_external_id(&visitor.user_id).await?;
        drop(unit);
        self.check_identity(&organization, &visitor.user_id, visitor.user_hash.as_deref())?;
        let at = ports.now();
        let customer = match known {
            Some(customer) => customer,
            None => {
                let mut new = User::new(ports.id(at), scope.organization_id(), Role::Customer, at);
                new.external_id = Some(visitor.user_id);
                new.display_name = name;
                new.timezone.clone_from(&visitor.time_zone);
                // Nobody proved the address, so it is a note and nothing to sign in or be found by.
                new.attributes
                    .extend(email.map(|email| ("claimed_email".to_owned(), json!(email))));
                let mut unit = ports.store.begin(scope).await?;
                let customer = unit.users().ensure_customer(&new).await?;
                unit.commit().await?;
                customer
            }
        };
        if customer.role != Role::Customer || customer.status != UserStatus::Active {
            return Err(EngineError::Unauthorized("This customer cannot use the widget."));
        }
        let customer = match &visitor.time_zone {
            Some(zone) if customer.timezone.as_ref() != Some(zone) => {
                let mut unit = ports.store.begin(scope).await?;
                let customer = keep_time_zone(&mut *unit, customer, Some(zone), at).await?;
                unit.commit().await?;
                customer
            }
            _ => customer,
        };
        self.access_token(&customer, ports.id(at), at)
    }

    fn check_identity(
        &self,
        organization: &Organization,
        user_id: &str,
        hash: Option<&str>,
    ) -> Result<(), EngineError> {
        if !organization.settings.require_verified_identity {
            return Ok(());
        }
        let secret = widget_secret::open(&self.ports, organization)?;
        let secret = secret.ok_or(EngineError::Unavailable(
            "the organization has no widget secret yet",
        ))?;
        if hash.is_some_and(|hash| signature::verify(&secret, user_id.as_bytes(), hash)) {
            Ok(())
        } else {
            Err(EngineError::Unauthorized(
                "`user_hash` does not prove this `user_id`.",
            ))
        }
    }
}
