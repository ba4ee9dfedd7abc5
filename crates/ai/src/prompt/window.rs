//! The part of a talk that a prompt holds in full.

use acs_domain::port::chat::{ChatMessage, ChatRole};

/// How many messages of the talk a prompt holds, besides the question.
pub(super) const MAX_MESSAGES: usize = 10;

/// What was said before, and what a prompt may hold in full, both oldest first.
pub(super) fn split(history: &[ChatMessage]) -> (&[ChatMessage], &[ChatMessage]) {
    history.split_at(history.len().saturating_sub(MAX_MESSAGES))
}

/// The messages, then the question. It begins with the customer and the speakers alternate, because some models' templates
/// accept nothing else.
pub(super) fn talk(recent: &[ChatMessage], question: ChatMessage) -> Vec<ChatMessage> {
    let from_the_customer = recent
        .iter()
        .cloned()
        .skip_while(|message| message.role == ChatRole::Assistant);
    let mut talk: Vec<ChatMessage> = Vec::new();
    for message in from_the_customer.chain([question]) {
        match talk.last_mut() {
            Some(last) if last.role == message.role => {
                last.content.push_str("\n\n");
                last.content.push_str(&message.content);
            }
            _ => talk.push(message),
        }
    }
    talk
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(role: ChatRole, content: &str) -> ChatMessage {
        ChatMessage {
            role,
            content: content.to_owned(),
        }
    }

    fn user(content: &str) -> ChatMessage {
        says(ChatRole::User, content)
    }

    #[test]
    fn the_speakers_alternate_and_the_customer_begins_and_ends() {
        let history = [
            says(ChatRole::Assistant, "Hello"),
            user("Hi"),
            user("My lamp is dark"),
            says(ChatRole::Assistant, "Oh"),
        ];
        assert_eq!(
            talk(&history, user("Help")),
            [
                user("Hi\n\nMy lamp is dark"),
                says(ChatRole::Assistant, "Oh"),
                user("Help")
            ]
        );
    }

    #[test]
    fn the_newest_messages_are_held_in_full() {
        let many: Vec<_> = (0..30).map(|n| user(&n.to_string())).collect();
        let (older, recent) = split(&many);
        assert_eq!((older.len(), &recent[0]), (20, &user("20")));
        assert_eq!(split(&many[..3]).1.len(), 3);
    }
}
