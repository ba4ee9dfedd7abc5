//! Meanings: where the texts of a turn lie, taken down for its record; or where they lay, from one.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use acs_domain::knowledge::Vector;
use acs_domain::port::embed::{EmbedError, Embedder, Role};
use acs_domain::port::understand::Clause;
use acs_domain::record::{Meaning, VectorRecord};
use async_trait::async_trait;

use super::load::Loaded;
use crate::meaning::meaning;
use crate::ports::Ports;

/// The meanings of a turn's texts.
pub(super) struct Meanings {
    texts: Book,
    sentences: Arc<Book>,
}

impl Meanings {
    /// The meanings of these texts, and of these sentences of replies, are not asked for.
    pub(super) fn knowing(texts: Vec<Meaning>, sentences: Vec<Meaning>) -> Self {
        Self {
            texts: Book::knowing(texts),
            sentences: Arc::new(Book::knowing(sentences)),
        }
    }

    /// The place of a text in meaning, or why there is none.
    pub(super) async fn of(&self, ports: &Ports, loaded: &Loaded, text: &str) -> Result<Vector, String> {
        let place = match self.texts.known(text) {
            Some(known) => known,
            None => meaning(ports, text, &loaded.versions.embedding_model)
                .await
                .map_err(str::to_owned),
        };
        self.texts.take_down(text, &place);
        place
    }

    /// The meanings of the clauses of a text that may want several things.
    pub(super) async fn of_clauses(&self, ports: &Ports, loaded: &Loaded, text: &str) -> Vec<Clause> {
        let meant = ports.understanding.clauses(text).into_iter().map(async |text| {
            let vector = self.of(ports, loaded, &text).await.ok();
            Clause { text, vector }
        });
        futures::future::join_all(meant).await
    }

    /// The embedding model, with what it says of the sentences of replies taken down; `None` where nothing says it.
    pub(super) fn of_sentences(&self, embedder: Option<Arc<dyn Embedder>>) -> Option<Arc<dyn Embedder>> {
        if embedder.is_none() && self.sentences.given.is_empty() {
            return None;
        }
        Some(Arc::new(Taped {
            embedder,
            book: Arc::clone(&self.sentences),
        }))
    }

    /// All that were asked for: of texts, and of sentences.
    pub(super) fn told(self) -> (Vec<Meaning>, Vec<Meaning>) {
        (self.texts.told(), self.sentences.told())
    }
}

/// What is known from before, and what is told.
struct Book {
    given: Vec<Meaning>,
    told: Mutex<Vec<Meaning>>,
}

impl Book {
    fn knowing(given: Vec<Meaning>) -> Self {
        Self {
            given,
            told: Mutex::default(),
        }
    }

    fn known(&self, text: &str) -> Option<Result<Vector, String>> {
        let known = self.given.iter().find(|known| known.text == text)?;
        Some(known.place.clone().map(|VectorRecord(vector)| vector))
    }

    fn take_down(&self, text: &str, place: &Result<Vector, String>) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.push(Meaning {
            text: text.to_owned(),
            place: place.clone().map(VectorRecord),
        });
    }

    fn told(&self) -> Vec<Meaning> {
        std::mem::take(&mut *self.told.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// An embedding model that is listened to; `None`: one that can only say again what it said.
struct Taped {
    embedder: Option<Arc<dyn Embedder>>,
    book: Arc<Book>,
}

#[async_trait]
impl Embedder for Taped {
    fn model(&self) -> &str {
        self.embedder.as_ref().map_or("", |embedder| embedder.model())
    }

    fn dimensions(&self) -> usize {
        self.embedder.as_ref().map_or(0, |embedder| embedder.dimensions())
    }

    fn strangers(&self) -> f32 {
        self.embedder
            .as_ref()
            .map_or(0.0, |embedder| embedder.strangers())
    }

    async fn embed(&self, texts: Vec<String>, role: Role) -> Result<Vec<Vector>, EmbedError> {
        match &self.embedder {
            Some(embedder) => embedder.embed(texts, role).await,
            None => Err(EmbedError::Stopped),
        }
    }

    async fn embed_soon(&self, text: String, role: Role, within: Duration) -> Result<Vector, EmbedError> {
        let place = match (self.book.known(&text), &self.embedder) {
            (Some(known), _) => known.map_err(|why| EmbedError::Failed(why.into())),
            (None, Some(embedder)) => embedder.embed_soon(text.clone(), role, within).await,
            (None, None) => Err(EmbedError::Stopped),
        };
        let told = place.as_ref().map(Arc::clone).map_err(ToString::to_string);
        self.book.take_down(&text, &told);
        place
    }
}
