//! Commit and publish: reply, evidence, state and events in one unit, or nothing; listeners hear of it afterwards.

use acs_domain::access::Scope;
use acs_domain::analysis::Analysis;
use acs_domain::budget::Spending;
use acs_domain::conversation::{Conversation, EmotionPoint, Priority, Status, frustration_rises};
use acs_domain::escalation::{Escalation, time_to_respond};
use acs_domain::event::{Event, EventKind};
use acs_domain::gap::Unanswered;
use acs_domain::message::{ContentType, Message, SenderType};
use acs_domain::organization::month_number;
use acs_domain::turn::{Evidence, Outcome, Turn, TurnResult, TurnState};
use serde_json::json;
use time::OffsetDateTime;

use super::answer::Reply;
use super::load::millis;
use super::record::Prepared;
use super::taken::Taken;
use super::think::Thought;
use super::{DoneTurn, clarify};
use crate::error::{EngineError, Thing};
use crate::ports::Ports;
use crate::usecase::knowledge::gaps::{KEPT, KEPT_FOR};

pub(super) async fn commit(
    ports: &Ports,
    scope: Scope,
    turn: Turn,
    thought: Thought,
    missing: Vec<Unanswered>,
    record: Prepared,
    taken: &Taken,
) -> Result<DoneTurn, EngineError> {
    let (spent, spent_of_month) = (thought.spent(), thought.spent_of_month());
    let Thought {
        analysis,
        mut course,
        mut reply,
        evidence,
        missing: _,
    } = thought;
    let at = ports.now();
    let mut unit = ports.store.begin(scope).await?;
    let mut conversation = unit
        .conversations()
        .lock(turn.conversation_id)
        .await?
        .ok_or(EngineError::NotFound(Thing::Conversation))?;
    // A conversation that left and came back did not wait for this reply.
    let status_found = taken.to().unwrap_or(conversation.status);
    if reply.urgent {
        conversation.priority = Priority::CRITICAL;
    } else if reply.text.is_some() && status_found != Status::Processing {
        drop_draft(&mut reply);
    }
    let said = reply
        .text
        .as_ref()
        .map(|text| message(ports, &conversation, &turn, text.clone(), &reply, at));
    feel(&mut conversation, &analysis, at);
    let settles = course.settles(&conversation);
    let helpful = std::mem::take(&mut course.cited);
    course.follow(&mut conversation, reply.outcome, at);
    if let Some(said) = &said {
        note_reply(&mut conversation, &reply, said);
    }
    conversation.models = conversation.models + spent;
    let raised = match reply.hand_over.take() {
        Some((reason, priority)) => Some(call_person(ports, &mut conversation, reason, priority, at)?),
        None => None,
    };
    let others_wait = unit
        .turns()
        .any_unfinished(turn.conversation_id, turn.message_seq)
        .await?;
    let settled = settles && conversation.status == Status::Processing && !others_wait;
    if settled {
        conversation.settle(at)?;
    } else if conversation.status == Status::Processing && !others_wait {
        conversation.become_status(Status::WaitingForUser, at)?;
    }
    let result = result(
        &turn,
        conversation.status,
        analysis.told(),
        reply,
        said.as_ref(),
        evidence.in_the_open(),
        at,
    );
    if !unit.turns().complete(turn.id, turn.attempts, &result).await? {
        return Err(EngineError::Unavailable("another server has taken the turn over"));
    }
    if let Some(key) = &record.new_key {
        unit.records().add_key(key).await?;
    }
    let record = record.committed(&turn, status_found, at);
    unit.records().append(&record).await?;
    if let Some(said) = &said {
        unit.messages().insert(std::slice::from_ref(said)).await?;
    }
    if let Some(raised) = &raised {
        unit.escalations().insert(raised).await?;
    }
    if let Some(spent) = spent_of_month {
        // The organization before its entries, as whoever writes knowledge does.
        unit.organizations().count_models(month_number(at), spent).await?;
    }
    if !result.citations.is_empty() {
        let cited: Vec<_> = result
            .citations
            .iter()
            .map(|citation| citation.entry_id)
            .collect();
        unit.knowledge().count_usage(&cited).await?;
    }
    if settled {
        unit.knowledge().count_success(&helpful).await?;
    }
    for question in &missing {
        unit.unanswered().add(question, KEPT, at - KEPT_FOR).await?;
    }
    unit.conversations().update(&conversation).await?;
    let mut events = events(ports, &turn, &result, said.as_ref(), raised.as_ref(), at);
    events.extend(rising(ports, &conversation, at));
    events.extend(settled.then(|| resolved(ports, &conversation, at)));
    unit.outbox().append(&events).await?;
    let open = match raised {
        None if result.outcome == Outcome::HandedOver => {
            unit.escalations().find_open(turn.conversation_id).await?
        }
        raised => raised,
    };
    unit.commit().await?;
    Ok(publish(turn, result, open, spent, evidence.degraded.len()))
}

