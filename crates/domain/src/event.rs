//! Every fact that leaves the system. Events are written with the change that they tell of and read from the outbox.

use acs_core::id::Id;
use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;

use crate::organization::OrganizationId;
use crate::text_enum;

/// The id of an [`Event`].
pub type EventId = Id<Event>;

text_enum! {
    /// What happened.
    pub enum EventKind {
        /// An organization was made.
        OrganizationCreated = "organization.created",
        /// An organization was changed.
        OrganizationUpdated = "organization.updated",
        /// An account was made.
        UserCreated = "user.created",
        /// A customer was erased.
        CustomerErased = "customer.erased",
        /// A conversation was begun.
        ConversationCreated = "conversation.created",
        /// A conversation was changed by hand.
        ConversationUpdated = "conversation.updated",
        /// A person was asked for.
        ConversationEscalated = "conversation.escalated",
        /// A person took over.
        ConversationTakenOver = "conversation.taken_over",
        /// A person gave the conversation back.
        ConversationHandedBack = "conversation.handed_back",
        /// A customer has grown upset over the course of a conversation.
        FrustrationRising = "conversation.frustration_rising",
        /// A conversation was solved.
        ConversationResolved = "conversation.resolved",
        /// A conversation ended because the customer went silent.
        ConversationAbandoned = "conversation.abandoned",
        /// A conversation was opened again.
        ConversationReopened = "conversation.reopened",
        /// A customer judged a conversation.
        SatisfactionGiven = "conversation.satisfaction",
        /// A message was stored.
        MessageCreated = "message.created",
        /// A turn ended.
        TurnCompleted = "turn.completed",
        /// A knowledge entry was written.
        KnowledgeWritten = "knowledge.written",
        /// A knowledge entry was removed.
        KnowledgeDeleted = "knowledge.deleted",
        /// The links of an entry were replaced.
        KnowledgeLinked = "knowledge.linked",
        /// Intents were changed.
        IntentsChanged = "intents.changed",
        /// The organization's own terms were changed.
        TermsChanged = "terms.changed",
        /// The organization set its own key for a language model.
        ModelKeySet = "model_key.set",
        /// The organization took its own key for a language model away.
        ModelKeyRemoved = "model_key.removed",
        /// An API key was made.
        ApiKeyCreated = "api_key.created",
        /// An API key was revoked.
        ApiKeyRevoked = "api_key.revoked",
    }
}

/// A fact, as it leaves.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Event {
    /// Id; a reader that sees it twice knows it by this.
    pub id: EventId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// What happened.
    pub kind: EventKind,
    /// The version of the payload's form.
    pub version: i32,
    /// The thing that it happened to: its id.
    pub subject: uuid::Uuid,
    /// Ids and states, never the words of a customer.
    pub payload: Value,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}
