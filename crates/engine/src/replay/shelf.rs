//! Shelf: the sentences of recorded passages, with their vectors. Records keep a digest of the vectors: those of passages that
//! are still there are read, those of passages that are gone are made again, and both must have that digest.

use std::collections::HashMap;
use std::sync::Arc;

use acs_domain::access::Scope;
use acs_domain::knowledge::{FoundPassage, Hit, Passage, PassageId, Rounded, Sentence, Vector};
use acs_domain::port::embed::Role;
use acs_domain::record::{Content, FoundPassageRecord, FoundRecord, VectorRecord};

use crate::error::EngineError;
use crate::ports::Ports;
use crate::search::Found;
use crate::turn::content::digest;

/// The sentences of passages that are still there.
pub(super) struct Shelf {
    present: HashMap<PassageId, Vec<Sentence>>,
}

impl Shelf {
    /// Reads the passages of some records that are still there.
    pub(super) async fn fetch(
        ports: &Ports,
        scope: Scope,
        contents: impl Iterator<Item = &Content>,
    ) -> Result<Self, EngineError> {
        let mut ids: Vec<PassageId> = contents
            .filter_map(|content| content.heard.found.as_ref()?.as_ref().ok())
            .flat_map(|found| &found.passages)
            .map(|passage| passage.id)
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let mut unit = ports.store.read(scope).await?;
        let found = unit.knowledge().passages(&ids).await?;
        let present = found
            .into_iter()
            .map(|found| (found.passage.id, found.passage.sentences));
        Ok(Self {
            present: present.collect(),
        })
    }

    /// What was found, as it was found by a question of this model; or why it cannot be had.
    pub(super) async fn found(
        &self,
        ports: &Ports,
        recorded: FoundRecord,
        model: &str,
    ) -> Result<Found, String> {
        let FoundRecord {
            passages,
            moved,
            superseded,
            parts,
            ordered,
        } = recorded;
        let mut found = match moved {
            None => Found {
                embedding_model: model.to_owned(),
                ..Found::default()
            },
            Some(moved) => {
                let VectorRecord(vector) = moved.vector;
                Found {
                    vector: Some(vector),
                    embedding_model: moved.embedding_model,
                    strangers: moved.strangers,
                    ..Found::default()
                }
            }
        };
        (found.superseded, found.parts, found.ordered) = (superseded, parts, ordered);
        for passage in passages {
            let present = self.present.get(&passage.id);
            let sentences = match present.filter(|sentences| digest(sentences) == passage.vectors) {
                Some(sentences) => sentences.clone(),
                None => made_again(ports, &found.embedding_model, &passage).await?,
            };
            found.hits.push(hit(passage, sentences));
        }
        Ok(found)
    }
}

/// The sentences of a passage that is gone, embedded again.
async fn made_again(ports: &Ports, model: &str, found: &FoundPassageRecord) -> Result<Vec<Sentence>, String> {
    let gone = || format!("passage {} of \"{}\" is gone", found.id, found.title);
    let embedder = ports.embedders.of(model);
    let embedder =
        embedder.ok_or_else(|| format!("{}, and its embedding model {model} is not loaded", gone()))?;
    let texts = found.sentences.iter().map(|(start, end)| {
        let text = found.text.get(*start..*end).unwrap_or_default();
        text.to_owned()
    });
    let vectors = embedder.embed(texts.collect(), Role::Passage).await;
    let vectors = vectors.map_err(|error| format!("{}, and cannot be embedded again: {error}", gone()))?;
    let sentence = |((start, end), vector): (&(usize, usize), Vector)| Sentence {
        start: *start,
        end: *end,
        vector: Rounded::of(&vector).unit(),
    };
    let sentences: Vec<Sentence> = found.sentences.iter().zip(vectors).map(sentence).collect();
    match digest(&sentences) == found.vectors {
        true => Ok(sentences),
        false => Err(format!(
            "{}, and its sentences' vectors come out otherwise: another model or processor",
            gone()
        )),
    }
}

fn hit(found: FoundPassageRecord, sentences: Vec<Sentence>) -> Hit {
    Hit {
        found: FoundPassage {
            passage: Passage {
                id: found.id,
                entry_id: found.entry_id,
                ordinal: found.ordinal,
                heading: found.heading,
                text: found.text,
                terms: found.terms,
                // Nothing behind the search reads it.
                vector: Arc::default(),
                sentences,
            },
            title: found.title,
            category: found.category,
            source_url: found.url,
            version: found.version,
            success_count: found.success_count,
            updated_at: found.updated_at,
        },
        score: found.score,
        cosine: found.cosine,
        lexical: found.lexical,
    }
}
