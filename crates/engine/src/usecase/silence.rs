//! Customers who do not write any more: they are reminded once, and then the conversation ends.

use std::sync::Arc;

use acs_core::error::Chain;
use acs_domain::access::Scope;
use acs_domain::conversation::{Conversation, ConversationId, Patience, Silence};
use acs_domain::event::{Event, EventKind};
use acs_domain::message::{ContentType, Message, SenderType};
use acs_domain::port::store::UnitOfWork;
use serde_json::{Map, json};
use time::OffsetDateTime;

use crate::error::{EngineError, Thing};
use crate::ports::Ports;
use crate::turn::phrases::{Closing, heard};

/// How many conversations are looked at in one go.
const MOST: u32 = 100;

/// The use case of silence.
#[derive(Clone)]
pub struct SilenceWatch {
    ports: Arc<Ports>,
}

impl SilenceWatch {
    pub(crate) fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }

    /// Does what is due, in conversations of all organizations; gives how many it changed. What is left comes at the next
    /// look, or to another process.
    pub async fn look(&self) -> Result<usize, EngineError> {
        let Patience {
            remind_after,
            abandon_after,
        } = self.ports.settings.patience;
        let now = self.ports.now();
        let directory = self.ports.store.directory();
        let silent = directory
            .silent_conversations(
                now - remind_after.unwrap_or(abandon_after),
                now - abandon_after,
                MOST,
            )
            .await?;
        let mut changed = 0;
        for (organization, conversation) in silent {
            let scope = Scope::trusted(organization);
            match self.attend(scope, conversation).await {
                Ok(done) => changed += usize::from(done),
                // The customer wrote meanwhile, or another process was quicker.
                Err(EngineError::Conflict(_)) => {}
                // One conversation that cannot be attended to must not keep the others waiting behind it.
                Err(error) => tracing::warn!(
                    organization.id = %organization,
                    conversation.id = %conversation,
                    error = %Chain(&error),
                    "a silent conversation was not attended to"
                ),
            }
        }
        Ok(changed)
    }

    async fn attend(&self, scope: Scope, id: ConversationId) -> Result<bool, EngineError> {
        let mut unit = self.ports.store.begin(scope).await?;
        let conversation = unit.conversations().lock(id).await?;
        let mut conversation = conversation.ok_or(EngineError::NotFound(Thing::Conversation))?;
        let at = self.ports.now();
        let event = match conversation.silence(self.ports.settings.patience, at) {
            Silence::Bearable => return Ok(false),
            Silence::Remind => self.remind(&mut *unit, &mut conversation, at).await?,
            Silence::Abandon => self.abandon(&mut conversation, at)?,
        };
        unit.conversations().update(&conversation).await?;
        unit.outbox().append(&[event]).await?;
        unit.commit().await?;
        Ok(true)
    }

    /// Says a word in the customer's language. It is nobody's activity: the time to the end runs on.
    async fn remind(
        &self,
        unit: &mut dyn UnitOfWork,
        conversation: &mut Conversation,
        at: OffsetDateTime,
    ) -> Result<Event, EngineError> {
        let organization = unit.organizations().find(conversation.organization_id).await?;
        let organization = organization.ok_or(EngineError::NotFound(Thing::Organization))?;
        conversation.reminded_at = Some(at);
        conversation.message_count += 1;
        let message = Message {
            id: self.ports.id(at),
            organization_id: organization.id,
            conversation_id: conversation.id,
            seq: conversation.message_count,
            reply_to: None,
            sender_type: SenderType::System,
            sender_id: None,
            sender_name: None,
            content: Closing::of(heard(&organization, conversation)).silent.to_owned(),
            content_type: ContentType::Text,
            attachments: Vec::new(),
            citations: Vec::new(),
            metadata: Map::new(),
            created_at: at,
        };
        unit.messages().insert(std::slice::from_ref(&message)).await?;
        metrics::counter!("acs_silent_conversations_total", "done" => "reminded").increment(1);
        let payload = json!({
            "conversation_id": conversation.id, "seq": message.seq, "sender_type": message.sender_type,
        });
        let kind = EventKind::MessageCreated;
        Ok(self.ports.event(organization.id, kind, message.id, payload, at))
    }

    fn abandon(&self, conversation: &mut Conversation, at: OffsetDateTime) -> Result<Event, EngineError> {
        conversation.abandon(at)?;
        metrics::counter!("acs_silent_conversations_total", "done" => "abandoned").increment(1);
        let payload = json!({ "status": conversation.status });
        let (organization, kind) = (conversation.organization_id, EventKind::ConversationAbandoned);
        Ok(self.ports.event(organization, kind, conversation.id, payload, at))
    }
}
