//! No path of deeds leaves the table of lawful transitions.

use std::time::Duration;

use acs_core::entropy::SeededEntropy;
use proptest::prelude::*;
use time::macros::datetime;

use super::*;

const AT: OffsetDateTime = datetime!(2026-01-01 0:00 UTC);

fn conversation() -> Conversation {
    let entropy = SeededEntropy::new(1);
    Conversation::begin(NewConversation {
        id: Id::generate(&entropy, AT),
        organization_id: Id::generate(&entropy, AT),
        customer_id: Id::generate(&entropy, AT),
        customer_external_id: "c-1".to_owned(),
        channel: Channel::Web,
        priority: Priority::MEDIUM,
        metadata: Map::new(),
        at: AT,
    })
}

/// Everything that can happen to a conversation.
#[derive(Debug, Clone, Copy)]
enum Deed {
    CustomerWrites,
    AgentAnswers,
    Escalate,
    TakeOver,
    PersonAnswers,
    HandBack,
    Resolve,
    Abandon,
    Archive,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    use Deed::*;
    let all = vec![
        CustomerWrites,
        AgentAnswers,
        Escalate,
        TakeOver,
        PersonAnswers,
        HandBack,
        Resolve,
        Abandon,
        Archive,
    ];
    prop::collection::vec(prop::sample::select(all), 0..40)
}

fn apply(conversation: &mut Conversation, deed: Deed) -> Result<(), IllegalTransition> {
    let agent = Id::generate(&SeededEntropy::new(2), AT);
    match deed {
        Deed::CustomerWrites => conversation.receive_from_customer(AT),
        Deed::AgentAnswers | Deed::PersonAnswers => conversation.become_status(WaitingForUser, AT),
        Deed::Escalate => conversation.escalate("asked".to_owned(), Priority::HIGH, AT),
        Deed::TakeOver => conversation.take_over(agent, AT),
        Deed::HandBack => conversation.hand_back(AT),
        Deed::Resolve => conversation.become_status(Resolved, AT),
        Deed::Abandon => conversation.become_status(Abandoned, AT),
        Deed::Archive => conversation.become_status(Archived, AT),
    }
}

/// Whether `to` can be reached from `from` over lawful steps.
fn reachable(from: Status, to: Status) -> bool {
    let mut seen = vec![from];
    let mut next = 0;
    while let Some(&status) = seen.get(next) {
        next += 1;
        for &step in TRANSITIONS
            .iter()
            .filter(|(s, _)| *s == status)
            .flat_map(|(_, steps)| *steps)
        {
            if !seen.contains(&step) {
                seen.push(step);
            }
        }
    }
    seen.contains(&to)
}

proptest! {
    #[test]
    fn no_path_of_deeds_is_illegal(path in deeds()) {
        let mut conversation = conversation();
        for deed in path {
            let before = conversation.status;
            let was_archived = before == Archived;
            let outcome = apply(&mut conversation, deed);
            prop_assert!(reachable(before, conversation.status));
            prop_assert!(!was_archived || outcome.is_err(), "archived is final");
            prop_assert_eq!(conversation.ended_at.is_none(), conversation.status.is_open());
            prop_assert!(!conversation.resolved || !conversation.status.is_open());
            if conversation.status == Processing {
                prop_assert!(conversation.assigned_agent_id.is_none(), "the agent never works on what a person owns");
            }
        }
    }

    #[test]
    fn a_refused_step_changes_nothing(path in deeds(), to in prop::sample::select(Status::ALL.to_vec())) {
        let mut conversation = conversation();
        for deed in path {
            let _ = apply(&mut conversation, deed);
        }
        let before = conversation.clone();
        if conversation.become_status(to, AT).is_err() {
            prop_assert_eq!(conversation, before);
        }
    }
}

#[test]
fn every_state_has_its_row_in_the_table() {
    for status in Status::ALL {
        assert_eq!(
            TRANSITIONS.iter().filter(|(from, _)| from == status).count(),
            1,
            "{status}"
        );
    }
}

#[test]
fn a_customer_reopens_what_was_resolved() {
    let mut conversation = conversation();
    conversation.receive_from_customer(AT).unwrap();
    conversation.become_status(Resolved, AT).unwrap();
    conversation.resolution_type = Some(ResolutionType::Automated);
    conversation.receive_from_customer(AT).unwrap();
    assert_eq!(conversation.status, Processing);
    assert_eq!(
        (
            conversation.resolved,
            conversation.resolution_type,
            conversation.ended_at
        ),
        (false, None, None)
    );
}

