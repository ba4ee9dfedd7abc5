//! A conversation is begun, or the open one of the same customer on the same channel goes on.

use acs_core::error::FieldErrors;
use acs_domain::access::{Caller, Converse, Grant, Role, Scope};
use acs_domain::conversation::{Channel, Conversation, NewConversation, Priority, Satisfaction, Topic};
use acs_domain::event::EventKind;
use acs_domain::idempotency::Claim;
use acs_domain::port::store::UnitOfWork;
use acs_domain::turn::Turn;
use acs_domain::user::User;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::Conversations;
use super::zone::{check_time_zone, keep_time_zone};
use crate::error::{EngineError, Thing};
use crate::input::check_data;
use crate::once::{self, Once};
use crate::turn::{Accepted, Incoming, Spoken, accept};

/// How long the organization's own id of a customer is at the most, in code points.
const MAX_EXTERNAL_ID_CHARS: usize = 255;

/// What a conversation begins with.
#[derive(Debug, Clone)]
pub struct Begin {
    /// The organization's own id for its customer, who is added on first sight.
    pub customer: String,
    /// Where the customer writes.
    pub channel: Channel,
    /// The first message.
    pub message: Option<Incoming>,
    /// Free data.
    pub metadata: Map<String, Value>,
    /// How urgent.
    pub priority: Priority,
    /// IANA time zone of the customer, kept for what they write later; the one before stays without it.
    pub time_zone: Option<String>,
}

/// A conversation that was begun or resumed.
#[derive(Debug)]
pub struct Opened {
    /// The conversation, as it stood right afterwards.
    pub conversation: Conversation,
    /// Whether it was open before.
    pub resumed: bool,
    /// The first message's turn.
    pub spoken: Option<Spoken>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    /// As it was, but for what tells of the customer: erasing a customer does not empty what is kept here.
    conversation: Conversation,
    resumed: bool,
    accepted: Option<Accepted>,
}

/// What of a conversation tells of its customer: all that erasing the customer empties.
#[derive(Default)]
struct Telling {
    customer_external_id: String,
    title: Option<String>,
    tags: Vec<String>,
    escalation_reason: Option<String>,
    resolution_code: Option<String>,
    resolution_summary: Option<String>,
    satisfaction: Option<Satisfaction>,
    current_topic: Option<String>,
    topic_stack: Vec<Topic>,
    asked: Option<String>,
    salesforce_case_id: Option<String>,
    metadata: Map<String, Value>,
}

impl Telling {
    fn of(conversation: Conversation) -> Self {
        Self {
            customer_external_id: conversation.customer_external_id,
            title: conversation.title,
            tags: conversation.tags,
            escalation_reason: conversation.escalation_reason,
            resolution_code: conversation.resolution_code,
            resolution_summary: conversation.resolution_summary,
            satisfaction: conversation.satisfaction,
            current_topic: conversation.current_topic,
            topic_stack: conversation.topic_stack,
            asked: conversation.asked,
            salesforce_case_id: conversation.salesforce_case_id,
            metadata: conversation.metadata,
        }
    }

    /// Another state of the conversation, with this.
    fn told_in(self, conversation: Conversation) -> Conversation {
        Conversation {
            customer_external_id: self.customer_external_id,
            title: self.title,
            tags: self.tags,
            escalation_reason: self.escalation_reason,
            resolution_code: self.resolution_code,
            resolution_summary: self.resolution_summary,
            satisfaction: self.satisfaction,
            current_topic: self.current_topic,
            topic_stack: self.topic_stack,
            asked: self.asked,
            salesforce_case_id: self.salesforce_case_id,
            metadata: self.metadata,
            ..conversation
        }
    }
}

impl Conversations {
    /// Begins a conversation, or resumes the open one of the same customer and channel.
    pub async fn open(
        &self,
        grant: &Grant<Converse>,
        begin: Begin,
        claim: Option<&Claim>,
    ) -> Result<Once<Opened>, EngineError> {
        let (ports, scope) = (&self.ports, grant.scope());
        check_external_id(&begin.customer)?;
        check_time_zone(begin.time_zone.as_deref())?;
        check_data(&begin.metadata).map_err(|reason| EngineError::invalid("metadata", reason))?;
        let mut unit = ports.store.begin(scope).await?;
        let (kept, conversation, replayed, held) =
            match once::recall::<Kept>(ports, &mut *unit, scope, claim).await? {
                Some(kept) => {
                    let now = unit.conversations().find(kept.conversation.id).await?;
                    let now = now.ok_or(EngineError::NotFound(Thing::Conversation))?;
                    let then = kept.conversation.clone();
                    let conversation = if now.is_erased() {
                        now
                    } else {
                        Telling::of(now).told_in(then)
                    };
                    (kept, conversation, true, None)
                }
                None => {
                    let at = ports.now();
                    let (kept, conversation, held) =
                        self.open_in(&mut *unit, scope, grant.caller(), begin, at).await?;
                    once::keep(ports, &mut *unit, scope, claim, &kept).await?;
                    unit.commit().await?;
                    (kept, conversation, false, held)
                }
            };
        let spoken = kept.accepted.map(|accepted| {
            self.turns
                .follow(scope, accepted, conversation.id, replayed, held)
        });
        let value = Opened {
            conversation,
            resumed: kept.resumed,
            spoken,
        };
        Ok(Once { value, replayed })
    }

