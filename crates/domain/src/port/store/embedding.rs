//! The way of an organization's vectors from one embedding model to another.
//!
//! There are two places for vectors. One answers; the other is filled beside it by another model, and when nothing is
//! missing the two change their parts in one step. Then the old vectors are cleared, some at a time.

use std::ops::Range;

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
use crate::intent::IntentId;
use crate::knowledge::{PassageId, Vector};

/// Where an organization's vectors stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VectorState {
    /// The model whose vectors answer; empty where nobody has told.
    pub in_force: String,
    /// The model that has the other place: one that is moved to, or whose vectors are no longer used.
    pub beside: Option<String>,
    /// When the model in force came into force.
    pub since: OffsetDateTime,
    /// Whether something may have been written without a vector of the model in force.
    pub missing: bool,
}

/// A passage as it is before its meaning is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BarePassage {
    /// Id.
    pub id: PassageId,
    /// The entry's headline.
    pub title: String,
    /// The entry's labels.
    pub tags: Vec<String>,
    /// The headings above it.
    pub heading: String,
    /// The text itself.
    pub text: String,
    /// The byte ranges of its sentences.
    pub sentences: Vec<Range<usize>>,
}

/// A passage's meaning.
#[derive(Debug, Clone, PartialEq)]
pub struct PassageVectors {
    /// Whose.
    pub id: PassageId,
    /// The whole passage's.
    pub vector: Vector,
    /// Its sentences'.
    pub sentences: Vec<crate::knowledge::Sentence>,
}

/// A phrase as it is before its meaning is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BarePhrase {
    /// Of which intent.
    pub intent: IntentId,
    /// Its place in the intent.
    pub ordinal: i64,
    /// The words.
    pub text: String,
}

/// Reads where vectors stand. A model that has neither place has no vectors.
#[async_trait]
pub trait EmbeddingQueries: Send {
    /// Where the vectors stand.
    async fn state(&mut self) -> Result<VectorState, StoreError>;

    /// Passages without a vector of this model, by id from behind `after`.
    async fn passages_without(
        &mut self,
        model: &str,
        after: Option<PassageId>,
        limit: u32,
    ) -> Result<Vec<BarePassage>, StoreError>;

    /// Phrases without a vector of this model.
    async fn phrases_without(&mut self, model: &str, limit: u32) -> Result<Vec<BarePhrase>, StoreError>;

    /// How many passages and phrases have no vector of this model.
    async fn count_without(&mut self, model: &str) -> Result<(u64, u64), StoreError>;

    /// Any passage with its vector in force.
    async fn any_passage(&mut self) -> Result<Option<(BarePassage, Vector)>, StoreError>;
}

/// Moves vectors.
#[async_trait]
pub trait Embeddings: EmbeddingQueries {
    /// Takes the move of the organization up, unless somebody holds a live lease on it: gives the number of the attempt.
    async fn acquire(
        &mut self,
        owner: &str,
        now: OffsetDateTime,
        until: OffsetDateTime,
    ) -> Result<Option<i64>, StoreError>;

    /// Lengthens the lease, or ends it with a time that is past; `false` if another attempt has taken over.
    async fn renew(&mut self, attempt: i64, until: OffsetDateTime) -> Result<bool, StoreError>;

    /// Says which model made the vectors in force, where nobody has told; `false` where somebody has.
    async fn name(&mut self, model: &str) -> Result<bool, StoreError>;

    /// Gives the other place to a model; `false` if another one has it.
    async fn open(&mut self, model: &str) -> Result<bool, StoreError>;

    /// Keeps vectors of a model in the place that it has. Passages that are gone meanwhile are left out.
    async fn put_passages(&mut self, model: &str, vectors: &[PassageVectors]) -> Result<(), StoreError>;

    /// Keeps phrases' vectors of a model. Phrases that say something else meanwhile are left out.
    async fn put_phrases(&mut self, model: &str, vectors: &[(BarePhrase, Vector)]) -> Result<(), StoreError>;

    /// Puts the model that has the other place in force, with all of its vectors at once; `false`, and nothing of this unit
    /// may be committed, if one is missing.
    async fn switch(&mut self, model: &str, at: OffsetDateTime) -> Result<bool, StoreError>;

    /// Notes that nothing has to be searched for vectors that are missing; `false`, and nothing of this unit may be
    /// committed, if one is.
    async fn settle(&mut self) -> Result<bool, StoreError>;

    /// Clears the other place of at most so many passages' vectors, and of the phrases' and heads with the last of them;
    /// `true` when nothing is left there.
    async fn clear(&mut self, limit: u32) -> Result<bool, StoreError>;
}
