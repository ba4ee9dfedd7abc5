//! What is true of every conversation in which nothing is under way, as the API shows it.

use std::collections::HashSet;

use serde_json::Value;

/// A conversation with its messages, and the turn of each of the customer's, in their order.
#[derive(Debug, Clone)]
pub struct Transcript {
    /// The conversation.
    pub conversation: Value,
    /// Its messages, oldest first.
    pub messages: Vec<Value>,
    /// The turns with their evidence, in the order of the customer's messages.
    pub turns: Vec<Value>,
}

impl Transcript {
    /// The ids of the messages that this kind of sender wrote, in their order.
    #[must_use]
    pub fn ids_of(&self, sender: &str) -> Vec<&str> {
        self.of(sender).map(|message| text(message, "id")).collect()
    }

    /// The words that this kind of sender wrote, in their order.
    #[must_use]
    pub fn words_of(&self, sender: &str) -> Vec<&str> {
        self.of(sender).map(|message| text(message, "content")).collect()
    }

    /// Whether the turn of each of the customer's messages has come to its end.
    #[must_use]
    pub fn is_at_rest(&self) -> bool {
        self.turns.iter().all(|turn| turn["state"] == "done")
    }

    /// Fails unless every message of the customer has exactly the one reply that its turn says (none where people own
    /// the conversation), replies stand in the order of the messages, and the counts are right.
    #[track_caller]
    pub fn check(&self) {
        assert!(self.is_at_rest(), "{:#?}", self.turns);
        let places: Vec<i64> = self.messages.iter().map(place).collect();
        assert_eq!(
            places,
            (1..).take(places.len()).collect::<Vec<_>>(),
            "places have no gap"
        );
        let customers: Vec<&Value> = self.of("user").collect();
        let asked: Vec<&str> = self.turns.iter().map(|turn| text(turn, "message_id")).collect();
        assert_eq!(asked, self.ids_of("user"), "a turn for each message");
        let replies: Vec<&str> = self
            .turns
            .iter()
            .filter_map(|turn| turn["turn"]["reply_id"].as_str())
            .collect();
        assert_eq!(
            replies,
            self.ids_of("ai_agent"),
            "each reply is the one of its turn, and in order"
        );
        assert_eq!(
            replies.iter().collect::<HashSet<_>>().len(),
            replies.len(),
            "no reply twice"
        );
        for (message, turn) in customers.iter().zip(&self.turns) {
            let reply = self
                .messages
                .iter()
                .find(|reply| reply["id"] == turn["turn"]["reply_id"]);
            let words = reply.map_or(&Value::Null, |reply| &reply["content"]);
            assert_eq!(
                words, &turn["turn"]["response"],
                "the reply is what the turn said"
            );
            assert!(
                reply.is_none_or(|reply| place(reply) > place(message)),
                "a reply follows its message"
            );
        }
        let counts = [
            ("message_count", None),
            ("user_message_count", Some("user")),
            ("ai_message_count", Some("ai_agent")),
        ];
        for (field, sender) in counts {
            let count = sender.map_or(self.messages.len(), |sender| self.of(sender).count());
            assert_eq!(self.conversation[field], count, "{field}");
        }
    }

    fn of(&self, sender: &str) -> impl Iterator<Item = &Value> {
        self.messages
            .iter()
            .filter(move |message| message["sender_type"] == sender)
    }
}

fn place(message: &Value) -> i64 {
    message["seq"].as_i64().unwrap()
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field]
        .as_str()
        .unwrap_or_else(|| panic!("no text `{field}` in {value}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn message(seq: i64, id: &str, sender: &str) -> Value {
        json!({ "id": id, "seq": seq, "sender_type": sender, "content": format!("words of {id}") })
    }

    fn turn(message: &str, reply: &str) -> Value {
        let reply = json!({ "reply_id": reply, "response": format!("words of {reply}") });
        json!({ "state": "done", "message_id": message, "turn": reply })
    }

    fn sound() -> Transcript {
        Transcript {
            conversation: json!({ "message_count": 4, "user_message_count": 2, "ai_message_count": 2 }),
            messages: vec![
                message(1, "a", "user"),
                message(2, "b", "user"),
                message(3, "A", "ai_agent"),
                message(4, "B", "ai_agent"),
            ],
            turns: vec![turn("a", "A"), turn("b", "B")],
        }
    }

    fn fails(change: impl FnOnce(&mut Transcript)) -> bool {
        let mut transcript = sound();
        change(&mut transcript);
        std::panic::catch_unwind(|| transcript.check()).is_err()
    }

    #[test]
    fn a_sound_conversation_passes_and_each_fault_fails() {
        assert!(!fails(|_| {}));
        assert!(
            fails(|it| it.turns[1] = turn("b", "A")),
            "one reply for two messages"
        );
        assert!(fails(|it| it.turns.swap(0, 1)), "turns in another order");
        assert!(fails(|it| it.messages.swap(2, 3)), "messages in another order");
        assert!(
            fails(|it| it.messages.push(message(5, "C", "ai_agent"))),
            "a reply of nobody"
        );
        assert!(
            fails(|it| it.turns[1]["state"] = json!("queued")),
            "a turn under way"
        );
        assert!(
            fails(|it| it.turns[1]["turn"]["reply_id"] = Value::Null),
            "a reply that its turn does not know"
        );
        assert!(
            fails(|it| it.conversation["ai_message_count"] = json!(3)),
            "a wrong count"
        );
        assert!(
            fails(|it| it.messages[3]["content"] = json!("other")),
            "other words than those of the turn"
        );
    }
}
