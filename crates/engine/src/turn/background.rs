//! Background: what a language model is told besides the message and its sources, as far as it may know it: what was said
//! before, where the conversation stands, what is known of the customer.

use std::sync::Arc;

use acs_domain::conversation::Conversation;
use acs_domain::knowledge::Hit;
use acs_domain::message::{Message, SenderType};
use acs_domain::port::chat::{ChatMessage, ChatRole};
use acs_domain::port::mask::Masked;
use acs_domain::port::prompt::{Prompt, PromptError, PromptParts};
use serde::Serialize;

use super::answer::Asked;
use super::guard;
use super::load::Loaded;
use crate::examine::examine;
use crate::ports::Ports;

/// What a language model may be told, as it was said: nothing in it is masked yet.
pub(super) struct Background<'a> {
    /// Oldest first.
    history: Vec<&'a Message>,
    /// Where the conversation stands, as one JSON object; empty where there is nothing to tell.
    state: String,
    /// What is known of the customer, one JSON object each, what matters most first.
    profile: Vec<String>,
}

impl<'a> Background<'a> {
    /// Without what speaks to the agent: text of others would be obeyed one turn late.
    pub(super) async fn of(ports: &Ports, loaded: &'a Loaded) -> Self {
        let mut lines = vec![state(&loaded.conversation)];
        lines.extend(loaded.profile.lines());
        let (history, guards) = tokio::join!(
            guard::readable(ports, &loaded.history),
            examine(&ports.examiner, lines.clone())
        );
        for (line, guard) in lines.iter_mut().zip(guards) {
            if guard::attacks(&guard) {
                line.clear();
            }
        }
        let mut lines = lines.into_iter();
        Self {
            history,
            state: lines.next().unwrap_or_default(),
            profile: lines.filter(|line| !line.is_empty()).collect(),
        }
    }

    /// Its texts, in the order in which they are masked.
    fn texts(&self) -> impl Iterator<Item = &str> {
        let history = self.history.iter().map(|message| message.content.as_str());
        let known = self.profile.iter().map(String::as_str);
        history.chain([self.state.as_str()]).chain(known)
    }

    /// All of it and then the message, without personal data: no model of others needs to know it. `None` when it could not be
    /// taken out: then no model is asked.
    pub(super) async fn masked(&self, ports: &Ports, asked: Asked<'_>) -> Option<Arc<dyn Masked>> {
        let (masker, terms) = (ports.masker.clone(), asked.loaded.terms.clone());
        let message = asked.loaded.message.content.clone();
        let texts: Vec<String> = self.texts().map(str::to_owned).chain([message]).collect();
        let masking = move || {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            masker.mask(&texts, terms.as_ref())
        };
        let masked = tokio::task::spawn_blocking(masking).await;
        masked
            .inspect_err(|error| tracing::error!(panicked = error.is_panic(), "personal data was not masked"))
            .ok()
            .flatten()
    }

    /// Whether a model is told what is true of more customers than this one, and nothing had to be masked.
    pub(super) fn is_anybodys(&self, loaded: &Loaded, masked: &dyn Masked) -> bool {
        let unmasked = self.texts().chain([loaded.message.content.as_str()]);
        loaded.history.is_empty()
            && !loaded.profile.is_one_customers()
            && masked.texts().iter().map(String::as_str).eq(unmasked)
    }

    /// What a model is asked. `texts` are those that [`Self::masked`] has.
    pub(super) fn prompt(
        &self,
        ports: &Ports,
        asked: Asked<'_>,
        texts: &[String],
        hits: &[Hit],
        room: usize,
    ) -> Result<Prompt, PromptError> {
        let Asked { loaded, question, .. } = asked;
        let mut texts = texts.iter();
        let said = self
            .history
            .iter()
            .zip(&mut texts)
            .map(|(message, text)| ChatMessage {
                role: if message.sender_type == SenderType::User {
                    ChatRole::User
                } else {
                    ChatRole::Assistant
                },
                content: text.clone(),
            });
        let said: Vec<ChatMessage> = said.collect();
        let state = texts.next().map_or("", String::as_str);
        let profile: Vec<String> = texts.by_ref().take(self.profile.len()).cloned().collect();
        let settings = &loaded.organization.settings;
        ports.prompts.build(&PromptParts {
            template: settings.prompt_template.as_deref(),
            organization: loaded.organization.public_name(),
            agent_name: &settings.agent_name,
            language: &question.language,
            question: texts.next().map_or("", String::as_str),
            history: &said,
            hits,
            state,
            profile: &profile,
            manner: asked.tone.policy(),
            temperature: asked.tone.temperature(),
            room,
        })
    }
}

/// Where a conversation stands.
#[derive(Serialize)]
struct State<'a> {
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    topic: Option<&'a str>,
    /// What it was about before, where a question was left open; last first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    open_topics: Vec<&'a str>,
}

fn state(conversation: &Conversation) -> String {
    let open = conversation.topic_stack.iter().filter(|topic| topic.open);
    let state = State {
        topic: conversation.current_topic.as_deref(),
        open_topics: open.map(|topic| topic.name.as_str()).collect(),
    };
    if state.topic.is_none() && state.open_topics.is_empty() {
        return String::new();
    }
    serde_json::to_string(&state).unwrap_or_default()
}
