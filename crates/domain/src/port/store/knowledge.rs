//! Knowledge: entries, versions, and the nomination of passages for a question.

use acs_core::page::{Page, PageRequest};
use async_trait::async_trait;
use serde::Serialize;
use time::OffsetDateTime;

use super::StoreError;
use crate::knowledge::{
    Entry, EntryId, EntryVersion, FoundPassage, Link, Passage, PassageId, TitledLink, Vector,
};

/// Which passages may be found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Filter {
    /// Only those of this category.
    pub category: Option<String>,
    /// Only those in this language, and those in none in particular.
    pub language: Option<String>,
    /// Only those for everybody, and those for one of these; `None`: whomever they are for.
    pub audience: Option<Vec<String>>,
}

/// Which passages to nominate.
#[derive(Debug, Clone)]
pub struct SearchQuery {
    /// The searchable words of the question, each once.
    pub terms: Vec<String>,
    /// The meaning of the question; without it only words count.
    pub vector: Option<Vector>,
    /// The model that gave it: where another one answers, only words count.
    pub embedding_model: String,
    /// Which may be found.
    pub only: Filter,
    /// Entries that did not hold then are left out: not yet, or no longer.
    pub at: OffsetDateTime,
    /// How many to nominate by words, and as many by meaning.
    pub candidates: u32,
    /// Nominate all passages of these entries instead, up to as many as `candidates` says.
    pub of: Vec<EntryId>,
}

/// A passage that may fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Nominee {
    /// The passage.
    pub passage_id: PassageId,
    /// Its entry.
    pub entry_id: EntryId,
    /// Cosine with the question; 0 without a vector.
    pub cosine: f32,
    /// How many terms the passage has.
    pub length: u32,
    /// How often it has each term of the query, in the query's order.
    pub counts: Vec<u32>,
}

/// How common words are in the organization's knowledge.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lexicon {
    /// Passages in all.
    pub passages: u64,
    /// Terms in all passages.
    pub total_terms: u64,
    /// In how many passages each term of the query occurs, in the query's order.
    pub frequencies: Vec<u64>,
}

/// The candidates for a question, in no order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Nominations {
    /// The candidates, each once.
    pub nominees: Vec<Nominee>,
    /// How common the words are.
    pub lexicon: Lexicon,
    /// The model whose vectors answer; empty where nobody has told: then any model's question was taken.
    pub embedding_model: String,
}

/// An entry with its passages, as it is to be stored.
#[derive(Debug, Clone)]
pub struct WrittenEntry {
    /// The entry; `version` 1 adds it, a higher one replaces the version before. `revision` is set by the store.
    pub entry: Entry,
    /// What is found of it from now on.
    pub passages: Vec<Passage>,
    /// The model that gave the vectors. If another one answers, words alone find the passages until they are embedded anew.
    pub embedding_model: String,
}

/// Reads knowledge.
#[async_trait]
pub trait KnowledgeQueries: Send {
    /// The entry with this id.
    async fn find(&mut self, id: EntryId) -> Result<Option<Entry>, StoreError>;

    /// The entries with these titles, in any order; the oldest where a title occurs twice.
    async fn find_by_titles(&mut self, titles: &[String]) -> Result<Vec<Entry>, StoreError>;

    /// Entries, newest first, of one category if wanted.
    async fn list(&mut self, category: Option<&str>, page: &PageRequest) -> Result<Page<Entry>, StoreError>;

    /// The texts that an entry had, newest first; the cursor's key is the version.
    async fn versions(&mut self, id: EntryId, page: &PageRequest) -> Result<Page<EntryVersion>, StoreError>;

    /// Nominates passages: the best by words (sum over the query's terms of how rare each is in this organization) and
    /// the nearest by meaning. Nothing of another organization takes part, in the words' rarity neither.
    async fn nominate(&mut self, query: &SearchQuery) -> Result<Nominations, StoreError>;

    /// The commonest words of the knowledge that begin with the same letter as one of these and are about as long: among
    /// them is the one that a misspelt word was meant to be. Commonest first, a few hundred for each of the words at most.
    async fn words_like(&mut self, words: &[String]) -> Result<Vec<String>, StoreError>;

    /// The links that lead on from entries which were found, to entries that may be found too: from each to what it is part of
    /// and what it names beside it, to its own parts, and to whatever supersedes it, however often that was superseded again.
    /// At most a hundred.
    async fn links_on(
        &mut self,
        from: &[EntryId],
        only: &Filter,
        at: OffsetDateTime,
    ) -> Result<Vec<Link>, StoreError>;

    /// The links of one entry, those that leave it and those that lead to it.
    async fn links_of(&mut self, id: EntryId) -> Result<Vec<TitledLink>, StoreError>;

    /// The passages with these ids, in the order of the ids; those that are gone are left out.
    async fn passages(&mut self, ids: &[PassageId]) -> Result<Vec<FoundPassage>, StoreError>;
}

/// Writes knowledge. Every call raises the organization's `knowledge_version`.
#[async_trait]
pub trait Knowledge: KnowledgeQueries {
    /// Adds and replaces entries with their passages, keeping the old texts as versions. The limit of entries holds;
    /// replacing over another version than the one before is a conflict of `version`.
    async fn put(&mut self, written: &[WrittenEntry]) -> Result<(), StoreError>;

    /// Puts links in place of all that left the entry. One to an entry that is not there, and one by which an entry would
    /// supersede itself in the end, is a conflict of `links`.
    async fn put_links(&mut self, id: EntryId, links: &[Link], at: OffsetDateTime) -> Result<(), StoreError>;

    /// Removes an entry and its passages; its versions stay. `false` if there is none.
    async fn delete(&mut self, id: EntryId, at: OffsetDateTime) -> Result<bool, StoreError>;

    /// Counts that entries were cited.
    async fn count_usage(&mut self, ids: &[EntryId]) -> Result<(), StoreError>;

    /// Counts that a reply which cites entries settled the matter.
    async fn count_success(&mut self, ids: &[EntryId]) -> Result<(), StoreError>;
}
