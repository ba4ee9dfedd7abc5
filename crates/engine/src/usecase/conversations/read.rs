//! Conversations, their messages and their turns, as they are.

use acs_core::page::{Page, PageRequest};
use acs_domain::access::{Grant, ReadConversations, ReadEvidence};
use acs_domain::conversation::{Conversation, ConversationId};
use acs_domain::escalation::Escalation;
use acs_domain::message::{Message, MessageId};
use acs_domain::port::store::ReadUnit;
use acs_domain::port::store::conversation::ConversationFilter;
use acs_domain::record::{ChainEnd, Link};
use acs_domain::turn::{Outcome, Turn};

use super::{Conversations, visible};
use crate::error::{EngineError, Thing};

/// How many links of a chain are checked for one turn at the most; the worker's `verify` checks all.
pub const LINKS: u32 = 1_000;

/// A turn, and what its evidence is told with.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// The turn; its `result` is there once it is done.
    pub turn: Turn,
    /// The open call for a person, if the turn was left to one.
    pub escalation: Option<Escalation>,
    /// Its record; `None` before the turn is done, and for turns of a time before there were records.
    pub record: Option<Recorded>,
}

/// What is told of a turn's record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its place in the conversation's chain.
    pub link: Link,
    /// Whether the record and the chain up to it (the last [`LINKS`] links of it) are as they were written.
    pub chain_holds: bool,
}

impl Conversations {
    /// A conversation.
    pub async fn get(
        &self,
        grant: &Grant<ReadConversations>,
        id: ConversationId,
    ) -> Result<Conversation, EngineError> {
        let mut unit = self.ports.store.read(grant.scope()).await?;
        visible(unit.conversations().find(id).await?, grant.caller())
    }

    /// Conversations, newest first; a customer's own only.
    pub async fn list(
        &self,
        grant: &Grant<ReadConversations>,
        mut filter: ConversationFilter,
        page: &PageRequest,
    ) -> Result<Page<Conversation>, EngineError> {
        filter.customer_id = grant.caller().customer_id();
        let mut unit = self.ports.store.read(grant.scope()).await?;
        Ok(unit.conversations().list(&filter, page).await?)
    }

    /// The messages of a conversation, oldest first.
    pub async fn messages(
        &self,
        grant: &Grant<ReadConversations>,
        id: ConversationId,
        page: &PageRequest,
    ) -> Result<Page<Message>, EngineError> {
        let mut unit = self.ports.store.read(grant.scope()).await?;
        let conversation = visible(unit.conversations().find(id).await?, grant.caller())?;
        Ok(unit.messages().list(conversation.id, page).await?)
    }

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
        let turn = turn
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
        let record = match &turn.result {
            Some(_) => recorded(&mut *unit, &turn).await?,
            None => None,
        };
        Ok(Explained {
            turn,
            escalation,
            record,
        })
    }
}

/// The record of a turn, checked with the chain up to it.
async fn recorded(unit: &mut dyn ReadUnit, turn: &Turn) -> Result<Option<Recorded>, EngineError> {
    let Some(record) = unit.records().find(turn.id).await? else {
        return Ok(None);
    };
    let link = &record.link;
    let before = unit
        .records()
        .links_before(link.conversation_id, link.seq, LINKS)
        .await?;
    // A chain that is longer than what was read is believed to hold before it.
    let mut end = before
        .first()
        .filter(|first| first.seq > 1)
        .map_or_else(ChainEnd::default, |first| ChainEnd {
            seq: first.seq - 1,
            hash: first.previous,
        });
    let mut chain_holds = link.conversation_id == turn.conversation_id;
    for link in &before {
        chain_holds &= link.fault_after(&end).is_none();
        end = link.end();
    }
    chain_holds &= record.fault_after(&end).is_none();
    Ok(Some(Recorded {
        link: record.link,
        chain_holds,
    }))
}
