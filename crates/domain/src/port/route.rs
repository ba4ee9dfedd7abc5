//! Which language models a turn asks, in which order, and how each fared.

use std::time::Duration;

use async_trait::async_trait;

use super::chat::{ChatRequest, ChatStream};
use crate::analysis::EmotionLabel;
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
}

/// Chooses models.
pub trait Router: Send + Sync {
    /// The models for such a turn; `None` where it asks none. All of them together have so long.
    fn route(&self, occasion: &Occasion<'_>, within: Duration) -> Option<Box<dyn Route>>;
}

/// The models of one turn, one after the other.
#[async_trait]
pub trait Route: Send {
    /// The reply of the next model that begins one, once its first words are there. Models that gave none before it are
    /// only among the attempts. `None`: there is no other model, or no time.
    async fn next(&mut self, request: &ChatRequest) -> Option<Opened>;

    /// Notes that nothing of the last reply could be used, though it came to its end.
    fn found_wanting(&mut self, reason: &str);

    /// How many models the route has.
    fn links(&self) -> u32;

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
