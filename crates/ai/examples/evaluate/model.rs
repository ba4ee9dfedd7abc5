//! An organization's model as the parts of it that are measured.

use std::time::{Duration, Instant};

use acs_ai::understand::intent::{Evidence, Heads, IntentIndex};
use anyhow::{Context, Result};

use crate::sample::{self, Text};

/// Trained heads, and the phrases that they were trained on.
pub(crate) struct Model {
    heads: Heads,
    pub(crate) index: IntentIndex,
    classes: Vec<Option<usize>>,
    names: Vec<String>,
    /// How long the heads took.
    pub(crate) took: Duration,
}

impl Model {
    pub(crate) fn of(texts: &[Text]) -> Result<Self> {
        let phrases = sample::phrases(texts);
        let began = Instant::now();
        let heads = Heads::train(&phrases, &|| false).context("it was stopped")?;
        let took = began.elapsed();
        let index = IntentIndex::learn(phrases);
        let names: Vec<String> = index.names().map(str::to_owned).collect();
        Ok(Self {
            classes: names.iter().map(|name| heads.class(name)).collect(),
            heads,
            index,
            names,
            took,
        })
    }

    /// What speaks for each intent, and the place of the right one.
    pub(crate) fn evidence(&self, text: &Text, with_meaning: bool) -> (Evidence, Option<usize>) {
        let vector = Some(&text.vector).filter(|_| with_meaning);
        let evidence = self
            .heads
            .evidence(&text.text, vector, &self.index, &self.classes);
        (evidence, self.place(&text.label))
    }

    /// How many bytes the store keeps.
    pub(crate) fn stored_bytes(&self) -> usize {
        self.heads.to_bytes().len()
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }
}
