//! Shelf: the sentences of recorded passages, with their vectors. Records keep a digest of the vectors: those of passages that
//! are still there are read, those of passages that are gone are made again, and both must have that digest.

use std::collections::HashMap;
use std::sync::Arc;

use acs_domain::access::Scope;
use acs_domain::knowledge::{FoundPassage, Hit, Passage, PassageId, Rounded, Sentence, Vector};
use acs_domain::record::{Content, FoundPassageRecord};

use crate::error::EngineError;
use crate::ports::Ports;
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
            .flatten()
            .map(|found| found.id)
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

    /// The passages as they were found; or why they cannot be had.
    pub(super) async fn hits(
        &self,
        ports: &Ports,
        recorded: Vec<FoundPassageRecord>,
    ) -> Result<Vec<Hit>, String> {
        let mut hits = Vec::with_capacity(recorded.len());
        for found in recorded {
            let present = self.present.get(&found.id);
            let sentences = match present.filter(|sentences| digest(sentences) == found.vectors) {
                Some(sentences) => sentences.clone(),
                None => made_again(ports, &found).await?,
            };
            hits.push(hit(found, sentences));
        }
        Ok(hits)
    }
}

/// The sentences of a passage that is gone, embedded again.
async fn made_again(ports: &Ports, found: &FoundPassageRecord) -> Result<Vec<Sentence>, String> {
    let texts = found.sentences.iter().map(|(start, end)| {
        let text = found.text.get(*start..*end).unwrap_or_default();
        text.to_owned()
    });
    let vectors = ports.embedder.embed(texts.collect()).await;
    let vectors = vectors.map_err(|error| format!("passage {} cannot be embedded: {error}", found.id))?;
    let sentence = |((start, end), vector): (&(usize, usize), Vector)| Sentence {
        start: *start,
        end: *end,
        vector: Rounded::of(&vector).unit(),
    };
    let sentences: Vec<Sentence> = found.sentences.iter().zip(vectors).map(sentence).collect();
    match digest(&sentences) == found.vectors {
        true => Ok(sentences),
        false => Err(format!(
            "passage {} of \"{}\" is gone, and its sentences' vectors come out otherwise: another model or processor",
            found.id, found.title
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
        },
        score: found.score,
        cosine: found.cosine,
        lexical: found.lexical,
    }
}
