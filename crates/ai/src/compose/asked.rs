//! What a question asks for: its words with their weight.

use std::collections::{BTreeSet, HashMap, HashSet};

use acs_domain::knowledge::Hit;
use acs_domain::port::compose::Question;

use super::lexis;
use super::wanted::{Wanted, wanted};
use crate::retrieve::respell;

/// A set of the question's words, one bit each.
pub(super) type Words = u64;

/// More different words than this are no question; the rest is not looked at.
const MAX_WORDS: usize = Words::BITS as usize;

/// A question, read against what was found for it.
#[derive(Debug)]
pub(super) struct Asked {
    /// Its different words, in order.
    words: Vec<Word>,
    by_term: HashMap<String, usize>,
    /// The weight of all words together.
    total: f32,
    /// Its words as written, in lower case.
    written: HashSet<String>,
    /// What it wants.
    pub(super) wanted: Wanted,
    /// The words of names and numbers in it, without the company's own name.
    pub(super) particular: Words,
    /// The words of the company's own name.
    pub(super) own: Words,
    /// Words of a customer's talk that tell nothing about the subject, and numbers: that of an order is a detail, and no
    /// foreign thing.
    pub(super) filler: Words,
    /// Words that occur in nothing that was found.
    pub(super) unknown: Words,
    /// How many of its words follow each other, as pairs of word numbers.
    pub(super) pairs: Vec<(usize, usize)>,
    /// The parts that ask for different things; one when it asks for one.
    pub(super) clauses: Vec<Words>,
}

#[derive(Debug)]
struct Word {
    weight: f32,
}

impl Asked {
    /// Reads `question`; `terms` gives a text's searchable words.
    pub(super) fn read(question: &Question, hits: &[Hit], terms: &dyn Fn(&str) -> Vec<String>) -> Self {
        let frequencies = frequencies(hits);
        let mut asked = Self {
            words: Vec::new(),
            by_term: HashMap::new(),
            total: 0.0,
            written: written(&question.text).map(str::to_lowercase).collect(),
            wanted: wanted(&question.text),
            particular: 0,
            own: 0,
            filler: 0,
            unknown: 0,
            pairs: Vec::new(),
            clauses: Vec::new(),
        };
        let own: HashSet<String> = terms(&question.company).into_iter().collect();
        let mut numbers = Vec::new();
        for term in &question.terms {
            let number = asked.add(term, &frequencies, hits.len(), own.contains(term));
            numbers.extend(number);
        }
        asked.total = asked.words.iter().map(|word| word.weight).sum();
        asked.pairs = numbers
            .windows(2)
            .map(|pair| (pair[0], pair[1]))
            .filter(|(a, b)| a != b)
            .collect();
        asked.particular = lexis::particulars(&question.text)
            .flat_map(terms)
            .fold(0, |words, term| words | asked.bit(&term))
            & !asked.own;
        asked.clauses = clauses(&question.text, |clause| asked.words_of(&terms(clause)));
        asked
    }

    fn add(
        &mut self,
        term: &str,
        frequencies: &HashMap<&str, usize>,
        hits: usize,
        is_own: bool,
    ) -> Option<usize> {
        if let Some(number) = self.by_term.get(term) {
            return Some(*number);
        }
        let number = self.words.len();
        if number == MAX_WORDS {
            return None;
        }
        let spelt = match frequencies.get(term) {
            Some(_) => None,
            None => {
                // The order of a map is chance: the least word of the nearest is not.
                let known: BTreeSet<&str> = frequencies.keys().copied().collect();
                respell(term, known.into_iter())
            }
        };
        let found_in = frequencies.get(spelt.unwrap_or(term)).copied().unwrap_or(0);
        if found_in == 0 {
            self.unknown |= 1 << number;
        }
        let rarity = 1.0 + ratio(hits + 1, found_in + 1).ln();
        let is_filler = lexis::is_filler(term);
        let weight = if is_filler || is_own { 0.2 } else { rarity };
        let is_number = term.bytes().all(|c| c.is_ascii_digit());
        self.filler |= u64::from(is_filler || is_number) << number;
        self.own |= u64::from(is_own) << number;
        self.words.push(Word { weight });
        self.by_term.insert(term.to_owned(), number);
        if let Some(spelt) = spelt {
            self.by_term.entry(spelt.to_owned()).or_insert(number);
        }
        Some(number)
    }

