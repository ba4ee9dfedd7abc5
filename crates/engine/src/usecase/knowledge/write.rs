//! Entries are written: checked, cut, embedded, and only then stored, in one short unit.

use acs_core::error::FieldErrors;
use acs_domain::access::{Caller, Grant, Scope, WriteKnowledge};
use acs_domain::event::EventKind;
use acs_domain::idempotency::Claim;
use acs_domain::knowledge::{
    Entry, EntryId, EntryText, MAX_CONTENT_CHARS, MAX_TITLE_CHARS, Passage, Sentence, Vector,
};
use acs_domain::port::embed::Role;
use acs_domain::port::retrieve::Cutting;
use acs_domain::port::store::knowledge::WrittenEntry;
use serde_json::json;
use time::OffsetDateTime;

use super::KnowledgeBase;
use crate::error::{EngineError, Thing};
use crate::input::{NO_WEB_ADDRESS, future, in_utc, is_web_address, language, tags};
use crate::once::{self, Once};

impl KnowledgeBase {
    /// Adds an entry.
    pub async fn create(
        &self,
        grant: &Grant<WriteKnowledge>,
        text: EntryText,
        claim: Option<&Claim>,
    ) -> Result<Once<Entry>, EngineError> {
        let (ports, scope) = (&self.ports, grant.scope());
        let at = ports.now();
        let entry = self.entry(scope, grant.caller(), checked(text, at)?, at);
        let written = self.prepare(scope, vec![entry]).await?;
        let mut unit = ports.store.begin(scope).await?;
        if let Some(entry) = once::recall::<Entry>(ports, &mut *unit, scope, claim).await? {
            return Ok(Once::replayed(entry));
        }
        unit.knowledge().put(&written).await?;
        unit.outbox().append(&self.written(&written, at)).await?;
        let entry = written.into_iter().next().map(|written| written.entry);
        let entry = entry.ok_or(EngineError::NotFound(Thing::Entry))?;
        once::keep(ports, &mut *unit, scope, claim, &entry).await?;
        unit.commit().await?;
        Ok(Once::fresh(entry))
    }

    /// Gives an entry a new text; the old one stays as a version.
    pub async fn replace(
        &self,
        grant: &Grant<WriteKnowledge>,
        id: EntryId,
        text: EntryText,
    ) -> Result<Entry, EngineError> {
        let (ports, scope) = (&self.ports, grant.scope());
        let at = ports.now();
        let text = checked(text, at)?;
        let mut unit = ports.store.read(scope).await?;
        let found = unit
            .knowledge()
            .find(id)
            .await?
            .ok_or(EngineError::NotFound(Thing::Entry))?;
        drop(unit);
        let written = self
            .prepare(scope, vec![next_version(found, text, grant.caller(), at)])
            .await?;
        let mut unit = ports.store.begin(scope).await?;
        unit.knowledge().put(&written).await?;
        unit.outbox().append(&self.written(&written, at)).await?;
        unit.commit().await?;
        written
            .into_iter()
            .next()
            .map(|written| written.entry)
            .ok_or(EngineError::NotFound(Thing::Entry))
    }

    /// Removes an entry; its versions stay on record.
    pub async fn delete(&self, grant: &Grant<WriteKnowledge>, id: EntryId) -> Result<(), EngineError> {
        let (ports, scope) = (&self.ports, grant.scope());
        let at = ports.now();
        let mut unit = ports.store.begin(scope).await?;
        if !unit.knowledge().delete(id, at).await? {
            return Err(EngineError::NotFound(Thing::Entry));
        }
        let event = ports.event(
            scope.organization_id(),
            EventKind::KnowledgeDeleted,
            id,
            json!({}),
            at,
        );
        unit.outbox().append(&[event]).await?;
        unit.commit().await?;
        Ok(())
    }

    /// Cuts entries into passages and gives each passage and sentence its meaning. The slow part of writing, and
    /// none of it inside a unit of work.
    pub(super) async fn prepare(
        &self,
        scope: Scope,
        entries: Vec<Entry>,
    ) -> Result<Vec<WrittenEntry>, EngineError> {
        let ports = self.ports.clone();
        let cut = tokio::task::spawn_blocking(move || {
            entries
                .into_iter()
                .map(|entry| (ports.retriever.cut(&entry.text), entry))
                .collect::<Vec<_>>()
        });
        let cut = cut
            .await
            .map_err(|error| EngineError::Internal(Box::new(error)))?;
        let texts = cut
            .iter()
            .flat_map(|(cuttings, _)| cuttings)
            .flat_map(texts_of)
            .collect();
        let embedder = self.ports.embedder_for(scope).await?;
        let mut vectors = embedder.embed(texts, Role::Passage).await?.into_iter();
        let mut written = Vec::with_capacity(cut.len());
        for (cuttings, entry) in cut {
            let mut passages = Vec::with_capacity(cuttings.len());
            for (ordinal, cutting) in (0..).zip(cuttings) {
                passages.push(self.passage(&entry, ordinal, cutting, &mut vectors)?);
            }
            written.push(WrittenEntry {
                entry,
                passages,
                embedding_model: embedder.model().to_owned(),
            });
        }
        Ok(written)
    }