    async fn open_in(
        &self,
        unit: &mut dyn UnitOfWork,
        scope: Scope,
        caller: &Caller,
        begin: Begin,
        at: OffsetDateTime,
    ) -> Result<(Kept, Conversation, Option<Turn>), EngineError> {
        let ports = &self.ports;
        let customer = match caller.customer_id() {
            Some(own) => {
                let customer = unit
                    .users()
                    .find(own)
                    .await?
                    .ok_or(EngineError::NotFound(Thing::User))?;
                if customer.external_id.as_deref() != Some(&begin.customer) {
                    return Err(EngineError::invalid(
                        "user_id",
                        "must be the signed-in customer's own id",
                    ));
                }
                customer
            }
            None => {
                let mut new = User::new(ports.id(at), scope.organization_id(), Role::Customer, at);
                new.external_id = Some(begin.customer.clone());
                new.timezone.clone_from(&begin.time_zone);
                unit.users().ensure_customer(&new).await?
            }
        };
        let customer = keep_time_zone(unit, customer, begin.time_zone.as_deref(), at).await?;
        unit.conversations().lock_customer(customer.id).await?;
        let open = unit.conversations().find_open(customer.id, begin.channel).await?;
        let resumed = open.is_some();
        let mut conversation = match open {
            Some(conversation) => conversation,
            None => self.insert(unit, scope, &customer, &begin, at).await?,
        };
        let (accepted, held) = match &begin.message {
            None => (None, None),
            Some(incoming) => {
                let limits = super::speak::limits(unit, scope).await?;
                let max = limits.max_messages_per_conversation;
                let (accepted, held) =
                    accept(ports, unit, scope, &mut conversation, incoming, max, at).await?;
                (Some(accepted), held)
            }
        };
        Ok((
            Kept {
                conversation: Telling::default().told_in(conversation.clone()),
                resumed,
                accepted,
            },
            conversation,
            held,
        ))
    }

    async fn insert(
        &self,
        unit: &mut dyn UnitOfWork,
        scope: Scope,
        customer: &User,
        begin: &Begin,
        at: OffsetDateTime,
    ) -> Result<Conversation, EngineError> {
        let organization_id = scope.organization_id();
        let mut conversation = Conversation::begin(NewConversation {
            id: self.ports.id(at),
            organization_id,
            customer_id: customer.id,
            customer_external_id: begin.customer.clone(),
            channel: begin.channel,
            priority: begin.priority,
            metadata: begin.metadata.clone(),
            at,
        });
        conversation.number = unit.conversations().insert(&conversation).await?;
        let payload = json!({ "number": conversation.number, "channel": conversation.channel });
        let event = self.ports.event(
            organization_id,
            EventKind::ConversationCreated,
            conversation.id,
            payload,
            at,
        );
        unit.outbox().append(&[event]).await?;
        Ok(conversation)
    }
}

/// An id that the organization chose for its customer: not empty, at most 255 characters, nothing invisible.
pub(crate) fn check_external_id(id: &str) -> Result<(), FieldErrors> {
    let chars = id.chars().count();
    if (1..=MAX_EXTERNAL_ID_CHARS).contains(&chars) && !id.chars().any(char::is_control) && id.trim() == id {
        Ok(())
    } else {
        let reason = format!(
            "must be 1 to {MAX_EXTERNAL_ID_CHARS} characters, with no control characters or outer spaces"
        );
        Err(FieldErrors::one("user_id", reason))
    }
}

#[cfg(test)]
mod tests {
    use acs_testkit::sample::Sample;

    use super::*;

    #[test]
    fn what_is_kept_of_a_conversation_does_not_tell_of_its_customer_and_is_whole_again_beside_it() {
        const MARK: &str = "jo@acme.example";
        let mark = || Some(MARK.to_owned());
        let sample = Sample::default();
        let customer = sample.customer(&sample.organization(), MARK);
        let conversation = Conversation {
            title: mark(),
            tags: vec![MARK.to_owned()],
            escalation_reason: mark(),
            resolution_code: mark(),
            resolution_summary: mark(),
            satisfaction: Some(Satisfaction {
                score: 1,
                feedback: mark(),
                nps: None,
            }),
            current_topic: mark(),
            topic_stack: vec![Topic {
                name: MARK.to_owned(),
                asked: mark(),
                open: true,
            }],
            asked: mark(),
            salesforce_case_id: mark(),
            metadata: Map::from_iter([("mail".to_owned(), json!(MARK))]),
            ..sample.conversation(&customer)
        };
        assert_eq!(conversation.customer_external_id, MARK);
        let kept = Telling::default().told_in(conversation.clone());
        let written = serde_json::to_string(&kept).unwrap();
        assert!(!written.contains(MARK), "{written}");
        assert_eq!(Telling::of(conversation.clone()).told_in(kept), conversation);
    }
}
