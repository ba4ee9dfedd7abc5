//! Conversations, and the lawful transitions between their states.

use acs_core::id::Id;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::analysis::{EmotionLabel, SentimentLabel};
use crate::budget::Spending;
use crate::organization::OrganizationId;
use crate::text_enum;
use crate::user::UserId;

mod course;
mod silence;
mod topic;
mod trajectory;

pub use course::Course;
pub use silence::{Patience, Silence};
pub use topic::{TOPICS, Topic};
pub use trajectory::frustration_rises;

/// The id of a [`Conversation`].
pub type ConversationId = Id<Conversation>;

text_enum! {
    /// Where a conversation stands.
    pub enum Status {
        /// Begun; nothing was said yet.
        Initialized = "initialized",
        /// Open again after an end.
        Active = "active",
        /// The customer's move.
        WaitingForUser = "waiting_for_user",
        /// A person owns it, and it is their move.
        WaitingForAgent = "waiting_for_agent",
        /// The agent is working on a reply.
        Processing = "processing",
        /// A person is asked for; nobody has taken it yet.
        Escalated = "escalated",
        /// Solved.
        Resolved = "resolved",
        /// The customer went silent.
        Abandoned = "abandoned",
        /// Closed for good.
        Archived = "archived",
    }
}

use Status::{
    Abandoned, Active, Archived, Escalated, Initialized, Processing, Resolved, WaitingForAgent,
    WaitingForUser,
};

/// Every lawful step between states, as one table.
pub const TRANSITIONS: &[(Status, &[Status])] = &[
    (Initialized, &[Processing, Escalated, Resolved, Abandoned]),
    (Active, &[Processing, Escalated, Resolved, Abandoned]),
    (Processing, &[WaitingForUser, Escalated, Resolved]),
    (
        WaitingForUser,
        &[Processing, WaitingForAgent, Escalated, Resolved, Abandoned],
    ),
    (WaitingForAgent, &[WaitingForUser, Escalated, Resolved]),
    (Escalated, &[WaitingForAgent, Resolved]),
    (Resolved, &[Active, Archived]),
    (Abandoned, &[Active, Archived]),
    (Archived, &[]),
];

/// A step that the table does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a conversation that is {from} cannot become {to}")]
pub struct IllegalTransition {
    /// Where it stands.
    pub from: Status,
    /// Where it was to go.
    pub to: Status,
}

impl Status {
    /// Whether the step to `to` is lawful.
    #[must_use]
    pub fn may_become(self, to: Self) -> bool {
        TRANSITIONS
            .iter()
            .any(|(from, steps)| *from == self && steps.contains(&to))
    }

    /// Whether the conversation goes on: neither solved, abandoned nor archived.
    #[must_use]
    pub fn is_open(self) -> bool {
        !matches!(self, Resolved | Abandoned | Archived)
    }
}

text_enum! {
    /// Where the customer writes.
    pub enum Channel {
        /// The chat widget.
        Web = "web",
        /// A mobile app.
        Mobile = "mobile",
        /// E-mail.
        Email = "email",
        /// Slack.
        Slack = "slack",
        /// Microsoft Teams.
        Teams = "teams",
        /// A program.
        Api = "api",
        /// Telephone.
        Phone = "phone",
        /// Text messages.
        Sms = "sms",
    }
}

text_enum! {
    /// Who solved a conversation, or how else it ended.
    pub enum ResolutionType {
        /// The agent alone.
        Automated = "automated",
        /// A person.
        Human = "human",
        /// Nobody: the customer went silent.
        Abandoned = "abandoned",
    }
}

/// How urgent: 1 (low) to 5 (critical).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i16", into = "i16")]
pub struct Priority(i16);

impl Priority {
    /// 2, the default.
    pub const MEDIUM: Self = Self(2);
    /// 3.
    pub const HIGH: Self = Self(3);
    /// 5: somebody may come to harm.
    pub const CRITICAL: Self = Self(5);

    /// The number.
    #[must_use]
    pub const fn as_i16(self) -> i16 {
        self.0
    }
}

/// Not a priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be between 1 (low) and 5 (critical)")]
pub struct PriorityError;

impl TryFrom<i16> for Priority {
    type Error = PriorityError;

    fn try_from(value: i16) -> Result<Self, Self::Error> {
        if (1..=5).contains(&value) {
            Ok(Self(value))
        } else {
            Err(PriorityError)
        }
    }
}

impl From<Priority> for i16 {
    fn from(value: Priority) -> Self {
        value.0
    }
}

/// One point of the emotional course of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EmotionPoint {
    /// Which emotion.
    pub emotion: EmotionLabel,
    /// From 0 to 1.
    pub intensity: f32,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

/// How many points of the emotional course are kept.
pub const TRAJECTORY_LENGTH: usize = 50;

