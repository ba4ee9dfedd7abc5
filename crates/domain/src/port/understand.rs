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

    /// What was trained, for the store to keep until [`Understanding::restore`]; `None` when nothing was.
    fn to_bytes(&self) -> Option<Vec<u8>> {
        None
    }

    /// For the adapter to know its own again.
    fn as_any(&self) -> &dyn std::any::Any;
}

/// Understands messages.
#[async_trait]
pub trait Understanding: Send + Sync {
    /// Learns an organization's intents from all its phrases, as well as can be done at once: in milliseconds.
    async fn learn(&self, phrases: Vec<Phrase>) -> Result<Arc<dyn IntentModel>, UnderstandError>;

    /// Learns them as well as can be: in seconds of a core, off the async threads. Ends soon when the future is dropped.
    /// Without an own way to train, it is what [`learn`](Self::learn) does.
    async fn train(&self, phrases: Vec<Phrase>) -> Result<Arc<dyn IntentModel>, UnderstandError> {
        self.learn(phrases).await
    }

    /// The trained model that [`IntentModel::to_bytes`] gave, with all phrases of today: intents that are newer than the
    /// training are answered for by their phrases, and those that are gone are not said. Fails for bytes of another version
    /// or that are damaged: [`learn`](Self::learn) then, and train anew.
    async fn restore(
        &self,
        trained: Vec<u8>,
        phrases: Vec<Phrase>,
    ) -> Result<Arc<dyn IntentModel>, UnderstandError> {
        drop(trained);
        self.learn(phrases).await
    }

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
