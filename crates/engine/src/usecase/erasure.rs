//! Erasing a customer: the keys of their records, their words wherever they are stored, and what is known of the person.
//!
//! Rows stay where others point to them, so that numbers and chains hold; conversations are archived. A customer of few
//! conversations is erased in one unit. Another is erased piece by piece: each repeats the keys, so that nothing that was
//! recorded meanwhile stays readable, and the organization's own id goes last. Until then the same call goes on where it was,
//! and `worker verify` names the customer.

use std::sync::Arc;

use acs_domain::access::{Role, Scope};
use acs_domain::event::EventKind;
use acs_domain::port::store::erasure::Extent;
use acs_domain::user::{User, UserId};
use serde_json::json;

use crate::error::{EngineError, Thing};
use crate::ports::Ports;

/// How many conversations are emptied in one unit of work.
pub const PIECE: u32 = 100;

/// The use case of erasing customers, at an operator's hand.
#[derive(Clone)]
pub struct Erasures {
    ports: Arc<Ports>,
}

impl Erasures {
    pub(crate) fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }

    /// The customer with the organization's own id, or with ours: whoever is erased has only that.
    pub async fn find(&self, scope: Scope, name: &str) -> Result<UserId, EngineError> {
        let mut unit = self.ports.store.read(scope).await?;
        let found = match unit.users().find_by_external_id(name).await? {
            Some(known) => Some(known),
            None => match name.parse() {
                Ok(id) => unit.users().find(id).await?,
                Err(_no_id) => None,
            },
        };
        Ok(customer(found)?.id)
    }

    /// What would be erased.
    pub async fn extent(&self, scope: Scope, id: UserId) -> Result<Extent, EngineError> {
        let mut unit = self.ports.store.read(scope).await?;
        customer(unit.users().find(id).await?)?;
        Ok(unit.erasure().extent(id).await?)
    }

    /// Erases a customer and gives what was erased: nothing, if there was nothing left.
    pub async fn erase(&self, scope: Scope, id: UserId) -> Result<Extent, EngineError> {
        let mut erased = Extent::default();
        while !self.erase_piece(scope, id, &mut erased).await? {}
        tracing::info!(
            organization.id = %scope.organization_id(),
            customer.id = %id,
            conversations = erased.conversations,
            messages = erased.messages,
            keys = erased.keys,
            "a customer is erased"
        );
        Ok(erased)
    }

    /// Erases as much as one unit of work should hold; gives whether that was all.
    async fn erase_piece(&self, scope: Scope, id: UserId, erased: &mut Extent) -> Result<bool, EngineError> {
        let ports = &self.ports;
        let at = ports.now();
        let mut unit = ports.store.begin(scope).await?;
        let known = customer(unit.users().find(id).await?)?;
        let conversations = unit.erasure().hold(id, PIECE).await?;
        // Now that no turn can be committed in them any more: a commit may bring a key.
        let keys = unit.records().erase_keys(id).await?;
        if known.external_id.is_none() && conversations.is_empty() && keys == 0 {
            return Ok(true);
        }
        let messages = unit.erasure().empty(&conversations, at).await?;
        unit.erasure().forget(id, at).await?;
        let is_last = conversations.len() < PIECE as usize;
        *erased = Extent {
            conversations: erased.conversations + conversations.len() as u64,
            messages: erased.messages + messages,
            keys: erased.keys + keys,
        };
        if is_last {
            unit.erasure().release(id).await?;
            let payload = json!({ "conversations": erased.conversations, "messages": erased.messages });
            let organization = scope.organization_id();
            let event = ports.event(organization, EventKind::CustomerErased, id, payload, at);
            unit.outbox().append(&[event]).await?;
        }
        unit.commit().await?;
        Ok(is_last)
    }
}

/// Staff are no customers: what they did belongs to the organization.
fn customer(found: Option<User>) -> Result<User, EngineError> {
    found
        .filter(|user| user.role == Role::Customer)
        .ok_or(EngineError::NotFound(Thing::User))
}
