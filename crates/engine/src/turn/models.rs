//! Models: the links of the route are tried in order until the first words have left, never after.

use std::sync::Arc;

use acs_domain::knowledge::Hit;
use acs_domain::message::{Message, SenderType};
use acs_domain::organization::month_number;
use acs_domain::port::chat::{
    ChatDelta, ChatMessage, ChatRequest, ChatRole, ChatStream, StopReason, TokenUsage,
};
use acs_domain::port::mask::{Masked, Unmasked};
use acs_domain::port::prompt::{Prompt, PromptParts, TemplateFault};
use acs_domain::port::route::{Occasion, Opened};
use acs_domain::turn::{Evidence, Outcome, Verdict};
use futures::StreamExt as _;

use super::answer::{self, Asked, Reply};
use super::gate::{Basis, Gate};
use super::{Listener, TurnEvent, cached, gate, guard};
use crate::ports::Ports;

/// No model gave a reply.
pub(super) struct NoReply {
    /// How many models there were.
    pub(super) models: u32,
}

/// A reply that stands on the hits, by the first model that gives one.
pub(super) async fn reply(
    ports: &Ports,
    asked: Asked<'_>,
    hits: &Arc<[Hit]>,
    listener: &Listener,
    evidence: &mut Evidence,
) -> Result<Reply, NoReply> {
    let within = ports.settings.turns.answer_within;
    let router = asked.loaded.router.as_ref();
    let Some(route) = router.and_then(|router| router.route(&occasion(asked), within)) else {
        return Err(NoReply { models: 0 });
    };
    asked.tape.begin(&*route);
    if let Some(what) = exhausted(asked) {
        leave_out(evidence, what);
        return Err(NoReply { models: 0 });
    }
    let history = guard::readable(ports, &asked.loaded.history).await;
    let (masked, basis) = tokio::join!(
        masked(ports, asked, &history),
        Basis::read(ports, asked, hits, &evidence.embedding_model)
    );
    let (masked, basis) = match (masked, basis) {
        (Some(masked), Some(basis)) => (masked, basis),
        (masked, _) => {
            let what = masked.map_or(
                "personal data could not be masked",
                |_| "the sources could not be read",
            );
            evidence.degraded.push(format!("models: left out, {what}"));
            return Err(NoReply { models: 0 });
        }
    };
    let prompt = prompt(ports, asked, &history, masked.texts(), hits);
    let Some(request) = written(prompt, evidence) else {
        return Err(NoReply { models: 0 });
    };
    evidence.prompt = serde_json::to_value(&request).ok();
    let note = answer::note(asked);
    let mut reply = Err(NoReply {
        models: route.links(),
    });
    let (route, heard) = cached::through(route, ports, asked, &*masked, hits, &request, evidence);
    let mut route = asked.tape.along(route);
    while let Some(opened) = route.next(&request).await {
        let before = evidence.verdicts.len();
        let written = write(ports, opened, &basis, &*masked, note, listener, evidence).await;
        if let Some(written) = written {
            let checks = evidence.verdicts.iter().skip(before);
            if checks
                .into_iter()
                .all(|verdict| verdict.decision != gate::DROPPED)
            {
                heard.keep(ports.now());
            }
            reply = Ok(written);
            break;
        }
        route.found_wanting("nothing that the sources support");
    }
    evidence.attempts.extend(route.attempts());
    reply
}

