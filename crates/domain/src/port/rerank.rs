//! Models that read a question and a passage together, and say how well the one answers the other.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// Judges passages.
#[async_trait]
pub trait Reranker: Send + Sync {
    /// Which model.
    fn model(&self) -> &str;

    /// How many passages it is given at the most.
    fn candidates(&self) -> usize;

    /// How well each passage answers the question, in their order; larger is better, and nothing else is known of the scale.
    async fn relevance(&self, question: &str, passages: Vec<String>) -> Result<Vec<f32>, RerankError>;
}

/// Who put what was found in its order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ordered {
    /// This model.
    By(String),
    /// Nobody, and why: the order is the one before.
    AsBefore(String),
}

/// Why there is no judgement.
#[derive(Debug, thiserror::Error)]
pub enum RerankError {
    /// Too many questions wait.
    #[error("too many questions wait for the reranking model")]
    Busy,
    /// The model gave none.
    #[error("the reranking model failed")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}
