use acs_domain::analysis::{Danger, GuardAction, IntentGuess};
use acs_domain::conversation::Status;
use acs_domain::message::{Message, SenderType};
use acs_domain::organization::Settings;
use acs_testkit::sample::Sample;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use super::*;

const GREETINGS: [&str; 2] = ["Hello!", "Good to see you."];

fn settings() -> TurnSettings {
    TurnSettings {
        lease: Duration::from_secs(30),
        embed_within: Duration::from_secs(1),
        understand_within: Duration::from_secs(1),
        retrieve_within: Duration::from_secs(1),
        answer_within: Duration::from_secs(1),
        poll: Duration::from_secs(1),
        unknown_threshold: 0.3,
        answer_threshold: 0.7,
        certain_threshold: 0.8,
        intent_threshold: 0.8,
        history: 10,
        remember: Duration::from_secs(1),
        passages: 8,
        hand_over_abuse: false,
        under_way: 1,
        working: 1,
    }
}

/// A conversation that the agent is working on, of an organization that greets.
async fn loaded() -> Loaded {
    let sample = Sample::default();
    let mut organization = sample.organization();
    organization.settings = Settings::default();
    let customer = sample.customer(&organization, "c-1");
    let mut conversation = sample.conversation(&customer);
    conversation.receive_from_customer(sample.now()).unwrap();
    let greetings = GREETINGS.map(str::to_owned).to_vec();
    let message = sample.message(&conversation, 1);
    Loaded {
        approved: Arc::new(HashMap::from([("greeting".to_owned(), greetings)])),
        ..Loaded::of(organization, conversation, message)
    }
}

/// An analysis that is sure of an intent by so much.
fn meant(intent: &str, confidence: f32) -> Analysis {
    let name = intent.to_owned();
    Analysis {
        intents: vec![IntentGuess { name, confidence }],
        ..Analysis::default()
    }
}

/// An analysis that found a danger and asks for this.
fn dangerous(danger: Danger, action: GuardAction) -> Analysis {
    let mut analysis = Analysis::default();
    analysis.guard.categories.push(danger);
    analysis.guard.act(action);
    analysis
}

/// What is decided, and by which check.
fn decided(loaded: &Loaded, analysis: &Analysis, confidence: f32) -> (Decision, String) {
    let mut evidence = Evidence::default();
    let prospect = Prospect {
        confidence,
        words: 5,
        ..Prospect::default()
    };
    let decision = decide(&settings(), loaded, analysis, &prospect, &mut evidence);
    let [verdict] = evidence.verdicts.as_slice() else {
        panic!("one reason for each decision, not {:?}", evidence.verdicts);
    };
    (decision, format!("{} {}", verdict.check, verdict.decision))
}

#[tokio::test]
async fn the_knowledge_answers_from_the_threshold_on() {
    let loaded = loaded().await;
    let nothing = Analysis::default();
    for (confidence, answers) in [(0.0, false), (0.29, false), (0.3, true), (1.0, true)] {
        let (decision, why) = decided(&loaded, &nothing, confidence);
        let (expected, reason) = if answers {
            (Decision::Answer { confidence }, "threshold answer")
        } else {
            (Decision::Unknown { confidence }, "threshold unknown")
        };
        assert_eq!((decision, why.as_str()), (expected, reason));
    }
}

#[tokio::test]
async fn an_organization_s_own_threshold_counts_before_the_operator_s() {
    let mut loaded = loaded().await;
    loaded.organization.settings.unknown_threshold = Some(0.6);
    let (decision, _) = decided(&loaded, &Analysis::default(), 0.5);
    assert_eq!(decision, Decision::Unknown { confidence: 0.5 });
}

#[tokio::test]
async fn who_asks_for_a_person_gets_one_however_sure_the_answer_is() {
    let loaded = loaded().await;
    let (decision, why) = decided(&loaded, &meant(SPEAK_TO_HUMAN, 0.9), 1.0);
    assert!(
        matches!(&decision, Decision::HandOver { priority, .. } if *priority == Priority::HIGH),
        "{decision:?}"
    );
    assert_eq!(why, "intent hand_over");
    let (decision, _) = decided(&loaded, &meant(SPEAK_TO_HUMAN, 0.5), 1.0);
    assert_eq!(
        decision,
        Decision::Answer { confidence: 1.0 },
        "a guess is no wish"
    );
}

#[tokio::test]
async fn a_greeting_is_met_with_an_approved_text_and_the_next_with_another() {
    let mut loaded = loaded().await;
    let mut said = Vec::new();
    for seq in [1, 3, 5] {
        loaded.message.seq = seq;
        let (decision, _) = decided(&loaded, &meant("greeting", 0.9), 0.0);
        let Decision::Approved { text, .. } = decision else {
            panic!("not {decision:?}");
        };
        said.push(text);
    }
    assert_eq!(said, [GREETINGS[0], GREETINGS[1], GREETINGS[0]]);
    let (decision, _) = decided(&loaded, &meant("greeting", 0.7), 0.9);
    assert_eq!(decision, Decision::Answer { confidence: 0.9 });
    let (decision, _) = decided(&loaded, &meant("thanks", 0.9), 0.9);
    assert_eq!(
        decision,
        Decision::Answer { confidence: 0.9 },
        "nothing is approved for it"
    );
}

#[tokio::test]
async fn the_agent_keeps_silent_once_people_own_the_conversation() {
    let mut loaded = loaded().await;
    loaded.conversation.status = Status::Escalated;
    for analysis in [
        Analysis::default(),
        meant("greeting", 0.9),
        meant(SPEAK_TO_HUMAN, 0.9),
        dangerous(Danger::Injection, GuardAction::Refused),
    ] {
        let (decision, why) = decided(&loaded, &analysis, 1.0);
        assert_eq!((decision, why.as_str()), (Decision::Silent, "owner silent"));
    }
}

#[tokio::test]
async fn who_is_in_danger_is_told_what_to_do_once_even_then() {
    let mut loaded = loaded().await;
    loaded.conversation.status = Status::Escalated;
    let despair = dangerous(Danger::SelfHarm, GuardAction::HandedOver);
    let mut evidence = Evidence::default();
    let prospect = Prospect::default();
    let decision = decide(&settings(), &loaded, &despair, &prospect, &mut evidence);
    let Decision::Warn { text } = decision else {
        panic!("not {decision:?}");
    };
    assert!(text.contains("988"), "{text}");
    loaded.history.push(Message {
        sender_type: SenderType::AiAgent,
        content: text,
        ..loaded.message.clone()
    });
    let (decision, _) = decided(&loaded, &despair, 1.0);
    assert_eq!(decision, Decision::Silent);
}

#[tokio::test]
async fn danger_comes_before_everything_that_the_message_asks_for() {
    let loaded = loaded().await;
    let attack = Analysis {
        intents: meant(SPEAK_TO_HUMAN, 1.0).intents,
        ..dangerous(Danger::Injection, GuardAction::Refused)
    };
    assert_eq!(decided(&loaded, &attack, 1.0).0, Decision::Refuse);
    let despair = dangerous(Danger::SelfHarm, GuardAction::HandedOver);
    let (decision, _) = decided(&loaded, &despair, 1.0);
    assert!(
        matches!(&decision, Decision::HandOver { priority, .. } if *priority == Priority::CRITICAL),
        "{decision:?}"
    );
}
