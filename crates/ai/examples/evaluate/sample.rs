//! Texts with their meanings, and seeded samples of them.

use std::collections::{BTreeMap, BTreeSet};

use acs_domain::knowledge::Vector;
use acs_domain::port::understand::Phrase;
use anyhow::Result;
use sha2::{Digest, Sha256};

use crate::data::Labelled;
use crate::meaning::Meanings;

/// Into how many parts a set is cut.
pub(crate) const FOLDS: usize = 5;

/// A text with its intent and its meaning.
#[derive(Clone)]
pub(crate) struct Text {
    pub(crate) text: String,
    pub(crate) label: String,
    pub(crate) vector: Vector,
}

/// How much of a set is taken.
#[derive(Clone, Copy)]
pub(crate) struct Part {
    /// The first so many intents, in the order of their names.
    pub(crate) intents: usize,
    /// So many texts of each.
    pub(crate) texts: usize,
}

/// Texts with their meanings, in an order that chance gives and every run repeats.
pub(crate) fn texts(meanings: &mut Meanings, mut rows: Vec<Labelled>, part: Part) -> Result<Vec<Text>> {
    rows.sort_by_cached_key(|(text, _)| Sha256::digest(text));
    let labels: BTreeSet<String> = rows.iter().map(|(_, label)| label.clone()).collect();
    let wanted: BTreeSet<String> = labels.into_iter().take(part.intents).collect();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut texts = Vec::new();
    for (text, label) in rows {
        let count = seen.entry(label.clone()).or_default();
        *count += 1;
        if *count <= part.texts && wanted.contains(&label) {
            let vector = meanings.of(&text)?;
            texts.push(Text { text, label, vector });
            if texts.len().is_multiple_of(2_000) {
                meanings.save()?;
            }
        }
    }
    meanings.save()?;
    Ok(texts)
}

/// The texts of all folds but one, and those of that one: each intent is in every fold alike.
pub(crate) fn fold(texts: &[Text], fold: usize) -> (Vec<Text>, Vec<Text>) {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut rest, mut held) = (Vec::new(), Vec::new());
    for text in texts {
        let count = seen.entry(&text.label).or_default();
        let part = if *count % FOLDS == fold {
            &mut held
        } else {
            &mut rest
        };
        part.push(text.clone());
        *count += 1;
    }
    (rest, held)
}

/// The first so many texts of each intent.
pub(crate) fn few(texts: &[Text], most: usize) -> Vec<Text> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut few = Vec::new();
    for text in texts {
        let count = seen.entry(&text.label).or_default();
        *count += 1;
        if *count <= most {
            few.push(text.clone());
        }
    }
    few
}

/// The texts of every other intent, and the rest.
pub(crate) fn halves(texts: &[Text]) -> (Vec<Text>, Vec<Text>) {
    let labels: BTreeSet<&str> = texts.iter().map(|text| text.label.as_str()).collect();
    let first: BTreeSet<&str> = labels.into_iter().step_by(2).collect();
    texts
        .iter()
        .cloned()
        .partition(|text| first.contains(text.label.as_str()))
}

/// The texts as phrases that teach.
pub(crate) fn phrases(texts: &[Text]) -> Vec<Phrase> {
    let phrase = |text: &Text| Phrase {
        intent: text.label.clone(),
        text: text.text.clone(),
        vector: text.vector.clone(),
    };
    texts.iter().map(phrase).collect()
}
