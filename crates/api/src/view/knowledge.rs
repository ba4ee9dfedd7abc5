//! Knowledge entries, their versions, and what a search finds.

use acs_domain::knowledge::{self, EntryText, EntryVersion};
use acs_domain::user::UserId;
use acs_engine::usecase::knowledge::{FoundEntry, Imported};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use super::row::RowRemark;

/// What an author writes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WriteEntry {
    #[schema(min_length = 1, max_length = 500)]
    title: String,
    /// Markdown.
    #[schema(min_length = 1, max_length = 200_000)]
    content: String,
    /// Coarse subject.
    category: String,
    /// Finer subject.
    subcategory: Option<String>,
    tags: Option<Vec<String>>,
    /// In one or two sentences.
    summary: Option<String>,
    /// Where it comes from.
    source: Option<String>,
    /// Where customers can read it: http or https.
    source_url: Option<String>,
    /// Its language, a code such as `de`; left out, it is for readers of any.
    language: Option<String>,
    /// Whom it is for: customers of one of these tiers, or with one of these tags. Left out: everybody.
    audience: Option<Vec<String>>,
    /// When it begins to be true.
    #[serde(default, with = "time::serde::rfc3339::option")]
    valid_from: Option<OffsetDateTime>,
    /// When it stops being true.
    #[serde(default, with = "time::serde::rfc3339::option")]
    expires_at: Option<OffsetDateTime>,
}

impl From<WriteEntry> for EntryText {
    fn from(from: WriteEntry) -> Self {
        Self {
            title: from.title,
            content: from.content,
            category: from.category,
            subcategory: from.subcategory,
            tags: from.tags.unwrap_or_default(),
            summary: from.summary,
            source: from.source,
            source_url: from.source_url,
            language: from.language,
            audience: from.audience.unwrap_or_default(),
            valid_from: from.valid_from,
            expires_at: from.expires_at,
        }
    }
}

/// What an entry says.
#[derive(Debug, Serialize, ToSchema)]
struct Text {
    title: String,
    /// Markdown.
    content: String,
    /// Coarse subject.
    category: String,
    /// Finer subject.
    subcategory: Option<String>,
    tags: Vec<String>,
    /// In one or two sentences.
    summary: Option<String>,
    /// Where it comes from.
    source: Option<String>,
    /// Where customers can read it.
    source_url: Option<String>,
    /// Its language; null where it is for readers of any.
    language: Option<String>,
    /// Whom it is for: customers of one of these tiers, or with one of these tags. Empty: everybody.
    audience: Vec<String>,
    /// When it begins to be true.
    #[serde(with = "time::serde::rfc3339::option")]
    valid_from: Option<OffsetDateTime>,
    /// When it stops being true.
    #[serde(with = "time::serde::rfc3339::option")]
    expires_at: Option<OffsetDateTime>,
}

impl From<EntryText> for Text {
    fn from(from: EntryText) -> Self {
        Self {
            title: from.title,
            content: from.content,
            category: from.category,
            subcategory: from.subcategory,
            tags: from.tags,
            summary: from.summary,
            source: from.source,
            source_url: from.source_url,
            language: from.language,
            audience: from.audience,
            valid_from: from.valid_from,
            expires_at: from.expires_at,
        }
    }
}

/// A piece of the organization's knowledge, as it is now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Entry {
    id: Uuid,
    #[serde(flatten)]
    text: Text,
    /// Counts the texts that it had: 1, 2, 3 …
    version: i64,
    /// Who wrote the last text.
    author_id: Option<Uuid>,
    /// How often it was cited.
    usage_count: i64,
    /// How often a reply that cites it settled the matter.
    success_count: i64,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    updated_at: OffsetDateTime,
}

impl From<knowledge::Entry> for Entry {
    fn from(from: knowledge::Entry) -> Self {
        Self {
            id: from.id.as_uuid(),
            text: from.text.into(),
            version: from.version,
            author_id: from.author_id.map(UserId::as_uuid),
            usage_count: from.usage_count,
            success_count: from.success_count,
            created_at: from.created_at,
            updated_at: from.updated_at,
        }
    }
}

/// One text that an entry had.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Version {
    entry_id: Uuid,
    version: i64,
    #[serde(flatten)]
    text: Text,
    /// Who wrote it.
    author_id: Option<Uuid>,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
}

impl From<EntryVersion> for Version {
    fn from(from: EntryVersion) -> Self {
        Self {
            entry_id: from.entry_id.as_uuid(),
            version: from.version,
            text: from.text.into(),
            author_id: from.author_id.map(UserId::as_uuid),
            created_at: from.created_at,
        }
    }
}

/// What is searched for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Search {
    #[schema(min_length = 1, max_length = 10_000)]
    pub(crate) query: String,
    /// How many entries at the most; 10 unless given.
    #[schema(minimum = 1, maximum = 50)]
    pub(crate) limit: Option<i64>,
    /// Only entries of this category.
    pub(crate) category: Option<String>,
    /// Only entries in this language, and those for readers of any.
    pub(crate) language: Option<String>,
    /// Only what a customer of these tiers and tags may read; everything is searched without it.
    pub(crate) audience: Option<Vec<String>>,
}

/// What a search found, best first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Found {
    pub(crate) items: Vec<FoundItem>,
    pub(crate) processing_time_ms: f64,
}

/// An entry with its best passage.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundItem {
    entry_id: Uuid,
    title: String,
    passage: String,
    /// How well the passage fits; larger is better.
    score: f32,
    url: Option<String>,
    category: String,
}

impl From<FoundEntry> for FoundItem {
    fn from(from: FoundEntry) -> Self {
        Self {
            entry_id: from.found.passage.entry_id.as_uuid(),
            title: from.found.title,
            passage: from.found.passage.text,
            score: from.score,
            url: from.found.source_url,
            category: from.found.category,
        }
    }
}

/// What became of a file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportReport {
    /// Entries that are new.
    created: usize,
    /// Entries that have a new version.
    updated: usize,
    /// Entries that said the same already.
    unchanged: usize,
    /// Rows that were not taken, in the order of their lines.
    failed: Vec<RowRemark>,
}

impl From<Imported> for ImportReport {
    fn from(from: Imported) -> Self {
        Self {
            created: from.created,
            updated: from.updated,
            unchanged: from.unchanged,
            failed: from.failed.into_iter().map(Into::into).collect(),
        }
    }
}

/// The form of an upload, for the document.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only the document reads it")]
pub(crate) struct Upload {
    /// Markdown, HTML, CSV or JSON Lines, told by the name's ending.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}
