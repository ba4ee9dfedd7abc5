use std::sync::Arc;

use acs_ai::ground::RuleGrounding;
use acs_ai::retrieve::RuleRetriever;
use acs_core::id::Id;
use acs_domain::analysis::Analysis;
use acs_domain::conversation::Course;
use acs_domain::turn::Outcome;

use super::*;

fn citation(title: &str) -> Citation {
    Citation {
        entry_id: Id::from_uuid(uuid::Uuid::nil()),
        version: 1,
        title: title.to_owned(),
        url: None,
        quote: title.to_owned(),
        score: 0.9,
    }
}

fn decided(response: Option<&str>) -> Decided {
    Decided {
        analysis: Analysis::default(),
        degraded: Vec::new(),
        verdicts: Vec::new(),
        draft: None,
        prompt: None,
        tried: Vec::new(),
        outcome: Outcome::Answered,
        response: response.map(ToOwned::to_owned),
        citations: vec![citation("Parcels"), citation("Returns")],
        confidence: 0.9,
        offers_person: false,
        follow_up_questions: Vec::new(),
        escalation: None,
        urgent: false,
        course: Course::default(),
        model_used: "composer".to_owned(),
        fallback_level: 0,
    }
}

/// Each sentence of a reply with the titles of what it stands on.
fn said(response: &str) -> Vec<(String, Vec<String>)> {
    let grounding = RuleGrounding::new(Arc::new(RuleRetriever::default()));
    let titles = |citations: Vec<Citation>| citations.into_iter().map(|it| it.title).collect();
    sentences(&grounding, &decided(Some(response)))
        .into_iter()
        .map(|sentence| (sentence.text, titles(sentence.citations)))
        .collect()
}

fn of(text: &str, titles: &[&str]) -> (String, Vec<String>) {
    (
        text.to_owned(),
        titles.iter().map(|&title| title.to_owned()).collect(),
    )
}

#[test]
fn each_sentence_has_the_sources_of_the_markers_behind_it() {
    let expected = [
        of("Thank you for asking.", &[]),
        of("A parcel takes three days.", &["Parcels"]),
        of("You may send it back.", &["Parcels", "Returns"]),
    ];
    for response in [
        "Thank you for asking. A parcel takes three days. [1] You may send it back. [1][2]",
        "Thank you for asking. A parcel takes three days [1]. You may send it back [1] [2].",
        "Thank you for asking.\n\nA parcel takes three days. [1]\n\nYou may send it back. [1] [2]",
    ] {
        assert_eq!(said(response), expected, "{response}");
    }
}

#[test]
fn brackets_that_name_no_source_are_words() {
    assert_eq!(
        said("Press [Esc] and then [3]. [2]"),
        [of("Press [Esc] and then [3].", &["Returns"])]
    );
    assert_eq!(said(""), []);
}
