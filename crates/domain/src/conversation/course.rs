//! Where a talk goes with a turn.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::Conversation;
use crate::knowledge::EntryId;
use crate::turn::Outcome;

/// Where the talk goes with a turn.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Course {
    /// What the message asks, as a question that stands for itself; `None` where it asks nothing.
    pub asked: Option<String>,
    /// What the talk is about from now on; `None` where it stays with what it was about.
    pub topic: Option<String>,
    /// The language of the message, where that is told.
    pub language: Option<String>,
    /// Whether the customer says that the matter is settled.
    pub settled: bool,
    /// Whether the customer only greets, thanks or takes leave.
    pub social: bool,
    /// What the agent's last reply cites: it has helped, where the matter is settled.
    pub cited: Vec<EntryId>,
}

impl Course {
    /// Takes the conversation there.
    pub fn follow(self, conversation: &mut Conversation, outcome: Outcome, at: OffsetDateTime) {
        conversation.language = self.language.or(conversation.language.take());
        match self.topic {
            Some(topic) => conversation.turn_to(topic),
            None if self.settled => conversation.go_back_to_open(),
            None => {}
        }
        if let Some(asked) = self.asked {
            conversation.remember_question(asked, matches!(outcome, Outcome::Unknown | Outcome::Clarify));
        }
        // Nobody is reminded of a talk that ended with thanks.
        if self.social && conversation.current_topic.is_some() {
            conversation.reminded_at = Some(at);
        }
    }

    /// Whether the turn ends the conversation: its matter is settled, and none of its earlier ones is open.
    #[must_use]
    pub fn settles(&self, conversation: &Conversation) -> bool {
        self.settled
            && conversation.ai_message_count > 0
            && !conversation.topic_stack.iter().any(|topic| topic.open)
    }
}
