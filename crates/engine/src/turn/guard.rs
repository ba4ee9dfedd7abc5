//! Guard: what is dangerous in the message and the passages, and what the turn does about it. Everything that was done is
//! noted in the evidence with its reason.

use acs_domain::analysis::{Analysis, Danger, Guard, GuardAction};
use acs_domain::conversation::Priority;
use acs_domain::knowledge::Hit;
use acs_domain::message::{Message, SenderType};
use acs_domain::port::guard::Origin;
use acs_domain::turn::{Evidence, Verdict};

use super::claim::HIDDEN_TEXT_REMOVED;
use super::decide::Decision;
use super::load::Loaded;
use super::phrases::Phrases;
use crate::examine::{examine as examine_all, examine_one};
use crate::ports::{Ports, TurnSettings};

/// Examines the customer's message. What nobody saw in it was taken out when it came in.
pub(super) async fn examine(ports: &Ports, message: &Message) -> Guard {
    let mut guard = examine_one(&ports.examiner, message.content.clone()).await;
    if message.metadata.contains_key(HIDDEN_TEXT_REMOVED) {
        if !guard.categories.contains(&Danger::HiddenText) {
            guard.categories.push(Danger::HiddenText);
            guard.categories.sort_unstable();
        }
        if guard.action == GuardAction::Allowed {
            guard.act(GuardAction::Cleaned);
        }
    }
    guard
}

/// Leaves out the passages that speak to the agent: they are neither shown to a model nor quoted.
pub(super) async fn leave_out(ports: &Ports, hits: Vec<Hit>, evidence: &mut Evidence) -> Vec<Hit> {
    let examiner = ports.examiner.clone();
    let examined = tokio::task::spawn_blocking(move || {
        let examine = |hit: Hit| {
            let passage = &hit.found.passage;
            let text = format!("{}\n{}\n{}", hit.found.title, passage.heading, passage.text);
            (examiner.examine(&text, Origin::Knowledge), hit)
        };
        hits.into_iter().map(examine).collect::<Vec<_>>()
    });
    let Ok(examined) = examined.await else {
        evidence
            .degraded
            .push("guard: the passages could not be examined".to_owned());
        return Vec::new();
    };
    let mut kept = Vec::with_capacity(examined.len());
    for (guard, hit) in examined {
        if guard.action == GuardAction::Refused {
            let reason = format!(
                "passage {} of \"{}\": {}",
                hit.found.passage.id,
                hit.found.title,
                found(&guard)
            );
            note(evidence, "left_out", reason);
        } else {
            kept.push(hit);
        }
    }
    kept
}

/// The earlier messages that a model may read: none that attacks it, whatever became of it, for it would be obeyed one turn late.
pub(super) async fn readable<'m>(ports: &Ports, history: &'m [Message]) -> Vec<&'m Message> {
    let said = history
        .iter()
        .filter(|message| message.sender_type == SenderType::User);
    let said = said.map(|message| message.content.clone()).collect();
    let mut guards = examine_all(&ports.examiner, said).await.into_iter();
    let mut allowed = |message: &&Message| {
        message.sender_type != SenderType::User || guards.next().is_some_and(|guard| !attacks(&guard))
    };
    history.iter().filter(|message| allowed(message)).collect()
}

/// Whether a text speaks to the agent as nobody may.
pub(super) fn attacks(guard: &Guard) -> bool {
    guard.action == GuardAction::Refused || guard.first(Danger::is_attack).is_some()
}

/// What the guard decides about the message; `None`: the turn goes its way.
pub(super) fn decide(
    settings: &TurnSettings,
    loaded: &Loaded,
    analysis: &Analysis,
    evidence: &mut Evidence,
) -> Option<Decision> {
    let guard = &analysis.guard;
    let hand_over = |danger: Danger, priority: Priority, text: String| Decision::HandOver {
        reason: format!("the guard found {danger} in the message"),
        priority,
        text,
    };
    if let Some(danger) = guard.first(Danger::is_emergency) {
        note(evidence, GuardAction::HandedOver.as_str(), found(guard));
        let text = Phrases::for_customer(loaded, analysis).about(danger);
        return Some(hand_over(danger, Priority::CRITICAL, text.to_owned()));
    }
    if guard.action == GuardAction::Refused {
        note(evidence, GuardAction::Refused.as_str(), found(guard));
        return Some(Decision::Refuse);
    }
    if guard.action == GuardAction::Cleaned {
        note(evidence, GuardAction::Cleaned.as_str(), found(guard));
    }
    let danger = guard.first(Danger::is_abuse)?;
    if danger == Danger::Threat || settings.hand_over_abuse {
        note(evidence, GuardAction::HandedOver.as_str(), found(guard));
        return Some(hand_over(
            danger,
            Priority::HIGH,
            Phrases::for_customer(loaded, analysis).handed_over.to_owned(),
        ));
    }
    note(evidence, GuardAction::Allowed.as_str(), found(guard));
    None
}

/// What somebody in danger is told while people own the conversation, once: help must not wait for them.
pub(super) fn warn(loaded: &Loaded, analysis: &Analysis, evidence: &mut Evidence) -> Option<Decision> {
    let danger = analysis.guard.first(Danger::is_emergency)?;
    let text = Phrases::for_customer(loaded, analysis).about(danger);
    if loaded.history.iter().any(|message| message.content == text) {
        return None;
    }
    note(evidence, GuardAction::HandedOver.as_str(), found(&analysis.guard));
    Some(Decision::Warn {
        text: text.to_owned(),
    })
}

/// Notes in the analysis what was done in the end: who hands over because of abuse does more than the guard asked for,
/// and who keeps silent does nothing.
pub(super) fn settle(guard: &mut Guard, decision: &Decision) {
    let dangerous = guard
        .first(|danger| danger.is_emergency() || danger.is_abuse())
        .is_some();
    match decision {
        Decision::Silent if guard.action != GuardAction::Cleaned => guard.act(GuardAction::Allowed),
        Decision::HandOver { .. } if dangerous => guard.act(GuardAction::HandedOver),
        _ => {}
    }
}

fn found(guard: &Guard) -> String {
    let names: Vec<&str> = guard.categories.iter().map(|danger| danger.as_str()).collect();
    format!(
        "{}; injection score {:.2}",
        names.join(", "),
        guard.injection_score
    )
}

fn note(evidence: &mut Evidence, decision: &str, reason: String) {
    evidence.verdicts.push(Verdict {
        check: "guard".to_owned(),
        decision: decision.to_owned(),
        reason,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attack_is_kept_from_models_whatever_was_done_about_the_message() {
        let guard = |categories: &[Danger], action| Guard {
            categories: categories.to_vec(),
            action,
            ..Guard::default()
        };
        let (handed_over, allowed) = (GuardAction::HandedOver, GuardAction::Allowed);
        assert!(attacks(&guard(&[Danger::Threat, Danger::Injection], handed_over)));
        assert!(attacks(&guard(&[], GuardAction::Refused)));
        assert!(!attacks(&guard(&[Danger::Threat], handed_over)));
        assert!(!attacks(&guard(&[], allowed)));
    }
}
