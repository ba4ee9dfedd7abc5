//! The words of texts that are read again and again: a passage's sentences are the same for every question.

use std::sync::Arc;

use acs_domain::port::retrieve::Retriever;
use moka::sync::Cache;

/// How much text with its words is remembered, in bytes.
const CAPACITY_BYTES: u64 = 16 * 1024 * 1024;
/// What an entry of the cache and one word take beside their letters, about.
const OVERHEAD_BYTES: usize = 100;
const WORD_BYTES: usize = 40;

/// Takes words out of texts, and remembers them by the text itself: what it knows can be wrong for none.
#[derive(Clone)]
pub(super) struct Memory {
    words: Arc<dyn Retriever>,
    known: Cache<Box<str>, Arc<[String]>>,
}

impl Memory {
    pub(super) fn new(words: Arc<dyn Retriever>) -> Self {
        #[expect(clippy::borrowed_box, reason = "the cache gives its keys so")]
        let weigh = |text: &Box<str>, terms: &Arc<[String]>| {
            let bytes = 2 * text.len() + OVERHEAD_BYTES + terms.len() * WORD_BYTES;
            u32::try_from(bytes).unwrap_or(u32::MAX)
        };
        let known = Cache::builder()
            .weigher(weigh)
            .max_capacity(CAPACITY_BYTES)
            .build();
        Self { words, known }
    }

    /// What takes the words out, when a text is met only once.
    pub(super) fn words(&self) -> &dyn Retriever {
        &*self.words
    }

    /// The searchable words of a text that will be met again.
    pub(super) fn terms(&self, text: &str) -> Arc<[String]> {
        if let Some(known) = self.known.get(text) {
            return known;
        }
        let terms: Arc<[String]> = self.words.terms(text).into();
        self.known.insert(text.into(), Arc::clone(&terms));
        terms
    }
}
