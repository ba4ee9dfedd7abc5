//! Which language models a turn asks, behind [`acs_domain::port::route::Router`].
//!
//! | file | one idea |
//! |---|---|
//! | `chain` | for which turns a chain of models is meant |
//! | `link` | one model, with its breaker, asked until it begins a reply |
//! | `breaker` | a model that failed often is left alone for a while |
//! | `retry` | how long to wait before the same model is asked again |
//! | `run` | the links of one turn, one after the other, or two side by side |
//! | `watch` | a reply that has begun, to its end |
//! | `repetition` | notices a model that says the same again and again |
//! | `attempts` | what was tried, with its outcome and time |
//!
//! What it promises:
//! - every try is among the attempts, with its cause and its time, whoever ends it;
//! - a model that is not needed any more is dropped, and so its connection closed;
//! - nothing waits past the time that the route was given.

mod attempts;
mod breaker;
mod chain;
mod link;
mod repetition;
mod retry;
mod run;
mod watch;

use std::sync::Arc;
use std::time::Duration;

use acs_core::entropy::Entropy;
use acs_domain::port::route::{Occasion, Route, Router};
use tokio::time::Instant;

pub use attempts::Prices;
pub use breaker::BreakerSettings;
pub use chain::{Chain, Conditions};
pub use link::Link;
pub use retry::RetrySettings;

/// Chooses the first chain that is meant for the turn.
pub struct ChainRouter {
    chains: Vec<Chain>,
    retry: RetrySettings,
    entropy: Arc<dyn Entropy>,
}

impl ChainRouter {
    /// A router over these chains, the particular before the general.
    #[must_use]
    pub fn new(chains: Vec<Chain>, retry: RetrySettings, entropy: Arc<dyn Entropy>) -> Self {
        Self {
            chains,
            retry,
            entropy,
        }
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
}