    fn bit(&self, term: &str) -> Words {
        self.by_term.get(term).map_or(0, |number| 1 << number)
    }

    /// Which of the question's words are among `terms`.
    pub(super) fn words_of<'t>(&self, terms: impl IntoIterator<Item = &'t String>) -> Words {
        terms.into_iter().fold(0, |words, term| words | self.bit(term))
    }

    /// The share of the question's weight that `words` have, from 0 to 1.
    pub(super) fn share(&self, words: Words) -> f32 {
        if self.total > 0.0 {
            self.weight(words) / self.total
        } else {
            0.0
        }
    }

    /// The weight of `words`.
    pub(super) fn weight(&self, words: Words) -> f32 {
        let has = |number: usize| words & (1 << number) != 0;
        self.words
            .iter()
            .enumerate()
            .filter(|(number, _)| has(*number))
            .map(|(_, word)| word.weight)
            .sum()
    }

    /// The weight of the heaviest of `words`.
    pub(super) fn heaviest(&self, words: Words) -> f32 {
        let has = |number: usize| words & (1 << number) != 0;
        let weights = self
            .words
            .iter()
            .enumerate()
            .filter(|(number, _)| has(*number))
            .map(|(_, word)| word.weight);
        weights.fold(0.0, f32::max)
    }

    /// Whether it has this word, as written.
    pub(super) fn names(&self, word: &str) -> bool {
        self.written.contains(&word.to_lowercase())
    }

    /// All its words.
    pub(super) fn all(&self) -> Words {
        match self.words.len() {
            MAX_WORDS => Words::MAX,
            count => (1 << count) - 1,
        }
    }

    /// How many different words it has.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// The share of the question's neighbouring words that stand close together among `terms`.
    pub(super) fn phrases(&self, terms: &[String]) -> f32 {
        /// As many places apart is still close.
        const NEAR: usize = 3;
        if self.pairs.is_empty() {
            return 0.0;
        }
        let numbers: Vec<Option<usize>> = terms.iter().map(|term| self.by_term.get(term).copied()).collect();
        let near = |a: usize, b: usize| {
            numbers.iter().enumerate().any(|(place, number)| {
                *number == Some(a)
                    && numbers[place.saturating_sub(NEAR)..(place + NEAR + 1).min(numbers.len())]
                        .contains(&Some(b))
            })
        };
        ratio(
            self.pairs.iter().filter(|(a, b)| near(*a, *b)).count(),
            self.pairs.len(),
        )
    }
}

fn written(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

/// In how many of the hits each word occurs.
fn frequencies(hits: &[Hit]) -> HashMap<&str, usize> {
    let mut frequencies = HashMap::new();
    for hit in hits {
        let different: HashSet<&str> = hit.found.passage.terms.iter().map(String::as_str).collect();
        for term in different {
            *frequencies.entry(term).or_insert(0) += 1;
        }
    }
    frequencies
}

/// `a / b` of small counts.
#[expect(clippy::cast_precision_loss, reason = "counts of words are far below 2^24")]
pub(super) fn ratio(a: usize, b: usize) -> f32 {
    a as f32 / b as f32
}

/// The parts of a question that ask for different things. A part counts when it has words of its own.
fn clauses(text: &str, words_of: impl Fn(&str) -> Words) -> Vec<Words> {
    let mut clauses: Vec<Words> = Vec::new();
    for sentence in text.split(['?', ';', '\n']) {
        for clause in sentence.split(" and ") {
            let words = words_of(clause);
            match clauses.last_mut() {
                // "terms and conditions": too little for a question of its own.
                Some(last) if words.count_ones() < 2 || last.count_ones() < 2 => *last |= words,
                _ if words == 0 => {}
                _ => clauses.push(words),
            }
        }
    }
    clauses
}
