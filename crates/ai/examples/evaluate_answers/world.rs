//! Knowledge as the program holds it, and the search in it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use acs_core::id::Id;
use acs_domain::knowledge::{FoundPassage, Hit, Passage, Sentence, Vector};
use acs_domain::port::compose::Question;
use acs_domain::port::retrieve::Retriever;
use acs_domain::port::store::knowledge::{Lexicon, Nominations, Nominee};
use anyhow::Result;
use uuid::Uuid;

use crate::data::{Case, Kind, Set};
use crate::meaning::Meanings;

/// How many passages the composer is given.
const HITS: usize = 8;

/// A set's knowledge, cut and embedded.
pub(crate) struct World {
    passages: Vec<(usize, FoundPassage)>,
    counts: Vec<HashMap<String, u32>>,
}

impl World {
    pub(crate) fn new(set: &Set, retriever: &dyn Retriever, meanings: &mut Meanings) -> Result<Self> {
        let mut passages = Vec::new();
        for (number, entry) in set.entries.iter().enumerate() {
            for (ordinal, cutting) in (0..).zip(retriever.cut(entry)) {
                let mut sentences = Vec::new();
                for range in cutting.sentences {
                    let vector = meanings.of_passage(&cutting.text[range.clone()])?;
                    sentences.push(Sentence {
                        start: range.start,
                        end: range.end,
                        vector,
                    });
                }
                let passage = Passage {
                    id: Id::from_uuid(Uuid::from_u128(passages.len() as u128)),
                    entry_id: entry_id(number),
                    ordinal,
                    heading: cutting.heading,
                    vector: meanings.of_passage(&cutting.embedded)?,
                    text: cutting.text,
                    terms: cutting.terms,
                    sentences,
                };
                let found = FoundPassage {
                    passage,
                    title: entry.title.clone(),
                    category: entry.category.clone(),
                    source_url: entry.source_url.clone(),
                    version: 1,
                    success_count: 0,
                    updated_at: time::OffsetDateTime::UNIX_EPOCH,
                };
                passages.push((number, found));
            }
        }
        let counts = passages.iter().map(|(_, found)| {
            found
                .passage
                .terms
                .iter()
                .fold(HashMap::new(), |mut counts, term| {
                    *counts.entry(term.clone()).or_insert(0) += 1;
                    counts
                })
        });
        Ok(Self {
            counts: counts.collect(),
            passages,
        })
    }

    /// The best passages for a case; what it hides is not there.
    pub(crate) fn hits(&self, case: &Case, question: &Question, retriever: &dyn Retriever) -> Vec<Hit> {
        let hidden = if case.kind == Kind::Hidden {
            case.entry
        } else {
            None
        };
        let shown: Vec<usize> = (0..self.passages.len())
            .filter(|n| Some(self.passages[*n].0) != hidden)
            .collect();
        let mut seen = HashSet::new();
        let terms: Vec<&String> = question.terms.iter().filter(|term| seen.insert(*term)).collect();
        let count = |n: usize, term: &str| self.counts[n].get(term).copied().unwrap_or(0);
        let nominee = |n: usize| {
            let passage = &self.passages[n].1.passage;
            Nominee {
                passage_id: passage.id,
                entry_id: passage.entry_id,
                cosine: question
                    .vector
                    .as_ref()
                    .map_or(0.0, |vector| dot(vector, &passage.vector)),
                length: u32::try_from(passage.terms.len()).unwrap_or(u32::MAX),
                counts: terms.iter().map(|term| count(n, term)).collect(),
            }
        };
        let frequency = |term: &&String| shown.iter().filter(|n| count(**n, term) > 0).count() as u64;
        let nominations = Nominations {
            nominees: shown.iter().map(|n| nominee(*n)).collect(),
            lexicon: Lexicon {
                passages: shown.len() as u64,
                total_terms: shown
                    .iter()
                    .map(|n| self.passages[*n].1.passage.terms.len() as u64)
                    .sum(),
                frequencies: terms.iter().map(frequency).collect(),
            },
            ..Nominations::default()
        };
        let best = retriever.rank(&nominations).into_iter().take(HITS);
        let mut hits: Vec<Hit> = best
            .map(|ranked| Hit {
                found: self.passages[shown[ranked.index]].1.clone(),
                score: ranked.score,
                cosine: nominations.nominees[ranked.index].cosine,
                lexical: ranked.lexical,
            })
            .collect();
        // No question here is so long that it has parts.
        retriever.rerank(&[], question.strangers, &mut hits);
        hits
    }
}

/// The id of a set's entry.
pub(crate) fn entry_id(number: usize) -> Id<acs_domain::knowledge::Entry> {
    Id::from_uuid(Uuid::from_u128(1 << 64 | number as u128))
}

fn dot(a: &Vector, b: &Vector) -> f32 {
    a.iter().zip(b.iter()).map(|(a, b)| a * b).sum()
}

/// A case with what was found for it.
pub(crate) struct Asked {
    pub(crate) set: &'static str,
    pub(crate) case: Case,
    pub(crate) question: Question,
    pub(crate) hits: Vec<Hit>,
}

impl Asked {
    /// Whether a reply is right: it cites the entry, and has the words around the answer where they are known.
    pub(crate) fn is_right(&self, draft: &acs_domain::port::compose::Draft) -> bool {
        if self.case.kind != Kind::Answerable {
            return false;
        }
        let of_the_entry = |citation: &&acs_domain::knowledge::Citation| {
            self.case
                .entry
                .is_some_and(|entry| citation.entry_id == entry_id(entry))
        };
        match &self.case.answer {
            Some(answer) => draft
                .citations
                .iter()
                .filter(of_the_entry)
                .any(|citation| has(&citation.quote, answer)),
            None => draft.citations.iter().any(|citation| of_the_entry(&citation)),
        }
    }
}

/// Whether `text` has the answer; the words around it may belong to the sentence before or behind, so half of them do.
fn has(text: &str, answer: &str) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (text, answer) = (plain(text), plain(answer));
    let inner: String = answer
        .chars()
        .skip(8)
        .take(answer.chars().count().saturating_sub(16))
        .collect();
    let left: String = answer
        .chars()
        .take(answer.chars().count().saturating_sub(8))
        .collect();
    let right: String = answer.chars().skip(8).collect();
    text.contains(&answer) || (!inner.is_empty() && (text.contains(&left) || text.contains(&right)))
}

/// Puts every case of a set to its knowledge.
pub(crate) fn ask(set: &Set, retriever: &Arc<dyn Retriever>, meanings: &mut Meanings) -> Result<Vec<Asked>> {
    let world = World::new(set, &**retriever, meanings)?;
    let mut asked = Vec::new();
    for case in &set.cases {
        let question = Question {
            strangers: 0.0,
            terms: retriever.terms(&case.question),
            vector: Some(meanings.of(&case.question)?),
            text: case.question.clone(),
            language: "en".to_owned(),
            company: set.company.to_owned(),
        };
        let hits = world.hits(case, &question, &**retriever);
        asked.push(Asked {
            set: set.name,
            case: case.clone(),
            question,
            hits,
        });
    }
    Ok(asked)
}
