//! Conversations and their messages, as they are.

use acs_core::page::{Page, PageRequest};
use acs_domain::access::{Grant, ReadConversations};
use acs_domain::conversation::{Conversation, ConversationId};
use acs_domain::message::Message;
use acs_domain::port::store::conversation::ConversationFilter;

use super::{Conversations, visible};
use crate::error::EngineError;

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
}