/// How the customer judged the conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Satisfaction {
    /// 1 to 5.
    pub score: i16,
    /// In the customer's words.
    pub feedback: Option<String>,
    /// Net promoter score, 0 to 10.
    pub nps: Option<i16>,
}

/// A talk between a customer and the organization.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    /// Id.
    pub id: ConversationId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// Counts from 1 in each organization.
    pub number: i64,
    /// The customer.
    pub customer_id: UserId,
    /// The organization's own id for the customer; empty once the customer was erased.
    pub customer_external_id: String,
    /// Where the customer writes.
    pub channel: Channel,
    /// Where it stands.
    pub status: Status,
    /// How urgent.
    pub priority: Priority,
    /// The person who owns it.
    pub assigned_agent_id: Option<UserId>,
    /// A headline.
    pub title: Option<String>,
    /// Labels.
    pub tags: Vec<String>,
    /// Messages of anyone; also the `seq` of the last message.
    pub message_count: i64,
    /// Messages of the customer.
    pub user_message_count: i64,
    /// Messages of the agent.
    pub ai_message_count: i64,
    /// Messages of people.
    pub agent_message_count: i64,
    /// Sum of the confidence of the agent's replies; divided by their number it is the mean.
    pub ai_confidence_sum: f64,
    /// The lowest confidence of a reply.
    pub ai_confidence_min: Option<f32>,
    /// Replies in which the agent did not know.
    pub ai_fallback_count: i64,
    /// What language models have cost in it.
    #[serde(default)]
    pub models: Spending,
    /// The customer's last sentiment.
    pub sentiment_current: Option<SentimentLabel>,
    /// The emotional course, oldest first, the last [`TRAJECTORY_LENGTH`] points.
    pub emotion_trajectory: Vec<EmotionPoint>,
    /// Whether a person was ever asked for.
    pub escalated: bool,
    /// Why.
    pub escalation_reason: Option<String>,
    /// How often.
    pub escalation_count: i64,
    /// Whether it is solved.
    pub resolved: bool,
    /// Who solved it.
    pub resolution_type: Option<ResolutionType>,
    /// The organization's own code for the solution.
    pub resolution_code: Option<String>,
    /// What was done.
    pub resolution_summary: Option<String>,
    /// How the customer judged it.
    pub satisfaction: Option<Satisfaction>,
    /// What it is about now.
    pub current_topic: Option<String>,
    /// What it was about before, last first; at most [`TOPICS`].
    pub topic_stack: Vec<Topic>,
    /// The last question, as one that stands for itself: what a message that leans on it is read with.
    #[serde(default)]
    pub asked: Option<String>,
    /// Whether that question was left without an answer.
    #[serde(default)]
    pub asked_open: bool,
    /// The language that the customer was last heard to write; ISO 639-1.
    #[serde(default)]
    pub language: Option<String>,
    /// When a customer who had gone silent was reminded; not since they last wrote.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub reminded_at: Option<OffsetDateTime>,
    /// The case in Salesforce.
    pub salesforce_case_id: Option<String>,
    /// Free data of the organization.
    pub metadata: Map<String, Value>,
    /// Rises with every change: a write on an older version is refused.
    pub version: i64,
    /// When it began.
    #[serde(with = "time::serde::rfc3339")]
    pub started_at: OffsetDateTime,
    /// When something last happened.
    #[serde(with = "time::serde::rfc3339")]
    pub last_activity_at: OffsetDateTime,
    /// When the agent or a person first answered.
    #[serde(with = "time::serde::rfc3339::option")]
    pub first_response_at: Option<OffsetDateTime>,
    /// When it ended.
    #[serde(with = "time::serde::rfc3339::option")]
    pub ended_at: Option<OffsetDateTime>,
}

/// What a new conversation needs.
#[derive(Debug, Clone)]
pub struct NewConversation {
    /// Id.
    pub id: ConversationId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// The customer.
    pub customer_id: UserId,
    /// The organization's own id for the customer.
    pub customer_external_id: String,
    /// Where the customer writes.
    pub channel: Channel,
    /// How urgent.
    pub priority: Priority,
    /// Free data.
    pub metadata: Map<String, Value>,
    /// When.
    pub at: OffsetDateTime,
}

impl Conversation {
    /// A conversation in which nothing was said yet. Its number is given by the store.
    #[must_use]
    pub fn begin(new: NewConversation) -> Self {
        Self {
            id: new.id,
            organization_id: new.organization_id,
            number: 0,
            customer_id: new.customer_id,
            customer_external_id: new.customer_external_id,
            channel: new.channel,
            status: Initialized,
            priority: new.priority,
            assigned_agent_id: None,
            title: None,
            tags: Vec::new(),
            message_count: 0,
            user_message_count: 0,
            ai_message_count: 0,
            agent_message_count: 0,
            ai_confidence_sum: 0.0,
            ai_confidence_min: None,
            ai_fallback_count: 0,
            models: Spending::default(),
            sentiment_current: None,
            emotion_trajectory: Vec::new(),
            escalated: false,
            escalation_reason: None,
            escalation_count: 0,
            resolved: false,
            resolution_type: None,
            resolution_code: None,
            resolution_summary: None,
            satisfaction: None,
            current_topic: None,
            topic_stack: Vec::new(),
            asked: None,
            asked_open: false,
            language: None,
            reminded_at: None,
            salesforce_case_id: None,
            metadata: new.metadata,
            version: 1,
            started_at: new.at,
            last_activity_at: new.at,
            first_response_at: None,
            ended_at: None,
        }
    }

