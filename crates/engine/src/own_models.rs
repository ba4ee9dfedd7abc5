//! Language models as each organization asks them: with its own keys where it has some.

use std::sync::Arc;

use acs_core::error::Chain;
use acs_core::secret::Secret;
use acs_core::security::seal::{Place, SealError};
use acs_domain::access::Scope;
use acs_domain::model_key::ModelKey;
use acs_domain::organization::{Organization, OrganizationId};
use acs_domain::port::route::{OwnKey, Router};
use moka::future::Cache;

use crate::error::EngineError;
use crate::ports::Ports;

/// For how many organizations their keys are kept open at once.
const CAPACITY: u64 = 1_000;

/// What the evidence says where an organization's keys could not be read.
const NOT_READ: &str = "models: left out, the organization's own keys could not be read";

/// Routers of organizations that have keys of their own, by the version of these: an old version is never asked for again, and
/// goes in time. Cheap to clone.
#[derive(Clone)]
pub(crate) struct OwnModels {
    ports: Arc<Ports>,
    routers: Cache<(OrganizationId, i64), Arc<dyn Router>>,
}

impl OwnModels {
    pub(crate) fn new(ports: Arc<Ports>) -> Self {
        Self {
            ports,
            routers: Cache::new(CAPACITY),
        }
    }

    /// The organization's way to its models, as it is now. `None` where its keys could not be read, as is noted in `degraded`:
    /// nobody else's are used in their place.
    pub(crate) async fn get(
        &self,
        organization: &Organization,
        degraded: &mut Vec<String>,
    ) -> Option<Arc<dyn Router>> {
        if organization.model_keys_version == 0 {
            return Some(Arc::clone(&self.ports.router));
        }
        let key = (organization.id, organization.model_keys_version);
        let router = self.routers.try_get_with(key, self.read(organization.id)).await;
        router
            .inspect_err(|error| {
                tracing::error!(organization.id = %organization.id, error = %Chain(&**error), "an organization's own keys were not read");
                degraded.push(NOT_READ.to_owned());
            })
            .ok()
    }

    async fn read(&self, organization: OrganizationId) -> Result<Arc<dyn Router>, EngineError> {
        let ports = &self.ports;
        let mut unit = ports.store.read(Scope::trusted(organization)).await?;
        let keys = unit.model_keys().all().await?;
        drop(unit);
        if keys.is_empty() {
            return Ok(Arc::clone(&ports.router));
        }
        let own = keys.into_iter().map(|key| OwnKey {
            key: open(ports, organization, &key)
                .inspect_err(|error| {
                    tracing::error!(organization.id = %organization, gen_ai.model = key.model, error = %Chain(error), "a key was not opened");
                })
                .ok(),
            model: key.model,
            base_url: key.base_url,
        });
        Ok(ports.router.with_keys(own.collect()))
    }
}

/// Seals a key for its organization, its model and the address that it is sent to: it opens for no other.
pub(crate) fn seal(
    ports: &Ports,
    organization: OrganizationId,
    own: &OwnKey,
    key: &Secret,
) -> Result<String, SealError> {
    let column = column(&own.model, own.base_url.as_deref());
    ports
        .seals
        .seal(key, &place(organization, &column), &*ports.entropy)
}

fn open(ports: &Ports, organization: OrganizationId, key: &ModelKey) -> Result<Secret, SealError> {
    let column = column(&key.model, key.base_url.as_deref());
    ports.seals.open(&key.sealed, &place(organization, &column))
}

fn place(organization: OrganizationId, column: &str) -> Place<'_> {
    Place {
        organization: organization.as_uuid(),
        table: "model_keys",
        column,
        row: organization.as_uuid(),
    }
}

/// The column with what else identifies the row. No address holds a blank: so no two rows are called alike.
fn column(model: &str, base_url: Option<&str>) -> String {
    format!("sealed {model} {}", base_url.unwrap_or_default())
}
