//! Sentences of two entries, held against each other: whether they speak of the same matter, and whether both can be true.
//!
//! What is told of a conflict that is none costs the trust of whoever reads it. So two sentences are of one matter only where
//! nothing is left over on either side but words that tell nothing, and in what they differ is one thing.

mod differ;
mod matter;

use acs_domain::port::conflict::{Compared, Comparison, Contradiction};
use acs_domain::port::embed::likeness;

use super::RuleGrounding;
use super::library::{Line, Source};
use super::terms::Terms;

/// How like in meaning two sentences must be.
const LIKE: f32 = 0.6;
/// A passage of more sentences is a table; what stands behind is not compared.
const SENTENCES: usize = 64;
/// So many contradictions of two passages are told: whoever mends them reads the passages anyway.
const TOLD: usize = 3;

impl Comparison for RuleGrounding {
    fn contradictions(
        &self,
        passages: &[Compared],
        pairs: &[[usize; 2]],
        strangers: f32,
    ) -> Vec<Contradiction> {
        let mut sources: Vec<Option<Source>> = Vec::new();
        sources.resize_with(passages.len(), || None);
        for &at in pairs.iter().flatten() {
            if let (Some(place), Some(passage)) = (sources.get_mut(at), passages.get(at)) {
                place.get_or_insert_with(|| Source::of_entry(passage, &self.terms));
            }
        }
        let mut found = Vec::new();
        for pair in pairs {
            let of = |at: usize| sources.get(at).and_then(Option::as_ref);
            let (Some(one), Some(other)) = (of(pair[0]), of(pair[1])) else {
                continue;
            };
            found.extend(
                between(one, other, strangers, &self.terms).map(|(sentences, difference)| Contradiction {
                    passages: *pair,
                    sentences,
                    difference,
                }),
            );
        }
        found
    }
}

type Found = ([std::ops::Range<usize>; 2], acs_domain::conflict::Difference);

/// The contradictions of two passages, in the order of their sentences.
fn between<'s>(
    one: &'s Source,
    other: &'s Source,
    strangers: f32,
    terms: &'s Terms,
) -> impl Iterator<Item = Found> + 's {
    let comparable = one.words.code == other.words.code && one.words.is_full();
    let lines = one.lines.iter().take(if comparable { SENTENCES } else { 0 });
    let pairs = lines.flat_map(|line| {
        other
            .lines
            .iter()
            .take(SENTENCES)
            .map(move |beside| (line, beside))
    });
    let pairs = pairs.filter(move |(line, beside)| likeness(cosine(line, beside), strangers) >= LIKE);
    let differing = pairs.filter_map(move |(line, beside)| {
        let difference = differ::difference(&line.claims, &beside.claims)?;
        matter::is_one((one, line), (other, beside), terms)
            .then(|| ([line.range.clone(), beside.range.clone()], difference))
    });
    differing.take(TOLD)
}

/// The cosine of two sentences; without their meanings they are strangers.
fn cosine(one: &Line, other: &Line) -> f32 {
    match (&one.vector, &other.vector) {
        (Some(one), Some(other)) if one.len() == other.len() && !one.is_empty() => {
            one.iter().zip(other.iter()).map(|(a, b)| a * b).sum()
        }
        _ => f32::MIN,
    }
}

#[cfg(test)]
mod tests;