#[test]
fn a_person_may_take_over_while_the_agent_works() {
    let agent = Id::generate(&SeededEntropy::new(2), AT);
    let mut conversation = conversation();
    conversation.receive_from_customer(AT).unwrap();
    conversation.take_over(agent, AT).unwrap();
    assert_eq!(conversation.status, WaitingForAgent);
    conversation.become_status(WaitingForUser, AT).unwrap();
    conversation.receive_from_customer(AT).unwrap();
    assert_eq!(
        conversation.status, WaitingForAgent,
        "a customer's message goes to the person who owns it"
    );
    conversation.hand_back(AT).unwrap();
    assert_eq!(
        (conversation.status, conversation.assigned_agent_id),
        (WaitingForUser, None)
    );
}

#[test]
fn an_archived_conversation_takes_no_message() {
    let mut conversation = conversation();
    conversation.become_status(Resolved, AT).unwrap();
    conversation.become_status(Archived, AT).unwrap();
    let refused = conversation.receive_from_customer(AT).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "a conversation that is archived cannot become processing"
    );
}

#[test]
fn a_topic_that_is_left_is_remembered_with_its_question() {
    let mut conversation = conversation();
    conversation.turn_to("delivery".to_owned());
    conversation.remember_question("When does it come?".to_owned(), true);
    conversation.turn_to("payment".to_owned());
    assert_eq!(conversation.asked, None);
    conversation.remember_question("Can I pay by card?".to_owned(), false);
    conversation.turn_to("payment".to_owned());
    let names = |conversation: &Conversation| -> Vec<String> {
        conversation
            .topic_stack
            .iter()
            .map(|topic| topic.name.clone())
            .collect()
    };
    assert_eq!(names(&conversation), ["delivery"]);
    conversation.turn_to("delivery".to_owned());
    assert_eq!(names(&conversation), ["payment"]);
    assert_eq!(
        (conversation.asked.as_deref(), conversation.asked_open),
        (Some("When does it come?"), true)
    );
    assert!(conversation.resume_topic());
    assert_eq!(conversation.current_topic.as_deref(), Some("payment"));
    assert!(!conversation.resume_topic());
    for n in 0..9 {
        conversation.turn_to(format!("topic {n}"));
    }
    assert_eq!(
        names(&conversation),
        ["topic 7", "topic 6", "topic 5", "topic 4", "topic 3"]
    );
}

#[test]
fn a_settled_topic_leads_back_to_one_that_was_left_open() {
    let mut conversation = conversation();
    for (topic, open) in [("returns", true), ("payment", false), ("delivery", true)] {
        conversation.turn_to(topic.to_owned());
        conversation.remember_question(format!("What about {topic}?"), open);
    }
    conversation.go_back_to_open();
    assert_eq!(conversation.current_topic.as_deref(), Some("returns"));
    conversation.go_back_to_open();
    assert_eq!(
        conversation.current_topic.as_deref(),
        Some("returns"),
        "nothing else is open"
    );
    assert!(!conversation.asked_open);
}

#[test]
fn topics_that_were_stored_as_names_are_read() {
    let stored = serde_json::json!(["payment", { "name": "delivery", "asked": "When?", "open": true }]);
    let topics: Vec<Topic> = serde_json::from_value(stored).unwrap();
    assert_eq!((topics[0].name.as_str(), topics[0].open), ("payment", false));
    assert_eq!(topics[1].asked.as_deref(), Some("When?"));
}

#[test]
fn who_is_silent_is_reminded_once_and_the_conversation_ends_in_time() {
    let patience = Patience {
        remind_after: Some(Duration::from_secs(60)),
        abandon_after: Duration::from_secs(600),
    };
    let mut conversation = conversation();
    let after = |seconds| AT + Duration::from_secs(seconds);
    conversation.receive_from_customer(AT).unwrap();
    assert_eq!(
        conversation.silence(patience, after(900)),
        Silence::Bearable,
        "a reply is written"
    );
    conversation.become_status(WaitingForUser, AT).unwrap();
    conversation.ai_message_count = 1;
    assert_eq!(conversation.silence(patience, after(59)), Silence::Bearable);
    assert_eq!(conversation.silence(patience, after(60)), Silence::Remind);
    for channel in [Channel::Email, Channel::Api, Channel::Phone, Channel::Sms] {
        let mail = Conversation {
            channel,
            ..conversation.clone()
        };
        assert_eq!(mail.silence(patience, after(60)), Silence::Bearable);
    }
    conversation.reminded_at = Some(after(60));
    assert_eq!(conversation.silence(patience, after(599)), Silence::Bearable);
    assert_eq!(conversation.silence(patience, after(600)), Silence::Abandon);
    let mut theirs = conversation.clone();
    theirs
        .take_over(Id::generate(&SeededEntropy::new(2), AT), AT)
        .unwrap();
    assert_eq!(
        theirs.silence(patience, after(900)),
        Silence::Bearable,
        "a person owns it"
    );
    conversation.abandon(after(600)).unwrap();
    assert_eq!(conversation.resolution_type, Some(ResolutionType::Abandoned));
    conversation.receive_from_customer(after(700)).unwrap();
    assert_eq!(
        (conversation.status, conversation.reminded_at),
        (Processing, None)
    );
}
