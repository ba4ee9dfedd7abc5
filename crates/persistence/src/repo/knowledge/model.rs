//! Entries and versions, from rows and to rows.

use acs_core::id::Id;
use acs_domain::knowledge::{Entry, EntryText, EntryVersion};
use acs_domain::port::store::StoreError;

use crate::entity::{Jsonb, knowledge_entry, knowledge_version};
use crate::row::{Origin, micros};

/// The bytes of text that an entry counts for the quota.
pub(crate) fn size_bytes(text: &EntryText) -> i64 {
    let summary = text.summary.as_ref().map_or(0, String::len);
    i64::try_from(text.title.len() + text.content.len() + summary).unwrap_or(i64::MAX)
}

pub(crate) fn entry_model(it: &Entry, revision: i64) -> knowledge_entry::Model {
    knowledge_entry::Model {
        organization_id: it.organization_id.as_uuid(),
        id: it.id.as_uuid(),
        title: it.text.title.clone(),
        content: it.text.content.clone(),
        category: it.text.category.clone(),
        subcategory: it.text.subcategory.clone(),
        tags: Jsonb(it.text.tags.clone()),
        summary: it.text.summary.clone(),
        source: it.text.source.clone(),
        source_url: it.text.source_url.clone(),
        language: it.text.language.clone(),
        audience: Jsonb(it.text.audience.clone()),
        valid_from: it.text.valid_from.map(micros),
        expires_at: it.text.expires_at.map(micros),
        version: it.version,
        revision,
        author_id: it.author_id.map(Id::as_uuid),
        usage_count: it.usage_count,
        success_count: it.success_count,
        size_bytes: size_bytes(&it.text),
        created_at: micros(it.created_at),
        updated_at: micros(it.updated_at),
    }
}

pub(crate) fn version_model(it: &Entry) -> knowledge_version::Model {
    knowledge_version::Model {
        organization_id: it.organization_id.as_uuid(),
        entry_id: it.id.as_uuid(),
        version: it.version,
        title: it.text.title.clone(),
        content: it.text.content.clone(),
        category: it.text.category.clone(),
        subcategory: it.text.subcategory.clone(),
        tags: Jsonb(it.text.tags.clone()),
        summary: it.text.summary.clone(),
        source: it.text.source.clone(),
        source_url: it.text.source_url.clone(),
        language: it.text.language.clone(),
        audience: Jsonb(it.text.audience.clone()),
        valid_from: it.text.valid_from.map(micros),
        expires_at: it.text.expires_at.map(micros),
        author_id: it.author_id.map(Id::as_uuid),
        created_at: micros(it.updated_at),
        deleted_at: None,
        deleted_revision: None,
    }
}

pub(crate) fn entry(row: knowledge_entry::Model) -> Result<Entry, StoreError> {
    let origin = Origin {
        table: "knowledge_entries",
        id: row.id,
    };
    Ok(Entry {
        id: Id::from_uuid(row.id),
        organization_id: Id::from_uuid(row.organization_id),
        text: EntryText {
            title: row.title,
            content: row.content,
            category: row.category,
            subcategory: row.subcategory,
            tags: row.tags.0,
            summary: row.summary,
            source: row.source,
            source_url: row.source_url,
            language: row.language,
            audience: row.audience.0,
            valid_from: origin.opt_time(row.valid_from)?,
            expires_at: origin.opt_time(row.expires_at)?,
        },
        version: row.version,
        revision: row.revision,
        author_id: row.author_id.map(Id::from_uuid),
        usage_count: row.usage_count,
        success_count: row.success_count,
        created_at: origin.time(row.created_at)?,
        updated_at: origin.time(row.updated_at)?,
    })
}

pub(crate) fn version(row: knowledge_version::Model) -> Result<EntryVersion, StoreError> {
    let origin = Origin {
        table: "knowledge_versions",
        id: row.entry_id,
    };
    Ok(EntryVersion {
        entry_id: Id::from_uuid(row.entry_id),
        version: row.version,
        text: EntryText {
            title: row.title,
            content: row.content,
            category: row.category,
            subcategory: row.subcategory,
            tags: row.tags.0,
            summary: row.summary,
            source: row.source,
            source_url: row.source_url,
            language: row.language,
            audience: row.audience.0,
            valid_from: origin.opt_time(row.valid_from)?,
            expires_at: origin.opt_time(row.expires_at)?,
        },
        author_id: row.author_id.map(Id::from_uuid),
        created_at: origin.time(row.created_at)?,
    })
}
