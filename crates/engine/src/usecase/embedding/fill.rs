//! Embedding what has no vector of a model yet, and finding out which model made a vector.

use acs_domain::access::Scope;
use acs_domain::knowledge::{Sentence, Vector};
use acs_domain::port::embed::{Embedder, Role};
use acs_domain::port::store::embedding::{BarePassage, BarePhrase, PassageVectors};

use super::EmbeddingMoves;
use crate::error::EngineError;

/// How many passages are embedded before they are written, so that little is lost with a process.
const PASSAGES: u32 = 32;
/// How many phrases.
const PHRASES: u32 = 128;
/// The same text and model give the same vector, but for the rounding of another processor.
const SAME: f32 = 0.99;

impl EmbeddingMoves {
    /// Gives every passage and phrase a vector of the configured model, if it has none.
    pub(super) async fn fill(&self, scope: Scope, model: &str) -> Result<(), EngineError> {
        let ports = &self.ports;
        let embedder = ports.embedders.current();
        let mut after = None;
        loop {
            let mut unit = ports.store.read(scope).await?;
            let passages = unit.embeddings().passages_without(model, after, PASSAGES).await?;
            drop(unit);
            let Some(last) = passages.last() else { break };
            after = Some(last.id);
            let vectors = self.meant(&**embedder, passages).await?;
            let mut unit = ports.store.begin(scope).await?;
            unit.embeddings().put_passages(model, &vectors).await?;
            unit.commit().await?;
            count("passage", vectors.len());
        }
        loop {
            let mut unit = ports.store.read(scope).await?;
            let phrases = unit.embeddings().phrases_without(model, PHRASES).await?;
            drop(unit);
            if phrases.is_empty() {
                return Ok(());
            }
            let texts = phrases.iter().map(|phrase| phrase.text.clone()).collect();
            let vectors = embedder.embed(texts, Role::Question).await?;
            let meant: Vec<(BarePhrase, Vector)> = phrases.into_iter().zip(vectors).collect();
            let mut unit = ports.store.begin(scope).await?;
            unit.embeddings().put_phrases(model, &meant).await?;
            unit.commit().await?;
            count("phrase", meant.len());
        }
    }

    /// Passages with the meanings of themselves and of their sentences.
    async fn meant(
        &self,
        embedder: &dyn Embedder,
        passages: Vec<BarePassage>,
    ) -> Result<Vec<PassageVectors>, EngineError> {
        let texts = passages.iter().flat_map(|passage| {
            let sentences = passage.sentences.iter();
            let sentences = sentences.filter_map(|range| passage.text.get(range.clone()).map(str::to_owned));
            std::iter::once(self.whole(passage)).chain(sentences)
        });
        let mut vectors = embedder.embed(texts.collect(), Role::Passage).await?.into_iter();
        let mut next = || {
            let vector = vectors.next();
            vector.ok_or_else(|| EngineError::Model("the model gave too few vectors".into()))
        };
        let mut meant = Vec::with_capacity(passages.len());
        for BarePassage {
            id, text, sentences, ..
        } in passages
        {
            let vector = next()?;
            let inside = sentences
                .into_iter()
                .filter(|range| text.get(range.clone()).is_some());
            let sentences = inside.map(|range| {
                Ok::<_, EngineError>(Sentence {
                    start: range.start,
                    end: range.end,
                    vector: next()?,
                })
            });
            meant.push(PassageVectors {
                id,
                vector,
                sentences: sentences.collect::<Result<_, _>>()?,
            });
        }
        Ok(meant)
    }

    fn whole(&self, passage: &BarePassage) -> String {
        let BarePassage {
            title,
            tags,
            heading,
            text,
            ..
        } = passage;
        self.ports.retriever.embedded(title, tags, heading, text)
    }

    /// Which of the models here made the vectors in force: the one that makes one of them again. Where there is none, it is
    /// the configured one's turn.
    pub(super) async fn maker(&self, scope: Scope) -> Result<Option<String>, EngineError> {
        let ports = &self.ports;
        let mut unit = ports.store.read(scope).await?;
        let passage = unit.embeddings().any_passage().await?;
        let known = match passage {
            Some((passage, vector)) => Some((self.whole(&passage), vector, Role::Passage)),
            None => {
                let phrase = unit.intents().phrases("").await?.into_iter().next();
                phrase.map(|phrase| (phrase.text, phrase.vector, Role::Question))
            }
        };
        drop(unit);
        let current = ports.embedders.current();
        let Some((text, vector, role)) = known else {
            return Ok(Some(current.model().to_owned()));
        };
        for embedder in std::iter::once(current.clone()).chain(ports.embedders.previous()) {
            let again = embedder.embed(vec![text.clone()], role).await?;
            if again.first().is_some_and(|again| cosine(again, &vector) > SAME) {
                return Ok(Some(embedder.model().to_owned()));
            }
        }
        Ok(None)
    }
}

fn cosine(a: &Vector, b: &Vector) -> f32 {
    if a.len() != b.len() {
        return 0.0;
    }
    a.iter().zip(b.iter()).map(|(a, b)| a * b).sum()
}

fn count(what: &'static str, number: usize) {
    metrics::counter!("acs_embedding_moved_total", "what" => what).increment(number as u64);
}
