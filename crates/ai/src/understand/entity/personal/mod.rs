//! The personal-data model: names, streets, places and numbers of documents, which no rule can tell.
//!
//! | file | what it holds |
//! |---|---|
//! | `network` | the model itself: tokens in, what each may be part of out |
//! | `decode` | from tokens to things: which parts make one name, one address |
//! | `plausible` | what the model takes for an address or a document, and is none |
//! | `local` | threads, the bounded line before them, and the deadline |
//!
//! Rampart, a token classifier of 18 million parameters with weights of four bits; its licence and notice lie beside the
//! weights, its figures in `docs/models/rampart-pii.md`.

mod decode;
mod local;
pub(crate) mod network;
mod plausible;

pub(super) use decode::is_kind;
pub use local::{PersonalDataFinder, PersonalDataOptions, Reading, Skipped};
pub use network::PersonalDataModel;

use std::ops::Range;

/// A thing that the model found.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonalData {
    /// Its kind, as the public contract has it.
    pub(super) kind: &'static str,
    /// Its bytes in the text.
    pub(super) range: Range<usize>,
    /// From 0 to 1.
    pub(super) confidence: f32,
}
