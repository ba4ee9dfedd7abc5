//! Personal data kept from who need not know it: language models of others.

use std::sync::Arc;

use super::understand::TermModel;

/// Takes personal data out of texts.
pub trait Masker: Send + Sync {
    /// The texts with marks in the place of personal data, the organization's own kinds included; the same words have the
    /// same mark in all of them. `None` where not all of it could be found in time: then nobody may be told the texts. May take
    /// milliseconds: keep it off async threads.
    fn mask(&self, texts: &[&str], terms: Option<&Arc<dyn TermModel>>) -> Option<Arc<dyn Masked>>;
}

/// Masked texts, and what their marks stand for. It lives as long as its turn and is never stored.
pub trait Masked: Send + Sync + std::fmt::Debug {
    /// The texts in their order.
    fn texts(&self) -> &[String];

    /// A text that was written after these, with what its marks stand for.
    fn unmask(&self, text: &str) -> String;
}
