use std::sync::Arc;

use acs_core::id::Id;
use acs_domain::knowledge::{FoundPassage, Hit, Passage};
use acs_domain::port::prompt::Cut;
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
        state: "",
        profile: &[],
        manner: &["You never blame the customer."],
        temperature: Some(0.2),
        room: 6_000,
    }
}

fn build(parts: &PromptParts<'_>) -> ChatRequest {
    let prompt = GroundedPrompt.build(parts).unwrap();
    assert_eq!((prompt.left_out, prompt.cuts), (None, Vec::new()));
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

#[test]
fn what_was_said_long_ago_and_what_is_known_stand_between_lines_that_mark_them() {
    let long_ago = [
        said(ChatRole::User, "Do you sell lamps for boats?"),
        said(ChatRole::Assistant, "We sell the Harbour for boats [1]."),
    ];
    let since = (0..5).flat_map(|_| {
        [
            said(ChatRole::User, "Thanks"),
            said(ChatRole::Assistant, "You are welcome."),
        ]
    });
    let history: Vec<ChatMessage> = long_ago.into_iter().chain(since).collect();
    let hits = refunds();
    let profile = [
        r#"{"tier":"gold"}"#.to_owned(),
        r#"{"earlier":[{"began_on":"2026-01-31","topic":"delivery","ended":"resolved"}]}"#.to_owned(),
    ];
    let full = PromptParts {
        state: r#"{"topic":"returns","open_topics":["delivery"]}"#,
        profile: &profile,
        ..parts(&hits, &history)
    };
    insta::assert_snapshot!(build(&full).system);
}

#[test]
fn where_there_is_little_room_what_matters_less_is_cut_first_and_told() {
    let long = "word ".repeat(100);
    let history: Vec<ChatMessage> = (0..12).map(|_| said(ChatRole::User, &long)).collect();
    let hits = vec![hit("Refunds", "", &long), hit("Shipping", "", &long)];
    let profile = [r#"{"tier":"gold"}"#.to_owned()];
    let narrow = PromptParts {
        profile: &profile,
        room: 1_500,
        ..parts(&hits, &history)
    };
    let prompt = GroundedPrompt.build(&narrow).unwrap();
    let cut = |section, kept, of| Cut { section, kept, of };
    assert_eq!(prompt.cuts, [cut("recent messages", 2, 10), cut("summary", 1, 2)]);
}

#[test]
fn what_is_never_cut_and_does_not_fit_is_no_prompt() {
    let question = "word ".repeat(1_000);
    let long = PromptParts {
        question: &question,
        room: 1_000,
        ..parts(&[], &[])
    };
    assert_eq!(GroundedPrompt.build(&long), Err(PromptError::TooLong));
}

/// A part of a prompt, of any length.
fn words() -> impl Strategy<Value = String> {
    (0..400_usize).prop_map(|count| "word ".repeat(count))
}

proptest! {
    #[test]
    fn a_prompt_is_never_longer_than_its_room_and_holds_what_is_never_cut(
        room in 600..4_000_usize,
        passages in prop::collection::vec(words(), 0..8),
        talk in prop::collection::vec((any::<bool>(), words()), 0..30),
        profile in prop::collection::vec(words(), 0..5),
    ) {
        let hits: Vec<Hit> = passages.iter().map(|text| hit("Refunds", "", text)).collect();
        let history: Vec<ChatMessage> = talk
            .iter()
            .map(|(asks, text)| said(if *asks { ChatRole::User } else { ChatRole::Assistant }, text))
            .collect();
        let profile: Vec<String> = profile.iter().filter_map(|text| serde_json::to_string(text).ok()).collect();
        let state = r#"{"topic":"returns"}"#;
        let parts = PromptParts { state, profile: &profile, room, ..parts(&hits, &history) };
        let prompt = GroundedPrompt.build(&parts).unwrap();
        let ChatRequest { system, messages, .. } = &prompt.request;
        let talk = messages.iter().map(|message| tokens::message(&message.content));
        prop_assert!(tokens::text(system) + talk.sum::<usize>() <= room);
        for kept in ["What you never do", "You never blame the customer.", state, "----- END SOURCES -----"] {
            prop_assert!(system.contains(kept), "{kept}");
        }
        prop_assert!(messages.last().unwrap().content.ends_with(QUESTION));
        let shown = system.matches(r#""source":"#).count();
        let told = prompt.cuts.iter().find(|cut| cut.section == "passages").map_or(hits.len(), |cut| cut.kept);
        prop_assert_eq!(shown, told);
    }
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
