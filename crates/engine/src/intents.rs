//! What each organization's intents sound like, learned once for each version and shared by all turns.

use std::collections::HashMap;
use std::sync::Arc;

use acs_domain::access::Scope;
use acs_domain::organization::OrganizationId;
use acs_domain::port::understand::IntentModel;
use moka::future::Cache;

use crate::error::EngineError;
use crate::ports::Ports;

/// How much memory the models of all organizations may take together, in bytes.
const CAPACITY_BYTES: u64 = 256 * 1024 * 1024;

/// Intents that need no knowledge: they are met with the organization's approved text.
pub const SOCIAL: [&str; 3] = ["greeting", "thanks", "goodbye"];

/// The intent by which a customer asks for a person.
pub const SPEAK_TO_HUMAN: &str = "speak_to_human";

/// One version of an organization's intents.
#[derive(Debug)]
pub(crate) struct Learned {
    /// What they sound like.
    pub(crate) model: Arc<dyn IntentModel>,
    /// The approved texts of the social ones.
    pub(crate) approved: HashMap<String, Vec<String>>,
}

/// Intents by organization and version: an old version is never asked for again, and goes in time.
pub(crate) struct IntentModels(Cache<(OrganizationId, i64), Arc<Learned>>);

impl IntentModels {
    pub(crate) fn new() -> Self {
        let weigh = |_: &(OrganizationId, i64), learned: &Arc<Learned>| {
            u32::try_from(learned.model.size_bytes()).unwrap_or(u32::MAX)
        };
        Self(
            Cache::builder()
                .weigher(weigh)
                .max_capacity(CAPACITY_BYTES)
                .build(),
        )
    }

    /// This version of the organization's intents. Learned by the first who asks; others wait for it.
    pub(crate) async fn get(
        &self,
        ports: &Ports,
        scope: Scope,
        version: i64,
    ) -> Result<Arc<Learned>, EngineError> {
        let key = (scope.organization_id(), version);
        let learned = self.0.try_get_with(key, learn(ports, scope));
        learned.await.map_err(EngineError::Shared)
    }
}

async fn learn(ports: &Ports, scope: Scope) -> Result<Arc<Learned>, EngineError> {
    let mut unit = ports.store.read(scope).await?;
    let phrases = unit.intents().phrases().await?;
    let social = unit.intents().find_by_names(&SOCIAL.map(str::to_owned)).await?;
    drop(unit);
    let model = ports.understanding.learn(phrases).await?;
    let enabled = social
        .into_iter()
        .filter(|intent| intent.enabled && !intent.response_templates.is_empty());
    let approved = enabled
        .map(|intent| (intent.name, intent.response_templates))
        .collect();
    Ok(Arc::new(Learned { model, approved }))
}
