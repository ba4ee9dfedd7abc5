//! Intents.

use acs_domain::intent;
use acs_engine::usecase::intents::{self, ImportedIntents, IntentStatus, IntentText};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use super::row::RowRemark;

/// What people write of an intent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WriteIntent {
    /// Unique in the organization.
    #[schema(min_length = 1, max_length = 100, example = "reset_password")]
    name: String,
    #[schema(max_length = 255)]
    display_name: Option<String>,
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// Ways to say it.
    #[schema(max_items = 1000)]
    training_phrases: Vec<String>,
    /// Approved replies.
    #[schema(max_items = 20)]
    response_templates: Option<Vec<String>>,
    /// Whether it is recognised; true unless given.
    enabled: Option<bool>,
}

impl From<WriteIntent> for IntentText {
    fn from(from: WriteIntent) -> Self {
        Self {
            name: from.name,
            display_name: from.display_name,
            description: from.description,
            training_phrases: from.training_phrases,
            response_templates: from.response_templates.unwrap_or_default(),
            enabled: from.enabled.unwrap_or(true),
        }
    }
}

/// Something that customers want.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Intent {
    id: Uuid,
    name: String,
    display_name: Option<String>,
    description: Option<String>,
    training_phrases: Vec<String>,
    response_templates: Vec<String>,
    enabled: bool,
    /// How often it was recognised.
    usage_count: i64,
    /// Rises with every change.
    version: i64,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    updated_at: OffsetDateTime,
}

impl From<intent::Intent> for Intent {
    fn from(from: intent::Intent) -> Self {
        Self {
            id: from.id.as_uuid(),
            name: from.name,
            display_name: from.display_name,
            description: from.description,
            training_phrases: from.training_phrases,
            response_templates: from.response_templates,
            enabled: from.enabled,
            usage_count: from.usage_count,
            version: from.version,
            created_at: from.created_at,
            updated_at: from.updated_at,
        }
    }
}

/// An intent as it was written.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SavedIntent {
    #[serde(flatten)]
    intent: Intent,
    /// Phrases that say the same as an earlier one, or teach another intent too.
    warnings: Vec<String>,
}

impl From<intents::SavedIntent> for SavedIntent {
    fn from(from: intents::SavedIntent) -> Self {
        Self {
            intent: from.intent.into(),
            warnings: from.warnings,
        }
    }
}

/// Intents to bring in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImportIntents {
    pub(crate) intents: Vec<WriteIntent>,
}

/// What became of an import.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IntentImportReport {
    created: usize,
    updated: usize,
    /// Intents that said the same already.
    unchanged: usize,
    /// Rows and phrases that were not taken, in the order of their lines. Of JSON a line is the place in the list, counted
    /// from 1.
    failed: Vec<RowRemark>,
    /// Phrases that were taken, but say the same as an earlier one, or teach another intent too.
    warnings: Vec<RowRemark>,
}

impl From<ImportedIntents> for IntentImportReport {
    fn from(from: ImportedIntents) -> Self {
        Self {
            created: from.created,
            updated: from.updated,
            unchanged: from.unchanged,
            failed: from.failed.into_iter().map(Into::into).collect(),
            warnings: from.warnings.into_iter().map(Into::into).collect(),
        }
    }
}

/// Where the intents stand.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IntentsStatus {
    /// Rises with every change.
    version: i64,
    /// The version that the last training was on; 0 before the first. What is newer is recognised by the nearest phrases.
    trained_version: i64,
}

impl From<IntentStatus> for IntentsStatus {
    fn from(from: IntentStatus) -> Self {
        Self {
            version: from.version,
            trained_version: from.trained_version,
        }
    }
}
