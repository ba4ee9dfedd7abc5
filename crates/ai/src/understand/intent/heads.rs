//! Trained heads: one over words, pieces of words and the embedding, and one for when there is no embedding.

use std::collections::BTreeSet;

use acs_domain::knowledge::Vector;
use acs_domain::port::understand::Phrase;

use super::blend::Evidence;
use super::nearest::{Calibration, IntentIndex};
use crate::learn::{
    BadBytes, Example, LinearHead, Reader, TrainOptions, Vocabulary, VocabularyOptions, Writer, train,
};

const MARK: [u8; 4] = *b"ACSI";
const VERSION: u8 = 1;
/// More intents are not trained: their phrases answer.
const MOST_CLASSES: usize = 4_096;
/// About how many weights a head has at the most. With many intents the vocabulary is cut instead.
const MOST_WEIGHTS: usize = 8_000_000;

/// Below so many phrases, a gram that is in one of them counts too.
const SMALL: usize = 3_000;

/// As many grams are known at the most.
const MOST_GRAMS: usize = 40_000;

/// A margin below those of texts that have nothing of an intent.
const UNLIKE: f32 = -2.0;

/// The heads of one organization.
#[derive(Debug, Clone, PartialEq)]
pub struct Heads {
    /// Names of the classes, in ascending order.
    names: Vec<String>,
    /// How many phrases a class has in the mean.
    phrases_each: f32,
    vocabulary: Vocabulary,
    /// Over all features; of no classes when no phrase had a vector.
    whole: LinearHead,
    /// Over words and pieces alone.
    words: LinearHead,
}

impl Heads {
    /// Trains on all phrases. `None` when `stop` says so.
    #[must_use]
    pub fn train(phrases: &[Phrase], stop: &dyn Fn() -> bool) -> Option<Self> {
        let dimensions = phrases.first().map_or(0, |phrase| phrase.vector.len());
        let names: BTreeSet<&str> = phrases.iter().map(|phrase| phrase.intent.as_str()).collect();
        let names: Vec<String> = names.into_iter().take(MOST_CLASSES).map(str::to_owned).collect();
        let grams = (MOST_WEIGHTS / names.len().max(1)).min(MOST_GRAMS);
        let vocabulary = Vocabulary::learn(
            phrases.iter().map(|phrase| phrase.text.as_str()),
            &VocabularyOptions {
                min_texts: if phrases.len() < SMALL { 1 } else { 2 },
                most_words: grams / 3,
                most_pieces: grams - grams / 3,
                ..VocabularyOptions::default()
            },
        );
        let mut examples = Vec::with_capacity(phrases.len());
        for phrase in phrases {
            let Ok(class) = names.binary_search_by(|name| name.as_str().cmp(&phrase.intent)) else {
                continue;
            };
            // A vector of another length is of another model.
            let vector = Some(&*phrase.vector).filter(|vector| vector.len() == dimensions);
            examples.push(Example {
                features: vocabulary.features(&phrase.text, vector),
                // There are at most 4,096.
                classes: vec![class as u16],
                weight: 1.0,
            });
        }
        let options = TrainOptions {
            tolerance: 0.3,
            ..TrainOptions::default()
        };
        let whole_classes = if dimensions == 0 { 0 } else { names.len() };
        let whole = train(&examples, whole_classes, &options, stop)?;
        for example in &mut examples {
            example.features.dense = Vec::new();
        }
        let words = train(&examples, names.len(), &options, stop)?;
        Some(Self {
            phrases_each: examples.len() as f32 / names.len().max(1) as f32,
            names,
            vocabulary,
            whole,
            words,
        })
    }

    /// The class of an intent.
    #[must_use]
    pub fn class(&self, name: &str) -> Option<usize> {
        self.names.binary_search_by(|known| known.as_str().cmp(name)).ok()
    }

    /// How much memory they take, in bytes.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        let names: usize = self
            .names
            .iter()
            .map(|name| name.capacity() + size_of::<String>())
            .sum();
        let heads = self.whole.size_bytes() + self.words.size_bytes();
        names + heads + self.vocabulary.size_bytes()
    }

    /// What speaks for each intent of an index, whose classes here are `classes`.
    #[must_use]
    pub fn evidence(
        &self,
        text: &str,
        vector: Option<&Vector>,
        index: &IntentIndex,
        classes: &[Option<usize>],
    ) -> Evidence {
        let near = vector.map_or_else(Vec::new, |vector| index.compare(vector));
        let dense = vector
            .map(|vector| &**vector)
            .filter(|vector| !vector.is_empty() && vector.len() == self.whole.dense_features());
        let head = if dense.is_some() { &self.whole } else { &self.words };
        let features = self.vocabulary.features(text, dense);
        let margins = if features.sparse.is_empty() && features.dense.is_empty() {
            // Nothing of the text is known, so nothing speaks for any intent.
            vec![UNLIKE; head.classes()]
        } else {
            head.scores(&features)
        };
        let calibration = Calibration::default();
        let (in_scope_by_phrases, shares) = calibration.by_phrases(&near);
        Evidence {
            margins: classes
                .iter()
                .map(|class| margins.get((*class)?).copied())
                .collect(),
            near: near.iter().map(|near| near.score).collect(),
            shares,
            in_scope_by_phrases,
            phrases_each: self.phrases_each,
        }
    }

    /// The heads as bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::new(MARK, VERSION);
        writer.float(self.phrases_each);
        // At most 4,096.
        writer.number(self.names.len() as u32);
        for name in &self.names {
            writer.text(name);
        }
        self.vocabulary.write(&mut writer);
        self.whole.write(&mut writer);
        self.words.write(&mut writer);
        writer.finish()
    }

    /// The heads that [`to_bytes`](Self::to_bytes) wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadBytes> {
        let mut reader = Reader::new(bytes, MARK, VERSION)?;
        let phrases_each = reader.float()?;
        let count = reader.number()?;
        let names = (0..count).map(|_| reader.text()).collect::<Result<Vec<_>, _>>()?;
        let heads = Self {
            phrases_each,
            vocabulary: Vocabulary::read(&mut reader)?,
            whole: LinearHead::read(&mut reader)?,
            words: LinearHead::read(&mut reader)?,
            names,
        };
        reader.finish()?;
        let classes = heads.names.len();
        let fits = heads.words.classes() == classes
            && [0, classes].contains(&heads.whole.classes())
            && heads.names.is_sorted_by(|a, b| a < b);
        if fits {
            Ok(heads)
        } else {
            Err(BadBytes::Inconsistent("intents"))
        }
    }
}

#[cfg(test)]
mod tests;
