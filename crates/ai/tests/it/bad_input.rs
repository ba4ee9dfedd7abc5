//! Texts that no customer should have written, and some do.

use acs_ai::guard::LayeredExaminer;
use acs_ai::understand::entity::mask::mask;
use acs_ai::understand::entity::{self, Context};
use acs_ai::understand::intent::Intents;
use acs_ai::understand::{RuleUnderstanding, language};
use acs_domain::analysis::Entity;
use acs_domain::port::guard::Origin;
use acs_domain::port::understand::Phrase;
use rstest::rstest;

/// Each kind in two sizes: a reader whose time grows with the square of the length shows on the second.
fn texts() -> Vec<String> {
    vec![
        String::new(),
        " \t\r\n\u{a0}\u{3000}".to_owned(),
        "a".repeat(5_000),
        "7".repeat(5_000),
        "ﬀ".repeat(5_000),
        "😀".repeat(10_000),
        "👩‍👩‍👧‍👦🏴󠁧󠁢󠁳󠁣󠁴󠁿".repeat(1_000),
        "где is মোৱ ordér 注文 #4711 أين طلبي 12,50 € jo@acme.example ".repeat(90),
        "\u{202e}reversed\u{202c} \u{0}\u{7}\u{fffd} \u{200b}".repeat(200),
        String::from_utf8_lossy(&b"where is \xff\xfe my \xc3 order \x80".repeat(100)).into_owned(),
    ]
}

/// Offsets count code points, lie within the text and in its order, and cut out what they name.
fn lie_within(text: &str, entities: &[Entity]) -> bool {
    let length = text.chars().count();
    let in_order = entities.windows(2).all(|pair| pair[0].end <= pair[1].start);
    in_order
        && entities
            .iter()
            .all(|entity| entity.start < entity.end && entity.end <= length)
}

#[test]
fn any_text_is_analyzed() {
    for text in texts() {
        let analysis = RuleUnderstanding::analyze_text(&text);
        assert!(analysis.sentiment.score.abs() <= 1.0, "{analysis:?}");
        assert!((0.0..=1.0).contains(&analysis.emotion.intensity), "{analysis:?}");
        assert!(lie_within(&text, &analysis.entities), "{:?}", analysis.entities);
    }
}

#[test]
fn nothing_is_said_in_no_language_and_names_nothing() {
    for text in ["", " \t\r\n\u{a0}\u{3000}"] {
        let analysis = RuleUnderstanding::analyze_text(text);
        assert_eq!(analysis.language, None);
        assert!(analysis.entities.is_empty() && !analysis.emotion.label.to_string().is_empty());
        assert!(analysis.sentiment.score.abs() < 1e-6, "{analysis:?}");
    }
}

#[test]
fn what_is_found_among_other_scripts_is_found_each_time() {
    let text = "где is মোৱ ordér 注文 #4711 أين طلبي 12,50 € jo@acme.example ".repeat(90);
    let found = entity::find(&text, Context::default());
    for kind in ["email", "money", "order_number"] {
        let times = found.iter().filter(|entity| entity.kind == kind).count();
        assert_eq!(times, 90, "{kind}");
    }
}

#[test]
fn masking_any_text_keeps_it_but_for_what_is_personal() {
    for text in texts() {
        let entities = entity::find(&text, Context::default());
        let masked = mask(&[(&text, &entities)]);
        assert!(!masked.texts[0].contains("jo@acme.example"));
        assert_eq!(masked.unmask(&masked.texts[0]), text);
    }
}

#[rstest]
fn any_text_is_examined(#[values(Origin::Customer, Origin::Knowledge, Origin::Tool)] origin: Origin) {
    let examiner = LayeredExaminer::default();
    for text in texts() {
        let guard = examiner.look(&text, origin);
        assert!((0.0..=1.0).contains(&guard.injection_score), "{guard:?}");
    }
}

#[test]
fn empty_texts_and_smiles_are_harmless() {
    let examiner = LayeredExaminer::default();
    for text in ["", " \n\t ", &"😀".repeat(10_000)] {
        assert!(!examiner.look(text, Origin::Customer).flagged);
    }
}

#[test]
fn any_text_has_a_language_or_none() {
    for text in texts() {
        if let Some(language) = language::detect(&text) {
            assert!((0.0..=1.0).contains(&language.confidence), "{language:?}");
        }
    }
    assert_eq!(language::detect(&"😀".repeat(10_000)), None);
}

#[test]
fn phrases_without_words_teach_nothing_and_harm_nothing() {
    let phrase = |(intent, text): (&str, String)| Phrase {
        intent: intent.to_owned(),
        text,
        vector: [].into(),
    };
    let mut taught: Vec<Phrase> = texts().into_iter().map(|text| phrase(("noise", text))).collect();
    for text in [
        "where is my order",
        "track my order",
        "has my order left",
        "order status",
    ] {
        taught.push(phrase(("track", text.to_owned())));
    }
    let intents = Intents::trained(taught, &|| false).unwrap();
    assert!(intents.guess("", None).out_of_scope);
    let guesses = intents.guess("where is my order please", None);
    assert_eq!(
        guesses.intents.first().map(|guess| guess.name.as_str()),
        Some("track")
    );
    for text in texts() {
        for guess in intents.guess(&text, None).intents {
            assert!((0.0..=1.0).contains(&guess.confidence), "{guess:?}");
        }
    }
}
