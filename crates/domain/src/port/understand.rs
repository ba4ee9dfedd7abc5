//! Understanding of one message.

use std::sync::Arc;

use async_trait::async_trait;
use time::OffsetDateTime;

use crate::analysis::Analysis;
use crate::knowledge::Vector;

/// A text to be understood.
#[derive(Debug, Clone)]
pub struct Utterance {
    /// The words, cleaned.
    pub text: String,
    /// Their meaning; `None` when the embedding was left out.
    pub vector: Option<Vector>,
    /// When it was said: relative dates count from here.
    pub at: OffsetDateTime,
    /// IANA time zone of the speaker.
    pub time_zone: Option<String>,
}

/// One way to say an intent.
#[derive(Debug, Clone)]
pub struct Phrase {
    /// The intent's name.
    pub intent: String,
    /// The words.
    pub text: String,
    /// Their meaning.
    pub vector: Vector,
}

/// What an organization's intents sound like: made once for each version of its intents, then shared.
pub trait IntentModel: Send + Sync + std::fmt::Debug {
    /// How much memory it takes, in bytes: for the bound of a cache.
    fn size_bytes(&self) -> usize;

    /// For the adapter to know its own again.
    fn as_any(&self) -> &dyn std::any::Any;
}

/// Understands messages.
#[async_trait]
pub trait Understanding: Send + Sync {
    /// Learns an organization's intents from all its phrases.
    async fn learn(&self, phrases: Vec<Phrase>) -> Result<Arc<dyn IntentModel>, UnderstandError>;

    /// Understands one text.
    async fn analyze(
        &self,
        utterance: &Utterance,
        intents: &Arc<dyn IntentModel>,
    ) -> Result<Analysis, UnderstandError>;
}

/// Why a text was not understood.
#[derive(Debug, thiserror::Error)]
pub enum UnderstandError {
    /// The analysis could not be run.
    #[error("the analysis failed")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}
