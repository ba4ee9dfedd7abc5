//! Which language models a turn asks, in which order, and how each fared.

use std::sync::Arc;
use std::time::Duration;

use acs_core::secret::Secret;
use async_trait::async_trait;

use super::chat::{ChatRequest, ChatStream};
use crate::analysis::EmotionLabel;
use crate::budget::Spending;
use crate::turn::Attempt;

/// What is known of a turn when its models are chosen.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    /// The organization's short name.
    pub organization: &'a str,
    /// What the customer wants most, if that is known.
    pub intent: Option<&'a str>,
    /// How many things the customer wants at once.
    pub wishes: usize,
    /// How the customer feels.
    pub emotion: EmotionLabel,
    /// Language code of the reply.
    pub language: &'a str,
    /// How many words the message has.
    pub words: usize,
    /// How much of the budget is spent, from 0 to 1: of the bound that is nearest; 0 without any.
    pub spent: f32,
}

/// Chooses models.
pub trait Router: Send + Sync {
    /// The models for such a turn; `None` where it asks none. All of them together have so long.
    fn route(&self, occasion: &Occasion<'_>, within: Duration) -> Option<Box<dyn Route>>;

    /// The models that turns of the organization of this short name may ask.
    fn models(&self, organization: &str) -> Vec<RoutedModel>;

    /// Whether an organization's own key can be used for its model, as far as can be said without asking it.
    fn check(&self, key: &OwnKey) -> Result<(), KeyRefused>;

    /// The same models for one organization, which has these keys of its own. A model that is asked with one shares nothing
    /// with other organizations: neither its failures nor its limits of rate. One whose key cannot be used is left out.
    fn with_keys(&self, keys: Vec<OwnKey>) -> Arc<dyn Router>;
}

/// A model that turns may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoutedModel {
    /// What the installation calls it.
    pub name: String,
    /// Whose protocol it speaks.
    pub provider: String,
}

/// An organization's own key for a model of the installation.
#[derive(Debug, Clone)]
pub struct OwnKey {
    /// The model, as the installation calls it.
    pub model: String,
    /// The key; `None`: there is one, and it cannot be opened.
    pub key: Option<Secret>,
    /// Where the model is asked, if not where the installation asks it.
    pub base_url: Option<String>,
}

/// Why an organization's own key cannot be used for a model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyRefused {
    /// The installation has no such model.
    #[error("there is no such model")]
    NoSuchModel,
    /// The key is one that nobody can send.
    #[error("the key {0}")]
    Key(&'static str),
    /// The address is not one to ask.
    #[error("the address {0}")]
    Address(&'static str),
}

/// The models of one turn, one after the other.
#[async_trait]
pub trait Route: Send {
    /// The reply of the next model that begins one, once its first words are there. Models that gave none before it are
    /// only among the attempts. `None`: there is no other model, or no time.
    async fn next(&mut self, request: &ChatRequest) -> Option<Opened>;

    /// Notes that nothing of the last reply could be used, though it came to its end.
    fn found_wanting(&mut self, reason: &str);

    /// The models that have not been asked yet, in their order, as their providers call them.
    fn models(&self) -> Vec<String>;

    /// How many models the route has.
    fn links(&self) -> u32;

    /// How many tokens a prompt may have, so that each model of the route can read it and has room for its reply.
    fn room(&self) -> usize;

    /// The most that its models can cost, each asked once with this.
    fn most(&self, request: &ChatRequest) -> Spending;

    /// Every try so far, in the order in which they began.
    fn attempts(&self) -> Vec<Attempt>;
}

/// A reply that has begun.
pub struct Opened {
    /// The model, as its provider calls it.
    pub model: String,
    /// How many models of the route stand before it.
    pub level: u32,
    /// The rest of the reply. The model is done with once it is dropped.
    pub stream: ChatStream,
}
