//! What follows when a customer does not write any more.

use std::time::Duration;

use time::OffsetDateTime;

use super::{Channel, Conversation, IllegalTransition, ResolutionType, Status};

/// For how long a customer may be silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Until they are reminded; `None`: they never are.
    pub remind_after: Option<Duration>,
    /// Until the conversation ends.
    pub abandon_after: Duration,
}

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// Nothing yet.
    Bearable,
    /// A reminder, once.
    Remind,
    /// The end.
    Abandon,
}

impl Channel {
    /// Whether customers sit before it and wait: a reminder by e-mail would only be one mail more.
    #[must_use]
    pub fn is_live(self) -> bool {
        matches!(self, Self::Web | Self::Mobile | Self::Slack | Self::Teams)
    }
}

impl Conversation {
    /// What the customer's silence asks for. It is nobody's silence while people own the conversation or a reply is written.
    #[must_use]
    pub fn silence(&self, patience: Patience, now: OffsetDateTime) -> Silence {
        let idle = matches!(
            self.status,
            Status::Initialized | Status::Active | Status::WaitingForUser
        );
        if !idle || self.assigned_agent_id.is_some() {
            return Silence::Bearable;
        }
        let silent = now - self.last_activity_at;
        if silent >= patience.abandon_after {
            return Silence::Abandon;
        }
        let was_answered = self.status == Status::WaitingForUser && self.ai_message_count > 0;
        let due = patience.remind_after.is_some_and(|after| silent >= after);
        if due && was_answered && self.reminded_at.is_none() && self.channel.is_live() {
            Silence::Remind
        } else {
            Silence::Bearable
        }
    }

    /// Ends the conversation because the customer went silent.
    pub fn abandon(&mut self, at: OffsetDateTime) -> Result<(), IllegalTransition> {
        self.become_status(Status::Abandoned, at)?;
        self.resolution_type = Some(ResolutionType::Abandoned);
        Ok(())
    }
}
