//! The personal-data model behind understanding.

use std::sync::Arc;
use std::time::Duration;

use acs_ai::understand::RuleUnderstanding;
use acs_ai::understand::entity::mask::{PersonalDataMasker, mask};
use acs_ai::understand::entity::personal::{
    PersonalDataFinder, PersonalDataModel, PersonalDataOptions, Skipped,
};
use acs_domain::analysis::Analysis;
use acs_domain::port::mask::{Masked, Masker};
use acs_domain::port::understand::{Understanding, Utterance};
use time::macros::datetime;

/// Long enough for a machine that does other things besides.
const PATIENT: Duration = Duration::from_secs(30);

fn finder(options: PersonalDataOptions) -> Arc<PersonalDataFinder> {
    Arc::new(PersonalDataFinder::start(&PersonalDataModel::bundled().unwrap(), options).unwrap())
}

async fn analyze(understanding: &RuleUnderstanding, text: &str) -> Analysis {
    let utterance = Utterance {
        text: text.to_owned(),
        vector: None,
        clauses: Vec::new(),
        embedding_model: String::new(),
        at: datetime!(2026-11-22 12:00 UTC),
        time_zone: None,
        terms: None,
    };
    let intents = understanding.learn(Vec::new()).await.unwrap();
    understanding.analyze(&utterance, &intents).await.unwrap()
}

fn values(analysis: &Analysis) -> Vec<(&str, &str)> {
    analysis
        .entities
        .iter()
        .map(|entity| (entity.kind.as_str(), entity.value.as_str()))
        .collect()
}

#[tokio::test]
async fn names_and_addresses_are_found_and_rules_with_checksums_come_first() {
    let understanding = RuleUnderstanding::default().with_personal_data(finder(PersonalDataOptions {
        within: PATIENT,
        ..PersonalDataOptions::default()
    }));
    let text = "Hello, this is Sarah Miller, 42 Oak Street, Springfield. Charge 4111 1111 1111 1111.";
    let analysis = analyze(&understanding, text).await;
    let found = values(&analysis);
    assert!(found.contains(&("person", "Sarah Miller")), "{found:?}");
    assert!(found.contains(&("street", "42 Oak Street")), "{found:?}");
    assert!(found.contains(&("card", "4111 1111 1111 1111")), "{found:?}");
    assert!(analysis.degraded.is_empty());

    let masked = mask(&[(text, &analysis.entities)]);
    assert!(
        masked.texts[0].contains("this is [person_1], [street_1]"),
        "{}",
        masked.texts[0]
    );
    assert_eq!(masked.unmask(&masked.texts[0]), text);
}

#[tokio::test]
async fn a_message_that_comes_too_late_goes_without_the_model_and_says_so() {
    let understanding = RuleUnderstanding::default().with_personal_data(finder(PersonalDataOptions {
        within: Duration::ZERO,
        ..PersonalDataOptions::default()
    }));
    let analysis = analyze(&understanding, "my mail is jo@acme.example").await;
    assert_eq!(values(&analysis), [("email", "jo@acme.example")]);
    assert_eq!(analysis.degraded, ["personal data: it took too long"]);
}

#[tokio::test]
async fn under_overload_texts_are_turned_away_at_once() {
    let finder = finder(PersonalDataOptions {
        workers: 1,
        queue: 1,
        within: PATIENT,
    });
    let text = "Sarah Miller lives here. ".repeat(40);
    let readings: Vec<_> = (0..8).map(|_| finder.begin(&text)).collect();
    let mut skipped = Vec::new();
    for reading in readings {
        skipped.push(reading.finish().await.1);
    }
    assert!(skipped.contains(&None), "{skipped:?}");
    assert!(skipped.contains(&Some(Skipped::Overload)), "{skipped:?}");
}

#[tokio::test]
async fn a_long_text_is_read_to_its_end() {
    let finder = finder(PersonalDataOptions {
        within: PATIENT,
        ..PersonalDataOptions::default()
    });
    let text = format!("{}My name is Sarah Miller.", "It has not come. ".repeat(80));
    let (found, skipped) = finder.begin(&text).finish().await;
    assert_eq!((found.len(), skipped), (1, None));
}

/// What a masker that asks this model makes of texts.
async fn masked(finder: &Arc<PersonalDataFinder>, texts: &'static [&str]) -> Option<Arc<dyn Masked>> {
    let masker = PersonalDataMasker::new(Arc::clone(finder));
    let masking = tokio::task::spawn_blocking(move || masker.mask(texts, None));
    masking.await.unwrap()
}

#[tokio::test]
async fn a_name_is_masked_in_what_was_said_before_too() {
    let patient = finder(PersonalDataOptions {
        within: PATIENT,
        ..PersonalDataOptions::default()
    });
    let talk = &[
        "Hello, this is Sarah Miller, 42 Oak Street, Springfield.",
        "",
        "Mail me at sarah@acme.example.",
    ];
    let whole = masked(&patient, talk).await.unwrap();
    assert_eq!(
        whole.texts(),
        [
            "Hello, this is [person_1], [street_1], Springfield.",
            "",
            "Mail me at [email_1]."
        ]
    );
    assert_eq!(whole.unmask("[person_1]"), "Sarah Miller");
}

#[tokio::test]
async fn texts_that_cannot_be_read_in_time_are_told_nobody() {
    let hasty = finder(PersonalDataOptions {
        within: Duration::ZERO,
        ..PersonalDataOptions::default()
    });
    assert!(masked(&hasty, &["Hello, this is Sarah Miller."]).await.is_none());
}

#[tokio::test]
async fn what_was_read_once_is_remembered() {
    let finder = finder(PersonalDataOptions {
        workers: 1,
        queue: 1,
        within: PATIENT,
    });
    let text = "Hello, this is Sarah Miller.";
    let (first, skipped) = finder.begin(text).finish().await;
    assert_eq!((first.len(), skipped), (1, None));
    let again: Vec<_> = (0..8).map(|_| finder.begin(text)).collect();
    for reading in again {
        assert_eq!(
            reading.finish().await,
            (Arc::clone(&first), None),
            "nobody waits in line"
        );
    }
}
