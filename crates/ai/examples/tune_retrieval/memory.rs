//! A store of passages in memory that nominates all of them.

use std::collections::{BTreeMap, HashMap, HashSet};

use acs_ai::retrieve::RuleRetriever;
use acs_core::id::Id;
use acs_domain::knowledge::{FoundPassage, Hit, Passage, Vector};
use acs_domain::port::embed::likeness;
use acs_domain::port::retrieve::Retriever;
use acs_domain::port::store::knowledge::{Lexicon, Nominations, Nominee};
use anyhow::Result;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::data::Set;
use crate::meaning::Meanings;

/// So many of the best compete for the last order: as many as the engine's store nominates.
const COMPETING: usize = 100;

/// All passages of a set, and its questions with what they nominate.
pub(crate) struct Memory {
    /// The entry of each passage.
    owners: Vec<usize>,
    passages: Vec<FoundPassage>,
    /// The vectors of each passage's sentences.
    sentences: Vec<Vec<Vector>>,
    pub(crate) asked: Vec<Asked>,
    /// The cosine of texts on different subjects.
    strangers: f32,
}

/// A question with all that is found for it.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) right: Vec<usize>,
    pub(crate) group: usize,
    pub(crate) kind: String,
    nominations: Nominations,
    vector: Vector,
    parts: Vec<Vector>,
}

/// A passage's words.
struct Counted {
    counts: HashMap<String, u32>,
    length: u32,
}

impl Memory {
    /// A set as it is found; where `respells`, misspelt words are mended by the words of the set, as the engine does.
    pub(crate) fn load(set: &Set, meanings: &mut Meanings, respells: bool) -> Result<Self> {
        let retriever = RuleRetriever::default();
        let (mut owners, mut passages, mut counted) = (Vec::new(), Vec::new(), Vec::new());
        let mut sentences = Vec::new();
        for (owner, entry) in set.entries.iter().enumerate() {
            for (ordinal, cutting) in (0..).zip(retriever.cut(entry)) {
                counted.push(Counted::of(&cutting.terms));
                let of_sentences = cutting.sentences.iter().map(|range| &cutting.text[range.clone()]);
                sentences.push(
                    of_sentences
                        .map(|text| meanings.of_passage(text))
                        .collect::<Result<_>>()?,
                );
                let passage = Passage {
                    id: Id::from_uuid(Uuid::from_u128(owners.len() as u128)),
                    entry_id: Id::from_uuid(Uuid::from_u128(owner as u128)),
                    ordinal,
                    heading: cutting.heading,
                    vector: meanings.of_passage(&cutting.embedded)?,
                    text: cutting.text,
                    terms: cutting.terms,
                    sentences: Vec::new(),
                };
                owners.push(owner);
                passages.push(FoundPassage {
                    passage,
                    title: entry.title.clone(),
                    category: entry.category.clone(),
                    source_url: None,
                    version: 1,
                    success_count: 0,
                    updated_at: OffsetDateTime::UNIX_EPOCH,
                });
            }
        }
        let mut memory = Self {
            owners,
            passages,
            sentences,
            asked: Vec::new(),
            strangers: meanings.model().strangers(),
        };
        let known = commonest_first(&counted);
        for question in &set.questions {
            let mut terms = retriever.terms(&question.text);
            if respells {
                mend(&mut terms, &known, &retriever);
            }
            let mut seen = HashSet::new();
            terms.retain(|term| seen.insert(term.clone()));
            let vector = meanings.of(&question.text)?;
            let parts = retriever.parts(&question.text);
            memory.asked.push(Asked {
                right: question.right.clone(),
                group: question.group,
                kind: question.kind.clone(),
                nominations: memory.nominate(&terms, &vector, &counted),
                parts: parts
                    .iter()
                    .map(|part| meanings.of(part))
                    .collect::<Result<_>>()?,
                vector,
            });
        }
        Ok(memory)
    }

    pub(crate) fn passages(&self) -> usize {
        self.owners.len()
    }

