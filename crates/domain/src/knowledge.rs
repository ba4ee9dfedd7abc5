//! Knowledge: entries that people write, their versions, and the passages that are searched.

use std::sync::Arc;

use acs_core::id::Id;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::organization::OrganizationId;
use crate::text_enum;
use crate::user::UserId;

/// The id of an [`Entry`].
pub type EntryId = Id<Entry>;
/// The id of a [`Passage`].
pub type PassageId = Id<Passage>;

/// A text's place in meaning: a unit vector; its dot product with another is their cosine.
pub type Vector = Arc<[f32]>;

/// How many code points a title holds at the most.
pub const MAX_TITLE_CHARS: usize = 500;
/// How many code points an entry's content holds at the most.
pub const MAX_CONTENT_CHARS: usize = 200_000;

/// What an author writes: everything of an entry that a version keeps.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryText {
    /// Headline.
    pub title: String,
    /// Markdown.
    pub content: String,
    /// Coarse subject.
    pub category: String,
    /// Finer subject.
    pub subcategory: Option<String>,
    /// Labels.
    pub tags: Vec<String>,
    /// In one or two sentences.
    pub summary: Option<String>,
    /// Where it comes from.
    pub source: Option<String>,
    /// Where customers can read it: http or https.
    pub source_url: Option<String>,
    /// Its language, a code; `None` where it is for readers of any.
    #[serde(default)]
    pub language: Option<String>,
    /// Whom it is for: customers of one of these tiers, or with one of these tags. Empty: everybody.
    #[serde(default)]
    pub audience: Vec<String>,
    /// When it begins to be true.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub valid_from: Option<OffsetDateTime>,
    /// When it stops being true.
    #[serde(with = "time::serde::rfc3339::option")]
    pub expires_at: Option<OffsetDateTime>,
}

/// A piece of an organization's knowledge, as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Id.
    pub id: EntryId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// What it says.
    pub text: EntryText,
    /// Counts the texts that it had: 1, 2, 3 …
    pub version: i64,
    /// The organization's knowledge version at the last change.
    pub revision: i64,
    /// Who wrote the last text.
    pub author_id: Option<UserId>,
    /// How often it was cited.
    pub usage_count: i64,
    /// How often a reply that cites it settled the matter.
    #[serde(default)]
    pub success_count: i64,
    /// When it was first written.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last written.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}

/// One text that an entry had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryVersion {
    /// Of which entry.
    pub entry_id: EntryId,
    /// Its number.
    pub version: i64,
    /// What it said.
    pub text: EntryText,
    /// Who wrote it.
    pub author_id: Option<UserId>,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

/// A vector with 8 bits for a component and one scale for all: how the vectors of sentences are kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Rounded {
    /// What a component is multiplied with.
    pub scale: f32,
    /// The components.
    pub components: Vec<i8>,
}

impl Rounded {
    /// The nearest to a vector.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a float is cut to the range of the integer, NaN becomes 0"
    )]
    pub fn of(vector: &[f32]) -> Self {
        let largest = vector
            .iter()
            .fold(0.0_f32, |most, component| most.max(component.abs()));
        let scale = if largest > 0.0 {
            largest / f32::from(i8::MAX)
        } else {
            1.0
        };
        let components = vector
            .iter()
            .map(|component| (component / scale).round() as i8)
            .collect();
        Self { scale, components }
    }

    /// The unit vector that it stands for: rounding changed the length a little.
    #[must_use]
    pub fn unit(&self) -> Vector {
        let rounded = self.components.iter();
        unit(
            rounded
                .map(|component| f32::from(*component) * self.scale)
                .collect(),
        )
    }
}

/// The vector of length 1 in the same direction.
#[must_use]
pub fn unit(mut vector: Vec<f32>) -> Vector {
    let length = vector
        .iter()
        .map(|component| component * component)
        .sum::<f32>()
        .sqrt();
    if length > 0.0 {
        for component in &mut vector {
            *component /= length;
        }
    }
    vector.into()
}

text_enum! {
    /// How an entry is linked to another.
    pub enum LinkKind {
        /// It holds instead of the other, as soon as it holds.
        Supersedes = "supersedes",
        /// It tells a part of what the other tells.
        PartOf = "part_of",
        /// Whoever reads it may want to read the other.
        SeeAlso = "see_also",
    }
}

/// A link of the knowledge's graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Link {
    /// From this entry.
    pub entry_id: EntryId,
    /// In this way.
    pub kind: LinkKind,
    /// To that entry.
    pub target_id: EntryId,
}

/// A link with the headline of the entry at its other end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TitledLink {
    /// The link.
    pub link: Link,
    /// The other entry's headline.
    pub title: String,
}

/// A sentence of a passage, with its place in meaning: made once at writing, used by every answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Sentence {
    /// First byte in the passage's text.
    pub start: usize,
    /// Behind its last byte.
    pub end: usize,
    /// Its meaning.
    pub vector: Vector,
}

/// A part of an entry, small enough to be found by its meaning and quoted.
#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    /// Id.
    pub id: PassageId,
    /// Of which entry.
    pub entry_id: EntryId,
    /// Its place in the entry: 0, 1, 2 …
    pub ordinal: i64,
    /// The headings above it, outermost first, joined by ` › `; empty at the top.
    pub heading: String,
    /// The text itself, plain.
    pub text: String,
    /// The searchable words of title, heading and text, in one form, repeated as often as they occur.
    pub terms: Vec<String>,
    /// Its meaning.
    pub vector: Vector,
    /// Its sentences.
    pub sentences: Vec<Sentence>,
}

/// A passage with what a reader of it needs to know of its entry.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundPassage {
    /// The passage.
    pub passage: Passage,
    /// The entry's headline.
    pub title: String,
    /// The entry's subject.
    pub category: String,
    /// Where customers can read the entry.
    pub source_url: Option<String>,
    /// The entry's version.
    pub version: i64,
    /// How often a reply that cites the entry settled the matter.
    pub success_count: i64,
    /// When its present text was written.
    pub updated_at: OffsetDateTime,
}

/// A found passage with its score.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// What was found.
    pub found: FoundPassage,
    /// How well it fits, larger is better.
    pub score: f32,
    /// The cosine of question and passage.
    pub cosine: f32,
    /// The lexical score (BM25).
    pub lexical: f32,
}

/// Where a statement of a reply comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Citation {
    /// The entry.
    pub entry_id: EntryId,
    /// Its version at that time.
    pub version: i64,
    /// Its headline.
    pub title: String,
    /// Where customers can read it.
    pub url: Option<String>,
    /// The words that support the statement, exactly as the entry says them.
    pub quote: String,
    /// How well the passage fits the question.
    pub score: f32,
}
