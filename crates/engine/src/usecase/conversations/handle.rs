//! What people do about a conversation: judge, escalate, take over, hand back, resolve, reopen, change.

use acs_core::error::FieldErrors;
use acs_domain::access::{Caller, Converse, Grant, HandleConversations, Scope, TakeOver};
use acs_domain::conversation::{
    Conversation, ConversationId, Priority, ResolutionType, Satisfaction, Status,
};
use acs_domain::event::EventKind;
use acs_domain::idempotency::Claim;
use acs_domain::user::{UserId, UserStatus};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::{Conversations, visible};
use crate::error::EngineError;
use crate::input::{check_data, tags};
use crate::once::{self, Once};
use crate::turn::escalation;

/// A customer's judgement.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// 1 to 5.
    pub score: i64,
    /// In the customer's words.
    pub feedback: Option<String>,
    /// 0 to 10.
    pub nps: Option<i64>,
}

/// How a conversation was solved.
#[derive(Debug, Clone, Default)]
pub struct Resolution {
    /// The organization's own code.
    pub code: Option<String>,
    /// What was done.
    pub summary: Option<String>,
}

/// Changes by hand; `None` leaves a field as it is.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// A headline; `Some(None)` removes it.
    pub title: Option<Option<String>>,
    /// Labels.
    pub tags: Option<Vec<String>>,
    /// How urgent.
    pub priority: Option<Priority>,
    /// Who owns it; `Some(None)` nobody.
    pub assigned_agent_id: Option<Option<UserId>>,
    /// Free data.
    pub metadata: Option<Map<String, Value>>,
}

/// What becomes of the conversation's open call for a person.
pub(super) enum Call {
    Untouched,
    Raised,
    Taken(UserId),
    Settled,
}

impl Conversations {
    /// Keeps the customer's judgement. It changes no state.
    pub async fn judge(
        &self,
        grant: &Grant<Converse>,
        id: ConversationId,
        judgement: Judgement,
        claim: Option<&Claim>,
    ) -> Result<Once<Conversation>, EngineError> {
        let satisfaction = satisfaction(judgement)?;
        self.alter(
            grant.scope(),
            grant.caller(),
            id,
            claim,
            EventKind::SatisfactionGiven,
            move |conversation, _| {
                conversation.satisfaction = Some(satisfaction);
                Ok(Call::Untouched)
            },
        )
        .await
    }

    /// Asks for a person.
    pub async fn escalate(
        &self,
        grant: &Grant<Converse>,
        id: ConversationId,
        reason: &str,
        priority: Option<Priority>,
        claim: Option<&Claim>,
    ) -> Result<Once<Conversation>, EngineError> {
        let reason = text("reason", reason, 255)?
            .ok_or_else(|| EngineError::invalid("reason", "must not be empty"))?;
        self.alter(
            grant.scope(),
            grant.caller(),
            id,
            claim,
            EventKind::ConversationEscalated,
            move |conversation, at| {
                conversation.escalate(reason, priority.unwrap_or(Priority::HIGH), at)?;
                Ok(Call::Raised)
            },
        )
        .await
    }

    /// The caller takes the conversation over, whatever the agent is doing.
    pub async fn take_over(
        &self,
        grant: &Grant<TakeOver>,
        id: ConversationId,
        claim: Option<&Claim>,
    ) -> Result<Once<Conversation>, EngineError> {
        let caller = grant.caller();
        let person = caller
            .user_id()
            .ok_or(EngineError::Unauthorized("Only a person can take over."))?;
        self.alter(
            grant.scope(),
            caller,
            id,
            claim,
            EventKind::ConversationTakenOver,
            move |conversation, at| {
                conversation.take_over(person, at)?;
                Ok(Call::Taken(person))
            },
        )
        .await
    }

    /// Gives the conversation back to the agent.
    pub async fn hand_back(
        &self,
        grant: &Grant<TakeOver>,
        id: ConversationId,
        claim: Option<&Claim>,
    ) -> Result<Once<Conversation>, EngineError> {
        self.alter(
            grant.scope(),
            grant.caller(),
            id,
            claim,
            EventKind::ConversationHandedBack,
            |conversation, at| {
                conversation.hand_back(at)?;
                Ok(Call::Settled)
            },
        )
        .await
    }

    /// Marks the conversation as solved.
    pub async fn resolve(
        &self,
        grant: &Grant<HandleConversations>,
        id: ConversationId,
        resolution: Resolution,
        claim: Option<&Claim>,
    ) -> Result<Once<Conversation>, EngineError> {
        let code = resolution
            .code
            .map(|code| text("resolution_code", &code, 50))
            .transpose()?
            .flatten();
        let summary = resolution
            .summary
            .map(|summary| text("summary", &summary, 5_000))
            .transpose()?
            .flatten();
        let by_person = grant.caller().is_staff();
        self.alter(
            grant.scope(),
            grant.caller(),
            id,
            claim,
            EventKind::ConversationResolved,
            move |conversation, at| {
                conversation.become_status(Status::Resolved, at)?;
                let human = by_person || conversation.agent_message_count > 0;
                conversation.resolution_type = Some(if human {
                    ResolutionType::Human
                } else {
                    ResolutionType::Automated
                });
                conversation.resolution_code = code;
                conversation.resolution_summary = summary;
                Ok(Call::Settled)
            },
        )
        .await
    }

