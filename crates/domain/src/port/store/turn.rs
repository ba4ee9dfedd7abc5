//! Turns and their leases.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
use crate::budget::Spending;
use crate::conversation::ConversationId;
use crate::message::MessageId;
use crate::turn::{Turn, TurnId, TurnResult};

/// Reads turns.
#[async_trait]
pub trait TurnQueries: Send {
    /// The turn with this id.
    async fn find(&mut self, id: TurnId) -> Result<Option<Turn>, StoreError>;

    /// The turn of a customer's message.
    async fn find_by_message(&mut self, message: MessageId) -> Result<Option<Turn>, StoreError>;

    /// Whether the conversation's first unfinished turn could be taken up now: nobody holds a live lease on it.
    async fn is_free(
        &mut self,
        conversation: ConversationId,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError>;
}

/// Writes turns.
#[async_trait]
pub trait Turns: TurnQueries {
    /// Adds a turn.
    async fn insert(&mut self, turn: &Turn) -> Result<(), StoreError>;

    /// Whether a turn of the conversation is not done, of those whose message has a `seq` above `after`.
    async fn any_unfinished(&mut self, conversation: ConversationId, after: i64) -> Result<bool, StoreError>;

    /// Takes up the conversation's first unfinished turn, if nobody holds a live lease on it: it runs under the new
    /// lease, with one more attempt. `None` if there is no such turn, or someone is at work on it.
    async fn acquire(
        &mut self,
        conversation: ConversationId,
        owner: &str,
        now: OffsetDateTime,
        until: OffsetDateTime,
    ) -> Result<Option<Turn>, StoreError>;

    /// Lengthens a lease; `false` if another attempt has taken over.
    async fn renew(&mut self, id: TurnId, attempt: i64, until: OffsetDateTime) -> Result<bool, StoreError>;

    /// Holds for a turn under way what it may cost, until it is done or given back, or its lease ends; gives what the
    /// organization's other turns under way hold. Whoever asks for this at the same time waits until the unit has ended. `None` if
    /// another attempt has taken over.
    async fn reserve(
        &mut self,
        id: TurnId,
        attempt: i64,
        most: Spending,
        now: OffsetDateTime,
    ) -> Result<Option<Spending>, StoreError>;

    /// Gives a turn back, so that anyone may take it up at once; `false` if another attempt has taken over.
    async fn release(&mut self, id: TurnId, attempt: i64) -> Result<bool, StoreError>;

    /// Ends a turn; `false` if another attempt has taken over: then nothing of this one may be committed.
    async fn complete(&mut self, id: TurnId, attempt: i64, result: &TurnResult) -> Result<bool, StoreError>;
}
