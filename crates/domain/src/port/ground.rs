//! The check of a reply's sentences against what they may stand on.

use std::sync::Arc;

use crate::knowledge::{Citation, Hit, Vector};

/// What a reply may stand on.
#[derive(Debug, Clone)]
pub struct Sources {
    /// The passages of the knowledge, best first.
    pub hits: Arc<[Hit]>,
    /// Other texts that the organization or its systems vouch for: approved texts, records, results of tools.
    pub statements: Vec<String>,
    /// The customer's own words, the question last. They may be said back, and prove nothing.
    pub said: Vec<String>,
    /// Names that need no source: the organization's and the agent's.
    pub names: Vec<String>,
    /// Language code of the reply.
    pub language: String,
    /// The cosine of strangers to the model of the vectors.
    pub strangers: f32,
}

/// What a sentence stands on.
#[derive(Debug, Clone, PartialEq)]
pub struct Ground {
    /// The passage that says so; `None` for another text.
    pub citation: Option<Citation>,
    /// By what it was recognised, with its figures.
    pub how: String,
}

/// What became of a sentence.
#[derive(Debug, Clone, PartialEq)]
pub enum Support {
    /// A source says so.
    Supported(Ground),
    /// It claims nothing that would need a source: a greeting, a question back.
    Courtesy,
    /// The same, and it says sorry.
    Apology,
    /// Words do not decide, and all that meaning must not decide agrees: asked again with the sentence's meaning, there is a
    /// verdict. The reason is for when there is no meaning.
    Open(String),
    /// No source says so; with the reason.
    Unsupported(String),
}

/// Checks sentences against sources that it has read.
pub trait Checker: Send + Sync {
    /// What one sentence of a reply stands on. Less than half a millisecond of work.
    fn check(&self, sentence: &str, meaning: Option<&Vector>) -> Support;
}

/// Reads sources for checks. Pure: the same input gives the same output.
pub trait Grounding: Send + Sync {
    /// Reads the sources of a reply once for all its sentences. More than half a millisecond of work: run it off the async
    /// threads.
    fn read(&self, sources: &Sources) -> Arc<dyn Checker>;

    /// Splits a reply into sentences, with the white space that follows each.
    fn sentences<'t>(&self, text: &'t str) -> Vec<&'t str>;
}