    /// Takes one lawful step and keeps what follows from it (ends, reopenings) true.
    pub fn become_status(&mut self, to: Status, at: OffsetDateTime) -> Result<(), IllegalTransition> {
        if !self.status.may_become(to) {
            return Err(IllegalTransition {
                from: self.status,
                to,
            });
        }
        self.status = to;
        self.last_activity_at = at;
        self.resolved = to == Resolved || (self.resolved && to == Archived);
        if to.is_open() {
            self.ended_at = None;
        } else {
            self.ended_at = self.ended_at.or(Some(at));
        }
        if to == Active {
            self.resolution_type = None;
            self.resolution_code = None;
            self.resolution_summary = None;
            self.assigned_agent_id = None;
        }
        Ok(())
    }

    /// Whether a person is asked for or has taken over: then the agent keeps silent.
    #[must_use]
    pub fn is_with_people(&self) -> bool {
        matches!(self.status, Escalated | WaitingForAgent) || self.assigned_agent_id.is_some()
    }

    /// Where a customer's new message leads, over lawful steps only. An error means that it is closed for good.
    pub fn receive_from_customer(&mut self, at: OffsetDateTime) -> Result<(), IllegalTransition> {
        if matches!(self.status, Resolved | Abandoned) {
            self.become_status(Active, at)?;
        }
        match self.status {
            Processing | Escalated | WaitingForAgent => {}
            WaitingForUser if self.assigned_agent_id.is_some() => self.become_status(WaitingForAgent, at)?,
            _ => self.become_status(Processing, at)?,
        }
        self.last_activity_at = at;
        self.reminded_at = None;
        Ok(())
    }

    /// Solved, by whoever spoke with the customer.
    pub fn settle(&mut self, at: OffsetDateTime) -> Result<(), IllegalTransition> {
        self.become_status(Resolved, at)?;
        self.resolution_type = Some(if self.agent_message_count > 0 {
            ResolutionType::Human
        } else {
            ResolutionType::Automated
        });
        Ok(())
    }

    /// Asks for a person.
    pub fn escalate(
        &mut self,
        reason: String,
        priority: Priority,
        at: OffsetDateTime,
    ) -> Result<(), IllegalTransition> {
        self.become_status(Escalated, at)?;
        self.assigned_agent_id = None;
        self.escalated = true;
        self.escalation_count += 1;
        self.escalation_reason = Some(reason);
        self.priority = self.priority.max(priority);
        Ok(())
    }

    /// A person takes the conversation over, whatever the agent is doing. A draft in the making is dropped.
    pub fn take_over(&mut self, agent: UserId, at: OffsetDateTime) -> Result<(), IllegalTransition> {
        if matches!(self.status, Resolved | Abandoned) {
            self.become_status(Active, at)?;
        }
        if matches!(self.status, Initialized | Active | Processing) {
            self.become_status(Escalated, at)?;
        }
        if self.status != WaitingForAgent {
            self.become_status(WaitingForAgent, at)?;
        }
        self.assigned_agent_id = Some(agent);
        Ok(())
    }

    /// The person gives the conversation back to the agent.
    pub fn hand_back(&mut self, at: OffsetDateTime) -> Result<(), IllegalTransition> {
        if !self.is_with_people() {
            return Err(IllegalTransition {
                from: self.status,
                to: WaitingForUser,
            });
        }
        if self.status == Escalated {
            self.become_status(WaitingForAgent, at)?;
        }
        if self.status != WaitingForUser {
            self.become_status(WaitingForUser, at)?;
        }
        self.assigned_agent_id = None;
        Ok(())
    }

    /// Adds a point to the emotional course, forgetting the oldest when it is full.
    pub fn feel(&mut self, point: EmotionPoint) {
        if self.emotion_trajectory.len() >= TRAJECTORY_LENGTH {
            self.emotion_trajectory.remove(0);
        }
        self.emotion_trajectory.push(point);
    }

    /// Whether its customer was erased.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        self.customer_external_id.is_empty()
    }

    /// The mean confidence of the agent's replies.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a count of messages is far below 2^52")]
    pub fn ai_confidence_avg(&self) -> Option<f64> {
        (self.ai_message_count > 0).then(|| self.ai_confidence_sum / self.ai_message_count as f64)
    }
}

#[cfg(test)]
mod tests;
