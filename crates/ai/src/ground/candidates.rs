//! Where in the sources a sentence could stand.

use std::collections::HashSet;

use super::library::Library;
use super::stretch::Stretch;

/// With less than this, meaning decides nothing either: too much was added.
pub(super) const SOME: f32 = 0.4;
/// How many sentences in a row a source is read in.
const STRETCH: usize = 3;
/// How many terms of a sentence are compared; a longer one is no sentence.
const MAX_TERMS: usize = 128;

/// Every few sentences in a row, with the share of the terms that they have, the largest first.
pub(super) fn stretches<'l>(library: &'l Library, terms: &HashSet<String>) -> Vec<Stretch<'l>> {
    let mut terms: Vec<&String> = terms.iter().collect();
    terms.sort();
    terms.truncate(MAX_TERMS);
    let bits = |has: &dyn Fn(&str) -> bool| -> u128 {
        terms
            .iter()
            .enumerate()
            .filter(|(_, term)| has(term))
            .fold(0, |bits, (at, _)| bits | 1 << at)
    };
    let mut all = Vec::new();
    for source in &library.sources {
        let headed = bits(&|term| source.headed.contains(term));
        let lines: Vec<u128> = source
            .lines
            .iter()
            .map(|line| bits(&|term| line.claims.terms.contains(term)))
            .collect();
        for size in 1..=STRETCH {
            for (start, run) in lines.windows(size).enumerate() {
                let have = run.iter().fold(headed, |all, line| all | line);
                let best = (0..size)
                    .max_by_key(|at| (run[*at].count_ones(), std::cmp::Reverse(*at)))
                    .unwrap_or(0);
                let lines = &source.lines[start..start + size];
                let share = ratio(have.count_ones(), terms.len());
                // Words gathered from everywhere are no statement.
                if size > 1 && ratio((run[best] | headed).count_ones(), terms.len()) < SOME {
                    continue;
                }
                all.push((
                    size,
                    Stretch {
                        library,
                        source,
                        lines,
                        core: &lines[best],
                        share,
                    },
                ));
            }
        }
    }
    // A stable order: larger shares first, then shorter stretches, then as the sources come.
    all.sort_by(|(a_size, a), (b_size, b)| b.share.total_cmp(&a.share).then(a_size.cmp(b_size)));
    all.into_iter().map(|(_, stretch)| stretch).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts of words are far below 2^24")]
fn ratio(part: u32, all: usize) -> f32 {
    part as f32 / all.max(1) as f32
}
