//! Intents: what customers may want, taught by phrases.

use acs_core::error::FieldErrors;
use acs_core::id::Id;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::organization::OrganizationId;

/// The id of an [`Intent`].
pub type IntentId = Id<Intent>;

/// How many phrases an intent holds at the most.
pub const MAX_PHRASES: usize = 1_000;
/// How many code points a phrase holds at the most.
pub const MAX_PHRASE_CHARS: usize = 500;

/// Something that customers want.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Intent {
    /// Id.
    pub id: IntentId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// Unique in the organization: `reset_password`.
    pub name: String,
    /// For people.
    pub display_name: Option<String>,
    /// For people.
    pub description: Option<String>,
    /// Ways to say it, without duplicates.
    pub training_phrases: Vec<String>,
    /// Approved replies.
    pub response_templates: Vec<String>,
    /// Whether it is recognised.
    pub enabled: bool,
    /// How often it was recognised.
    pub usage_count: i64,
    /// Rises with every change.
    pub version: i64,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}

/// A name for an intent: 1 to 100 of `a-z`, `0-9`, `_`, `-` and `.`.
pub fn check_name(name: &str) -> Result<(), FieldErrors> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-' | '.');
    if (1..=100).contains(&name.len()) && name.chars().all(plain) {
        Ok(())
    } else {
        Err(FieldErrors::one(
            "name",
            "must be 1 to 100 of a-z, 0-9, _, - and .",
        ))
    }
}
