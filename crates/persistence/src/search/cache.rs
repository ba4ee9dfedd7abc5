//! The indexes of the organizations that were searched last, within a bound of memory.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use acs_domain::organization::OrganizationId;
use acs_domain::port::store::StoreError;

use super::index::VectorIndex;
use super::{Standing, sqlite};
use crate::session::Session;

/// Builds an index once for each version of an organization's knowledge, however many ask for it.
pub(crate) struct VectorCache {
    bound: usize,
    shelf: Mutex<Shelf>,
}

#[derive(Default)]
struct Shelf {
    slots: HashMap<OrganizationId, Slot>,
    uses: u64,
}

#[derive(Default)]
struct Slot {
    index: Arc<tokio::sync::Mutex<Option<Arc<VectorIndex>>>>,
    size_bytes: usize,
    last_use: u64,
}

impl VectorCache {
    /// A cache that keeps about `bound` bytes. The organization used last stays, however large.
    pub(crate) fn new(bound: usize) -> Self {
        Self {
            bound,
            shelf: Mutex::default(),
        }
    }

    /// The index for a unit that sees `version` of its organization's knowledge, and these vectors answer for it.
    pub(crate) async fn index(
        &self,
        session: &Session,
        version: i64,
        standing: &Standing,
    ) -> Result<Arc<VectorIndex>, StoreError> {
        let organization = session.organization_id();
        let slot = self.slot(organization);
        let mut held = slot.lock().await;
        if session.knowledge_changed() {
            // What the unit wrote may yet be rolled back: it gets an index of its own.
            let base = held.clone();
            drop(held);
            let index = base.map_or_else(VectorIndex::default, Arc::unwrap_or_clone);
            return Ok(Arc::new(catch_up(session, index, version, standing).await?));
        }
        match held.as_ref() {
            // A unit that began before the last write: what it cannot see is left out when the nominees are read.
            Some(index) if index.version() >= version && index.is_of(standing) => {
                return Ok(Arc::clone(index));
            }
            // It began before the organization moved to another model: it gets an index of its own.
            Some(index) if index.version() > version => {
                drop(held);
                return Ok(Arc::new(
                    catch_up(session, VectorIndex::default(), version, standing).await?,
                ));
            }
            _ => {}
        }
        // Nobody else holds it, unless a search is running: then that one keeps the old index.
        let index = held
            .take()
            .map_or_else(VectorIndex::default, Arc::unwrap_or_clone);
        let index = Arc::new(catch_up(session, index, version, standing).await?);
        *held = Some(Arc::clone(&index));
        drop(held);
        self.weigh(organization, index.size_bytes());
        Ok(index)
    }

    fn slot(&self, organization: OrganizationId) -> Arc<tokio::sync::Mutex<Option<Arc<VectorIndex>>>> {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.uses += 1;
        let use_number = shelf.uses;
        let slot = shelf.slots.entry(organization).or_default();
        slot.last_use = use_number;
        Arc::clone(&slot.index)
    }

    /// Notes the size of an index, and lets go of those not used for longest while all together are too large.
    fn weigh(&self, organization: OrganizationId, size_bytes: usize) {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = shelf.slots.get_mut(&organization) {
            slot.size_bytes = size_bytes;
        }
        while shelf.slots.values().map(|slot| slot.size_bytes).sum::<usize>() > self.bound {
            let others = shelf.slots.iter().filter(|(other, _)| **other != organization);
            let Some(oldest) = others
                .min_by_key(|(_, slot)| slot.last_use)
                .map(|(other, _)| *other)
            else {
                break;
            };
            shelf.slots.remove(&oldest);
        }
    }
}

/// Brings an index to a version: by what has changed since, or from nothing when that is most of it.
async fn catch_up(
    session: &Session,
    mut index: VectorIndex,
    version: i64,
    standing: &Standing,
) -> Result<VectorIndex, StoreError> {
    if index.version() > 0 && index.len() > 0 && index.is_of(standing) {
        let changed: HashSet<_> = sqlite::changed_entries(session, index.version()).await?;
        if changed.len() <= index.len() / 8 {
            index.remove(&changed);
            sqlite::read_vectors_of(session, &changed, standing.place, &mut index).await?;
            index.set_version(version);
            return Ok(index);
        }
    }
    index = VectorIndex::of(standing.clone());
    sqlite::read_all_vectors(session, standing.place, &mut index).await?;
    index.set_version(version);
    Ok(index)
}
