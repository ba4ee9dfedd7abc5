//! The graph of the knowledge: which entry holds instead of another, is part of it, or is worth reading beside it.

use std::collections::HashSet;

use acs_core::error::FieldErrors;
use acs_domain::access::{Grant, ReadKnowledge, WriteKnowledge};
use acs_domain::event::EventKind;
use acs_domain::knowledge::{EntryId, Link, LinkKind, TitledLink};
use acs_domain::port::store::StoreError;
use serde_json::json;

use super::KnowledgeBase;
use crate::error::{EngineError, Thing};

/// How many links leave an entry at the most.
const MAX_LINKS: usize = 50;

impl KnowledgeBase {
    /// The links of an entry, those that leave it and those that lead to it.
    pub async fn links(
        &self,
        grant: &Grant<ReadKnowledge>,
        id: EntryId,
    ) -> Result<Vec<TitledLink>, EngineError> {
        let mut unit = self.ports.store.read(grant.scope()).await?;
        if unit.knowledge().find(id).await?.is_none() {
            return Err(EngineError::NotFound(Thing::Entry));
        }
        Ok(unit.knowledge().links_of(id).await?)
    }

    /// Puts links in place of all that left the entry. They count from the next search on.
    pub async fn replace_links(
        &self,
        grant: &Grant<WriteKnowledge>,
        id: EntryId,
        links: &[(LinkKind, EntryId)],
    ) -> Result<Vec<TitledLink>, EngineError> {
        let (ports, scope) = (&self.ports, grant.scope());
        check(id, links)?;
        let links: Vec<Link> = links
            .iter()
            .map(|(kind, target_id)| Link {
                entry_id: id,
                kind: *kind,
                target_id: *target_id,
            })
            .collect();
        let at = ports.now();
        let mut unit = ports.store.begin(scope).await?;
        if unit.knowledge().find(id).await?.is_none() {
            return Err(EngineError::NotFound(Thing::Entry));
        }
        match unit.knowledge().put_links(id, &links, at).await {
            Err(StoreError::Conflict { what: "links" }) => {
                let reason =
                    "must lead to entries that are there, and no entry may supersede itself in the end";
                return Err(EngineError::invalid("links", reason));
            }
            put => put?,
        }
        let organization = scope.organization_id();
        let linked = ports.event(organization, EventKind::KnowledgeLinked, id, json!({}), at);
        unit.outbox().append(&[linked]).await?;
        let now = unit.knowledge().links_of(id).await?;
        unit.commit().await?;
        Ok(now)
    }
}

fn check(id: EntryId, links: &[(LinkKind, EntryId)]) -> Result<(), FieldErrors> {
    let mut errors = FieldErrors::default();
    if links.len() > MAX_LINKS {
        errors.add("links", format!("must be at most {MAX_LINKS}"));
    }
    let mut seen = HashSet::new();
    for (place, link) in links.iter().enumerate() {
        if link.1 == id {
            errors.add(format!("links.{place}.entry_id"), "must be another entry");
        } else if !seen.insert(link) {
            errors.add(format!("links.{place}"), "stands there twice");
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}