    fn passage(
        &self,
        entry: &Entry,
        ordinal: i64,
        cutting: Cutting,
        vectors: &mut impl Iterator<Item = Vector>,
    ) -> Result<Passage, EngineError> {
        let mut next = || {
            vectors
                .next()
                .ok_or_else(|| EngineError::Model("the model gave too few vectors".into()))
        };
        let vector = next()?;
        let sentences = cutting.sentences.iter().map(|range| {
            Ok::<_, EngineError>(Sentence {
                start: range.start,
                end: range.end,
                vector: next()?,
            })
        });
        Ok(Passage {
            id: self.ports.id(entry.updated_at),
            entry_id: entry.id,
            ordinal,
            heading: cutting.heading,
            sentences: sentences.collect::<Result<_, _>>()?,
            text: cutting.text,
            terms: cutting.terms,
            vector,
        })
    }

    fn entry(&self, scope: Scope, caller: &Caller, text: EntryText, at: OffsetDateTime) -> Entry {
        self.entry_by(scope, Some(caller), text, at)
    }

    pub(super) fn entry_by(
        &self,
        scope: Scope,
        caller: Option<&Caller>,
        text: EntryText,
        at: OffsetDateTime,
    ) -> Entry {
        Entry {
            id: self.ports.id(at),
            organization_id: scope.organization_id(),
            text,
            version: 1,
            revision: 0,
            author_id: caller.and_then(Caller::user_id),
            usage_count: 0,
            success_count: 0,
            created_at: at,
            updated_at: at,
        }
    }

    pub(super) fn written(
        &self,
        written: &[WrittenEntry],
        at: OffsetDateTime,
    ) -> Vec<acs_domain::event::Event> {
        let event = |WrittenEntry { entry, .. }: &WrittenEntry| {
            let payload = json!({ "version": entry.version });
            self.ports.event(
                entry.organization_id,
                EventKind::KnowledgeWritten,
                entry.id,
                payload,
                at,
            )
        };
        written.iter().map(event).collect()
    }
}

/// What is embedded of a cutting: the passage, then each of its sentences.
fn texts_of(cutting: &Cutting) -> impl Iterator<Item = String> {
    let sentences = cutting
        .sentences
        .iter()
        .map(|range| cutting.text[range.clone()].to_owned());
    std::iter::once(cutting.embedded.clone()).chain(sentences)
}

fn next_version(entry: Entry, text: EntryText, caller: &Caller, at: OffsetDateTime) -> Entry {
    next_version_by(entry, text, Some(caller), at)
}

pub(super) fn next_version_by(
    entry: Entry,
    text: EntryText,
    caller: Option<&Caller>,
    at: OffsetDateTime,
) -> Entry {
    Entry {
        text,
        version: entry.version + 1,
        author_id: caller.and_then(Caller::user_id),
        updated_at: at,
        ..entry
    }
}

/// The text, cleaned, if all of it is acceptable; else every reason why not.
pub(super) fn checked(text: EntryText, now: OffsetDateTime) -> Result<EntryText, FieldErrors> {
    let mut errors = FieldErrors::default();
    let mut required = |field: &str, value: &str, max: usize| {
        let value = acs_core::clean::clean(value).text.into_owned();
        if value.is_empty() || value.chars().count() > max {
            errors.add(field, format!("must be 1 to {max} characters"));
        }
        value
    };
    let title = required("title", &text.title, MAX_TITLE_CHARS);
    let content = required("content", &text.content, MAX_CONTENT_CHARS);
    let category = required("category", &text.category, 100);
    let mut optional = |field: &str, value: Option<String>, max: usize| {
        let value = value
            .map(|value| acs_core::clean::clean(&value).text.into_owned())
            .filter(|value| !value.is_empty());
        if value.as_ref().is_some_and(|value| value.chars().count() > max) {
            errors.add(field, format!("must be at most {max} characters"));
        }
        value
    };
    let subcategory = optional("subcategory", text.subcategory, 100);
    let summary = optional("summary", text.summary, 2_000);
    let source = optional("source", text.source, 255);
    let source_url = optional("source_url", text.source_url, 2_000);
    if source_url.as_ref().is_some_and(|url| !is_web_address(url)) {
        errors.add("source_url", NO_WEB_ADDRESS);
    }
    let audience = tags(&text.audience).unwrap_or_else(|reason| {
        errors.add("audience", reason);
        Vec::new()
    });
    let tags = tags(&text.tags).unwrap_or_else(|reason| {
        errors.add("tags", reason);
        Vec::new()
    });
    let expires_at = future(text.expires_at, now).unwrap_or_else(|reason| {
        errors.add("expires_at", reason);
        None
    });
    let language = language(text.language.as_deref()).unwrap_or_else(|reason| {
        errors.add("language", reason);
        None
    });
    let valid_from = in_utc(text.valid_from).unwrap_or_else(|reason| {
        errors.add("valid_from", reason);
        None
    });
    if valid_from
        .zip(expires_at)
        .is_some_and(|(begin, end)| begin >= end)
    {
        errors.add("valid_from", "must lie before expires_at");
    }
    if errors.is_empty() {
        Ok(EntryText {
            title,
            content,
            category,
            subcategory,
            tags,
            summary,
            source,
            source_url,
            language,
            audience,
            valid_from,
            expires_at,
        })
    } else {
        Err(errors)
    }
}