/// What of the budget is spent. What turns under way at the same time cost is not known yet: they may pass it together.
fn exhausted(asked: Asked<'_>) -> Option<&'static str> {
    let organization = &asked.loaded.organization;
    let month = organization.usage.models_in(month_number(asked.loaded.at));
    organization
        .budget
        .exhausted(month, asked.loaded.conversation.models)
}

fn leave_out(evidence: &mut Evidence, what: &str) {
    metrics::counter!("acs_model_budget_exhausted_total").increment(1);
    evidence
        .degraded
        .push("models: left out, the budget is spent".to_owned());
    evidence.verdicts.push(Verdict {
        check: "budget".to_owned(),
        decision: "composer".to_owned(),
        reason: what.to_owned(),
    });
}

fn occasion(asked: Asked<'_>) -> Occasion<'_> {
    let Asked {
        loaded,
        question,
        analysis,
        ..
    } = asked;
    Occasion {
        organization: &loaded.organization.slug,
        intent: analysis.intents.first().map(|guess| guess.name.as_str()),
        wishes: analysis.intents.len(),
        emotion: analysis.emotion.label,
        language: &question.language,
        words: question.text.split_whitespace().count(),
    }
}

/// What is asked and what was said before, without personal data: no model of others needs to know it. `None` when it
/// could not be taken out: then no model is asked.
async fn masked(ports: &Ports, asked: Asked<'_>, history: &[&Message]) -> Option<Arc<dyn Masked>> {
    let (masker, terms) = (ports.masker.clone(), asked.loaded.terms.clone());
    let message = asked.loaded.message.content.clone();
    let entities = asked.analysis.entities.clone();
    let history: Vec<String> = history.iter().map(|message| message.content.clone()).collect();
    let masking = move || {
        let earlier = history.iter().map(|text| Unmasked { text, entities: None });
        let said = Unmasked {
            text: &message,
            entities: Some(&entities),
        };
        let texts: Vec<Unmasked<'_>> = earlier.chain([said]).collect();
        masker.mask(&texts, terms.as_ref())
    };
    let masked = tokio::task::spawn_blocking(masking).await;
    masked
        .inspect_err(|error| tracing::error!(panicked = error.is_panic(), "personal data was not masked"))
        .ok()
}

/// The request of a prompt, with what came of its template noted.
fn written(prompt: Result<Prompt, TemplateFault>, evidence: &mut Evidence) -> Option<ChatRequest> {
    let failed = |fault: &TemplateFault| {
        tracing::error!(error = %fault, "the prompt could not be written");
        let what = "models: left out, the prompt could not be written";
        evidence.degraded.push(what.to_owned());
    };
    let prompt = prompt.inspect_err(failed).ok()?;
    if let Some(fault) = prompt.left_out {
        evidence.verdicts.push(Verdict {
            check: "prompt".to_owned(),
            decision: "built_in".to_owned(),
            reason: format!("the organization's own template: {fault}"),
        });
    }
    Some(prompt.request)
}

/// `texts` are those of the history and then of the message, masked.
pub(super) fn prompt(
    ports: &Ports,
    asked: Asked<'_>,
    history: &[&Message],
    texts: &[String],
    hits: &[Hit],
) -> Result<Prompt, TemplateFault> {
    let Asked { loaded, question, .. } = asked;
    let said = history.iter().zip(texts).map(|(message, text)| ChatMessage {
        role: if message.sender_type == SenderType::User {
            ChatRole::User
        } else {
            ChatRole::Assistant
        },
        content: text.clone(),
    });
    let said: Vec<ChatMessage> = said.collect();
    ports.prompts.build(&PromptParts {
        template: loaded.organization.settings.prompt_template.as_deref(),
        organization: loaded.organization.public_name(),
        agent_name: &loaded.organization.settings.agent_name,
        language: &question.language,
        question: texts.last().map_or("", String::as_str),
        history: &said,
        hits,
        manner: asked.tone.policy(),
        temperature: asked.tone.temperature(),
    })
}

/// What passes of one model's reply. `None`: the next may try, for nothing has left yet.
async fn write(
    ports: &Ports,
    opened: Opened,
    basis: &Basis,
    masked: &dyn Masked,
    note: Option<&str>,
    listener: &Listener,
    evidence: &mut Evidence,
) -> Option<Reply> {
    let mut gate = Gate::new(ports, basis);
    let tokens = let_through(opened.stream, &mut gate, masked, note, listener).await;
    evidence.verdicts.append(&mut gate.verdicts);
    if !gate.is_grounded {
        return None;
    }
    Some(Reply {
        text: Some(masked.unmask(gate.text.trim())),
        citations: gate.citations,
        model: opened.model,
        fallback_level: opened.level,
        tokens,
        ..Reply::template(Outcome::Answered, None, 0.0)
    })
}

/// Lets the model write through the gate. Words that pass before anything cited has passed are held back, so that the
/// next link can still take over from a model that only chats. A sentence that the model did not end is not said.
async fn let_through(
    mut stream: ChatStream,
    gate: &mut Gate<'_>,
    masked: &dyn Masked,
    note: Option<&str>,
    listener: &Listener,
) -> TokenUsage {
    let mut held_back = note.map(|note| format!("{note}\n\n")).unwrap_or_default();
    let mut pass = |passed: Option<String>, cited: bool| {
        if let Some(words) = passed {
            // Whole sentences pass, so that no mark is cut.
            held_back.push_str(&masked.unmask(&words));
        }
        if cited && !held_back.is_empty() {
            listener.tell(TurnEvent::Delta(std::mem::take(&mut held_back)));
        }
    };
    // Why a stream broke off is among the attempts.
    while let Some(Ok(delta)) = stream.next().await {
        match delta {
            ChatDelta::Text(words) => {
                let passed = gate.push(&words).await;
                pass(passed, gate.is_grounded);
            }
            // The turn offers no tools.
            ChatDelta::Call(_) => {}
            ChatDelta::End(end) => {
                if end.reason == StopReason::Finished {
                    let passed = gate.finish().await;
                    pass(passed, gate.is_grounded);
                }
                return end.usage;
            }
        }
    }
    TokenUsage::default()
}
