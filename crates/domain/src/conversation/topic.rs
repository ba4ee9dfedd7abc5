//! What a conversation is about, and what it was about before.

use serde::{Deserialize, Serialize};

use super::Conversation;

/// How many earlier topics are remembered; the oldest is forgotten.
pub const TOPICS: usize = 5;

/// Something that a conversation was about before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored")]
pub struct Topic {
    /// What it is called.
    pub name: String,
    /// The last question about it, as a question that stands for itself.
    pub asked: Option<String>,
    /// Whether that question was left without an answer.
    pub open: bool,
}

/// Topics were names alone once.
#[derive(Deserialize)]
#[serde(untagged)]
enum Stored {
    Name(String),
    Topic {
        name: String,
        asked: Option<String>,
        open: bool,
    },
}

impl From<Stored> for Topic {
    fn from(stored: Stored) -> Self {
        match stored {
            Stored::Name(name) => Self {
                name,
                asked: None,
                open: false,
            },
            Stored::Topic { name, asked, open } => Self { name, asked, open },
        }
    }
}

impl Conversation {
    /// Goes over to a topic. The present one is put on the stack; one that comes from the stack leaves it, and brings its
    /// question along.
    pub fn turn_to(&mut self, name: String) {
        if self.current_topic.as_deref() == Some(&name) {
            return;
        }
        let known = self.topic_stack.iter().position(|topic| topic.name == name);
        let known = known.map(|place| self.topic_stack.remove(place));
        if let Some(left) = self.current_topic.take() {
            self.topic_stack.insert(
                0,
                Topic {
                    name: left,
                    asked: self.asked.take(),
                    open: self.asked_open,
                },
            );
            self.topic_stack.truncate(TOPICS);
        }
        let known = known.unwrap_or(Topic {
            name,
            asked: None,
            open: false,
        });
        self.go_on_with(known);
    }

    /// Ends the present topic and goes back to the one before it; `false` if there is none.
    pub fn resume_topic(&mut self) -> bool {
        if self.topic_stack.is_empty() {
            return false;
        }
        let before = self.topic_stack.remove(0);
        self.go_on_with(before);
        true
    }

    /// The present topic is settled: goes back to the last one whose question was left open, if there is one.
    pub fn go_back_to_open(&mut self) {
        self.asked_open = false;
        if let Some(open) = self.topic_stack.iter().position(|topic| topic.open) {
            let before = self.topic_stack.remove(open);
            self.go_on_with(before);
        }
    }

    /// Remembers the question that was asked last, and whether it is still without an answer.
    pub fn remember_question(&mut self, asked: String, open: bool) {
        self.asked = Some(asked);
        self.asked_open = open;
    }

    fn go_on_with(&mut self, topic: Topic) {
        self.current_topic = Some(topic.name);
        self.asked = topic.asked;
        self.asked_open = topic.open;
    }
}