/// The conversation left the agent's hands while the reply was written: it is never sent. The record says so by the status
/// that the commit found.
fn drop_draft(reply: &mut Reply) {
    reply.text = None;
    reply.outcome = Outcome::HandedOver;
    reply.offers_person = false;
    reply.hand_over = None;
    reply.citations.clear();
    reply.follow_up_questions.clear();
}

fn message(
    ports: &Ports,
    conversation: &Conversation,
    turn: &Turn,
    content: String,
    reply: &Reply,
    at: OffsetDateTime,
) -> Message {
    let asks_back = reply.asks_back.then(|| (clarify::MARK.to_owned(), json!(true)));
    Message {
        id: ports.id(at),
        organization_id: turn.organization_id,
        conversation_id: turn.conversation_id,
        seq: conversation.message_count + 1,
        reply_to: Some(turn.message_id),
        sender_type: SenderType::AiAgent,
        sender_id: None,
        sender_name: None,
        content,
        content_type: ContentType::Text,
        attachments: Vec::new(),
        citations: reply.citations.clone(),
        metadata: asks_back.into_iter().collect(),
        created_at: at,
    }
}

/// Keeps the conversation's emotional course.
fn feel(conversation: &mut Conversation, analysis: &Analysis, at: OffsetDateTime) {
    conversation.sentiment_current = Some(analysis.sentiment.label);
    let (emotion, intensity) = (analysis.emotion.label, analysis.emotion.intensity);
    conversation.feel(EmotionPoint {
        emotion,
        intensity,
        at,
    });
}

/// Keeps the conversation's counts and times.
fn note_reply(conversation: &mut Conversation, reply: &Reply, said: &Message) {
    conversation.message_count = said.seq;
    conversation.ai_message_count += 1;
    conversation.ai_confidence_sum += f64::from(reply.confidence);
    let lowest = conversation
        .ai_confidence_min
        .map_or(reply.confidence, |lowest| lowest.min(reply.confidence));
    conversation.ai_confidence_min = Some(lowest);
    if reply.outcome == Outcome::Unknown {
        conversation.ai_fallback_count += 1;
    }
    conversation.first_response_at = conversation.first_response_at.or(Some(said.created_at));
    conversation.last_activity_at = said.created_at;
}

fn call_person(
    ports: &Ports,
    conversation: &mut Conversation,
    reason: String,
    priority: Priority,
    at: OffsetDateTime,
) -> Result<Escalation, EngineError> {
    conversation.escalate(reason, priority, at)?;
    Ok(escalation(ports, conversation, at))
}

/// A call for a person in a conversation that was just escalated.
pub(crate) fn escalation(ports: &Ports, conversation: &Conversation, at: OffsetDateTime) -> Escalation {
    Escalation {
        id: ports.id(at),
        organization_id: conversation.organization_id,
        conversation_id: conversation.id,
        reason: conversation.escalation_reason.clone().unwrap_or_default(),
        priority: conversation.priority,
        assigned_to: None,
        sla_deadline: at + time_to_respond(conversation.priority),
        created_at: at,
        acknowledged_at: None,
        resolved_at: None,
    }
}

