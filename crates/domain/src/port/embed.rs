//! Meaning as vectors.

use std::time::Duration;

use async_trait::async_trait;

use crate::knowledge::Vector;

/// What a text is to be compared as. Some models read a question otherwise than what may answer it; to others it is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A question, or a phrase that is like one.
    Question,
    /// What may answer questions.
    Passage,
}

/// A cosine on the scale on which strangers are at 0 and equals at 1. Some models keep all their vectors close together; what
/// judges by cosines was calibrated on one that does not.
#[must_use]
pub fn likeness(cosine: f32, strangers: f32) -> f32 {
    (cosine - strangers) / (1.0 - strangers)
}

/// Turns texts into unit vectors.
#[async_trait]
pub trait Embedder: Send + Sync {
    /// Which model, with its version: vectors of different models never meet.
    fn model(&self) -> &str;

    /// The length of a vector.
    fn dimensions(&self) -> usize;

    /// The cosine that it gives a question and a text on another subject: for [`likeness`].
    fn strangers(&self) -> f32 {
        0.0
    }

    /// The vectors of `texts`, in their order. Waits, when the queue is full, for a place in it.
    async fn embed(&self, texts: Vec<String>, role: Role) -> Result<Vec<Vector>, EmbedError>;

    /// The vector of a text for which somebody waits. Fails at once where the text would probably wait longer than `within`
    /// before its turn comes: who asks then does without.
    async fn embed_soon(&self, text: String, role: Role, within: Duration) -> Result<Vector, EmbedError>;

    /// Begins with a text that somebody is about to ask for. It is only a hint, for a model that remembers vectors and has time:
    /// others ignore it.
    fn foresee(&self, text: String, role: Role) {
        let _ = (text, role);
    }

    /// Takes no more texts, finishes those that wait, and returns when nothing runs any more.
    async fn stop(&self) {}
}

/// Why there is no vector.
#[derive(Debug, thiserror::Error)]
pub enum EmbedError {
    /// Too many texts wait.
    #[error("too many texts wait for the embedding model")]
    Busy,
    /// The model is being stopped.
    #[error("the embedding model has stopped")]
    Stopped,
    /// The model could not be run.
    #[error("the embedding model failed")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}
