use std::sync::Arc;

use acs_core::id::Id;
use acs_domain::knowledge::{FoundPassage, Passage};
use proptest::prelude::*;

use super::*;

fn hit(title: &str, heading: &str, text: &str) -> Hit {
    let passage = Passage {
        id: Id::from_uuid(uuid::Uuid::from_u128(1)),
        entry_id: Id::from_uuid(uuid::Uuid::from_u128(2)),
        ordinal: 0,
        heading: heading.to_owned(),
        text: text.to_owned(),
        terms: Vec::new(),
        vector: Arc::from([]),
        sentences: Vec::new(),
    };
    let found = FoundPassage {
        passage,
        title: title.to_owned(),
        category: "billing".to_owned(),
        source_url: Some("https://help.example/refunds".to_owned()),
        version: 1,
        success_count: 0,
        updated_at: time::OffsetDateTime::UNIX_EPOCH,
    };
    Hit {
        found,
        score: 0.8,
        cosine: 0.7,
        lexical: 3.0,
    }
}

fn build(hits: &[Hit], history: &[ChatMessage]) -> ChatRequest {
    GroundedPrompt.build(&PromptParts {
        organization: "Acme Lamps",
        agent_name: "Lux",
        language: "en",
        question: "When do I get my money back?",
        history,
        hits,
        manner: &["You never blame the customer."],
        temperature: Some(0.2),
    })
}

#[test]
fn a_prompt_holds_the_policy_the_sources_and_the_talk() {
    let hits = [
        hit(
            "Refunds",
            "Returns › Refunds",
            "Refunds take 5 days.\n\"Gift\" orders are refunded as vouchers.",
        ),
        hit("Shipping costs", "", "Shipping costs are refunded too."),
    ];
    let history = [
        ChatMessage {
            role: ChatRole::User,
            content: "I sent my lamp back.".to_owned(),
        },
        ChatMessage {
            role: ChatRole::Assistant,
            content: "Thank you, it has arrived.".to_owned(),
        },
    ];
    insta::assert_json_snapshot!(build(&hits, &history));
}

proptest! {
    #[test]
    fn a_source_stays_one_line_of_data_whatever_it_says(title in any::<String>(), text in any::<String>()) {
        let system = build(&[hit(&title, "", &text)], &[]).system;
        let (_, data) = system.split_once("----- BEGIN SOURCES -----\n").unwrap();
        let (data, _) = data.split_once("\n----- END SOURCES -----").unwrap();
        let source: serde_json::Value = serde_json::from_str(data).unwrap();
        prop_assert_eq!(source["title"].as_str(), Some(title.as_str()));
        prop_assert_eq!(source["text"].as_str(), Some(text.as_str()));
    }
}
