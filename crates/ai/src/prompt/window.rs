//! The part of a talk that a prompt holds.

use std::collections::VecDeque;

use acs_domain::port::chat::{ChatMessage, ChatRole};

/// How many messages of the talk a prompt holds, besides the question.
const MAX_MESSAGES: usize = 10;
/// How many code points they have together: about 1,500 tokens.
const MAX_CHARS: usize = 6_000;

/// The newest messages that fit, then the question. It begins with the customer and the speakers alternate, because
/// some models' templates accept nothing else.
pub(super) fn fit(history: &[ChatMessage], question: ChatMessage) -> Vec<ChatMessage> {
    let mut chars = 0;
    let mut newest = VecDeque::new();
    for message in history.iter().rev().take(MAX_MESSAGES) {
        chars += message.content.chars().count();
        if chars > MAX_CHARS {
            break;
        }
        newest.push_front(message.clone());
    }
    let from_the_customer = newest
        .into_iter()
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
        let talk = fit(&history, user("Help"));
        assert_eq!(
            talk,
            [
                user("Hi\n\nMy lamp is dark"),
                says(ChatRole::Assistant, "Oh"),
                user("Help")
            ]
        );
    }

    #[test]
    fn old_messages_are_left_out_and_the_question_never() {
        let long = "x".repeat(MAX_CHARS / 2);
        let history = [
            user("old"),
            says(ChatRole::Assistant, &long),
            user(&long),
            says(ChatRole::Assistant, "a"),
        ];
        let question = "q".repeat(MAX_CHARS);
        assert_eq!(
            fit(&history, user(&question)),
            [user(&long), says(ChatRole::Assistant, "a"), user(&question)]
        );

        let many: Vec<_> = (0..30).map(|n| user(&n.to_string())).collect();
        assert!(fit(&many, user("q"))[0].content.starts_with("20\n\n21"));
    }
}
