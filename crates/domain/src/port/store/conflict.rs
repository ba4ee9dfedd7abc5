//! Conflicts between entries of the knowledge, and how far the entries were compared.
//!
//! Writing an entry gives it a revision of the knowledge, and that is all that has to be written for it to be compared: whoever
//! compares goes on, in the order of revisions, from where the last one stopped.

use acs_core::page::{Page, PageRequest};
use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
use crate::conflict::{Conflict, ConflictId, Reach, SeenConflict};
use crate::knowledge::{EntryId, PassageId, Vector};

/// How far an organization's entries were compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Up to this version of the knowledge, all of it.
    pub version: i64,
    /// Behind that, the passages up to this one: the entry's revision, the entry, and the passage's place in it.
    pub passage: (i64, EntryId, i64),
}

/// Passages that are to be compared next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uncompared {
    /// The passages, in the order in which they come.
    pub passages: Vec<PassageId>,
    /// How far everything is compared when they are.
    pub then: Progress,
    /// Whether nothing is left behind them.
    pub is_all: bool,
}

/// What passages are looked for beside.
#[derive(Debug, Clone, PartialEq)]
pub struct Beside {
    /// Its own passages are not wanted.
    pub entry_id: EntryId,
    /// A meaning that the entry has somewhere.
    pub vector: Vector,
}

/// What of an entry decides whether it can be in a conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reaching {
    /// The entry.
    pub entry_id: EntryId,
    /// To whom and when it speaks.
    pub reach: Reach,
}

/// Reads conflicts.
#[async_trait]
pub trait ConflictQueries: Send {
    /// The conflicts that are open at `at`, newest first: nobody has dismissed them, both texts are the present ones and still
    /// hold, and nothing that holds supersedes either.
    async fn list(
        &mut self,
        at: OffsetDateTime,
        page: &PageRequest,
    ) -> Result<Page<SeenConflict>, StoreError>;

    /// The next passages that were not compared since their entry was written, at most `limit`.
    async fn uncompared(&mut self, limit: u32) -> Result<Uncompared, StoreError>;

    /// For each of these the nearest passages of other entries, `each` at most: its place among them with the passage.
    async fn nearest(&mut self, beside: &[Beside], each: u32) -> Result<Vec<(usize, PassageId)>, StoreError>;

    /// To whom and when these entries speak, in any order; those that are gone are left out.
    async fn reaches(&mut self, entries: &[EntryId]) -> Result<Vec<Reaching>, StoreError>;
}

/// Keeps conflicts.
#[async_trait]
pub trait Conflicts: ConflictQueries {
    /// Takes the comparing of the organization up, unless somebody holds a live lease on it: gives the number of the attempt.
    async fn acquire(
        &mut self,
        owner: &str,
        now: OffsetDateTime,
        until: OffsetDateTime,
    ) -> Result<Option<i64>, StoreError>;

    /// Lengthens the lease, or ends it with a time that is past; `false` if another attempt has taken over.
    async fn renew(&mut self, attempt: i64, until: OffsetDateTime) -> Result<bool, StoreError>;

    /// Keeps what was found, and how far everything is compared now; `false`, and nothing of this unit may be committed, if
    /// another attempt has taken over. A conflict that was found before stays what it was: its id, since when, and that it was
    /// dismissed, unless one of the texts is another. One whose texts are no longer there is left out, and forgotten when
    /// everything is compared.
    async fn keep(
        &mut self,
        attempt: i64,
        found: &[Conflict],
        progress: &Progress,
    ) -> Result<bool, StoreError>;

    /// Notes that somebody has looked, and it is no conflict; `false` if there is none, or somebody has done so before.
    async fn dismiss(&mut self, id: ConflictId, at: OffsetDateTime) -> Result<bool, StoreError>;
}
