//! Record: what a turn read, heard and decided, sealed under a key of the customer's. It is made off the async threads and
//! before the commit's unit begins; the unit only ties it to the chain and writes it.

use std::sync::Arc;

use acs_core::entropy::Entropy;
use acs_core::security::content::ContentKey;
use acs_core::security::seal::{SealError, Sealer};
use acs_domain::conversation::Status;
use acs_domain::organization::OrganizationId;
use acs_domain::record::{CustomerKey, CustomerKeyId, Hash, Link, Page, Record, Recorded, content_hash};
use acs_domain::turn::Turn;
use time::OffsetDateTime;

use super::content::{Known, content, decided, thresholds};
use super::think::Thought;
use crate::error::EngineError;
use crate::ports::Ports;
use crate::record::{key_place, open_key, pack};

/// A record that lacks only where the conversation stands when it is committed.
pub(super) struct Prepared {
    page: Page,
    key_id: CustomerKeyId,
    /// The customer's key, if it was made for this record.
    pub(super) new_key: Option<CustomerKey>,
    sealed: Vec<u8>,
    content_hash: Hash,
}

impl Prepared {
    /// The record of a turn that is committed.
    pub(super) fn committed(self, turn: &Turn, status_found: Status, at: OffsetDateTime) -> Record {
        let recorded = Recorded {
            organization_id: turn.organization_id,
            conversation_id: turn.conversation_id,
            turn_id: turn.id,
            key_id: self.key_id,
            status_found,
            recorded_at: at,
            content_hash: self.content_hash,
        };
        Record {
            link: Link::after(&self.page.end, recorded),
            sealed: self.sealed,
        }
    }
}

/// Seals the record of a turn. `known` is what it read and was told; a turn that was given up has read nothing.
pub(super) async fn prepare(
    ports: &Ports,
    turn: &Turn,
    page: Page,
    known: Option<Known>,
    thought: &Thought,
) -> Result<Prepared, EngineError> {
    let settings = &ports.settings;
    let (parts, thresholds) = (Arc::clone(&settings.parts), thresholds(&settings.turns));
    let decided = decided(thought, known.as_ref());
    let attempts = thought.evidence.attempts.clone();
    let keys = Keys {
        seals: Arc::clone(&ports.seals),
        entropy: Arc::clone(&ports.entropy),
        at: ports.now(),
    };
    let place = Link::place(turn.organization_id, turn.conversation_id, page.end.seq + 1);
    let organization = turn.organization_id;
    let sealed = tokio::task::spawn_blocking(move || {
        let packed = pack(content(known, &parts, thresholds, decided, attempts)).map_err(internal)?;
        let (key, key_id, new_key) = match keys.known(&page) {
            Some((key, id)) => (key, id, None),
            None => {
                let (key, made) = keys.make(&page, organization).map_err(internal)?;
                (key, made.id, Some(made))
            }
        };
        let place = place.each_ref().map(Vec::as_slice);
        let sealed = key.seal(&packed, &place, &*keys.entropy).map_err(internal)?;
        Ok(Prepared {
            content_hash: content_hash(&sealed),
            page,
            key_id,
            new_key,
            sealed,
        })
    });
    sealed.await.map_err(internal)?
}

fn internal(error: impl std::error::Error + Send + Sync + 'static) -> EngineError {
    EngineError::Internal(Box::new(error))
}

/// What opens customers' keys, and makes them.
struct Keys {
    seals: Arc<Sealer>,
    entropy: Arc<dyn Entropy>,
    at: OffsetDateTime,
}

impl Keys {
    /// The customer's key, if there is one that opens.
    fn known(&self, page: &Page) -> Option<(ContentKey, CustomerKeyId)> {
        let known = page.key.as_ref()?;
        let opened = open_key(&self.seals, known).inspect_err(|error| {
            tracing::error!(customer_key.id = %known.id, %error,
                "a customer's key does not open: the records go on under a new one");
        });
        Some((opened.ok()?, known.id))
    }

    fn make(
        &self,
        page: &Page,
        organization_id: OrganizationId,
    ) -> Result<(ContentKey, CustomerKey), SealError> {
        let key = ContentKey::generate(&*self.entropy);
        let id = CustomerKeyId::generate(&*self.entropy, self.at);
        let made = CustomerKey {
            id,
            organization_id,
            customer_id: page.customer_id,
            wrapped: key.wrapped(&self.seals, &key_place(organization_id, id), &*self.entropy)?,
            created_at: self.at,
        };
        Ok((key, made))
    }
}
