//! How heads are made of what an organization's phrases teach.

use std::collections::BTreeSet;

use acs_domain::port::understand::Phrase;

use super::heads::Heads;
use super::landmarks::Landmarks;
use crate::learn::{Example, LinearHead, TrainOptions, Vocabulary, VocabularyOptions, train};

/// More intents are not trained: their phrases answer.
const MOST_CLASSES: usize = 4_096;
/// About how many weights a head has at the most. With many intents the vocabulary is cut instead.
const MOST_WEIGHTS: usize = 8_000_000;
/// As many grams are known at the most.
const MOST_GRAMS: usize = 40_000;
/// From so many phrases on they are many.
const MANY: usize = 3_000;

/// How much there is to learn from, on which it depends how heads are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Amount {
    /// A gram that is in one phrase counts too, and the embedding is taken by its likeness to phrases.
    Few,
    /// A gram is in two phrases, and the embedding is taken as it is.
    Many,
}

impl Amount {
    /// Of so many phrases.
    pub(super) fn of(phrases: usize) -> Self {
        if phrases < MANY { Self::Few } else { Self::Many }
    }
}

/// Heads of all phrases, of which it is not known yet how far they are to be trusted. `None` when `stop` says so.
pub(super) fn heads(phrases: &[Phrase], amount: Amount, stop: &dyn Fn() -> bool) -> Option<Heads> {
    let dimensions = phrases.first().map_or(0, |phrase| phrase.vector.len());
    let names: BTreeSet<&str> = phrases.iter().map(|phrase| phrase.intent.as_str()).collect();
    let names: Vec<String> = names.into_iter().take(MOST_CLASSES).map(str::to_owned).collect();
    let vocabulary = vocabulary(phrases, names.len(), amount);
    let (mut bare, mut vectors) = (Vec::with_capacity(phrases.len()), Vec::new());
    for phrase in phrases {
        let Ok(class) = names.binary_search_by(|name| name.as_str().cmp(&phrase.intent)) else {
            continue;
        };
        bare.push(Example {
            features: vocabulary.features(&phrase.text, None),
            // There are at most 4,096.
            classes: vec![class as u16],
            weight: 1.0,
        });
        // A vector of another length is of another model.
        vectors.push(Some(&*phrase.vector).filter(|vector| vector.len() == dimensions));
    }
    let words = head(&bare, names.len(), stop)?;
    let taught = bare.len() as f32 / names.len().max(1) as f32;
    let (whole, landmarks) = if dimensions == 0 {
        (head(&[], 0, stop)?, Landmarks::default())
    } else if amount == Amount::Few {
        by_likeness(bare, &vectors, names.len(), stop)?
    } else {
        for (example, vector) in bare.iter_mut().zip(&vectors) {
            let vector = vector.unwrap_or_default().iter();
            example.features.dense = vector.map(|value| value * vocabulary.meaning()).collect();
        }
        (head(&bare, names.len(), stop)?, Landmarks::default())
    };
    Some(Heads::new(names, taught, vocabulary, landmarks, whole, words))
}

fn vocabulary(phrases: &[Phrase], classes: usize, amount: Amount) -> Vocabulary {
    let grams = (MOST_WEIGHTS / classes.max(1)).min(MOST_GRAMS);
    let options = VocabularyOptions {
        min_texts: if amount == Amount::Few { 1 } else { 2 },
        most_words: grams / 3,
        most_pieces: grams - grams / 3,
        ..VocabularyOptions::default()
    };
    Vocabulary::learn(phrases.iter().map(|phrase| phrase.text.as_str()), &options)
}

/// The head over grams and likenesses to landmarks.
fn by_likeness(
    mut examples: Vec<Example>,
    vectors: &[Option<&[f32]>],
    classes: usize,
    stop: &dyn Fn() -> bool,
) -> Option<(LinearHead, Landmarks)> {
    let known: Vec<&[f32]> = vectors.iter().copied().flatten().collect();
    let (landmarks, factor) = Landmarks::choose(&known, stop)?;
    let with_vector = examples
        .iter_mut()
        .zip(vectors)
        .filter(|(_, vector)| vector.is_some());
    for ((example, _), row) in with_vector.zip(factor.rows()) {
        example.features.dense.clone_from(row);
    }
    let mut whole = head(&examples, classes, stop)?;
    factor.carry(whole.dense_mut(), classes);
    Some((whole, landmarks))
}

fn head(examples: &[Example], classes: usize, stop: &dyn Fn() -> bool) -> Option<LinearHead> {
    let options = TrainOptions {
        tolerance: 0.3,
        ..TrainOptions::default()
    };
    train(examples, classes, &options, stop)
}
