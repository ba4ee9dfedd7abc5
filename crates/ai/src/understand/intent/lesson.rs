//! What an organization's phrases teach its heads: as examples, of which some can be held out.

use std::collections::BTreeSet;

use acs_domain::port::understand::Phrase;

use super::heads::Heads;
use crate::learn::{Example, LinearHead, TrainOptions, Vocabulary, VocabularyOptions, train};

/// More intents are not trained: their phrases answer.
const MOST_CLASSES: usize = 4_096;
/// About how many weights a head has at the most. With many intents the vocabulary is cut instead.
const MOST_WEIGHTS: usize = 8_000_000;
/// Below so many phrases, a gram that is in one of them counts too.
const SMALL: usize = 3_000;
/// As many grams are known at the most.
const MOST_GRAMS: usize = 40_000;

/// Phrases as examples.
pub(super) struct Lesson {
    /// Names of the classes, in ascending order.
    names: Vec<String>,
    vocabulary: Vocabulary,
    /// In the order of the phrases, those of intents beyond the most left out.
    examples: Vec<Example>,
    /// The place of each example among the phrases.
    places: Vec<usize>,
    /// The same without the embedding.
    bare: Vec<Example>,
    /// Whether any phrase has a vector.
    has_meaning: bool,
}

impl Lesson {
    pub(super) fn of(phrases: &[Phrase]) -> Self {
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
        let mut places = Vec::with_capacity(phrases.len());
        for (place, phrase) in phrases.iter().enumerate() {
            let Ok(class) = names.binary_search_by(|name| name.as_str().cmp(&phrase.intent)) else {
                continue;
            };
            // A vector of another length is of another model.
            let vector = Some(&*phrase.vector).filter(|vector| vector.len() == dimensions);
            places.push(place);
            examples.push(Example {
                features: vocabulary.features(&phrase.text, vector),
                // There are at most 4,096.
                classes: vec![class as u16],
                weight: 1.0,
            });
        }
        let mut bare = examples.clone();
        for example in &mut bare {
            example.features.dense = Vec::new();
        }
        Self {
            names,
            vocabulary,
            examples,
            places,
            bare,
            has_meaning: dimensions > 0,
        }
    }

    /// How many intents it teaches.
    pub(super) fn classes(&self) -> usize {
        self.names.len()
    }

    /// Heads of the phrases but those at places that are held out. `None` when `stop` says so.
    pub(super) fn heads(
        &mut self,
        is_held: impl Fn(usize) -> bool,
        stop: &dyn Fn() -> bool,
    ) -> Option<Heads> {
        let examples = self.examples.iter_mut().zip(&mut self.bare);
        for ((example, bare), place) in examples.zip(&self.places) {
            example.weight = if is_held(*place) { 0.0 } else { 1.0 };
            bare.weight = example.weight;
        }
        let taught = self.bare.iter().filter(|example| example.weight > 0.0).count();
        let whole = if self.has_meaning {
            self.head(&self.examples, stop)?
        } else {
            train(&[], 0, &TrainOptions::default(), stop)?
        };
        let words = self.head(&self.bare, stop)?;
        Some(Heads::new(
            self.names.clone(),
            taught as f32 / self.names.len().max(1) as f32,
            self.vocabulary.clone(),
            whole,
            words,
        ))
    }

    fn head(&self, examples: &[Example], stop: &dyn Fn() -> bool) -> Option<LinearHead> {
        let options = TrainOptions {
            tolerance: 0.3,
            ..TrainOptions::default()
        };
        train(examples, self.names.len(), &options, stop)
    }
}
