//! The last order of what was found, by what only the passages themselves tell.
//!
//! - A long question's parts (see `parts`) each look for their own answer, as words do in late interaction (MaxSim; Khattab and
//!   Zaharia 2020). A passage counts by the parts that it is nearest to: it need not be about the others.
//! - Of passages that say the same, the fresher and the oftener helpful one comes first. That tells nothing between passages that
//!   say different things, and a word of the question that only the older one has outweighs it: so what is new never stands in
//!   for what is right. No clock takes part: the same finds are always in the same order.

use acs_domain::knowledge::{Hit, Vector};
use acs_domain::port::embed::likeness;

/// A passage counts by so many of the parts that are nearest to it.
const NEAREST: usize = 2;
/// Passages as like as this say the same: of a bank's articles those for two kinds of account, or for this month and the last.
const SAME: f32 = 0.93;
/// What being out of date costs at the most: as much as the scores of passages that say the same usually lie apart.
const STALE: f32 = 0.02;
/// After so many days half of it is due.
const HALF_DAYS: f32 = 180.0;
/// What having helped less costs at the most: it only breaks ties, since what helps is what was found before.
const UNPROVEN: f32 = 0.005;
/// So many times oftener is as much oftener as counts.
const OFTENER: f32 = 100.0;

/// Puts the hits in their last order. `parts` are the meanings of the question's parts, none where it has only one.
pub(super) fn rerank(parts: &[Vector], strangers: f32, share: f32, hits: &mut [Hit]) {
    if parts.len() > 1 {
        for hit in &mut *hits {
            if let Some(near) = nearest(parts, &hit.found.passage.vector) {
                hit.score = likeness(near, strangers) + share * hit.lexical;
            }
        }
    }
    let costs: Vec<f32> = hits.iter().map(|hit| cost(hit, hits, strangers)).collect();
    for (hit, cost) in hits.iter_mut().zip(costs) {
        hit.score -= cost;
    }
    hits.sort_by(|a, b| {
        let id = |hit: &Hit| hit.found.passage.id;
        b.score.total_cmp(&a.score).then_with(|| id(a).cmp(&id(b)))
    });
}

/// The mean cosine of the parts that are nearest to a passage; `None` if it has no vector of their model.
fn nearest(parts: &[Vector], passage: &Vector) -> Option<f32> {
    let mut cosines: Vec<f32> = parts
        .iter()
        .filter(|part| part.len() == passage.len())
        .map(|part| dot(part, passage))
        .collect();
    cosines.sort_by(|a, b| b.total_cmp(a));
    cosines.truncate(NEAREST);
    let count = u8::try_from(cosines.len()).ok().filter(|count| *count > 0)?;
    Some(cosines.iter().sum::<f32>() / f32::from(count))
}

/// What a hit loses to one that says the same and is fresher or quoted oftener.
fn cost(hit: &Hit, hits: &[Hit], strangers: f32) -> f32 {
    let passage = &hit.found.passage;
    hits.iter()
        .filter(|other| other.found.passage.entry_id != passage.entry_id && other.lexical >= hit.lexical)
        .filter(|other| says_the_same(&other.found.passage.vector, &passage.vector, strangers))
        .map(|other| {
            let days = (other.found.updated_at - hit.found.updated_at)
                .whole_days()
                .max(0) as f32;
            let oftener = (1.0 + other.found.success_count.max(0) as f32)
                / (1.0 + hit.found.success_count.max(0) as f32);
            let unproven = (oftener.max(1.0).ln() / OFTENER.ln()).min(1.0);
            STALE * days / (days + HALF_DAYS) + UNPROVEN * unproven
        })
        .fold(0.0, f32::max)
}

fn says_the_same(a: &Vector, b: &Vector, strangers: f32) -> bool {
    !a.is_empty() && a.len() == b.len() && likeness(dot(a, b), strangers) >= SAME
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests;