fn result(
    turn: &Turn,
    status: Status,
    analysis: Analysis,
    reply: Reply,
    said: Option<&Message>,
    evidence: Evidence,
    at: OffsetDateTime,
) -> TurnResult {
    TurnResult {
        outcome: reply.outcome,
        reply_id: said.map(|said| said.id),
        response: reply.text,
        confidence: reply.confidence,
        offers_person: reply.offers_person,
        status,
        analysis,
        citations: reply.citations,
        follow_up_questions: reply.follow_up_questions,
        model_used: reply.model,
        fallback_level: reply.fallback_level,
        tokens_used: reply.tokens.input.saturating_add(reply.tokens.output),
        processing_time_ms: millis(at - turn.created_at),
        evidence,
        erased: false,
        completed_at: at,
    }
}

fn events(
    ports: &Ports,
    turn: &Turn,
    result: &TurnResult,
    said: Option<&Message>,
    escalation: Option<&Escalation>,
    at: OffsetDateTime,
) -> Vec<Event> {
    let (organization, conversation) = (turn.organization_id, turn.conversation_id);
    let mut events = Vec::with_capacity(3);
    if let Some(said) = said {
        let payload =
            json!({ "conversation_id": conversation, "seq": said.seq, "sender_type": said.sender_type });
        events.push(ports.event(organization, EventKind::MessageCreated, said.id, payload, at));
    }
    let payload = json!({
        "conversation_id": conversation,
        "message_id": turn.message_id,
        "reply_id": result.reply_id,
        "outcome": result.outcome,
        "confidence": result.confidence,
        "status": result.status,
    });
    events.push(ports.event(organization, EventKind::TurnCompleted, turn.id, payload, at));
    if let Some(escalation) = escalation {
        let payload = json!({ "escalation_id": escalation.id, "priority": escalation.priority });
        events.push(ports.event(
            organization,
            EventKind::ConversationEscalated,
            conversation,
            payload,
            at,
        ));
    }
    events
}

/// Told once for each rise, with the turn that brought it.
fn rising(ports: &Ports, conversation: &Conversation, at: OffsetDateTime) -> Option<Event> {
    let last = conversation.emotion_trajectory.last()?;
    if !frustration_rises(&conversation.emotion_trajectory) {
        return None;
    }
    let payload = json!({ "emotion": last.emotion, "intensity": last.intensity });
    let organization = conversation.organization_id;
    Some(ports.event(
        organization,
        EventKind::FrustrationRising,
        conversation.id,
        payload,
        at,
    ))
}

fn resolved(ports: &Ports, conversation: &Conversation, at: OffsetDateTime) -> Event {
    let payload =
        json!({ "status": conversation.status, "assigned_agent_id": conversation.assigned_agent_id });
    let organization = conversation.organization_id;
    ports.event(
        organization,
        EventKind::ConversationResolved,
        conversation.id,
        payload,
        at,
    )
}

/// After the commit only: one line and the figures for each turn.
fn publish(
    mut turn: Turn,
    result: TurnResult,
    escalation: Option<Escalation>,
    spent: Spending,
    degraded: usize,
) -> DoneTurn {
    let times = &result.evidence.timings;
    tracing::info!(
        organization.id = %turn.organization_id,
        conversation.id = %turn.conversation_id,
        turn.id = %turn.id,
        turn.attempt = turn.attempts,
        outcome = result.outcome.as_str(),
        confidence = result.confidence,
        model = result.model_used,
        tokens = result.tokens_used,
        cost_micros = spent.cost_micros,
        duration_ms = result.processing_time_ms,
        queued_ms = times.queued_ms,
        load_ms = times.load_ms,
        understand_ms = times.understand_ms,
        retrieve_ms = times.retrieve_ms,
        compose_ms = times.compose_ms,
        answer_ms = times.answer_ms,
        record_ms = times.record_ms,
        degraded,
        "turn done"
    );
    metrics::counter!("acs_turns_total", "outcome" => result.outcome.as_str()).increment(1);
    metrics::histogram!("acs_turn_duration_seconds").record(result.processing_time_ms / 1_000.0);
    turn.state = TurnState::Done;
    turn.result = Some(result.clone());
    DoneTurn {
        turn,
        result,
        escalation,
    }
}
