//! What each organization's intents sound like, learned once for each version and shared by all turns.
//!
//! Phrases are learned at once, by whoever asks first: they count from the next message on, and what was trained before goes
//! with them. A newly trained head is fetched beside the turns: until it is here the one before answers.

use std::collections::HashMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use acs_core::error::Chain;
use acs_domain::access::Scope;
use acs_domain::organization::{Organization, OrganizationId};
use acs_domain::port::understand::IntentModel;
use moka::future::Cache;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

use crate::error::EngineError;
use crate::ports::Ports;

/// How much memory the models of all organizations may take together, in bytes.
const CAPACITY_BYTES: u64 = 256 * 1024 * 1024;
/// Of how many organizations it is remembered which model was the newest.
const CAPACITY_NEWEST: u64 = 100_000;
/// How long a turn waits for a new head before it goes on with the one before. Most heads are fetched within it.
const PATIENCE: Duration = Duration::from_millis(20);

/// Intents that need no knowledge: they are met with the organization's approved text.
pub const SOCIAL: [&str; 3] = ["greeting", THANKS, "goodbye"];

/// The intent of who thanks.
pub(crate) const THANKS: &str = "thanks";

/// The intent by which a customer asks for a person.
pub const SPEAK_TO_HUMAN: &str = "speak_to_human";

/// One version of an organization's intents.
#[derive(Debug)]
pub(crate) struct Learned {
    /// What they sound like.
    pub(crate) model: Arc<dyn IntentModel>,
    /// The approved texts of the social ones.
    pub(crate) approved: Arc<HashMap<String, Vec<String>>>,
    /// The phrases by themselves, to be joined with the next head.
    phrases: Arc<dyn IntentModel>,
    embedding_model: Arc<str>,
    head: Head,
}

impl Learned {
    /// The version of what was trained; 0 when nothing was.
    pub(crate) fn head_version(&self) -> i64 {
        match self.head.trained {
            Some(_) => self.head.version,
            None => 0,
        }
    }
}

/// What was trained, if anything was, and since which version it is in force.
#[derive(Debug, Clone, Default)]
struct Head {
    version: i64,
    trained: Option<Arc<dyn IntentModel>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    organization: OrganizationId,
    embedding_model: Arc<str>,
    intents_version: i64,
    head_version: i64,
}

/// Intents by organization, their version and that of their head: an old version is never asked for again, and goes in
/// time. Cheap to clone.
#[derive(Clone)]
pub(crate) struct IntentModels {
    ports: Arc<Ports>,
    learned: Cache<Key, Arc<Learned>>,
    /// What answered last, for as long as it is in `learned`.
    newest: moka::sync::Cache<OrganizationId, Weak<Learned>>,
    /// Heads that are being fetched.
    fetching: TaskTracker,
    stop: CancellationToken,
}

impl IntentModels {
    pub(crate) fn new(ports: Arc<Ports>) -> Self {
        let weigh =
            |_: &Key, learned: &Arc<Learned>| u32::try_from(learned.model.size_bytes()).unwrap_or(u32::MAX);
        Self {
            ports,
            learned: Cache::builder()
                .weigher(weigh)
                .max_capacity(CAPACITY_BYTES)
                .build(),
            newest: moka::sync::Cache::new(CAPACITY_NEWEST),
            fetching: TaskTracker::new(),
            stop: CancellationToken::new(),
        }
    }

    /// The organization's intents as they are now. Phrases are learned by the first who asks; others wait for it.
    pub(crate) async fn get(&self, organization: &Organization) -> Result<Arc<Learned>, EngineError> {
        let key = self.key(organization);
        if let Some(learned) = self.learned.get(&key).await {
            return Ok(learned);
        }
        let before = self.newest.get(&key.organization).and_then(|weak| weak.upgrade());
        // A head never meets phrases of another embedding model.
        let (same, other): (Option<_>, Option<_>) = match before {
            Some(before) if before.embedding_model == key.embedding_model => (Some(before), None),
            before => (None, before),
        };
        let head = same.map(|same| same.head.clone()).unwrap_or_default();
        let with_head_before = Key {
            head_version: head.version,
            ..key.clone()
        };
        let learned = self
            .learned
            .try_get_with(with_head_before, self.learn(&key, head));
        let learned = learned.await.map_err(EngineError::Shared)?;
        if learned.head.version == key.head_version {
            return Ok(learned);
        }
        if other.is_some() {
            // The organization has just moved to another model, whose head is trained: no turn goes without one.
            let fetched = self.learned.try_get_with(key.clone(), self.fetch(&key, &learned));
            return fetched.await.map_err(EngineError::Shared);
        }
        Ok(self.fetched_soon(key, learned.clone()).await.unwrap_or(learned))
    }

