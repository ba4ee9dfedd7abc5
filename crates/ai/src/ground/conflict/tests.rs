//! What contradicts what, for sentences of one meaning: how like they are is not what is asked here.

use std::sync::Arc;

use acs_core::id::Id;
use acs_domain::conflict::Difference::{self, Amount, Date, Denial, Duration, Figure, Time};
use acs_domain::knowledge::{FoundPassage, Passage, Sentence, Vector};
use acs_domain::port::conflict::{Compared, Comparison as _};
use rstest::rstest;
use time::OffsetDateTime;
use uuid::Uuid;

use super::super::RuleGrounding;
use crate::retrieve::RuleRetriever;

fn passage(number: u128, title: &str, text: &str, vector: &[f32]) -> Compared {
    let vector = Vector::from(vector);
    let sentences = crate::sentence::sentences(text)
        .into_iter()
        .map(|range| Sentence {
            start: range.start,
            end: range.end,
            vector: vector.clone(),
        });
    let passage = Passage {
        id: Id::from_uuid(Uuid::from_u128(number)),
        entry_id: Id::from_uuid(Uuid::from_u128(number)),
        ordinal: 0,
        heading: String::new(),
        text: text.to_owned(),
        terms: Vec::new(),
        sentences: sentences.collect(),
        vector,
    };
    let found = FoundPassage {
        passage,
        title: title.to_owned(),
        category: "help".to_owned(),
        source_url: None,
        version: 1,
        success_count: 0,
        updated_at: OffsetDateTime::UNIX_EPOCH,
    };
    Compared {
        found,
        language: None,
    }
}

/// In what two entries differ, whichever comes first.
fn between(one: (&str, &str), other: (&str, &str)) -> Option<Difference> {
    let grounding = RuleGrounding::new(Arc::new(RuleRetriever::default()));
    let passages = [
        passage(1, one.0, one.1, &[1.0, 0.0]),
        passage(2, other.0, other.1, &[1.0, 0.0]),
    ];
    let found = grounding.contradictions(&passages, &[[0, 1]], 0.0);
    let turned = grounding.contradictions(&passages, &[[1, 0]], 0.0);
    let kinds = |found: &[acs_domain::port::conflict::Contradiction]| {
        found.iter().map(|one| one.difference).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&found), kinds(&turned), "the order decides nothing");
    found.first().map(|one| one.difference)
}

#[rstest]
#[case(
    Duration,
    "You can return items within 30 days.",
    "You can return items within 14 days."
)]
#[case(
    Duration,
    "Refunds take two weeks to arrive.",
    "Refunds take three weeks to arrive."
)]
#[case(Amount, "Shipping to Norway costs 9 €.", "Shipping to Norway costs 12 €.")]
#[case(
    Figure,
    "A family account has up to 5 members.",
    "A family account has up to 6 members."
)]
#[case(Time, "Our hotline opens at 9 am.", "Our hotline opens at 8 am.")]
#[case(
    Date,
    "The summer sale ends on 31 July.",
    "The summer sale ends on 15 August."
)]
#[case(Denial, "We deliver to Norway.", "We do not deliver to Norway.")]
#[case(
    Denial,
    "Gift cards can be exchanged for cash.",
    "Gift cards cannot be exchanged for cash."
)]
#[case(
    Duration,
    "Die Garantie auf Lampen beträgt 2 Jahre.",
    "Die Garantie auf Lampen beträgt 3 Jahre."
)]
#[case(
    Denial,
    "Swimwear can be returned to us.",
    "It is not possible to return swimwear to us."
)]
fn one_figure_or_a_denial_under_one_heading_is_a_conflict(
    #[case] difference: Difference,
    #[case] one: &str,
    #[case] other: &str,
) {
    assert_eq!(between(("Help", one), ("Help", other)), Some(difference));
}