    /// Opens a solved or abandoned conversation again.
    pub async fn reopen(
        &self,
        grant: &Grant<HandleConversations>,
        id: ConversationId,
        claim: Option<&Claim>,
    ) -> Result<Once<Conversation>, EngineError> {
        self.alter(
            grant.scope(),
            grant.caller(),
            id,
            claim,
            EventKind::ConversationReopened,
            |conversation, at| {
                conversation.become_status(Status::Active, at)?;
                Ok(Call::Untouched)
            },
        )
        .await
    }

    /// Changes what people keep of a conversation.
    pub async fn change(
        &self,
        grant: &Grant<HandleConversations>,
        id: ConversationId,
        change: Change,
    ) -> Result<Conversation, EngineError> {
        let title = change
            .title
            .map(|title| title.map(|title| text("title", &title, 500)).transpose())
            .transpose()?;
        let tags = change.tags.as_deref().map(tags).transpose();
        let tags = tags.map_err(|reason| EngineError::invalid("tags", reason))?;
        let data = change.metadata.as_ref().map(check_data).transpose();
        data.map_err(|reason| EngineError::invalid("metadata", reason))?;
        if let Some(Some(agent)) = change.assigned_agent_id {
            self.check_assignable(grant.scope(), agent).await?;
        }
        let changed = self.alter(
            grant.scope(),
            grant.caller(),
            id,
            None,
            EventKind::ConversationUpdated,
            move |conversation, at| {
                if let Some(title) = title {
                    conversation.title = title.flatten();
                }
                conversation.tags = tags.unwrap_or_else(|| std::mem::take(&mut conversation.tags));
                conversation.priority = change.priority.unwrap_or(conversation.priority);
                conversation.metadata = change
                    .metadata
                    .unwrap_or_else(|| std::mem::take(&mut conversation.metadata));
                match change.assigned_agent_id {
                    None => Ok(Call::Untouched),
                    Some(Some(agent)) => {
                        conversation.take_over(agent, at)?;
                        Ok(Call::Taken(agent))
                    }
                    Some(None) if conversation.is_with_people() => {
                        conversation.hand_back(at)?;
                        Ok(Call::Settled)
                    }
                    Some(None) => Ok(Call::Untouched),
                }
            },
        );
        Ok(changed.await?.value)
    }

    /// Only an active person of the staff can own a conversation.
    async fn check_assignable(&self, scope: Scope, agent: UserId) -> Result<(), EngineError> {
        let mut unit = self.ports.store.read(scope).await?;
        let agent = unit.users().find(agent).await?;
        if agent.is_some_and(|agent| agent.is_staff() && agent.status == UserStatus::Active) {
            Ok(())
        } else {
            Err(EngineError::invalid(
                "assigned_agent_id",
                "must be an active person of the staff",
            ))
        }
    }

    /// Changes a conversation that the caller may see, in one unit with its event and its call for a person.
    pub(super) async fn alter(
        &self,
        scope: Scope,
        caller: &Caller,
        id: ConversationId,
        claim: Option<&Claim>,
        kind: EventKind,
        alter: impl FnOnce(&mut Conversation, OffsetDateTime) -> Result<Call, EngineError> + Send,
    ) -> Result<Once<Conversation>, EngineError> {
        let ports = &self.ports;
        let mut unit = ports.store.begin(scope).await?;
        if let Some(conversation) = once::recall::<Conversation>(ports, &mut *unit, scope, claim).await? {
            return Ok(Once::replayed(conversation));
        }
        let mut conversation = visible(unit.conversations().lock(id).await?, caller)?;
        let at = ports.now();
        match alter(&mut conversation, at)? {
            Call::Untouched => {}
            Call::Raised => {
                let escalation = escalation(ports, &conversation, at);
                unit.escalations().insert(&escalation).await?;
            }
            Call::Taken(by) => unit.escalations().acknowledge(id, by, at).await?,
            Call::Settled => unit.escalations().resolve(id, at).await?,
        }
        unit.conversations().update(&conversation).await?;
        let payload =
            json!({ "status": conversation.status, "assigned_agent_id": conversation.assigned_agent_id });
        unit.outbox()
            .append(&[ports.event(scope.organization_id(), kind, id, payload, at)])
            .await?;
        once::keep(ports, &mut *unit, scope, claim, &conversation).await?;
        unit.commit().await?;
        self.turns.note_change(&conversation);
        Ok(Once::fresh(conversation))
    }
}

fn satisfaction(judgement: Judgement) -> Result<Satisfaction, EngineError> {
    let mut errors = FieldErrors::default();
    let score = i16::try_from(judgement.score)
        .ok()
        .filter(|score| (1..=5).contains(score));
    if score.is_none() {
        errors.add("score", "must be between 1 and 5");
    }
    let nps = judgement
        .nps
        .map(|nps| i16::try_from(nps).ok().filter(|nps| (0..=10).contains(nps)));
    if nps == Some(None) {
        errors.add("nps", "must be between 0 and 10");
    }
    let feedback = judgement
        .feedback
        .map(|feedback| text("feedback", &feedback, 5_000))
        .transpose()?
        .flatten();
    match score {
        Some(score) if errors.is_empty() => Ok(Satisfaction {
            score,
            feedback,
            nps: nps.flatten(),
        }),
        _ => Err(errors.into()),
    }
}

/// A cleaned text of at most `max` code points; `None` when nothing is left.
pub(crate) fn text(field: &str, value: &str, max: usize) -> Result<Option<String>, FieldErrors> {
    let value = acs_core::clean::clean(value).text.into_owned();
    if value.chars().count() > max {
        return Err(FieldErrors::one(
            field,
            format!("must be at most {max} characters"),
        ));
    }
    Ok(Some(value).filter(|value| !value.is_empty()))
}
