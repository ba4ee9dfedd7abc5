//! Models: the links of the route are tried in order until the first words have left, never after.

use std::sync::Arc;

use acs_core::error::Chain;
use acs_domain::knowledge::Hit;
use acs_domain::port::chat::{ChatDelta, ChatRequest, ChatStream, StopReason, TokenUsage};
use acs_domain::port::mask::Masked;
use acs_domain::port::prompt::{Cut, Prompt, PromptError};
use acs_domain::port::route::{Occasion, Opened, Route};
use acs_domain::turn::{Evidence, Outcome, Verdict};
use futures::StreamExt as _;
use tokio::time::Instant;

use super::answer::{Asked, Reply};
use super::background::Background;
use super::cached::Telling;
use super::gate::{Basis, Gate};
use super::note::note;
use super::{Listener, TurnEvent, cached, gate, purse};
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
    if !purse::has_something_left(asked.loaded, evidence) {
        return Err(NoReply { models: 0 });
    }
    let background = Background::of(ports, asked.loaded).await;
    let Some(masked) = background.masked(ports, asked).await else {
        let what = "models: left out, personal data could not be masked";
        evidence.degraded.push(what.to_owned());
        return Err(NoReply { models: 0 });
    };
    let prompt = background.prompt(ports, asked, masked.texts(), hits, route.room());
    let Some(request) = written(prompt, evidence) else {
        return Err(NoReply { models: 0 });
    };
    let most = route.most(&request);
    if !purse::pays(ports, asked, most, evidence).await {
        return Err(NoReply { models: 0 });
    }
    evidence.prompt = serde_json::to_value(&request).ok();
    let note = note(asked);
    let mut reply = Err(NoReply {
        models: route.links(),
    });
    let telling = Telling {
        background: &background,
        masked: &*masked,
        hits,
        request: &request,
    };
    let (route, heard) = cached::through(route, ports, asked, &telling, evidence);
    let mut route = asked.tape.along(route);
    // Most of a turn's time a model thinks: meanwhile its sources are read.
    let begun = tokio::try_join!(async { Ok(next(&mut *route, &request, listener).await) }, async {
        let basis = Basis::read(ports, asked, hits, &evidence.embedding_model).await;
        listener.rest();
        basis.ok_or("models: given up, the sources could not be read")
    });
    let (mut opened, basis) = match begun {
        Ok((opened, basis)) => (opened, Some(basis)),
        Err(why) => {
            evidence.degraded.push(why.to_owned());
            (None, None)
        }
    };
    while let Some((link, basis)) = opened.take().zip(basis.as_ref()) {
        let before = evidence.verdicts.len();
        let written = write(ports, link, basis, &*masked, note, listener, evidence).await;
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
        opened = next(&mut *route, &request, listener).await;
    }
    evidence.attempts.extend(route.attempts());
    reply
}

/// The reply of the next model; none once the conversation has left the agent's hands.
async fn next(route: &mut dyn Route, request: &ChatRequest, listener: &Listener) -> Option<Opened> {
    tokio::select! {
        biased;
        () = listener.taken.wait() => None,
        opened = route.next(request) => opened,
    }
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
        spent: purse::share_spent(loaded),
    }
}

/// The request of a prompt, with what came of its template noted.
fn written(prompt: Result<Prompt, PromptError>, evidence: &mut Evidence) -> Option<ChatRequest> {
    let failed = |error: &PromptError| {
        tracing::error!(error = %Chain(error), "no model is asked: there is no prompt");
        evidence.degraded.push(format!("models: left out, {error}"));
    };
    let prompt = prompt.inspect_err(failed).ok()?;
    if let Some(fault) = prompt.left_out {
        evidence.verdicts.push(Verdict {
            check: "prompt".to_owned(),
            decision: "built_in".to_owned(),
            reason: format!("the organization's own template: {fault}"),
        });
    }
    if !prompt.cuts.is_empty() {
        let cut = |cut: &Cut| format!("{} of {} {}", cut.kept, cut.of, cut.section);
        let kept: Vec<String> = prompt.cuts.iter().map(cut).collect();
        evidence.verdicts.push(Verdict {
            check: "prompt".to_owned(),
            decision: "cut".to_owned(),
            reason: format!("it holds {}", kept.join(", ")),
        });
    }
    Some(prompt.request)
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
    let mut gate = Gate::new(ports, basis, masked);
    let (tokens, has_left) = let_through(opened.stream, &mut gate, masked, note, listener).await;
    evidence.verdicts.append(&mut gate.verdicts);
    // Where text has left already, the next could not take it back.
    if !(gate.stands() || has_left) {
        return None;
    }
    if !gate.stands() {
        evidence.verdicts.push(thin());
    }
    let stands = gate.stands();
    let share = if stands { 1.0 } else { gate.share() };
    Some(Reply {
        text: Some(masked.unmask(gate.text.trim())),
        citations: gate.citations,
        model: opened.model,
        fallback_level: opened.level,
        tokens,
        offers_person: !stands,
        ..Reply::template(Outcome::Answered, None, share)
    })
}

/// Most of what a model said had to be dropped, after the first of it had left.
fn thin() -> Verdict {
    Verdict {
        check: "groundedness".to_owned(),
        decision: "thin".to_owned(),
        reason: "more sentences were dropped than stand: a person is offered".to_owned(),
    }
}

/// Lets the model write through the gate, and tells whether any of it has left. Words are held back until enough of the reply
/// stands, so that the next link can still take over from a model that only chats or mostly invents. A sentence that the model
/// did not end is not said. Once the conversation has left the agent's hands the model is hung up on.
async fn let_through(
    mut stream: ChatStream,
    gate: &mut Gate<'_>,
    masked: &dyn Masked,
    note: Option<&str>,
    listener: &Listener,
) -> (TokenUsage, bool) {
    let mut has_left = false;
    let mut held_back = note.map(|note| format!("{note}\n\n")).unwrap_or_default();
    let mut pass = |passed: Option<String>, stands: bool, heard_at: Instant| {
        let Some(words) = passed else { return };
        // Whole sentences pass, so that no mark is cut.
        held_back.push_str(&masked.unmask(&words));
        if stands {
            has_left = true;
            listener.tell(TurnEvent::Delta(std::mem::take(&mut held_back)));
        }
        let took = heard_at.elapsed();
        metrics::histogram!("acs_sentence_check_duration_seconds").record(took.as_secs_f64());
    };
    loop {
        let heard = tokio::select! {
            biased;
            () = listener.taken.wait() => break,
            heard = stream.next() => heard,
        };
        // Why a stream broke off is among the attempts.
        let Some(Ok(delta)) = heard else { break };
        let heard_at = Instant::now();
        match delta {
            ChatDelta::Text(words) => {
                let passed = gate.push(&words).await;
                pass(passed, gate.stands(), heard_at);
            }
            // The turn offers no tools.
            ChatDelta::Call(_) => {}
            ChatDelta::End(end) => {
                if end.reason == StopReason::Finished {
                    let passed = gate.finish().await;
                    pass(passed, gate.stands(), heard_at);
                }
                return (end.usage, has_left);
            }
        }
    }
    (TokenUsage::default(), has_left)
}
