//! A store of passages in memory that nominates all of them.

use std::collections::{HashMap, HashSet};
use std::error::Error;

use acs_ai::retrieve::RuleRetriever;
use acs_core::id::Id;
use acs_domain::knowledge::Vector;
use acs_domain::port::embed::{Embedder, Role, likeness};
use acs_domain::port::retrieve::Retriever;
use acs_domain::port::store::knowledge::{Lexicon, Nominations, Nominee};
use uuid::Uuid;

use super::data::Set;

/// How many results count.
const DEPTH: usize = 10;

/// All passages of a set, and its questions with what they nominate.
pub(crate) struct Memory {
    /// The entry of each passage.
    owners: Vec<usize>,
    pub(crate) asked: Vec<Asked>,
}

/// A question with all that is found for it.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) right: Vec<usize>,
    pub(crate) group: usize,
    pub(crate) kind: String,
    nominations: Nominations,
}

/// A passage's words.
struct Counted {
    counts: HashMap<String, u32>,
    length: u32,
}

impl Memory {
    pub(crate) async fn load(set: &Set, embedder: &dyn Embedder) -> Result<Self, Box<dyn Error>> {
        let retriever = RuleRetriever::default();
        let (mut owners, mut counted, mut texts) = (Vec::new(), Vec::new(), Vec::new());
        for (owner, entry) in set.entries.iter().enumerate() {
            for cutting in retriever.cut(entry) {
                owners.push(owner);
                counted.push(Counted::of(&cutting.terms));
                texts.push(cutting.embedded);
            }
        }
        let vectors = embedder.embed(texts, Role::Passage).await?;
        let mut asked = Vec::new();
        for question in &set.questions {
            let vector = embedder
                .embed(vec![question.text.clone()], Role::Question)
                .await?
                .remove(0);
            let mut terms = retriever.terms(&question.text);
            let mut seen = HashSet::new();
            terms.retain(|term| seen.insert(term.clone()));
            let mut nominations = nominate(&terms, &vector, &owners, &counted, &vectors);
            for nominee in &mut nominations.nominees {
                nominee.cosine = likeness(nominee.cosine, embedder.strangers());
            }
            asked.push(Asked {
                right: question.right.clone(),
                group: question.group,
                kind: question.kind.clone(),
                nominations,
            });
        }
        Ok(Self { owners, asked })
    }

    pub(crate) fn passages(&self) -> usize {
        self.owners.len()
    }

    /// Entries by the retriever's score.
    pub(crate) fn fused(&self, asked: &Asked, retriever: &RuleRetriever) -> Vec<usize> {
        let ranked = retriever.rank(&asked.nominations);
        self.entries(ranked.iter().map(|ranked| ranked.index))
    }

    /// Entries by words alone.
    pub(crate) fn lexical(&self, asked: &Asked, retriever: &RuleRetriever) -> Vec<usize> {
        let mut ranked = retriever.rank(&asked.nominations);
        ranked.retain(|ranked| ranked.lexical > 0.0);
        ranked.sort_by(|a, b| b.lexical.total_cmp(&a.lexical).then(a.index.cmp(&b.index)));
        self.entries(ranked.iter().map(|ranked| ranked.index))
    }

    /// Each entry at the place of its best passage.
    fn entries(&self, passages: impl Iterator<Item = usize>) -> Vec<usize> {
        let mut seen = HashSet::new();
        passages
            .map(|passage| self.owners[passage])
            .filter(|owner| seen.insert(*owner))
            .collect()
    }

    /// The mean of normalized discounted cumulative gain over the first ten results.
    pub(crate) fn ndcg(&self, asked: &[Asked], order: impl Fn(&Asked) -> Vec<usize>) -> f32 {
        let gain = |place: usize| 1.0 / (place as f32 + 2.0).log2();
        let one = |asked: &Asked| {
            let found: f32 = order(asked)
                .iter()
                .take(DEPTH)
                .enumerate()
                .filter(|(_, entry)| asked.right.contains(entry))
                .map(|(place, _)| gain(place))
                .sum();
            let ideal: f32 = (0..asked.right.len().min(DEPTH)).map(gain).sum();
            found / ideal
        };
        asked.iter().map(one).sum::<f32>() / asked.len() as f32
    }
}

/// Entries by the sum of the reciprocals of their ranks.
pub(crate) fn reciprocal_ranks(first: &[usize], second: &[usize], constant: f32) -> Vec<usize> {
    let mut scores: HashMap<usize, f32> = HashMap::new();
    for order in [first, second] {
        for (rank, entry) in order.iter().enumerate() {
            *scores.entry(*entry).or_default() += 1.0 / (constant + rank as f32 + 1.0);
        }
    }
    let mut entries: Vec<(usize, f32)> = scores.into_iter().collect();
    entries.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    entries.into_iter().map(|(entry, _)| entry).collect()
}

fn nominate(
    terms: &[String],
    question: &Vector,
    owners: &[usize],
    counted: &[Counted],
    vectors: &[Vector],
) -> Nominations {
    let id = |place: usize| Uuid::from_u128(place as u128);
    let nominees = (0..owners.len()).map(|place| Nominee {
        passage_id: Id::from_uuid(id(place)),
        entry_id: Id::from_uuid(id(owners[place])),
        cosine: question
            .iter()
            .zip(vectors[place].iter())
            .map(|(a, b)| a * b)
            .sum(),
        length: counted[place].length,
        counts: terms
            .iter()
            .map(|term| counted[place].counts.get(term).copied().unwrap_or(0))
            .collect(),
    });
    let frequency = |term: &String| {
        counted
            .iter()
            .filter(|passage| passage.counts.contains_key(term))
            .count() as u64
    };
    Nominations {
        nominees: nominees.collect(),
        lexicon: Lexicon {
            passages: owners.len() as u64,
            total_terms: counted.iter().map(|passage| u64::from(passage.length)).sum(),
            frequencies: terms.iter().map(frequency).collect(),
        },
        ..Nominations::default()
    }
}

impl Counted {
    fn of(terms: &[String]) -> Self {
        let mut counts = HashMap::new();
        for term in terms {
            *counts.entry(term.clone()).or_insert(0) += 1;
        }
        Self {
            counts,
            length: u32::try_from(terms.len()).unwrap_or(u32::MAX),
        }
    }
}
