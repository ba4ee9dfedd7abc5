//! What a conversation is about, as people and programs say. The agent changes topics by itself, with its turns.

use acs_domain::access::{Converse, Grant};
use acs_domain::conversation::{Conversation, ConversationId};
use acs_domain::event::EventKind;
use acs_domain::idempotency::Claim;

use super::Conversations;
use super::handle::{Call, text};
use crate::error::EngineError;
use crate::once::Once;

impl Conversations {
    /// Goes over to a topic; the one before it is remembered.
    pub async fn turn_to(
        &self,
        grant: &Grant<Converse>,
        id: ConversationId,
        topic: &str,
        claim: Option<&Claim>,
    ) -> Result<Once<Conversation>, EngineError> {
        let topic =
            text("topic", topic, 100)?.ok_or_else(|| EngineError::invalid("topic", "must not be empty"))?;
        self.alter(
            grant.scope(),
            grant.caller(),
            id,
            claim,
            EventKind::ConversationUpdated,
            move |conversation, _| {
                conversation.turn_to(topic);
                Ok(Call::Untouched)
            },
        )
        .await
    }

    /// Ends the present topic and goes back to the one before it.
    pub async fn resume_topic(
        &self,
        grant: &Grant<Converse>,
        id: ConversationId,
        claim: Option<&Claim>,
    ) -> Result<Once<Conversation>, EngineError> {
        self.alter(
            grant.scope(),
            grant.caller(),
            id,
            claim,
            EventKind::ConversationUpdated,
            |conversation, _| {
                if !conversation.resume_topic() {
                    return Err(EngineError::Conflict(
                        "there is no earlier topic to go back to".into(),
                    ));
                }
                Ok(Call::Untouched)
            },
        )
        .await
    }
}
