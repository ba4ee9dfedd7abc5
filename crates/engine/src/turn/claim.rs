//! Claim: the message is stored and the turn's lease taken, in one short unit. From here on nothing is lost.

use acs_core::error::FieldErrors;
use acs_domain::access::Scope;
use acs_domain::conversation::Conversation;
use acs_domain::event::EventKind;
use acs_domain::message::{ContentType, MAX_ATTACHMENTS, MAX_MESSAGE_CHARS, Message, MessageId, SenderType};
use acs_domain::organization::LimitExceeded;
use acs_domain::port::store::UnitOfWork;
use acs_domain::turn::{Turn, TurnId, TurnState};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use tokio::sync::mpsc;

use super::TurnEvent;
use crate::error::EngineError;
use crate::input::{MAX_DATA_BYTES, NUL, bytes_of, check_data, holds_nul};
use crate::meaning::foresee;
use crate::ports::Ports;

/// A customer's message, as it comes in.
#[derive(Debug, Clone, PartialEq)]
pub struct Incoming {
    /// The words, cleaned.
    pub content: String,
    /// Their form.
    pub content_type: ContentType,
    /// Descriptions of attached files.
    pub attachments: Vec<Value>,
    /// Free data.
    pub metadata: Map<String, Value>,
}

/// The name under which a message's data tell that characters were taken out of it that no one would have seen.
pub(super) const HIDDEN_TEXT_REMOVED: &str = "hidden_text_removed";

impl Incoming {
    /// A plain text. Refused when nothing is left after cleaning, or when it is too long: never cut.
    pub fn text(content: &str) -> Result<Self, FieldErrors> {
        Self::new(content, ContentType::Text, Vec::new(), Map::new())
    }

    /// A message. `content` is cleaned of what is invisible; the rest stays as it was written.
    pub fn new(
        content: &str,
        content_type: ContentType,
        attachments: Vec<Value>,
        mut metadata: Map<String, Value>,
    ) -> Result<Self, FieldErrors> {
        let cleaned = acs_core::clean::clean(content);
        if cleaned.removed {
            metadata.insert(HIDDEN_TEXT_REMOVED.to_owned(), Value::Bool(true));
        }
        let content = cleaned.text.into_owned();
        let mut errors = FieldErrors::default();
        if content.is_empty() {
            errors.add("content", "must not be empty");
        }
        let chars = content.chars().count();
        if chars > MAX_MESSAGE_CHARS {
            errors.add(
                "content",
                format!("must be at most {MAX_MESSAGE_CHARS} characters, not {chars}"),
            );
        }
        if attachments.len() > MAX_ATTACHMENTS {
            errors.add("attachments", format!("must be at most {MAX_ATTACHMENTS}"));
        }
        if bytes_of(&attachments) > MAX_DATA_BYTES {
            errors.add("attachments", "must be at most 16 KiB together");
        }
        if holds_nul(&attachments) {
            errors.add("attachments", NUL);
        }
        if let Err(reason) = check_data(&metadata) {
            errors.add("metadata", reason);
        }
        if errors.is_empty() {
            Ok(Self {
                content,
                content_type,
                attachments,
                metadata,
            })
        } else {
            Err(errors)
        }
    }
}

/// What was accepted: kept with the request's idempotency key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Accepted {
    pub(crate) message_id: MessageId,
    pub(crate) turn_id: TurnId,
}

/// An accepted message, whose turn is under way or done.
#[derive(Debug)]
pub struct Spoken {
    /// The message.
    pub message_id: MessageId,
    /// Whether an earlier request with the same key brought the message.
    pub replayed: bool,
    events: mpsc::UnboundedReceiver<TurnEvent>,
}

impl Spoken {
    pub(crate) fn new(
        message_id: MessageId,
        replayed: bool,
        events: mpsc::UnboundedReceiver<TurnEvent>,
    ) -> Self {
        Self {
            message_id,
            replayed,
            events,
        }
    }

    /// The next thing heard of the turn; `None` after its end.
    pub async fn next(&mut self) -> Option<TurnEvent> {
        self.events.recv().await
    }

    /// Waits for the end of the turn.
    pub async fn done(mut self) -> Result<super::DoneTurn, EngineError> {
        loop {
            match self.next().await {
                Some(TurnEvent::Done(done)) => return Ok(*done),
                Some(TurnEvent::Failed(error)) => return Err(error),
                Some(TurnEvent::Analysis(_) | TurnEvent::Delta(_)) => {}
                None => return Err(EngineError::Unavailable("the server is stopping")),
            }
        }
    }
}

/// Stores a customer's message in a conversation that the unit holds, queues its turn, and takes the turn up if it is
/// the first. The second value is the turn that this process now holds: this one, or an earlier one whose worker died.
pub(crate) async fn accept(
    ports: &Ports,
    unit: &mut dyn UnitOfWork,
    scope: Scope,
    conversation: &mut Conversation,
    incoming: &Incoming,
    max_messages: i64,
    at: OffsetDateTime,
) -> Result<(Accepted, Option<Turn>), EngineError> {
    if conversation.message_count >= max_messages {
        let what = "messages in a conversation";
        return Err(EngineError::Limit(LimitExceeded {
            what,
            limit: max_messages,
        }));
    }
    conversation.receive_from_customer(at)?;
    foresee(ports, &incoming.content);
    conversation.message_count += 1;
    conversation.user_message_count += 1;
    let message = Message {
        id: ports.id(at),
        organization_id: scope.organization_id(),
        conversation_id: conversation.id,
        seq: conversation.message_count,
        reply_to: None,
        sender_type: SenderType::User,
        sender_id: Some(conversation.customer_external_id.clone()),
        sender_name: None,
        content: incoming.content.clone(),
        content_type: incoming.content_type,
        attachments: incoming.attachments.clone(),
        citations: Vec::new(),
        metadata: incoming.metadata.clone(),
        created_at: at,
    };
    let turn = Turn {
        id: ports.id(at),
        organization_id: scope.organization_id(),
        conversation_id: conversation.id,
        message_id: message.id,
        message_seq: message.seq,
        state: TurnState::Queued,
        lease: None,
        attempts: 0,
        created_at: at,
        result: None,
    };
    let payload =
        json!({ "conversation_id": conversation.id, "seq": message.seq, "sender_type": message.sender_type });
    let event = ports.event(
        scope.organization_id(),
        EventKind::MessageCreated,
        message.id,
        payload,
        at,
    );
    unit.messages().insert(std::slice::from_ref(&message)).await?;
    unit.turns().insert(&turn).await?;
    unit.conversations().update(conversation).await?;
    unit.outbox().append(&[event]).await?;
    let settings = &ports.settings;
    let until = at + settings.turns.lease;
    let held = unit
        .turns()
        .acquire(conversation.id, &settings.process, at, until)
        .await?;
    Ok((
        Accepted {
            message_id: message.id,
            turn_id: turn.id,
        },
        held,
    ))
}
