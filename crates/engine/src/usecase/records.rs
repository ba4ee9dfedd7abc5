//! Records of turns: checked whole.

use std::sync::Arc;

use acs_domain::access::Scope;
use acs_domain::conversation::ConversationId;
use acs_domain::record::{ChainEnd, Fault, Record};
use acs_domain::turn::TurnId;
use acs_domain::user::UserId;

use crate::error::EngineError;
use crate::ports::Ports;

/// How many records are read at once.
const PIECE: u32 = 200;
/// How many faults are told of one organization at the most.
const TOLD: u32 = 100;

/// The use cases of records.
#[derive(Clone)]
pub struct RecordBook {
    ports: Arc<Ports>,
}

/// What a check of an organization's records came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// How many records were checked.
    pub records: u64,
    /// In how many conversations.
    pub conversations: u64,
    /// The first broken link of each chain that does not hold, the first 100 of them.
    pub broken: Vec<Broken>,
    /// Turns that are done and have no record, the first 100 of them.
    pub missing: Vec<(ConversationId, TurnId)>,
    /// Customers whose erasure was begun and is not done, the first 100 of them.
    pub half_erased: Vec<UserId>,
}

impl Verified {
    /// Whether everything is as it was written, and what was to be erased is.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.broken.is_empty() && self.missing.is_empty() && self.half_erased.is_empty()
    }
}

/// A link that breaks its chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken {
    /// In which conversation.
    pub conversation: ConversationId,
    /// Its number in the chain.
    pub seq: i64,
    /// The turn.
    pub turn: TurnId,
    /// What is wrong with it.
    pub fault: Fault,
}

impl RecordBook {
    pub(crate) fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }

    /// Walks along every chain of an organization, from its beginning to its end, and looks for customers that are half
    /// erased. No key is needed for it.
    pub async fn verify(&self, scope: Scope) -> Result<Verified, EngineError> {
        let mut walk = Walk::default();
        loop {
            let mut unit = self.ports.store.read(scope).await?;
            let piece = unit.records().list(walk.place(), PIECE).await?;
            if piece.is_empty() {
                let missing = unit.records().missing(TOLD).await?;
                let half_erased = unit.erasure().unfinished(TOLD).await?;
                return Ok(Verified {
                    missing,
                    half_erased,
                    ..walk.verified
                });
            }
            drop(unit);
            let walked = tokio::task::spawn_blocking(move || {
                piece.iter().for_each(|record| walk.step(record));
                walk
            });
            walk = walked
                .await
                .map_err(|error| EngineError::Internal(Box::new(error)))?;
        }
    }
}

/// The way along the chains of an organization.
#[derive(Default)]
struct Walk {
    conversation: Option<ConversationId>,
    end: ChainEnd,
    /// Whether this conversation's chain is known not to hold.
    is_broken: bool,
    verified: Verified,
}

impl Walk {
    fn place(&self) -> Option<(ConversationId, i64)> {
        Some((self.conversation?, self.end.seq))
    }

    fn step(&mut self, record: &Record) {
        let link = &record.link;
        if self.conversation != Some(link.conversation_id) {
            self.conversation = Some(link.conversation_id);
            self.end = ChainEnd::default();
            self.is_broken = false;
            self.verified.conversations += 1;
        }
        self.verified.records += 1;
        if let Some(fault) = record.fault_after(&self.end).filter(|_| !self.is_broken) {
            self.is_broken = true;
            if self.verified.broken.len() < TOLD as usize {
                self.verified.broken.push(Broken {
                    conversation: link.conversation_id,
                    seq: link.seq,
                    turn: link.turn_id,
                    fault,
                });
            }
        }
        self.end = link.end();
    }
}
