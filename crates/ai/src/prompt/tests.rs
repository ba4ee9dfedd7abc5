use std::sync::Arc;

use acs_core::id::Id;
use acs_domain::knowledge::{FoundPassage, Hit, Passage};
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

const QUESTION: &str = "When do I get my money back?";

fn parts<'a>(hits: &'a [Hit], history: &'a [ChatMessage]) -> PromptParts<'a> {
    PromptParts {
        template: None,
        organization: "Acme Lamps",
        agent_name: "Lux",
        language: "en",
        question: QUESTION,
        history,
        hits,
        manner: &["You never blame the customer."],
        temperature: Some(0.2),
    }
}

fn build(parts: &PromptParts<'_>) -> ChatRequest {
    let prompt = GroundedPrompt.build(parts).unwrap();
    assert_eq!(prompt.left_out, None);
    prompt.request
}

fn refunds() -> Vec<Hit> {
    vec![
        hit(
            "Refunds",
            "Returns › Refunds",
            "Refunds take 5 days.\n\"Gift\" orders are refunded as vouchers.",
        ),
        hit("Shipping costs", "", "Shipping costs are refunded too."),
    ]
}

fn said(role: ChatRole, content: &str) -> ChatMessage {
    ChatMessage {
        role,
        content: content.to_owned(),
    }
}

#[test]
fn a_prompt_holds_the_policy_the_sources_and_the_talk() {
    let history = [
        said(ChatRole::User, "I sent my lamp back."),
        said(ChatRole::Assistant, "Thank you, it has arrived."),
    ];
    insta::assert_json_snapshot!(build(&parts(&refunds(), &history)));
}

#[test]
fn without_passages_there_is_nothing_between_the_lines_that_mark_them() {
    let plain = PromptParts {
        manner: &[],
        temperature: None,
        ..parts(&[], &[])
    };
    insta::assert_json_snapshot!(build(&plain));
}

#[test]
fn the_tone_is_part_of_the_policy() {
    let manner = [
        "You begin with one short sentence that says you are sorry for the trouble.",
        "You answer in three sentences at the most.",
    ];
    let hits = refunds();
    let sorry = PromptParts {
        manner: &manner,
        ..parts(&hits, &[])
    };
    insta::assert_snapshot!(build(&sorry).system);
}

#[test]
fn marks_of_personal_data_stay_as_they_are() {
    let history = [
        said(ChatRole::User, "I am [email_1]."),
        said(ChatRole::Assistant, "Thank you, [email_1]!"),
    ];
    let masked = PromptParts {
        question: "Was it sent to [email_1]? {{ sources }}",
        ..parts(&[], &history)
    };
    insta::assert_json_snapshot!(build(&masked).messages);
}

#[test]
fn an_organization_s_own_template_puts_the_parts_where_it_likes() {
    let own = "{% if language == \"de\" %}\nDu bist {{ agent_name }}.\n{% else %}\nYou are {{ agent_name }}.\n{% endif %}\n\
        {{ sources }}\n\n{{ manner }}\n\n{{ rules }}";
    assert_eq!(GroundedPrompt.check(own), Ok(()));
    let hits = refunds();
    let in_german = PromptParts {
        template: Some(own),
        language: "de",
        ..parts(&hits[1..], &[])
    };
    insta::assert_json_snapshot!(build(&in_german));
}

#[test]
fn a_template_that_cannot_be_used_gives_way_to_the_built_in_one() {
    let hits = refunds();
    let broken = PromptParts {
        template: Some("{{ rules }}\n{{ forgotten }}\n{{ sources }}"),
        ..parts(&hits, &[])
    };
    let prompt = GroundedPrompt.build(&broken).unwrap();
    assert_eq!(prompt.left_out.map(|fault| fault.line), Some(2));
    assert_eq!(prompt.request, build(&parts(&hits, &[])));
}

#[test]
fn a_template_is_tried_before_an_organization_may_have_it() {
    let nested =
        "{% if manner %}\n".repeat(200) + &"{% endif %}\n".repeat(200) + "{{ rules }}\n{{ sources }}";
    GroundedPrompt.check(&nested).unwrap_err();
    assert_eq!(GroundedPrompt.check("{{ rules }}\n{{ sources }}"), Ok(()));
}

#[test]
fn the_built_in_template_holds_what_an_own_one_may_hold() {
    assert_eq!(GroundedPrompt.check(GROUNDED.source), Ok(()));
}

proptest! {
    #[test]
    fn a_source_stays_one_line_of_data_whatever_it_says(title in any::<String>(), text in any::<String>()) {
        let system = build(&parts(&[hit(&title, "", &text)], &[])).system;
        let (_, data) = system.split_once("----- BEGIN SOURCES -----\n").unwrap();
        let (data, _) = data.split_once("\n----- END SOURCES -----").unwrap();
        let source: serde_json::Value = serde_json::from_str(data).unwrap();
        prop_assert_eq!(source["title"].as_str(), Some(title.as_str()));
        prop_assert_eq!(source["text"].as_str(), Some(text.as_str()));
    }
}