    /// Entries by the retriever's score.
    pub(crate) fn fused(&self, asked: &Asked, retriever: &RuleRetriever) -> Vec<usize> {
        let ranked = retriever.rank(&asked.nominations);
        self.entries(ranked.iter().map(|ranked| ranked.index))
    }

    /// Entries in the last order: by the question's parts, where it has several.
    pub(crate) fn reranked(&self, asked: &Asked, retriever: &RuleRetriever) -> Vec<usize> {
        let ranked = retriever.rank(&asked.nominations);
        let mut hits: Vec<Hit> = ranked
            .iter()
            .take(COMPETING)
            .map(|ranked| Hit {
                found: self.passages[ranked.index].clone(),
                score: ranked.score,
                cosine: asked.nominations.nominees[ranked.index].cosine,
                lexical: ranked.lexical,
            })
            .collect();
        retriever.rerank(&asked.parts, self.strangers, &mut hits);
        let best = hits.iter().map(|hit| place(hit.found.passage.id.as_uuid()));
        self.entries(best.chain(ranked.iter().map(|ranked| ranked.index)))
    }

    /// Entries when a passage also counts by its sentence that is nearest to the question: a stage that is not in use.
    pub(crate) fn by_sentences(&self, asked: &Asked, retriever: &RuleRetriever, share: f32) -> Vec<usize> {
        let nearest = |place: usize| {
            let cosines = self.sentences[place]
                .iter()
                .map(|sentence| dot(sentence, &asked.vector));
            cosines.fold(0.0, f32::max)
        };
        let mut ranked: Vec<(usize, f32)> = retriever
            .rank(&asked.nominations)
            .iter()
            .map(|ranked| (ranked.index, ranked.score + share * nearest(ranked.index)))
            .collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        self.entries(ranked.into_iter().map(|(place, _)| place))
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

    fn nominate(&self, terms: &[String], question: &Vector, counted: &[Counted]) -> Nominations {
        let nominees = self.passages.iter().zip(counted).map(|(found, words)| Nominee {
            passage_id: found.passage.id,
            entry_id: found.passage.entry_id,
            cosine: likeness(dot(question, &found.passage.vector), self.strangers),
            length: words.length,
            counts: terms
                .iter()
                .map(|term| words.counts.get(term).copied().unwrap_or(0))
                .collect(),
        });
        let frequency = |term: &String| {
            let holders = counted.iter().filter(|words| words.counts.contains_key(term));
            holders.count() as u64
        };
        Nominations {
            nominees: nominees.collect(),
            lexicon: Lexicon {
                passages: counted.len() as u64,
                total_terms: counted.iter().map(|words| u64::from(words.length)).sum(),
                frequencies: terms.iter().map(frequency).collect(),
            },
            ..Nominations::default()
        }
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

/// The words of a set, those of most passages first.
fn commonest_first(counted: &[Counted]) -> Vec<String> {
    let mut passages: BTreeMap<&String, usize> = BTreeMap::new();
    for term in counted.iter().flat_map(|words| words.counts.keys()) {
        *passages.entry(term).or_default() += 1;
    }
    let mut known: Vec<(&String, usize)> = passages.into_iter().collect();
    known.sort_by_key(|(_, passages)| std::cmp::Reverse(*passages));
    known.into_iter().map(|(term, _)| term.clone()).collect()
}

/// Replaces the words that the set does not have by those that they were meant to be.
fn mend(terms: &mut [String], known: &[String], retriever: &RuleRetriever) {
    for term in terms {
        if term.chars().all(char::is_alphabetic)
            && !known.contains(term)
            && let Some(meant) = retriever.respell(term, known)
        {
            *term = meant;
        }
    }
}

fn place(id: Uuid) -> usize {
    usize::try_from(id.as_u128()).unwrap_or(usize::MAX)
}

fn dot(a: &Vector, b: &Vector) -> f32 {
    a.iter().zip(b.iter()).map(|(a, b)| a * b).sum()
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
