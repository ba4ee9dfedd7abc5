//! Personal data kept from who need not know it: language models of others.

use std::sync::Arc;

use super::understand::TermModel;
use crate::analysis::Entity;

/// A text as it was written.
#[derive(Debug, Clone, Copy)]
pub struct Unmasked<'a> {
    /// The words.
    pub text: &'a str,
    /// What is named in it; `None`: to be found out by rules.
    pub entities: Option<&'a [Entity]>,
}

/// Takes personal data out of texts.
pub trait Masker: Send + Sync {
    /// The texts with marks in the place of personal data, the organization's own kinds included; the same words have the
    /// same mark in all of them. Takes up to a millisecond for a text without entities.
    fn mask(&self, texts: &[Unmasked<'_>], terms: Option<&Arc<dyn TermModel>>) -> Arc<dyn Masked>;
}

/// Masked texts, and what their marks stand for. It lives as long as its turn and is never stored.
pub trait Masked: Send + Sync + std::fmt::Debug {
    /// The texts in their order.
    fn texts(&self) -> &[String];

    /// A text that was written after these, with what its marks stand for.
    fn unmask(&self, text: &str) -> String;
}
