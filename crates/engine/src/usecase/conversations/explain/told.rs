//! What a record tells of its turn, in the form in which it is shown.

use acs_domain::conversation::Status;
use acs_domain::knowledge::Citation;
use acs_domain::port::ground::Grounding;
use acs_domain::record::{Content, Decided, FoundPassageRecord, Link};
use acs_domain::turn::{Attempt, Candidate, Evidence, TurnResult, Verdict};

use super::{Recorded, SaidSentence, Unsealed};

/// Gives a turn's result the evidence that is in its record. Where that does not open, what stands beside it is shown: all of
/// the evidence for turns of a time when it was stored in the open, unless the customer was erased.
pub(super) fn complete(result: &mut TurnResult, record: &Recorded) {
    match &record.opened {
        Unsealed::Content(content, _) => {
            let beside = std::mem::take(&mut result.evidence);
            result.analysis = content.decided.analysis.clone();
            result.evidence = evidence(content, &record.link, beside);
        }
        Unsealed::Erased => result.evidence = result.evidence.in_the_open(),
        Unsealed::Unreadable(_) => {}
    }
}

fn evidence(content: &Content, link: &Link, beside: Evidence) -> Evidence {
    let Decided {
        degraded,
        verdicts,
        prompt,
        ..
    } = &content.decided;
    let found = content.heard.found.as_ref().and_then(|found| found.as_ref().ok());
    let considered = found.map(|found| found.considered()).unwrap_or_default();
    let moved_to = found.and_then(|found| found.moved.as_ref());
    let verdicts = verdicts.iter().cloned().chain(dropped(&content.decided, link));
    Evidence {
        knowledge_version: content.versions.knowledge,
        intents_version: content.versions.intents,
        embedding_model: moved_to
            .map_or(&content.versions.embedding_model, |moved| &moved.embedding_model)
            .clone(),
        candidates: considered.into_iter().map(candidate).collect(),
        verdicts: verdicts.collect(),
        prompt: prompt.clone(),
        attempts: content
            .attempts
            .clone()
            .unwrap_or_else(|| attempts_of_before(&content.decided, beside.attempts)),
        degraded: degraded.clone(),
        timings: beside.timings,
    }
}

/// The tries of a record that does not hold what they took: it may stand beside it.
fn attempts_of_before(decided: &Decided, beside: Vec<Attempt>) -> Vec<Attempt> {
    if !beside.is_empty() {
        return beside;
    }
    let tried = decided.tried.iter().map(|tried| Attempt {
        model: tried.model.clone(),
        outcome: tried.outcome.clone(),
        latency_ms: 0.0,
        input_tokens: 0,
        output_tokens: 0,
        cost_micros: 0,
        estimated: false,
    });
    tried.collect()
}

/// That the reply was never sent, if the commit found the conversation in other hands.
fn dropped(decided: &Decided, link: &Link) -> Option<Verdict> {
    let status = link.status_found;
    let was_dropped = decided.response.is_some() && !decided.urgent && status != Status::Processing;
    was_dropped.then(|| Verdict {
        check: "owner".to_owned(),
        decision: "draft_dropped".to_owned(),
        reason: format!("the conversation became {status} while the reply was written"),
    })
}

fn candidate(passage: &FoundPassageRecord) -> Candidate {
    Candidate {
        entry_id: passage.entry_id,
        version: passage.version,
        passage_id: passage.id,
        title: passage.title.clone(),
        score: passage.score,
        cosine: passage.cosine,
        lexical: passage.lexical,
    }
}

/// The sentences of a reply with what each stands on: markers belong to the sentence before them.
pub(super) fn sentences(grounding: &dyn Grounding, decided: &Decided) -> Vec<SaidSentence> {
    let mut said: Vec<SaidSentence> = Vec::new();
    for piece in grounding.sentences(decided.response.as_deref().unwrap_or_default()) {
        let (first, rest) = leading(piece, &decided.citations);
        if let Some(last) = said.last_mut() {
            last.citations.extend(first);
        }
        let (text, citations) = without_markers(rest, &decided.citations);
        let text = text.trim();
        if !text.is_empty() {
            said.push(SaidSentence {
                text: text.to_owned(),
                citations,
            });
        }
    }
    said
}

/// The sources of the markers with which a text begins, and what follows them.
fn leading<'t>(text: &'t str, known: &[Citation]) -> (Vec<Citation>, &'t str) {
    let (mut sources, mut rest) = (Vec::new(), text);
    while let Some((source, behind)) = marker(rest.trim_start(), known) {
        sources.push(source.clone());
        rest = behind;
    }
    (sources, rest)
}

/// A text without its markers, and their sources.
fn without_markers(text: &str, known: &[Citation]) -> (String, Vec<Citation>) {
    let (mut plain, mut sources, mut rest) = (String::new(), Vec::new(), text);
    while let Some(start) = rest.find('[') {
        let (before, bracket) = rest.split_at(start);
        match marker(bracket, known) {
            Some((source, behind)) => {
                plain.push_str(before.trim_end());
                sources.push(source.clone());
                rest = behind;
            }
            None => {
                plain.push_str(&rest[..=start]);
                rest = &bracket[1..];
            }
        }
    }
    plain.push_str(rest);
    (plain, sources)
}

/// The source of the marker `[1]` with which a text begins, and what follows it.
fn marker<'t, 'c>(text: &'t str, known: &'c [Citation]) -> Option<(&'c Citation, &'t str)> {
    let (number, behind) = text.strip_prefix('[')?.split_once(']')?;
    let place = number.parse::<usize>().ok()?.checked_sub(1)?;
    Some((known.get(place)?, behind))
}

#[cfg(test)]
mod tests;
