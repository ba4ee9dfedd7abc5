//! Conversations: begun, spoken in, read, and handled by people.

mod explain;
mod handle;
mod open;
mod read;
mod speak;
mod topics;
mod zone;

use std::sync::Arc;

use acs_domain::access::Caller;
use acs_domain::conversation::Conversation;

pub use self::explain::{Explained, LINKS, Recorded, SaidSentence, Unsealed};
pub(crate) use self::handle::text;
pub use self::handle::{Change, Judgement, Resolution};
pub(crate) use self::open::check_external_id;
pub use self::open::{Begin, Opened};
pub use self::speak::Said;
pub(crate) use self::zone::{check_time_zone, keep_time_zone};
use crate::error::{EngineError, Thing};
use crate::ports::Ports;
use crate::turn::Turns;

/// The use cases of conversations.
#[derive(Clone)]
pub struct Conversations {
    ports: Arc<Ports>,
    turns: Turns,
}

impl Conversations {
    pub(crate) fn new(ports: Arc<Ports>, turns: Turns) -> Self {
        Self { ports, turns }
    }
}

/// The conversation, if it is there and the caller may see it: a customer sees only their own.
fn visible(found: Option<Conversation>, caller: &Caller) -> Result<Conversation, EngineError> {
    found
        .filter(|conversation| {
            caller
                .customer_id()
                .is_none_or(|customer| customer == conversation.customer_id)
        })
        .ok_or(EngineError::NotFound(Thing::Conversation))
}
