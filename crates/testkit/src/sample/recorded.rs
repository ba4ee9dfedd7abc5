//! Records of turns, and the keys of their contents.

use acs_domain::conversation::{Conversation, Status};
use acs_domain::record::{ChainEnd, CustomerKey, Link, Record, Recorded, content_hash};
use acs_domain::turn::Turn;

use super::Sample;

impl Sample {
    /// A record of a turn at the end of a chain. What it says is sealed for good: it is chance.
    #[must_use]
    pub fn record(&self, turn: &Turn, end: &ChainEnd) -> Record {
        let sealed = self.hash().into_bytes();
        let recorded = Recorded {
            organization_id: turn.organization_id,
            conversation_id: turn.conversation_id,
            turn_id: turn.id,
            key_id: self.id(),
            status_found: Status::Processing,
            recorded_at: self.now(),
            content_hash: content_hash(&sealed),
        };
        Record {
            link: Link::after(end, recorded),
            sealed,
        }
    }

    /// A key of the customer of a conversation.
    #[must_use]
    pub fn customer_key(&self, conversation: &Conversation) -> CustomerKey {
        CustomerKey {
            id: self.id(),
            organization_id: conversation.organization_id,
            customer_id: conversation.customer_id,
            wrapped: format!("v1.one.{}", self.hash()),
            created_at: self.now(),
        }
    }
}
