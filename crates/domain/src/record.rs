//! Records: for each turn one, never changed, tied to the one before it in its conversation.
//!
//! What a record says of a customer is its [`Content`], sealed under a key of the customer's. The chain goes over the
//! sealed content: whoever deletes the key erases what was said, and the chain still holds.

mod content;
mod decided;
mod failure;
mod routed;
mod vector;

use acs_core::id::Id;
use acs_core::security::digest::sha256_of;
use time::OffsetDateTime;

pub use self::content::{
    Content, FoundPassageRecord, FoundRecord, Heard, Input, Meaning, MovedRecord, SentenceRange, Thresholds,
    Versions,
};
pub use self::decided::{Decided, PersonCalled, Tried};
pub use self::failure::Failure;
pub use self::routed::{Call, CallEnd, Judged, Piece, Routed};
pub use self::vector::VectorRecord;
use crate::conversation::{ConversationId, Status};
use crate::organization::OrganizationId;
use crate::turn::TurnId;
use crate::user::UserId;

/// The id of a [`CustomerKey`].
pub type CustomerKeyId = Id<CustomerKey>;

/// A SHA-256.
pub type Hash = [u8; 32];

/// The form of contents that are written now: JSON, deflated, sealed with AES-256-GCM.
pub const FORMAT: i64 = 1;

/// What the hash of a link begins with: no other hash of this program does.
const LINK: &[u8] = b"acs turn record 1";

/// The key that seals what records say of one customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerKey {
    /// Id.
    pub id: CustomerKeyId,
    /// Whose customer.
    pub organization_id: OrganizationId,
    /// The customer.
    pub customer_id: UserId,
    /// The key, sealed under one of the installation's, whose id stands in it.
    pub wrapped: String,
    /// When it was made.
    pub created_at: OffsetDateTime,
}

/// Where a conversation's chain ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ChainEnd {
    /// The last record's number; 0 before the first.
    pub seq: i64,
    /// Its hash; zeros before the first.
    pub hash: Hash,
}

/// Where the next record of a conversation goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The end of the conversation's chain.
    pub end: ChainEnd,
    /// The customer.
    pub customer_id: UserId,
    /// The newest key of the customer.
    pub key: Option<CustomerKey>,
}

/// A record without its content: a link of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Whose.
    pub organization_id: OrganizationId,
    /// In which conversation.
    pub conversation_id: ConversationId,
    /// Its place in the conversation's chain: 1, 2, 3 …
    pub seq: i64,
    /// The turn.
    pub turn_id: TurnId,
    /// The key that seals the content.
    pub key_id: CustomerKeyId,
    /// The form of the content.
    pub format: i64,
    /// Where the conversation stood when the turn was committed: if no longer with the agent, its draft was dropped.
    pub status_found: Status,
    /// When.
    pub recorded_at: OffsetDateTime,
    /// The hash of the record before; zeros for the first.
    pub previous: Hash,
    /// The hash of the sealed content.
    pub content_hash: Hash,
    /// The hash of all the above.
    pub hash: Hash,
}

/// What a link is made of, besides its place in the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// Whose.
    pub organization_id: OrganizationId,
    /// In which conversation.
    pub conversation_id: ConversationId,
    /// The turn.
    pub turn_id: TurnId,
    /// The key that seals the content.
    pub key_id: CustomerKeyId,
    /// Where the conversation stood when the turn was committed.
    pub status_found: Status,
    /// When.
    pub recorded_at: OffsetDateTime,
    /// The hash of the sealed content.
    pub content_hash: Hash,
}

impl Link {
    /// The link that follows the end of a chain.
    #[must_use]
    pub fn after(end: &ChainEnd, recorded: Recorded) -> Self {
        let mut link = Self {
            organization_id: recorded.organization_id,
            conversation_id: recorded.conversation_id,
            seq: end.seq + 1,
            turn_id: recorded.turn_id,
            key_id: recorded.key_id,
            format: FORMAT,
            status_found: recorded.status_found,
            recorded_at: recorded.recorded_at,
            previous: end.hash,
            content_hash: recorded.content_hash,
            hash: Hash::default(),
        };
        link.hash = link.computed();
        link
    }

    /// What is wrong with the link, if it is to follow the end of a chain.
    #[must_use]
    pub fn fault_after(&self, end: &ChainEnd) -> Option<Fault> {
        if self.hash != self.computed() {
            Some(Fault::Altered)
        } else if self.seq != end.seq + 1 || self.previous != end.hash {
            Some(Fault::Untied)
        } else {
            None
        }
    }

    /// The end of the chain that this link is the last of.
    #[must_use]
    pub const fn end(&self) -> ChainEnd {
        ChainEnd {
            seq: self.seq,
            hash: self.hash,
        }
    }

    /// What the content is sealed for: it opens in no other place.
    #[must_use]
    pub fn place(organization: OrganizationId, conversation: ConversationId, seq: i64) -> [Vec<u8>; 4] {
        [
            LINK.to_vec(),
            organization.as_uuid().as_bytes().to_vec(),
            conversation.as_uuid().as_bytes().to_vec(),
            seq.to_be_bytes().to_vec(),
        ]
    }

    fn computed(&self) -> Hash {
        sha256_of(&[
            LINK,
            self.organization_id.as_uuid().as_bytes(),
            self.conversation_id.as_uuid().as_bytes(),
            &self.seq.to_be_bytes(),
            self.turn_id.as_uuid().as_bytes(),
            self.key_id.as_uuid().as_bytes(),
            &self.format.to_be_bytes(),
            self.status_found.as_str().as_bytes(),
            &self.recorded_at.unix_timestamp_nanos().to_be_bytes(),
            &self.previous,
            &self.content_hash,
        ])
    }
}

/// A record, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its link.
    pub link: Link,
    /// Its content, sealed.
    pub sealed: Vec<u8>,
}

impl Record {
    /// What is wrong with the record, if it is to follow the end of a chain.
    #[must_use]
    pub fn fault_after(&self, end: &ChainEnd) -> Option<Fault> {
        self.link
            .fault_after(end)
            .or_else(|| (content_hash(&self.sealed) != self.link.content_hash).then_some(Fault::OtherContent))
    }
}

/// The hash of a sealed content.
#[must_use]
pub fn content_hash(sealed: &[u8]) -> Hash {
    sha256_of(&[sealed])
}

/// What is wrong with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Something in the link was changed.
    #[error("the record was altered")]
    Altered,
    /// The record before is another, or missing.
    #[error("the record before it is missing or another")]
    Untied,
    /// The content is not what was recorded.
    #[error("the sealed content was altered")]
    OtherContent,
}

#[cfg(test)]
mod tests;
