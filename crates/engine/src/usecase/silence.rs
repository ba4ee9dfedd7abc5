//! Customers who do not write any more: they are reminded once, and then the conversation ends.

use std::collections::HashSet;
use std::sync::Arc;

use acs_core::error::Chain;
use acs_domain::access::Scope;
use acs_domain::conversation::{Conversation, ConversationId, Patience, Silence};
use acs_domain::event::{Event, EventKind};
use acs_domain::message::{ContentType, Message, SenderType};
use acs_domain::organization::OrganizationId;
use acs_domain::port::store::UnitOfWork;
use serde_json::{Map, json};
use time::OffsetDateTime;

use crate::error::{EngineError, Thing};
use crate::ports::Ports;
use crate::turn::phrases::{Closing, heard};

/// How many conversations are looked at in one go.
const MOST: u32 = 100;
/// How many goes there are in one look.
const PAGES: usize = 20;

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
        let (mut changed, mut left) = (0, HashSet::new());
        for _ in 0..PAGES {
            let page = self.page(&left).await?;
            let is_last = page.len() < MOST as usize;
            for (organization, conversation) in page {
                if self.is_attended(organization, conversation).await {
                    changed += 1;
                } else {
                    // One that cannot be attended to must not keep the others waiting behind it.
                    left.insert(conversation);
                }
            }
            if is_last || left.len() > MOST as usize {
                break;
            }
        }
        Ok(changed)
    }

    /// The longest silent conversations besides those that are left as they are.
    async fn page(
        &self,
        left: &HashSet<ConversationId>,
    ) -> Result<Vec<(OrganizationId, ConversationId)>, EngineError> {
        let Patience {
            remind_after,
            abandon_after,
        } = self.ports.settings.patience;
        let now = self.ports.now();
        let limit = MOST.saturating_add(u32::try_from(left.len()).unwrap_or(u32::MAX));
        let remind_before = now - remind_after.unwrap_or(abandon_after);
        let directory = self.ports.store.directory();
        let mut silent = directory
            .silent_conversations(remind_before, now - abandon_after, limit)
            .await?;
        silent.retain(|(_, conversation)| !left.contains(conversation));
        Ok(silent)
    }

    async fn is_attended(&self, organization: OrganizationId, conversation: ConversationId) -> bool {
        match self.attend(Scope::trusted(organization), conversation).await {
            Ok(done) => done,
            // The customer wrote meanwhile, or another process was quicker.
            Err(EngineError::Conflict(_)) => false,
            Err(error) => {
                tracing::warn!(
                    organization.id = %organization,
                    conversation.id = %conversation,
                    error = %Chain(&error),
                    "a silent conversation was not attended to"
                );
                false
            }
        }
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
