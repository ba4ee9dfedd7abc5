//! What is trained on an organization's phrases, beside the phrases themselves.

use std::time::Duration;

use time::OffsetDateTime;

use crate::organization::OrganizationId;

/// The outcome of a training, without what was trained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntentHead {
    /// Whose.
    pub organization_id: OrganizationId,
    /// Which model embedded the phrases that it was trained on. Each model has a head of its own.
    pub embedding_model: String,
    /// The version of the intents that it was trained on.
    pub intents_version: i64,
    /// When the training ended.
    pub trained_at: OffsetDateTime,
    /// How long it took.
    pub took: Duration,
}

/// What was trained, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrainedHead {
    /// Since which `intent_head_version` of the organization it is in force.
    pub version: i64,
    /// What the understanding made of it; `None` where there was too little to train on.
    pub bytes: Option<Vec<u8>>,
}
