//! Which language models a turn asks, behind [`acs_domain::port::route::Router`].
//!
//! | file | one idea |
//! |---|---|
//! | `chain` | for which turns a chain of models is meant |
//! | `link` | one model, with its breaker, asked until it begins a reply |
//! | `own` | a model asked with an organization's own key |
//! | `breaker` | a model that failed often is left alone for a while |
//! | `retry` | how long to wait before the same model is asked again |
//! | `run` | the links of one turn, one after the other, or two side by side |
//! | `watch` | a reply that has begun, to its end |
//! | `repetition` | notices a model that says the same again and again |
//! | `attempts` | what was tried, with its outcome, its time and its cost |
//!
//! What it promises:
//! - every try is among the attempts, with its cause, its time and its cost, whoever ends it;
//! - a model that is not needed any more is dropped, and so its connection closed;
//! - nothing waits past the time that the route was given.

mod attempts;
mod breaker;
mod chain;
mod link;
mod own;
mod repetition;
mod retry;
mod run;
mod watch;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use acs_core::entropy::Entropy;
use acs_domain::port::route::{KeyRefused, Occasion, OwnKey, Route, RoutedModel, Router};
use tokio::time::Instant;

pub use attempts::Prices;
pub use breaker::BreakerSettings;
pub use chain::{Chain, Conditions};
pub(crate) use link::chance;
pub use link::{Link, Plan};
pub use own::OwnAddresses;
pub use retry::RetrySettings;

/// Chooses the first chain that is meant for the turn.
pub struct ChainRouter {
    chains: Vec<Chain>,
    retry: RetrySettings,
    entropy: Arc<dyn Entropy>,
    own: OwnAddresses,
}

impl ChainRouter {
    /// A router over these chains, the particular before the general.
    #[must_use]
    pub fn new(
        chains: Vec<Chain>,
        retry: RetrySettings,
        entropy: Arc<dyn Entropy>,
        own: OwnAddresses,
    ) -> Self {
        Self {
            chains,
            retry,
            entropy,
            own,
        }
    }

    /// The chains that may be meant for turns of an organization.
    fn of(&self, organization: &str) -> impl Iterator<Item = &Chain> {
        let chains = self.chains.iter();
        chains.filter(move |chain| chain.conditions.may_hold_of(organization))
    }
}

impl Router for ChainRouter {
    fn route(&self, occasion: &Occasion<'_>, within: Duration) -> Option<Box<dyn Route>> {
        let chain = self.chains.iter().find(|chain| chain.conditions.hold(occasion))?;
        if chain.links.is_empty() {
            return None;
        }
        let asking = link::Asking {
            retry: self.retry,
            entropy: Arc::clone(&self.entropy),
            deadline: Instant::now() + within,
            attempts: attempts::Attempts::default(),
        };
        Some(Box::new(run::Run::new(chain, asking)))
    }

    fn models(&self, organization: &str) -> Vec<RoutedModel> {
        let plans = self
            .of(organization)
            .flat_map(|chain| &chain.links)
            .map(|link| link.plan());
        let by_name: BTreeMap<&str, &Plan> = plans.map(|plan| (plan.name.as_str(), plan)).collect();
        let model = |plan: &Plan| RoutedModel {
            name: plan.name.clone(),
            provider: plan.provider.clone(),
        };
        by_name.into_values().map(model).collect()
    }

    fn check(&self, key: &OwnKey) -> Result<(), KeyRefused> {
        let mut links = self.chains.iter().flat_map(|chain| &chain.links);
        let link = links.find(|link| link.plan().name == key.model);
        let link = link.ok_or(KeyRefused::NoSuchModel)?;
        self.own.plan(link.plan(), key).map(drop)
    }

    fn with_keys(&self, keys: Vec<OwnKey>) -> Arc<dyn Router> {
        // A model has one breaker, in however many chains it stands.
        let mut own: HashMap<&str, Arc<Link>> = HashMap::new();
        for link in self.chains.iter().flat_map(|chain| &chain.links) {
            let name = link.plan().name.as_str();
            if let Some(key) = keys.iter().find(|key| key.model == name) {
                own.entry(name)
                    .or_insert_with(|| Arc::new(link.with_key(key, &self.own)));
            }
        }
        let link = |link: &Arc<Link>| Arc::clone(own.get(link.plan().name.as_str()).unwrap_or(link));
        let chain = |chain: &Chain| Chain {
            links: chain.links.iter().map(link).collect(),
            ..chain.clone()
        };
        let chains = self.chains.iter().map(chain).collect();
        Arc::new(Self::new(
            chains,
            self.retry,
            Arc::clone(&self.entropy),
            self.own.clone(),
        ))
    }
}
