//! Organizations' own keys for language models: set, listed and taken away by an admin. A key is never shown again.

use std::sync::Arc;

use acs_core::secret::Secret;
use acs_domain::access::{Grant, ManageModelKeys, Scope};
use acs_domain::event::EventKind;
use acs_domain::model_key::ModelKey;
use acs_domain::port::route::{KeyRefused, OwnKey, RoutedModel};
use acs_domain::port::store::OrganizationQueries;
use serde_json::json;

use crate::error::{EngineError, Thing};
use crate::own_models;
use crate::ports::Ports;

/// A model that an organization's turns may ask, and its own key for it.
#[derive(Debug, Clone)]
pub struct KeyedModel {
    /// What the installation calls the model.
    pub name: String,
    /// Whose protocol it speaks; `None`: the installation does not have it any more.
    pub provider: Option<String>,
    /// The organization's own key.
    pub key: Option<ModelKey>,
}

/// A key to be set.
#[derive(Debug)]
pub struct NewModelKey {
    /// The key.
    pub key: Secret,
    /// Where the model is asked with it, if not where the installation asks it.
    pub base_url: Option<String>,
}

/// The use cases of keys for models.
#[derive(Clone)]
pub struct ModelKeys {
    ports: Arc<Ports>,
}

impl ModelKeys {
    pub(crate) fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }

    /// The models that the organization's turns may ask, and those that it still has a key for, by name.
    pub async fn list(&self, grant: &Grant<ManageModelKeys>) -> Result<Vec<KeyedModel>, EngineError> {
        let scope = grant.scope();
        let mut unit = self.ports.store.read(scope).await?;
        let models = self.models(unit.organizations(), scope).await?;
        let mut keys = unit.model_keys().all().await?;
        let mut keyed: Vec<KeyedModel> = models
            .into_iter()
            .map(|model| KeyedModel {
                key: keys
                    .iter()
                    .position(|key| key.model == model.name)
                    .map(|at| keys.remove(at)),
                name: model.name,
                provider: Some(model.provider),
            })
            .collect();
        keyed.extend(keys.into_iter().map(|key| KeyedModel {
            name: key.model.clone(),
            provider: None,
            key: Some(key),
        }));
        keyed.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        Ok(keyed)
    }

    /// Puts a key in place of the one before. It counts from the next message on, on every server.
    pub async fn set(
        &self,
        grant: &Grant<ManageModelKeys>,
        model: &str,
        new: NewModelKey,
    ) -> Result<KeyedModel, EngineError> {
        let (ports, scope) = (&self.ports, grant.scope());
        let mut unit = ports.store.begin(scope).await?;
        let models = self.models(unit.organizations(), scope).await?;
        let model = models.into_iter().find(|known| known.name == model);
        let model = model.ok_or(EngineError::NotFound(Thing::Model))?;
        let own = OwnKey {
            model: model.name.clone(),
            key: Some(new.key.clone()),
            base_url: new.base_url,
        };
        ports.router.check(&own).map_err(refused)?;
        let organization = scope.organization_id();
        let sealed = own_models::seal(ports, organization, &own, &new.key);
        let at = ports.now();
        let key = ModelKey {
            model: own.model,
            sealed: sealed.map_err(|error| EngineError::Internal(Box::new(error)))?,
            last_four: last_four(&new.key),
            base_url: own.base_url,
            set_at: at,
        };
        unit.model_keys().put(&key).await?;
        let payload = json!({ "model": key.model });
        let set = ports.event(organization, EventKind::ModelKeySet, organization, payload, at);
        unit.outbox().append(&[set]).await?;
        unit.commit().await?;
        Ok(KeyedModel {
            name: model.name,
            provider: Some(model.provider),
            key: Some(key),
        })
    }

    /// Takes a key away: the model is asked with the installation's again.
    pub async fn remove(&self, grant: &Grant<ManageModelKeys>, model: &str) -> Result<(), EngineError> {
        let (ports, organization) = (&self.ports, grant.scope().organization_id());
        let mut unit = ports.store.begin(grant.scope()).await?;
        if !unit.model_keys().remove(model).await? {
            return Err(EngineError::NotFound(Thing::ModelKey));
        }
        let payload = json!({ "model": model });
        let removed = ports.event(
            organization,
            EventKind::ModelKeyRemoved,
            organization,
            payload,
            ports.now(),
        );
        unit.outbox().append(&[removed]).await?;
        unit.commit().await?;
        Ok(())
    }

    async fn models(
        &self,
        organizations: &mut (impl OrganizationQueries + ?Sized),
        scope: Scope,
    ) -> Result<Vec<RoutedModel>, EngineError> {
        let own = organizations.find(scope.organization_id()).await?;
        let own = own.ok_or(EngineError::NotFound(Thing::Organization))?;
        Ok(self.ports.router.models(&own.slug))
    }
}

/// What people know a key by. Every key is long enough that this tells nothing.
fn last_four(key: &Secret) -> String {
    let key = key.expose();
    key.get(key.len().saturating_sub(4)..)
        .unwrap_or_default()
        .to_owned()
}

fn refused(refused: KeyRefused) -> EngineError {
    match refused {
        KeyRefused::NoSuchModel => EngineError::NotFound(Thing::Model),
        KeyRefused::Key(reason) => EngineError::invalid("api_key", reason),
        KeyRefused::Address(reason) => EngineError::invalid("base_url", reason),
    }
}
