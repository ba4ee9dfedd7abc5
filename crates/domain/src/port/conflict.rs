//! The comparison of the knowledge's entries with each other.

use std::ops::Range;

use crate::conflict::Difference;
use crate::knowledge::FoundPassage;

/// A passage that is compared.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The passage.
    pub found: FoundPassage,
    /// The language that its entry names.
    pub language: Option<String>,
}

/// Two sentences that say different things about the same matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// The places of their passages among those that were compared.
    pub passages: [usize; 2],
    /// Where they stand in the texts of the passages.
    pub sentences: [Range<usize>; 2],
    /// In what they differ.
    pub difference: Difference,
}

/// Finds sentences of different passages that cannot both be true. Pure: the same input gives the same output, and it does not
/// matter which of two passages comes first.
pub trait Comparison: Send + Sync {
    /// The contradictions in pairs of passages, in the order of the pairs. `strangers` is the cosine of strangers to the model
    /// of the sentences' vectors. More than half a millisecond of work: run it off the async threads.
    fn contradictions(
        &self,
        passages: &[Compared],
        pairs: &[[usize; 2]],
        strangers: f32,
    ) -> Vec<Contradiction>;
}
