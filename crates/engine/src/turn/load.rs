//! Load: what the turn needs to know of the past, in one read unit.

use std::collections::HashMap;
use std::sync::Arc;

use acs_domain::access::Scope;
use acs_domain::conversation::Conversation;
use acs_domain::message::{Message, SenderType};
use acs_domain::organization::Organization;
use acs_domain::port::route::Router;
use acs_domain::port::store::ReadUnit;
use acs_domain::port::understand::{IntentModel, TermModel};
use acs_domain::profile::Profile;
use acs_domain::record::{Page, Versions};
use acs_domain::turn::{Evidence, Turn};
use time::OffsetDateTime;

use super::purse::Purse;
use super::{Turns, profile};
use crate::error::{EngineError, Thing};
use crate::ports::Ports;

/// The past, as the turn sees it.
pub(crate) struct Loaded {
    /// When it was read.
    pub(crate) at: OffsetDateTime,
    pub(crate) organization: Organization,
    pub(crate) conversation: Conversation,
    /// IANA time zone of the customer, or else the organization's.
    pub(crate) time_zone: String,
    /// What the customer may read besides what is for everybody: entries for the customer's tier, or for one of their tags.
    pub(crate) audience: Vec<String>,
    /// What models may know of the customer.
    pub(crate) profile: Profile,
    /// The customer's message.
    pub(crate) message: Message,
    /// The messages before it, oldest first.
    pub(crate) history: Vec<Message>,
    /// What the organization's intents sound like; `None` when that could not be learned.
    pub(crate) intents: Option<Arc<dyn IntentModel>>,
    /// The approved texts of the social ones.
    pub(crate) approved: Arc<HashMap<String, Vec<String>>>,
    /// What the organization calls its own things.
    pub(crate) terms: Option<Arc<dyn TermModel>>,
    /// The cosine of strangers to the embedding model.
    pub(crate) strangers: f32,
    /// The language models, asked with the organization's keys; `None` when these could not be read.
    pub(crate) router: Option<Arc<dyn Router>>,
    /// What these are paid from.
    pub(crate) purse: Purse,
    /// What could not be read, and why.
    pub(crate) degraded: Vec<String>,
    /// Which versions of all this were in force.
    pub(crate) versions: Versions,
}

impl Loaded {
    /// Evidence that begins with what was loaded.
    pub(crate) fn evidence(&self) -> Evidence {
        Evidence {
            knowledge_version: self.versions.knowledge,
            intents_version: self.versions.intents,
            embedding_model: self.versions.embedding_model.clone(),
            degraded: self.degraded.clone(),
            ..Evidence::default()
        }
    }
}

#[cfg(test)]
impl Loaded {
    /// The first message of a conversation, and nothing learned.
    pub(super) fn of(organization: Organization, conversation: Conversation, message: Message) -> Self {
        Self {
            at: message.created_at,
            time_zone: organization.timezone.clone(),
            audience: Vec::new(),
            profile: Profile::default(),
            organization,
            conversation,
            message,
            history: Vec::new(),
            intents: None,
            approved: Arc::default(),
            terms: None,
            strangers: 0.0,
            router: None,
            purse: Purse::Told(None),
            degraded: Vec::new(),
            versions: Versions::default(),
        }
    }
}

/// What the turn needs to know, and where its record goes.
pub(super) async fn load(
    turns: &Turns,
    scope: Scope,
    turn: &Turn,
) -> Result<(Loaded, Page, LoadTimes), EngineError> {
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
    let profile = profile::read(ports, &mut *unit, &organization, &conversation, customer.as_ref()).await?;
    let page = page(&mut *unit, turn).await?;
    drop(unit);
    let (own, audience) = customer.map_or_else(Default::default, |customer| {
        let audience = customer.customer_tier.into_iter().chain(customer.tags).collect();
        (customer.timezone, audience)
    });
    let mut degraded = Vec::new();
    let learned = turns.intents.get(&organization).await.inspect_err(|error| {
        tracing::warn!(error = %acs_core::error::Chain(error), "the intents were not learned");
        degraded.push("intents: they could not be learned".to_owned());
    });
    let learned = learned.ok();
    let terms = turns.terms.get(&organization, &mut degraded).await;
    let router = turns.own_models.get(&organization, &mut degraded).await;
    let embedding_model = ports.embedders.name(&organization.embedding_model).to_owned();
    let embedder = ports.embedders.of(&embedding_model);
    let versions = Versions {
        knowledge: organization.knowledge_version,
        intents: organization.intents_version,
        head: learned.as_ref().map_or(0, |learned| learned.head_version()),
        terms: organization.terms_version,
        embedding_model,
        ..Versions::default()
    };
    let times = LoadTimes {
        queued_ms: millis(began - turn.created_at),
        load_ms: millis(ports.now() - began),
    };
    let loaded = Loaded {
        at: began,
        time_zone: own.unwrap_or_else(|| organization.timezone.clone()),
        organization,
        audience,
        profile,
        conversation,
        message,
        history,
        intents: learned.as_ref().map(|learned| learned.model.clone()),
        approved: learned
            .map(|learned| learned.approved.clone())
            .unwrap_or_default(),
        terms,
        strangers: embedder.map_or(0.0, |embedder| embedder.strangers()),
        router,
        purse: Purse::UnderWay {
            turn: turn.id,
            attempt: turn.attempts,
        },
        degraded,
        versions,
    };
    Ok((loaded, page, times))
}

/// How long it took until the turn could begin, in milliseconds.
pub(super) struct LoadTimes {
    queued_ms: f64,
    load_ms: f64,
}

impl LoadTimes {
    pub(super) fn note(&self, evidence: &mut Evidence) {
        evidence.timings.queued_ms = self.queued_ms;
        evidence.timings.load_ms = self.load_ms;
    }
}

/// Where the record of a turn goes.
pub(super) async fn page(unit: &mut dyn ReadUnit, turn: &Turn) -> Result<Page, EngineError> {
    let page = unit.records().page(turn.conversation_id).await?;
    page.ok_or(EngineError::NotFound(Thing::Conversation))
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
