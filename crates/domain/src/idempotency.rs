//! Requests that must take effect once, however often they are sent.

use std::time::Duration;

use time::OffsetDateTime;

/// How long a key is remembered.
pub const RETENTION: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a key is at the most, in characters.
pub const MAX_KEY_CHARS: usize = 255;

/// A request that names itself, so that its twin is recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Who sends it: keys of different callers never meet.
    pub caller: String,
    /// To which operation (`POST /conversations`), path included.
    pub operation: String,
    /// The key that the client chose.
    pub key: String,
    /// SHA-256 over the request's body, in hex.
    pub request_hash: String,
    /// When it came.
    pub at: OffsetDateTime,
}

/// What is known of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recall {
    /// Never seen: do the work, and keep its result in the same unit of work.
    Fresh,
    /// Done before, with this result.
    Done(String),
    /// The key was used for another request.
    Reused,
}
