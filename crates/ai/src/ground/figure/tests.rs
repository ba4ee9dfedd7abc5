use std::sync::Arc;

use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::ground::token::tokens;
use crate::retrieve::RuleRetriever;

fn read_all(text: &str, language: &str) -> Vec<Figure> {
    let terms = Terms::new(Arc::new(RuleRetriever::default()));
    figures(&tokens(text), Vocabulary::of(language), &terms)
}

#[rstest]
#[case("1,000 euros", "€1000")]
#[case("4.90€", "EUR 4.90")]
#[case("5 USD", "$5")]
#[case("thirty days", "30 days")]
#[case("24 hours", "one day")]
#[case("24 h", "a day")]
#[case("90 minutes", "1.5 hours")]
#[case("two weeks", "14 days")]
#[case("a year", "12 months")]
#[case("20 percent", "20%")]
#[case("8 am", "08:00")]
#[case("5:30 p.m.", "17:30")]
#[case("12 March 2026", "2026-03-12")]
#[case("March 12", "12 March")]
#[case("1 GB", "1,000 MB")]
#[case("half a year", "6 months")]
#[case("one thousand cameras", "1,000 cameras")]
fn the_same_in_other_words_agrees(#[case] a: &str, #[case] b: &str) {
    let (left, right) = (read_all(a, "en"), read_all(b, "en"));
    assert_eq!((left.len(), right.len()), (1, 1), "{left:?} {right:?}");
    assert!(left[0].agrees(&right[0]), "{left:?} {right:?}");
}

#[rstest]
#[case("5 days", "5 working days")]
#[case("5 days", "5 hours")]
#[case("1.500 m", "1,500 m")]
#[case("€5", "$5")]
#[case("5%", "5 euros")]
#[case("up to 5 cameras", "5 cameras")]
#[case("at least 6 months", "6 months")]
#[case("orders of €50 or more", "orders of €50")]
#[case("after 3 days", "within 3 days")]
#[case("from €19", "€19")]
#[case("8 am", "8 pm")]
#[case("E27", "E14")]
#[case("12 March", "12 May")]
fn another_value_unit_or_bound_does_not(#[case] a: &str, #[case] b: &str) {
    let (left, right) = (read_all(a, "en"), read_all(b, "en"));
    assert_eq!((left.len(), right.len()), (1, 1), "{left:?} {right:?}");
    assert!(!left[0].agrees(&right[0]), "{left:?} {right:?}");
}

#[rstest]
#[case("de", "innerhalb von dreißig Tagen", "within 30 days")]
#[case("de", "1.000 €", "€1,000")]
#[case("fr", "deux semaines", "14 days")]
#[case("es", "veinticuatro horas", "one day")]
#[case("it", "almeno 6 mesi", "at least half a year")]
#[case("de", "um 8 Uhr", "08:00")]
#[case("de", "12. März 2026", "March 12, 2026")]
#[case("nl", "5 werkdagen", "5 business days")]
#[case("pt", "2,5 horas", "150 minutes")]
fn languages_write_the_same_figure_otherwise(
    #[case] language: &str,
    #[case] theirs: &str,
    #[case] english: &str,
) {
    let (left, right) = (read_all(theirs, language), read_all(english, "en"));
    assert_eq!((left.len(), right.len()), (1, 1), "{left:?} {right:?}");
    assert!(left[0].agrees(&right[0]), "{left:?} {right:?}");
}

#[test]
fn a_figure_is_bound_to_the_words_of_its_own_part() {
    let found = read_all(
        "Free for €0, Plus for €4.99 a month or €49.90 a year, and Pro for 3 to 5 people.",
        "en",
    );
    let bags: Vec<&[String]> = found.iter().map(|figure| figure.bag.as_slice()).collect();
    assert_eq!(bags[1], ["plus", "month"]);
    assert_eq!(bags[2], ["plus", "year"]);
    assert!(bags[3].contains(&"pro".to_owned()) && bags[3] == bags[4]);
}

#[test]
fn words_that_count_nothing_are_no_figures() {
    for text in [
        "one of our colleagues",
        "€5 a month",
        "You may pay",
        "a lamp and an hourglass",
        "no figure at all",
    ] {
        assert!(
            read_all(text, "en").len() <= usize::from(text.starts_with('€')),
            "{text}: {:?}",
            read_all(text, "en")
        );
    }
}

proptest! {
    #[test]
    fn any_text_can_be_read(text in any::<String>(), language in "(en|de|fr|es|ja|xx)") {
        let _ = read_all(&text, &language);
    }
}
