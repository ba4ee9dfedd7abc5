//! Someone speaks in a conversation: the customer, whose message starts a turn, or a person of the staff.

use acs_domain::access::{Actor, Caller, Converse, Grant, Scope};
use acs_domain::conversation::{ConversationId, Status};
use acs_domain::event::EventKind;
use acs_domain::idempotency::Claim;
use acs_domain::message::{Message, SenderType};
use acs_domain::organization::{LimitExceeded, Limits};
use acs_domain::port::store::UnitOfWork;
use acs_domain::user::{User, UserId};
use serde_json::json;

use super::{Conversations, visible};
use crate::error::{EngineError, Thing};
use crate::once::{self, Once};
use crate::turn::{Accepted, Incoming, Spoken, accept};

/// What became of the words.
#[derive(Debug)]
pub enum Said {
    /// The customer's message is stored, and its turn is under way.
    ByCustomer(Spoken),
    /// The message of a person of the staff is stored.
    ByStaff {
        /// The message.
        message: Box<Message>,
        /// Where the conversation stands now.
        status: Status,
    },
}

impl Conversations {
    /// Says something in a conversation: as the customer, or as the person of the staff who calls.
    pub async fn say(
        &self,
        grant: &Grant<Converse>,
        id: ConversationId,
        incoming: Incoming,
        claim: Option<&Claim>,
    ) -> Result<Once<Said>, EngineError> {
        match (&grant.caller().actor, grant.caller().is_staff()) {
            (Actor::User { id: person, .. }, true) => {
                self.say_as_staff(grant, *person, id, incoming, claim).await
            }
            _ => self.say_as_customer(grant, id, incoming, claim).await,
        }
    }

    async fn say_as_customer(
        &self,
        grant: &Grant<Converse>,
        id: ConversationId,
        incoming: Incoming,
        claim: Option<&Claim>,
    ) -> Result<Once<Said>, EngineError> {
        let (ports, scope) = (&self.ports, grant.scope());
        let mut unit = ports.store.begin(scope).await?;
        let (accepted, replayed, held) =
            match once::recall::<Accepted>(ports, &mut *unit, scope, claim).await? {
                Some(accepted) => (accepted, true, None),
                None => {
                    let mut conversation = visible(unit.conversations().lock(id).await?, grant.caller())?;
                    let max = limits(&mut *unit, scope).await?.max_messages_per_conversation;
                    let at = ports.now();
                    let (accepted, held) =
                        accept(ports, &mut *unit, scope, &mut conversation, &incoming, max, at).await?;
                    once::keep(ports, &mut *unit, scope, claim, &accepted).await?;
                    unit.commit().await?;
                    (accepted, false, held)
                }
            };
        let spoken = self.turns.follow(scope, accepted, id, replayed, held);
        Ok(Once {
            value: Said::ByCustomer(spoken),
            replayed,
        })
    }

    async fn say_as_staff(
        &self,
        grant: &Grant<Converse>,
        person: UserId,
        id: ConversationId,
        incoming: Incoming,
        claim: Option<&Claim>,
    ) -> Result<Once<Said>, EngineError> {
        let (ports, scope) = (&self.ports, grant.scope());
        let mut unit = ports.store.begin(scope).await?;
        if let Some((message, status)) =
            once::recall::<(Message, Status)>(ports, &mut *unit, scope, claim).await?
        {
            return Ok(Once::replayed(Said::ByStaff {
                message: Box::new(message),
                status,
            }));
        }
        let mut conversation = visible(unit.conversations().lock(id).await?, grant.caller())?;
        let max = limits(&mut *unit, scope).await?.max_messages_per_conversation;
        if conversation.message_count >= max {
            return Err(EngineError::Limit(LimitExceeded {
                what: "messages in a conversation",
                limit: max,
            }));
        }
        let speaker = unit
            .users()
            .find(person)
            .await?
            .ok_or(EngineError::NotFound(Thing::User))?;
        let at = ports.now();
        conversation.take_over(person, at)?;
        unit.escalations().acknowledge(id, person, at).await?;
        conversation.become_status(Status::WaitingForUser, at)?;
        conversation.message_count += 1;
        conversation.agent_message_count += 1;
        conversation.first_response_at = conversation.first_response_at.or(Some(at));
        let message = staff_message(ports, grant.caller(), &speaker, &conversation, incoming, at);
        unit.messages().insert(std::slice::from_ref(&message)).await?;
        unit.conversations().update(&conversation).await?;
        let payload =
            json!({ "conversation_id": id, "seq": message.seq, "sender_type": message.sender_type });
        let event = ports.event(
            scope.organization_id(),
            EventKind::MessageCreated,
            message.id,
            payload,
            at,
        );
        unit.outbox().append(&[event]).await?;
        let kept = (message, conversation.status);
        once::keep(ports, &mut *unit, scope, claim, &kept).await?;
        unit.commit().await?;
        self.turns.note_change(&conversation);
        Ok(Once::fresh(Said::ByStaff {
            message: Box::new(kept.0),
            status: kept.1,
        }))
    }
}

fn staff_message(
    ports: &crate::ports::Ports,
    caller: &Caller,
    speaker: &User,
    conversation: &acs_domain::conversation::Conversation,
    incoming: Incoming,
    at: time::OffsetDateTime,
) -> Message {
    Message {
        id: ports.id(at),
        organization_id: caller.organization_id,
        conversation_id: conversation.id,
        seq: conversation.message_count,
        reply_to: None,
        sender_type: SenderType::HumanAgent,
        sender_id: Some(speaker.id.to_string()),
        sender_name: speaker.name(),
        content: incoming.content,
        content_type: incoming.content_type,
        attachments: incoming.attachments,
        citations: Vec::new(),
        metadata: incoming.metadata,
        created_at: at,
    }
}

/// The organization's limits.
pub(super) async fn limits(unit: &mut dyn UnitOfWork, scope: Scope) -> Result<Limits, EngineError> {
    let organization = unit.organizations().find(scope.organization_id()).await?;
    Ok(organization
        .ok_or(EngineError::NotFound(Thing::Organization))?
        .limits)
}
