//! Understanding of one message.

use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::analysis::Analysis;
use crate::conversation::Topic;
use crate::knowledge::Vector;

/// A text to be understood.
#[derive(Debug, Clone)]
pub struct Utterance {
    /// The words, cleaned.
    pub text: String,
    /// Their meaning; `None` when the embedding was left out.
    pub vector: Option<Vector>,
    /// Its clauses with their meanings, where it has several and they were embedded.
    pub clauses: Vec<Clause>,
    /// The model that gave the meanings.
    pub embedding_model: String,
    /// When it was said: relative dates count from here.
    pub at: OffsetDateTime,
    /// IANA time zone of the speaker.
    pub time_zone: Option<String>,
    /// The organization's own terms; `None` when it has none.
    pub terms: Option<Arc<dyn TermModel>>,
}

/// A part of a text that may want something of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// The words.
    pub text: String,
    /// Their meaning; `None` when the embedding was left out.
    pub vector: Option<Vector>,
}

/// What an organization calls its own things.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// ISO 3166-1, two letters: where telephone numbers without a calling code are from.
    pub country: Option<String>,
    /// What it sells.
    pub products: Vec<Product>,
    /// Numbers and codes of its own.
    pub patterns: Vec<Pattern>,
    /// Words of its customers for what its knowledge calls otherwise.
    #[serde(default)]
    pub synonyms: Vec<Synonym>,
}

/// What the knowledge calls a thing, and what customers call it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Synonym {
    /// The knowledge's word.
    pub name: String,
    /// Those of customers.
    pub aliases: Vec<String>,
}

/// A thing that an organization sells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// What it is called.
    pub name: String,
    /// What else customers call it.
    pub aliases: Vec<String>,
}

/// A form of an organization's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pattern {
    /// The kind of entity that it finds: small letters, digits and `_`.
    pub kind: String,
    /// A regular expression without backtracking; a group named `value` gives the normalized form.
    pub expression: String,
    /// Whether what it finds is personal data, to be masked: the number of a customer, say.
    #[serde(default)]
    pub personal: bool,
}

/// An organization's terms, ready for use: made once for each version of them, then shared.
pub trait TermModel: Send + Sync + std::fmt::Debug {
    /// How much memory it takes, in bytes: for the bound of a cache.
    fn size_bytes(&self) -> usize;

    /// A question with the knowledge's own words in place of the aliases of products and of synonyms; `None` where it has none.
    fn in_our_words(&self, question: &str) -> Option<String>;

    /// For the adapter to know its own again.
    fn as_any(&self) -> &dyn std::any::Any;
}

/// One way to say an intent.
#[derive(Debug, Clone)]
pub struct Phrase {
    /// The intent's name.
    pub intent: String,
    /// The words.
    pub text: String,
    /// Their meaning.
    pub vector: Vector,
}

/// A phrase's intent and words, to be compared with others.
pub type Wording = (String, String);

/// A phrase that was there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conflict {
    /// The place of the phrase.
    pub place: usize,
    /// The place of the first that says the same.
    pub first: usize,
    /// Whether the two teach different intents: neither can be learnt then. Otherwise the phrase is only superfluous.
    pub contradicts: bool,
}

/// The talk that a message is part of.
#[derive(Debug, Clone, Copy)]
pub struct Talk<'a> {
    /// The language that it is in.
    pub language: &'a str,
    /// The last question, as one that stands for itself.
    pub asked: Option<&'a str>,
    /// What it was about before, last first.
    pub earlier: &'a [Topic],
}

/// What a message says in its talk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InContext {
    /// The question as one that stands for itself; `None` where the message already does.
    pub question: Option<String>,
    /// The place of the earlier topic that it goes back to.
    pub returns_to: Option<usize>,
}

/// What an organization's intents sound like: made once for each version of its intents, then shared.
pub trait IntentModel: Send + Sync + std::fmt::Debug {
    /// How much memory it takes, in bytes: for the bound of a cache.
    fn size_bytes(&self) -> usize;

    /// What was trained, for the store to keep until [`Understanding::restore`]; `None` when nothing was.
    fn to_bytes(&self) -> Option<Vec<u8>> {
        None
    }

    /// For the adapter to know its own again.
    fn as_any(&self) -> &dyn std::any::Any;
}

/// Understands messages.
#[async_trait]
pub trait Understanding: Send + Sync {
    /// Learns an organization's intents from all its phrases, as well as can be done at once: in milliseconds.
    async fn learn(&self, phrases: Vec<Phrase>) -> Result<Arc<dyn IntentModel>, UnderstandError>;

    /// Learns them as well as can be: in seconds of a core, off the async threads. Ends soon when the future is dropped.
    /// Without an own way to train, it is what [`learn`](Self::learn) does.
    async fn train(&self, phrases: Vec<Phrase>) -> Result<Arc<dyn IntentModel>, UnderstandError> {
        self.learn(phrases).await
    }

    /// The trained model that [`IntentModel::to_bytes`] gave, with all phrases of today: intents that are newer than the
    /// training are answered for by their phrases, and those that are gone are not said. Fails for bytes of another version
    /// or that are damaged: [`learn`](Self::learn) then, and train anew. Without any phrase it is only good to be
    /// [joined](Self::join).
    async fn restore(
        &self,
        trained: Vec<u8>,
        phrases: Vec<Phrase>,
    ) -> Result<Arc<dyn IntentModel>, UnderstandError> {
        drop(trained);
        self.learn(phrases).await
    }

    /// The phrases of one model with what was trained of another, which costs next to nothing: neither is copied. Without
    /// an own way to train, it is the phrases alone.
    fn join(
        &self,
        phrases: &Arc<dyn IntentModel>,
        trained: &Arc<dyn IntentModel>,
    ) -> Result<Arc<dyn IntentModel>, UnderstandError> {
        let _ = trained;
        Ok(phrases.clone())
    }

    /// Names each phrase that says the same as an earlier one, in their order. Without an own way to compare, none.
    async fn conflicts(&self, phrases: Vec<Wording>) -> Result<Vec<Conflict>, UnderstandError> {
        drop(phrases);
        Ok(Vec::new())
    }

    /// The clauses of a text that may want several things, worth embedding; none where it wants one. Without an own way to
    /// tell, none.
    fn clauses(&self, text: &str) -> Vec<String> {
        let _ = text;
        Vec::new()
    }

    /// The questions of a message that asks several things, each as one that stands for itself; none where it does not.
    /// Without an own way to tell, none.
    fn questions(&self, message: &str, language: &str) -> Vec<String> {
        let _ = (message, language);
        Vec::new()
    }

    /// What a message says in its talk. Without an own way to tell, each stands for itself.
    fn in_context(&self, message: &str, talk: &Talk<'_>) -> InContext {
        let _ = (message, talk);
        InContext::default()
    }

    /// Learns an organization's terms. Fails on the first that cannot be used.
    async fn learn_terms(&self, terms: Terms) -> Result<Arc<dyn TermModel>, UnderstandError>;

    /// Understands one text.
    async fn analyze(
        &self,
        utterance: &Utterance,
        intents: &Arc<dyn IntentModel>,
    ) -> Result<Analysis, UnderstandError>;
}

/// Why a text was not understood.
#[derive(Debug, thiserror::Error)]
pub enum UnderstandError {
    /// A term of an organization cannot be used: say so to whoever wrote it.
    #[error("the term {term} cannot be used: {problem}")]
    BadTerm {
        /// The product's name or the pattern's kind.
        term: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The analysis could not be run.
    #[error("the analysis failed")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}
