//! One step along the graph of the knowledge: what supersedes a find stands in for it, and what is linked to a find competes.

use std::collections::{HashMap, HashSet};

use acs_domain::knowledge::{EntryId, Link, LinkKind};
use acs_domain::port::retrieve::Ranked;
use acs_domain::port::store::KnowledgeQueries;
use acs_domain::port::store::knowledge::{Nominations, SearchQuery};

use super::to_scale;
use crate::error::EngineError;
use crate::ports::Ports;

/// Links are followed from so many of the best entries.
const STARTS: usize = 16;
/// What an author links to a find has so much of its score besides its own: enough between equals, and never enough to bring
/// what is not about the question before what is.
const LINKED: f32 = 0.1;

/// Ranks anew where links lead on from the best finds, and gives the links by which something was left out.
pub(super) async fn follow(
    ports: &Ports,
    knowledge: &mut dyn KnowledgeQueries,
    query: &SearchQuery,
    strangers: f32,
    nominations: &mut Nominations,
    ranked: &mut Vec<Ranked>,
) -> Result<Vec<Link>, EngineError> {
    let scores = best_of_entries(nominations, ranked);
    let mut starts = HashSet::new();
    let entries = ranked.iter().map(|one| nominations.nominees[one.index].entry_id);
    let starts: Vec<EntryId> = entries
        .filter(|entry| starts.insert(*entry))
        .take(STARTS)
        .collect();
    if starts.is_empty() {
        return Ok(Vec::new());
    }
    let links = knowledge.links_on(&starts, &query.only, query.at).await?;
    if links.is_empty() {
        return Ok(Vec::new());
    }
    let superseding = |link: &&Link| link.kind == LinkKind::Supersedes;
    let superseded: HashSet<EntryId> = links
        .iter()
        .filter(superseding)
        .map(|link| link.target_id)
        .collect();
    let mut unread: Vec<EntryId> = links
        .iter()
        .flat_map(|link| [link.entry_id, link.target_id])
        .filter(|entry| !scores.contains_key(entry) && !superseded.contains(entry))
        .collect();
    unread.sort_unstable();
    unread.dedup();
    if !unread.is_empty() {
        let of = SearchQuery {
            of: unread,
            ..query.clone()
        };
        let mut more = knowledge.nominate(&of).await?;
        to_scale(&mut more, strangers);
        nominations.nominees.extend(more.nominees);
    }
    nominations
        .nominees
        .retain(|nominee| !superseded.contains(&nominee.entry_id));
    *ranked = ports.retriever.rank(nominations);
    lift(nominations, ranked, &scores, &links);
    Ok(links.iter().filter(superseding).copied().collect())
}

/// Gives what stands in for a find at least the find's score, and what is linked to one a part of it.
fn lift(nominations: &Nominations, ranked: &mut [Ranked], before: &HashMap<EntryId, f32>, links: &[Link]) {
    let own = best_of_entries(nominations, ranked);
    let inherited = inherited(before, links);
    let mut lifts: HashMap<EntryId, f32> = HashMap::new();
    for (entry, own) in &own {
        let missing = inherited.get(entry).map_or(0.0, |score| score - own);
        let linked = links
            .iter()
            .filter(|link| link.kind != LinkKind::Supersedes)
            .filter_map(|link| match *entry {
                entry if entry == link.target_id => before.get(&link.entry_id),
                entry if entry == link.entry_id && link.kind == LinkKind::PartOf => {
                    before.get(&link.target_id)
                }
                _ => None,
            })
            .fold(0.0, |most: f32, score| most.max(LINKED * score));
        lifts.insert(*entry, missing.max(linked).max(0.0));
    }
    for one in &mut *ranked {
        one.score += lifts[&nominations.nominees[one.index].entry_id];
    }
    let id = |one: &Ranked| nominations.nominees[one.index].passage_id;
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| id(a).cmp(&id(b))));
}

/// The scores that go up the chains of successors. No chain is a circle.
fn inherited(before: &HashMap<EntryId, f32>, links: &[Link]) -> HashMap<EntryId, f32> {
    let mut scores = before.clone();
    for _ in links {
        let mut rises = false;
        for link in links.iter().filter(|link| link.kind == LinkKind::Supersedes) {
            let Some(score) = scores.get(&link.target_id).copied() else {
                continue;
            };
            let heir = scores.entry(link.entry_id).or_insert(f32::MIN);
            rises |= score > *heir;
            *heir = heir.max(score);
        }
        if !rises {
            break;
        }
    }
    scores
}

/// The score of each entry's best passage.
fn best_of_entries(nominations: &Nominations, ranked: &[Ranked]) -> HashMap<EntryId, f32> {
    let mut scores: HashMap<EntryId, f32> = HashMap::new();
    for one in ranked {
        let best = scores
            .entry(nominations.nominees[one.index].entry_id)
            .or_insert(f32::MIN);
        *best = best.max(one.score);
    }
    scores
}
