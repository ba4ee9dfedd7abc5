//! The bodies have exactly the fields of the contract.

use acs_core::id::Id;
use acs_domain::analysis::{Analysis, IntentGuess};
use acs_domain::conversation::{self, Channel, NewConversation, Priority, Status};
use acs_domain::escalation;
use acs_domain::turn::{self, Evidence, Outcome, TurnResult, TurnState};
use acs_engine::turn::DoneTurn;
use acs_engine::usecase::conversations::{Change, Explained};
use acs_engine::usecase::users::ChangeUser;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::macros::datetime;
use uuid::Uuid;

use super::conversation::{ChangeConversation, Conversation};
use super::evidence::ExplainedTurn;
use super::turn::Turn;
use super::user::PatchUser;

const AT: OffsetDateTime = datetime!(2026-01-01 12:30:00.5 UTC);

fn id<T>(n: u128) -> Id<T> {
    Id::from_uuid(Uuid::from_u128(n))
}

fn json_of(view: impl serde::Serialize) -> Value {
    serde_json::to_value(view).unwrap()
}

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<_> = value.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

fn sorted(words: &str) -> Vec<&str> {
    let mut words: Vec<_> = words.split_whitespace().collect();
    words.sort_unstable();
    words
}

fn result() -> TurnResult {
    TurnResult {
        outcome: Outcome::HandedOver,
        reply_id: Some(id(5)),
        response: Some("Hello".to_owned()),
        confidence: 0.5,
        offers_person: false,
        status: Status::Escalated,
        analysis: Analysis::default(),
        citations: Vec::new(),
        follow_up_questions: Vec::new(),
        model_used: "composer".to_owned(),
        fallback_level: 0,
        tokens_used: 0,
        processing_time_ms: 12.5,
        evidence: Evidence::default(),
        erased: false,
        completed_at: AT,
    }
}

fn turn(result: Option<TurnResult>) -> turn::Turn {
    turn::Turn {
        id: id(1),
        organization_id: id(2),
        conversation_id: id(3),
        message_id: id(4),
        message_seq: 1,
        state: if result.is_some() {
            TurnState::Done
        } else {
            TurnState::Running
        },
        lease: None,
        attempts: 1,
        created_at: AT,
        result,
    }
}

fn done(result: TurnResult) -> Value {
    let escalation = escalation::Escalation {
        id: id(6),
        organization_id: id(2),
        conversation_id: id(3),
        reason: "asked".to_owned(),
        priority: Priority::HIGH,
        assigned_to: None,
        sla_deadline: AT,
        created_at: AT,
        acknowledged_at: None,
        resolved_at: None,
    };
    json_of(Turn::from(DoneTurn {
        turn: turn(None),
        result,
        escalation: Some(escalation),
    }))
}

#[test]
fn a_conversation_has_the_fields_of_the_contract() {
    let conversation = conversation::Conversation::begin(NewConversation {
        id: id(1),
        organization_id: id(2),
        customer_id: id(3),
        customer_external_id: "customer-1".to_owned(),
        channel: Channel::Web,
        priority: Priority::MEDIUM,
        metadata: Map::new(),
        at: AT,
    });
    let view = json_of(Conversation::from(conversation));
    assert_eq!(
        keys(&view),
        sorted(
            "id number user_id channel status priority assigned_agent_id title tags message_count user_message_count \
             ai_message_count agent_message_count ai_confidence_avg sentiment_current emotion_trajectory escalated \
             escalation_reason resolved resolution_type satisfaction_score current_topic topic_stack \
             salesforce_case_id metadata started_at last_activity_at ended_at"
        )
    );
    assert_eq!(view["user_id"], "customer-1");
    assert_eq!(view["started_at"], "2026-01-01T12:30:00.5Z");
    assert_eq!(view["ai_confidence_avg"], Value::Null);
}

#[test]
fn a_turn_has_the_fields_of_the_contract() {
    let view = done(result());
    assert_eq!(
        keys(&view),
        sorted(
            "conversation_id message_id reply_id outcome response confidence offers_person status language intent \
             entities sentiment emotion citations actions follow_up_questions requires_escalation escalation \
             model_used fallback_level tokens_used processing_time_ms"
        )
    );
    assert_eq!(keys(&view["intent"]), sorted("primary confidence secondary"));
    assert_eq!(
        keys(&view["escalation"]),
        sorted("id reason priority sla_deadline")
    );
    assert_eq!(view["requires_escalation"], true);
}

#[test]
fn a_language_that_could_not_be_told_is_undetermined() {
    assert_eq!(done(result())["language"], "und");
}

#[test]
fn the_likeliest_intent_is_the_primary_one() {
    assert_eq!(
        done(result())["intent"],
        json!({"primary": null, "confidence": 0.0, "secondary": []})
    );
    let mut result = result();
    let guess = |name: &str, confidence| IntentGuess {
        name: name.to_owned(),
        confidence,
    };
    result.analysis.intents = vec![guess("refund", 0.75), guess("greeting", 0.25)];
    assert_eq!(
        done(result)["intent"],
        json!({"primary": "refund", "confidence": 0.75, "secondary": [{"name": "greeting", "confidence": 0.25}]})
    );
}

#[test]
fn a_turn_that_is_not_done_shows_where_it_stands() {
    let explained = |result| Explained {
        turn: turn(result),
        escalation: None,
        record: None,
    };
    let view = json_of(ExplainedTurn::from(explained(None)));
    assert_eq!(view["state"], "running");
    assert_eq!(
        (&view["turn"], &view["evidence"], &view["completed_at"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    let view = json_of(ExplainedTurn::from(explained(Some(result()))));
    assert_eq!(
        (&view["state"], &view["turn"]["outcome"]),
        (&json!("done"), &json!("handed_over"))
    );
    assert!(view["evidence"]["candidates"].is_array());
}

#[test]
fn what_a_change_leaves_out_stays_and_null_removes() {
    let change = |body: Value| Change::from(serde_json::from_value::<ChangeConversation>(body).unwrap());
    let nothing = change(json!({}));
    assert_eq!(
        (nothing.title, nothing.tags, nothing.assigned_agent_id),
        (None, None, None)
    );
    let removed = change(json!({"title": null, "tags": null, "assigned_agent_id": null, "metadata": null}));
    assert_eq!(removed.title, Some(None));
    assert_eq!(removed.tags, Some(Vec::new()));
    assert_eq!(removed.assigned_agent_id, Some(None));
    assert_eq!(removed.metadata, Some(Map::new()));
    let set = change(json!({"title": "Refund", "priority": 4}));
    assert_eq!(set.title, Some(Some("Refund".to_owned())));
    assert_eq!(set.priority.map(Priority::as_i16), Some(4));
    assert!(serde_json::from_value::<ChangeConversation>(json!({"priority": null})).is_err());
}

#[test]
fn a_name_is_removed_by_null() {
    let body = json!({"first_name": null, "last_name": "Lovelace"});
    let change = ChangeUser::from(serde_json::from_value::<PatchUser>(body).unwrap());
    assert_eq!(change.first_name.as_deref(), Some(""));
    assert_eq!(change.last_name.as_deref(), Some("Lovelace"));
    assert_eq!(change.display_name, None);
}
