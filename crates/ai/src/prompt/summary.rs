//! A running summary of what was said before the messages that a prompt holds in full: what was asked, with what was answered,
//! in the talk's own words. No model is asked for it, and the same talk has the same summary.

use acs_domain::port::chat::{ChatMessage, ChatRole};
use serde::Serialize;

use crate::sentence::sentences;

/// How many code points of a question or an answer are kept.
const MAX_CHARS: usize = 240;
/// A message of fewer words asks nothing that a summary needs.
const MIN_WORDS: usize = 3;

/// What was asked, and what was answered.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Exchange {
    asked: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered: Option<String>,
}

/// One JSON object for each question, oldest first.
pub(super) fn lines(older: &[ChatMessage]) -> Vec<String> {
    let mut exchanges: Vec<Exchange> = Vec::new();
    for message in older {
        match message.role {
            ChatRole::User if message.content.split_whitespace().count() >= MIN_WORDS => {
                exchanges.push(Exchange {
                    asked: gist(&message.content, true),
                    answered: None,
                });
            }
            ChatRole::User => {}
            ChatRole::Assistant => {
                if let Some(last) = exchanges.last_mut().filter(|last| last.answered.is_none()) {
                    last.answered = Some(gist(&message.content, false));
                }
            }
        }
    }
    let lines = exchanges.iter().map(serde_json::to_string);
    lines.filter_map(Result::ok).collect()
}

/// The questions of a text where only they are wanted, or else its beginning.
fn gist(text: &str, questions: bool) -> String {
    let asks = |sentence: &&str| sentence.ends_with(['?', '？', '؟']);
    let all = sentences(text).into_iter().filter_map(|range| text.get(range));
    let asking: Vec<&str> = all.map(str::trim).filter(asks).collect();
    let chosen = match questions && !asking.is_empty() {
        true => asking.join(" "),
        false => text.split_whitespace().collect::<Vec<_>>().join(" "),
    };
    if chosen.chars().count() <= MAX_CHARS {
        return chosen;
    }
    let cut: String = chosen.chars().take(MAX_CHARS).collect();
    let whole = cut.rsplit_once(' ').map_or(&*cut, |(whole, _)| whole);
    format!("{whole} …")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(role: ChatRole, content: &str) -> ChatMessage {
        ChatMessage {
            role,
            content: content.to_owned(),
        }
    }

    #[test]
    fn questions_stand_with_their_answers() {
        let older = [
            said(ChatRole::Assistant, "Hello!"),
            said(ChatRole::User, "My lamp came broken. Can I send it back?"),
            said(
                ChatRole::Assistant,
                "Yes, within 30 days.\nThe label is in the parcel.",
            ),
            said(ChatRole::User, "Thanks"),
            said(ChatRole::Assistant, "You are welcome."),
            said(ChatRole::User, "And how long does that take"),
        ];
        assert_eq!(
            lines(&older),
            [
                r#"{"asked":"Can I send it back?","answered":"Yes, within 30 days. The label is in the parcel."}"#,
                r#"{"asked":"And how long does that take"}"#,
            ]
        );
    }

    #[test]
    fn what_is_long_is_cut_between_words() {
        let long = "word ".repeat(200);
        let lines = lines(&[said(ChatRole::User, &long)]);
        assert!(lines[0].ends_with("word …\"}"), "{}", lines[0]);
        assert!(lines[0].chars().count() < MAX_CHARS + 20);
    }
}
