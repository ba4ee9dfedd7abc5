//! How a turn came about: out of its sealed record, and of the little that stands beside it.

mod told;

use std::sync::Arc;

use acs_core::error::Chain;
use acs_domain::access::{Grant, ReadEvidence};
use acs_domain::conversation::ConversationId;
use acs_domain::escalation::Escalation;
use acs_domain::knowledge::Citation;
use acs_domain::message::MessageId;
use acs_domain::port::store::ReadUnit;
use acs_domain::record::{ChainEnd, Content, CustomerKey, Link, Record};
use acs_domain::turn::{Outcome, Turn};

use super::{Conversations, visible};
use crate::error::{EngineError, Thing};
use crate::ports::Ports;
use crate::record::{Unreadable, open_key, read};

/// How many links of a chain are checked for one turn at the most; the worker's `verify` checks all.
pub const LINKS: u32 = 1_000;

/// A turn, and what its evidence is told with.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// The turn; its `result` is there once it is done, with all of its evidence that can be read.
    pub turn: Turn,
    /// The open call for a person, if the turn was left to one.
    pub escalation: Option<Escalation>,
    /// Its record; `None` before the turn is done, and for turns of a time before there were records.
    pub record: Option<Recorded>,
}

impl Explained {
    /// Whether what the turn said of its customer was erased.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        self.turn.result.as_ref().is_some_and(|result| result.erased)
            || matches!(&self.record, Some(record) if matches!(record.opened, Unsealed::Erased))
    }
}

/// What is told of a turn's record.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// Its place in the conversation's chain.
    pub link: Link,
    /// Whether the record and the chain up to it (the last [`LINKS`] links of it) are as they were written.
    pub chain_holds: bool,
    /// What it says.
    pub opened: Unsealed,
}

/// A record that was to be opened.
#[derive(Debug, Clone, PartialEq)]
pub enum Unsealed {
    /// What it says, and the sentences of the reply.
    Content(Box<Content>, Vec<SaidSentence>),
    /// Its key was deleted.
    Erased,
    /// Why it does not open.
    Unreadable(String),
}

/// A sentence of a reply.
#[derive(Debug, Clone, PartialEq)]
pub struct SaidSentence {
    /// The words, without markers.
    pub text: String,
    /// What it stands on.
    pub citations: Vec<Citation>,
}

impl Conversations {
    /// The turn of a customer's message, with its evidence once it is done.
    pub async fn evidence(
        &self,
        grant: &Grant<ReadEvidence>,
        id: ConversationId,
        message: MessageId,
    ) -> Result<Explained, EngineError> {
        let mut unit = self.ports.store.read(grant.scope()).await?;
        let conversation = visible(unit.conversations().find(id).await?, grant.caller())?;
        let turn = unit.turns().find_by_message(message).await?;
        let mut turn = turn
            .filter(|turn| turn.conversation_id == conversation.id)
            .ok_or(EngineError::NotFound(Thing::Turn))?;
        let left_to_people = turn
            .result
            .as_ref()
            .is_some_and(|result| result.outcome == Outcome::HandedOver);
        let escalation = match left_to_people {
            true => unit.escalations().find_open(conversation.id).await?,
            false => None,
        };
        let sealed = match &turn.result {
            Some(_) => Sealed::find(&mut *unit, &turn).await?,
            None => None,
        };
        drop(unit);
        let record = match sealed {
            Some(sealed) => {
                let ports = Arc::clone(&self.ports);
                let opened = tokio::task::spawn_blocking(move || sealed.opened(&ports)).await;
                Some(opened.map_err(|error| EngineError::Internal(Box::new(error)))?)
            }
            None => None,
        };
        if let (Some(result), Some(record)) = (&mut turn.result, &record) {
            told::complete(result, record);
        }
        Ok(Explained {
            turn,
            escalation,
            record,
        })
    }
}

/// The record of a turn as it is stored, with what opens and proves it.
struct Sealed {
    record: Record,
    key: Option<CustomerKey>,
    /// The links of the chain before it.
    before: Vec<Link>,
    /// Whether it stands in the turn's own conversation.
    is_in_place: bool,
}

impl Sealed {
    async fn find(unit: &mut dyn ReadUnit, turn: &Turn) -> Result<Option<Self>, EngineError> {
        let Some(record) = unit.records().find(turn.id).await? else {
            return Ok(None);
        };
        let link = &record.link;
        let before = unit
            .records()
            .links_before(link.conversation_id, link.seq, LINKS)
            .await?;
        let key = unit.records().keys(&[link.key_id]).await?.pop();
        Ok(Some(Self {
            is_in_place: link.conversation_id == turn.conversation_id,
            key,
            before,
            record,
        }))
    }

    /// Opens the record and checks the chain: milliseconds of work.
    fn opened(self, ports: &Ports) -> Recorded {
        let key = self.key.as_ref().map(|key| open_key(&ports.seals, key));
        let opened = match read(&self.record, key.as_ref()) {
            Ok(content) => {
                let sentences = told::sentences(&*ports.grounding, &content.decided);
                Unsealed::Content(Box::new(content), sentences)
            }
            Err(Unreadable::Erased) => Unsealed::Erased,
            Err(error) => Unsealed::Unreadable(Chain(&error).to_string()),
        };
        Recorded {
            chain_holds: self.chain_holds(),
            opened,
            link: self.record.link,
        }
    }

    fn chain_holds(&self) -> bool {
        // A chain that is longer than what was read is believed to hold before it.
        let mut end =
            self.before
                .first()
                .filter(|first| first.seq > 1)
                .map_or_else(ChainEnd::default, |first| ChainEnd {
                    seq: first.seq - 1,
                    hash: first.previous,
                });
        let mut holds = self.is_in_place;
        for link in &self.before {
            holds &= link.fault_after(&end).is_none();
            end = link.end();
        }
        holds && self.record.fault_after(&end).is_none()
    }
}
