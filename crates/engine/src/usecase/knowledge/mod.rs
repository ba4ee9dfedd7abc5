//! Knowledge: written, versioned, imported and searched. What is written is found by the next search.

mod bring_in;
mod conflicts;
pub(crate) mod gaps;
pub mod import;
mod links;
mod read;
mod write;

use std::sync::Arc;

pub use self::gaps::SeenGap;
pub use self::import::{Format, Imported};
pub use self::read::FoundEntry;
use crate::ports::Ports;
use crate::terms::TermModels;

/// The use cases of knowledge.
#[derive(Clone)]
pub struct KnowledgeBase {
    ports: Arc<Ports>,
    terms: TermModels,
}

impl KnowledgeBase {
    pub(crate) fn new(ports: Arc<Ports>, terms: TermModels) -> Self {
        Self { ports, terms }
    }
}
