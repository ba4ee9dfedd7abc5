//! Some passages, and what they are compared with: the nearest of other entries that speak to the same people at the same time.

use std::collections::{BTreeSet, HashMap, HashSet};

use acs_domain::conflict::Reach;
use acs_domain::knowledge::{EntryId, FoundPassage, PassageId};
use acs_domain::port::conflict::Compared;
use acs_domain::port::store::ReadUnit;
use acs_domain::port::store::conflict::Beside;

use crate::error::EngineError;

/// How many passages are compared in one unit.
pub(super) const PASSAGES: u32 = 16;
/// So many of the nearest are looked for beside a passage, and beside each of its sentences.
const NEAREST: u32 = 6;
/// Beside so many sentences of a passage; what is said behind them is found from the other side, or by the whole passage.
const SENTENCES: usize = 16;

/// Passages with those that they are compared with.
pub(super) struct Batch {
    pub(super) passages: Vec<Compared>,
    /// The one of the entry with the smaller id first.
    pub(super) pairs: Vec<[usize; 2]>,
}

impl Batch {
    /// Reads all that is compared: four statements or five, however many passages.
    pub(super) async fn read(unit: &mut dyn ReadUnit, ids: &[PassageId]) -> Result<Self, EngineError> {
        let mut found = unit.knowledge().passages(ids).await?;
        let (places, beside): (Vec<usize>, Vec<Beside>) = found.iter().enumerate().flat_map(beside).unzip();
        let near = unit.conflicts().nearest(&beside, NEAREST).await?;
        let mut at: HashMap<PassageId, usize> = HashMap::new();
        at.extend(
            found
                .iter()
                .enumerate()
                .map(|(place, one)| (one.passage.id, place)),
        );
        let mut seen = HashSet::new();
        let unread = near.iter().map(|(_, id)| *id);
        let unread: Vec<PassageId> = unread
            .filter(|id| !at.contains_key(id) && seen.insert(*id))
            .collect();
        if !unread.is_empty() {
            found.extend(unit.knowledge().passages(&unread).await?);
        }
        at.extend(
            found
                .iter()
                .enumerate()
                .map(|(place, one)| (one.passage.id, place)),
        );
        let entries: HashSet<EntryId> = found.iter().map(|one| one.passage.entry_id).collect();
        let entries: Vec<EntryId> = entries.into_iter().collect();
        let reaches = unit.conflicts().reaches(&entries).await?;
        let reaches: HashMap<EntryId, Reach> =
            reaches.into_iter().map(|one| (one.entry_id, one.reach)).collect();
        let meet = |[one, other]: &[usize; 2]| {
            let of = |place: usize| reaches.get(&found[place].passage.entry_id);
            of(*one)
                .zip(of(*other))
                .is_some_and(|(one, other)| one.meets(other))
        };
        let pairs = near.iter().filter_map(|(asked, id)| {
            let pair = [*places.get(*asked)?, *at.get(id)?];
            Some(in_order(&found, pair))
        });
        let pairs: BTreeSet<[usize; 2]> = pairs.filter(meet).collect();
        let passages = found.into_iter().map(|found| Compared {
            language: reaches
                .get(&found.passage.entry_id)
                .and_then(|reach| reach.language.clone()),
            found,
        });
        Ok(Self {
            passages: passages.collect(),
            pairs: pairs.into_iter().collect(),
        })
    }
}

/// The passage's meaning and those of its sentences, each with the place of the passage.
fn beside((place, found): (usize, &FoundPassage)) -> impl Iterator<Item = (usize, Beside)> + '_ {
    let passage = &found.passage;
    let sentences = passage.sentences.iter().take(SENTENCES);
    let vectors = std::iter::once(&passage.vector).chain(sentences.map(|sentence| &sentence.vector));
    let vectors = vectors.filter(|vector| !vector.is_empty());
    vectors.map(move |vector| {
        let beside = Beside {
            entry_id: passage.entry_id,
            vector: vector.clone(),
        };
        (place, beside)
    })
}

fn in_order(found: &[FoundPassage], [one, other]: [usize; 2]) -> [usize; 2] {
    let entry = |place: usize| found[place].passage.entry_id;
    if entry(one) < entry(other) {
        [one, other]
    } else {
        [other, one]
    }
}