    fn key(&self, organization: &Organization) -> Key {
        Key {
            organization: organization.id,
            embedding_model: self.ports.embedders.name(&organization.embedding_model).into(),
            intents_version: organization.intents_version,
            head_version: organization.intent_head_version,
        }
    }

    /// The organization's intents with the head of now, however long it takes to fetch.
    pub(crate) async fn settled(&self, organization: &Organization) -> Result<Arc<Learned>, EngineError> {
        let learned = self.get(organization).await?;
        let key = self.key(organization);
        if learned.head.version == key.head_version {
            return Ok(learned);
        }
        let fetched = self.learned.try_get_with(key.clone(), self.fetch(&key, &learned));
        fetched.await.map_err(EngineError::Shared)
    }

    /// Reads and learns the phrases; the head goes with them.
    async fn learn(&self, key: &Key, head: Head) -> Result<Arc<Learned>, EngineError> {
        let ports = &self.ports;
        let mut unit = ports.store.read(Scope::trusted(key.organization)).await?;
        let phrases = unit.intents().phrases(&key.embedding_model).await?;
        let social = unit.intents().find_by_names(&SOCIAL.map(str::to_owned)).await?;
        drop(unit);
        let phrases = ports.understanding.learn(phrases).await?;
        let enabled = social
            .into_iter()
            .filter(|intent| intent.enabled && !intent.response_templates.is_empty());
        let approved = enabled
            .map(|intent| (intent.name, intent.response_templates))
            .collect();
        self.joined(key, phrases, Arc::new(approved), head)
    }

    /// The intents with the head of the key, if it is fetched while the turn can wait; else it comes for a later one.
    async fn fetched_soon(&self, key: Key, learned: Arc<Learned>) -> Option<Arc<Learned>> {
        let models = self.clone();
        let fetch = async move {
            let fetched = models
                .learned
                .try_get_with(key.clone(), models.fetch(&key, &learned));
            match models.stop.run_until_cancelled(fetched).await? {
                Ok(learned) => Some(learned),
                Err(error) => {
                    tracing::warn!(organization.id = %key.organization, error = %Chain(&*error), "the trained head was not fetched");
                    None
                }
            }
        };
        let fetching = self.fetching.spawn(fetch.in_current_span());
        tokio::time::timeout(PATIENCE, fetching).await.ok()?.ok()?
    }

    /// The same phrases with the head that is in force now. One that cannot be read is forgotten, and trained anew.
    async fn fetch(&self, key: &Key, learned: &Learned) -> Result<Arc<Learned>, EngineError> {
        let ports = &self.ports;
        let scope = Scope::trusted(key.organization);
        let mut unit = ports.store.read(scope).await?;
        let stored = unit.intent_heads().trained(&key.embedding_model).await?;
        drop(unit);
        let mut head = Head {
            version: key.head_version,
            trained: None,
        };
        if let Some((version, bytes)) = stored.and_then(|stored| Some((stored.version, stored.bytes?))) {
            match ports.understanding.restore(bytes, Vec::new()).await {
                Ok(trained) => head.trained = Some(trained),
                Err(error) => {
                    tracing::warn!(organization.id = %key.organization, error = %Chain(&error),
                        "the trained head cannot be used: it is trained anew");
                    let mut unit = ports.store.begin(scope).await?;
                    unit.intent_heads().discard(&key.embedding_model, version).await?;
                    unit.commit().await?;
                }
            }
        }
        let (phrases, approved) = (learned.phrases.clone(), learned.approved.clone());
        self.joined(key, phrases, approved, head)
    }

    fn joined(
        &self,
        key: &Key,
        phrases: Arc<dyn IntentModel>,
        approved: Arc<HashMap<String, Vec<String>>>,
        head: Head,
    ) -> Result<Arc<Learned>, EngineError> {
        let model = match &head.trained {
            Some(trained) => self.ports.understanding.join(&phrases, trained)?,
            None => phrases.clone(),
        };
        let learned = Arc::new(Learned {
            model,
            approved,
            phrases,
            embedding_model: Arc::clone(&key.embedding_model),
            head,
        });
        self.newest.insert(key.organization, Arc::downgrade(&learned));
        Ok(learned)
    }

    /// Gives up what is being fetched.
    pub(crate) async fn stop(&self) {
        self.stop.cancel();
        self.fetching.close();
        self.fetching.wait().await;
    }
}
