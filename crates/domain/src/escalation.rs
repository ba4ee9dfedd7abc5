//! Hand-over to people.

use acs_core::id::Id;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::conversation::{ConversationId, Priority};
use crate::organization::OrganizationId;
use crate::user::UserId;

/// The id of an [`Escalation`].
pub type EscalationId = Id<Escalation>;

/// A call for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalation {
    /// Id.
    pub id: EscalationId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// In which conversation.
    pub conversation_id: ConversationId,
    /// Why.
    pub reason: String,
    /// How urgent.
    pub priority: Priority,
    /// Who took it.
    pub assigned_to: Option<UserId>,
    /// By when a person should have taken it.
    #[serde(with = "time::serde::rfc3339")]
    pub sla_deadline: OffsetDateTime,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When a person took it.
    #[serde(with = "time::serde::rfc3339::option")]
    pub acknowledged_at: Option<OffsetDateTime>,
    /// When it was done with.
    #[serde(with = "time::serde::rfc3339::option")]
    pub resolved_at: Option<OffsetDateTime>,
}

/// How long a customer should wait for a person at the most.
#[must_use]
pub const fn time_to_respond(priority: Priority) -> Duration {
    match priority.as_i16() {
        5.. => Duration::minutes(15),
        4 => Duration::minutes(30),
        3 => Duration::hours(1),
        2 => Duration::hours(4),
        _ => Duration::hours(8),
    }
}
