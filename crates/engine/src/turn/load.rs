//! Load: what the turn needs to know of the past, in one read unit.

use std::sync::Arc;

use acs_domain::access::Scope;
use acs_domain::conversation::Conversation;
use acs_domain::message::{Message, SenderType};
use acs_domain::organization::Organization;
use acs_domain::port::route::Router;
use acs_domain::port::understand::TermModel;
use acs_domain::turn::{Evidence, Turn};
use time::OffsetDateTime;

use super::Turns;
use crate::error::{EngineError, Thing};
use crate::intents::Learned;
use crate::ports::Ports;

/// The past, as the turn sees it.
pub(super) struct Loaded {
    pub(super) organization: Organization,
    pub(super) conversation: Conversation,
    /// IANA time zone of the customer, or else the organization's.
    pub(super) time_zone: String,
    /// What the customer may read besides what is for everybody: entries for the customer's tier, or for one of their tags.
    pub(super) audience: Vec<String>,
    /// The customer's message.
    pub(super) message: Message,
    /// The messages before it, oldest first.
    pub(super) history: Vec<Message>,
    /// What the organization's intents sound like; `None` when that could not be learned.
    pub(super) intents: Option<Arc<Learned>>,
    /// What the organization calls its own things.
    pub(super) terms: Option<Arc<dyn TermModel>>,
    /// The language models, asked with the organization's keys; `None` when these could not be read.
    pub(super) router: Option<Arc<dyn Router>>,
}

pub(super) async fn load(
    turns: &Turns,
    scope: Scope,
    turn: &Turn,
    evidence: &mut Evidence,
) -> Result<Loaded, EngineError> {
    let ports = &*turns.ports;
    let began = ports.now();
    let mut unit = ports.store.read(scope).await?;
    let organization = unit.organizations().find(scope.organization_id()).await?;
    let organization = organization.ok_or(EngineError::NotFound(Thing::Organization))?;
    let conversation = unit.conversations().find(turn.conversation_id).await?;
    let conversation = conversation.ok_or(EngineError::NotFound(Thing::Conversation))?;
    let count = ports.settings.turns.history;
    let mut history = unit
        .messages()
        .recent(
            turn.conversation_id,
            turn.message_seq + 1,
            count.saturating_add(1),
        )
        .await?;
    let message = history.pop().filter(|message| message.id == turn.message_id);
    let message = message.ok_or(EngineError::NotFound(Thing::Turn))?;
    if conversation.message_count > message.seq {
        let since = unit
            .messages()
            .recent(turn.conversation_id, i64::MAX, count)
            .await?;
        history.extend(since.into_iter().filter(|other| is_past(other, &message)));
        let surplus = history
            .len()
            .saturating_sub(usize::try_from(count).unwrap_or(usize::MAX));
        history.drain(..surplus);
    }
    let customer = unit.users().find(conversation.customer_id).await?;
    drop(unit);
    let (own, audience) = customer.map_or_else(Default::default, |customer| {
        let audience = customer.customer_tier.into_iter().chain(customer.tags).collect();
        (customer.timezone, audience)
    });
    evidence.knowledge_version = organization.knowledge_version;
    evidence.intents_version = organization.intents_version;
    let intents = match turns.intents.get(&organization).await {
        Ok(learned) => Some(learned),
        Err(error) => {
            tracing::warn!(error = %acs_core::error::Chain(&error), "the intents were not learned");
            evidence
                .degraded
                .push("intents: they could not be learned".to_owned());
            None
        }
    };
    let terms = turns.terms.get(&organization, &mut evidence.degraded).await;
    let router = turns.own_models.get(&organization, &mut evidence.degraded).await;
    evidence.timings.queued_ms = millis(began - turn.created_at);
    evidence.timings.load_ms = millis(ports.now() - began);
    Ok(Loaded {
        time_zone: own.unwrap_or_else(|| organization.timezone.clone()),
        organization,
        audience,
        conversation,
        message,
        history,
        intents,
        terms,
        router,
    })
}

/// Whether what came after the message was nevertheless said before its turn: replies to earlier messages are written
/// while it waits. What the customer wrote since has turns of its own.
fn is_past(other: &Message, message: &Message) -> bool {
    other.seq > message.seq && other.sender_type != SenderType::User
}

/// A span of time in milliseconds.
pub(super) fn millis(span: time::Duration) -> f64 {
    span.as_seconds_f64() * 1_000.0
}

/// Milliseconds since a time.
pub(super) fn millis_since(ports: &Ports, began: OffsetDateTime) -> f64 {
    millis(ports.now() - began)
}