#[rstest]
#[case("The Basic plan costs 10 €.", "The Premium plan costs 20 €.")]
#[case(
    "You can return items within four weeks.",
    "You can return items within 28 days."
)]
#[case("Parcels up to 5 kg cost 10 €.", "Parcels up to 10 kg cost 20 €.")]
#[case("Membership costs 5 € a month.", "Membership costs 50 € a year.")]
#[case("We are open from 9 am on Mondays.", "We are open from 10 am on Saturdays.")]
#[case("In 2024 the sale was in July.", "In 2025 the sale was in July.")]
#[case(
    "Step 3: open the settings and choose a language.",
    "Step 4: open the settings and choose a language."
)]
#[case(
    "You can cancel your order before it has shipped.",
    "You cannot cancel your order once it has shipped."
)]
#[case("Opened items cannot be returned.", "Unopened items can be returned.")]
#[case(
    "Refunds are possible within 30 days of purchase.",
    "Refunds are not possible after 30 days of purchase."
)]
#[case("We deliver to Norway.", "We do not deliver to Iceland.")]
#[case(
    "Does delivery to Norway take 3 days?",
    "Does delivery to Norway take 5 days?"
)]
#[case("Standard delivery takes 3 days.", "Express delivery takes 1 day.")]
#[case(
    "You earn 1 point for every euro spent.",
    "Gold members earn 3 points for every euro spent."
)]
fn what_can_both_be_true_is_none(#[case] one: &str, #[case] other: &str) {
    assert_eq!(between(("Help", one), ("Help", other)), None);
}

#[test]
fn what_headings_tell_apart_is_two_matters() {
    let (one, other) = (
        "The monthly fee for statements is $2.",
        "The monthly fee for statements is $0.",
    );
    assert_eq!(
        between(("Silver Saver: fees", one), ("Gold Saver: fees", other)),
        None
    );
    assert_eq!(
        between(("Gold Account: fees", one), ("Gold Plus Account: fees", other)),
        None
    );
    assert_eq!(between(("Fees", one), ("Fees for students", other)), None);
    assert_eq!(
        between(("Fees", one), ("General information: statements", other)),
        Some(Amount)
    );
}

#[test]
fn a_side_that_is_the_other_s_heading_is_not_the_same_matter() {
    let one = ("Gold bonus", "The bonus with a Silver card is 1 %.");
    let other = ("Silver bonus", "The bonus with a Gold card is 2 %.");
    assert_eq!(between(one, other), None);
}

#[test]
fn sentences_that_mean_something_else_or_nothing_known_are_not_compared() {
    let grounding = RuleGrounding::new(Arc::new(RuleRetriever::default()));
    let texts = [
        "We deliver to Norway by ship.",
        "We do not deliver to Norway by ship.",
    ];
    for (one, other) in [
        (&[1.0, 0.0][..], &[0.0, 1.0][..]),
        (&[], &[]),
        (&[1.0], &[1.0, 0.0]),
    ] {
        let passages = [
            passage(1, "Help", texts[0], one),
            passage(2, "Help", texts[1], other),
        ];
        assert_eq!(grounding.contradictions(&passages, &[[0, 1]], 0.0), []);
    }
}

#[test]
fn a_conflict_says_where_both_sentences_stand() {
    let grounding = RuleGrounding::new(Arc::new(RuleRetriever::default()));
    let texts = [
        "Nobody likes to wait. Refunds take two weeks to arrive.",
        "Refunds take three weeks to arrive. We are sorry for that.",
    ];
    let passages = [
        passage(1, "Help", texts[0], &[1.0, 0.0]),
        passage(2, "Help", texts[1], &[1.0, 0.0]),
    ];
    let found = grounding.contradictions(&passages, &[[0, 1]], 0.0);
    assert_eq!(found.len(), 1);
    let said = [0, 1].map(|side| texts[side][found[0].sentences[side].clone()].trim());
    assert_eq!(
        said,
        [
            "Refunds take two weeks to arrive.",
            "Refunds take three weeks to arrive."
        ]
    );
}
