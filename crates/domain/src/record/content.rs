//! What a record says: everything that a turn read, heard and made of it, so that it can be run again.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{Decided, Routed, VectorRecord};
use crate::analysis::Analysis;
use crate::conversation::Conversation;
use crate::knowledge::{EntryId, Link, PassageId};
use crate::message::Message;
use crate::organization::Organization;
use crate::port::rerank::Ordered;
use crate::profile::Profile;
use crate::turn::Attempt;

/// The content of a record, before it is sealed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Content {
    /// What the turn was run with.
    pub versions: Versions,
    /// The settings that decide.
    pub thresholds: Thresholds,
    /// What it read; `None` for a turn that was given up unread.
    pub input: Option<Input>,
    /// What it was told on the way.
    pub heard: Heard,
    /// What came of it.
    pub decided: Decided,
    /// Every try of a model, with what it took; `None` in records that are older than this.
    #[serde(default)]
    pub attempts: Option<Vec<Attempt>>,
    /// What was too long to keep, and is missing here. Such a turn cannot be run again.
    pub cut: Vec<String>,
}

/// Which versions of everything took part.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// Of the organization's knowledge.
    pub knowledge: i64,
    /// Of its intents.
    pub intents: i64,
    /// Of the head trained on them that answered; 0 for none.
    pub head: i64,
    /// Of its own terms.
    pub terms: i64,
    /// The embedding model.
    pub embedding_model: String,
    /// The program, and what it carries: heads, rules, templates, each with a digest.
    pub parts: BTreeMap<String, String>,
}

/// The operator's settings that a decision depends on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Thresholds {
    /// Below this confidence nothing is known.
    pub unknown: f32,
    /// Below this confidence a person is offered.
    pub answer: f32,
    /// From this confidence on it answers even where entries compete.
    pub certain: f32,
    /// From this confidence on an intent is acted on.
    pub intent: f32,
    /// Whether insults call a person.
    pub hand_over_abuse: bool,
}

/// What a turn read before it began.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// When it was read.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// The organization, without what no turn reads.
    pub organization: Organization,
    /// The conversation, as it was read.
    pub conversation: Conversation,
    /// IANA time zone of the customer, or else the organization's.
    pub time_zone: String,
    /// What the customer may read besides what is for everybody.
    pub audience: Vec<String>,
    /// What models may know of the customer.
    #[serde(default)]
    pub profile: Profile,
    /// The customer's message.
    pub message: Message,
    /// The messages before it, oldest first, without customers' data, and with the citations of the last reply alone.
    pub history: Vec<Message>,
    /// The approved texts of social intents.
    pub approved: BTreeMap<String, Vec<String>>,
    /// The cosine of strangers to the embedding model.
    pub strangers: f32,
    /// What could not be read, and why.
    pub degraded: Vec<String>,
}

/// What the parts of the program, the knowledge and the models told a turn.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    /// What the message means, the question that it stands for in its talk, and its clauses.
    pub meanings: Vec<Meaning>,
    /// What sentences of models' replies mean, where words did not decide about them.
    pub sentences: Vec<Meaning>,
    /// The question in the words of the organization's terms, where it had others.
    #[serde(default)]
    pub in_our_words: Option<String>,
    /// What was understood, before the guard spoke.
    pub analysis: Option<Analysis>,
    /// What was found, or why nothing was.
    pub found: Option<Result<FoundRecord, String>>,
    /// The language models; `None` where the turn had none to ask.
    pub route: Option<Routed>,
}

/// The meaning of a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Meaning {
    /// The words.
    pub text: String,
    /// Their place in meaning, or why there is none.
    pub place: Result<VectorRecord, String>,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FoundRecord {
    /// The passages, best first.
    pub passages: Vec<FoundPassageRecord>,
    /// By which meaning, if not by the one that was asked with.
    pub moved: Option<MovedRecord>,
    /// The links by which others were left out.
    pub superseded: Vec<Link>,
    /// How many of the passages each question of a message with several has, in their order; empty where it has one.
    #[serde(default)]
    pub parts: Vec<usize>,
    /// Who put the passages in their order, where there was somebody for it.
    #[serde(default)]
    pub ordered: Option<Ordered>,
}

impl FoundRecord {
    /// Each passage once, in the order in which they were considered: those of several questions in turns.
    #[must_use]
    pub fn considered(&self) -> Vec<&FoundPassageRecord> {
        let whole = [self.passages.len()];
        let lengths = match self.parts.as_slice() {
            [] => &whole,
            parts => parts,
        };
        let mut rest = self.passages.as_slice();
        let mut parts = Vec::with_capacity(lengths.len());
        for length in lengths {
            let (part, others) = rest.split_at_checked(*length).unwrap_or((rest, &[]));
            parts.push(part);
            rest = others;
        }
        let longest = parts.iter().map(|part| part.len()).max().unwrap_or(0);
        let mut seen = HashSet::new();
        (0..longest)
            .flat_map(|place| parts.iter().filter_map(move |part| part.get(place)))
            .filter(|passage| seen.insert(passage.id))
            .collect()
    }
}

/// The meaning of a question to the embedding model that the organization had moved to before the search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MovedRecord {
    /// The place in meaning.
    pub vector: VectorRecord,
    /// The model.
    pub embedding_model: String,
    /// The cosine of strangers to it.
    pub strangers: f32,
}

/// A passage as it was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FoundPassageRecord {
    /// Id.
    pub id: PassageId,
    /// Of which entry.
    pub entry_id: EntryId,
    /// The entry's version.
    pub version: i64,
    /// The entry's headline.
    pub title: String,
    /// The entry's subject.
    pub category: String,
    /// How often a reply that cites the entry settled the matter.
    pub success_count: i64,
    /// When its text of then was written.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    /// Where customers can read the entry.
    pub url: Option<String>,
    /// Its place in the entry.
    pub ordinal: i64,
    /// The headings above it.
    pub heading: String,
    /// The text.
    pub text: String,
    /// Its searchable words.
    pub terms: Vec<String>,
    /// Where its sentences lie in the text.
    pub sentences: Vec<SentenceRange>,
    /// The digest of its sentences' vectors, which are too long to keep and can be made again.
    pub vectors: String,
    /// How well it fits.
    pub score: f32,
    /// The cosine of question and passage.
    pub cosine: f32,
    /// BM25.
    pub lexical: f32,
}

/// First byte of a sentence, and behind its last.
pub type SentenceRange = (usize, usize);
