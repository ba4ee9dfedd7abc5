use proptest::prelude::*;

use super::super::Context;
use super::*;

fn numbers_in(time_zone: Option<&str>, text: &str) -> Vec<String> {
    let context = Context {
        time_zone,
        ..Context::default()
    };
    let found = find(&Message::new(text, context));
    found.into_iter().map(|found| found.normalized).collect()
}

fn numbers(text: &str) -> Vec<String> {
    numbers_in(None, text)
}

#[test]
fn a_calling_code_tells_the_country() {
    assert_eq!(
        numbers("+44 7700 900 921, 0049 30 901820 or (+46) (0)8 928 571 38"),
        ["+447700900921", "+4930901820", "+46892857138"]
    );
}

#[test]
fn the_grouping_of_north_america_tells_too() {
    assert_eq!(
        numbers("541-714-1388, (602) 272-9781, 1-903-240-4508 and 541.714.1388"),
        ["+15417141388", "+16022729781", "+19032404508", "+15417141388"]
    );
}

#[test]
fn the_time_zone_gives_the_country_of_a_number_without_one() {
    assert_eq!(
        numbers_in(Some("Europe/London"), "call 07700 900 921"),
        ["+447700900921"]
    );
    assert_eq!(
        numbers_in(Some("Europe/Berlin"), "Tel. 030/901820"),
        ["+4930901820"]
    );
    assert_eq!(
        numbers_in(Some("America/Chicago"), "text me at 5417141388"),
        ["+15417141388"]
    );
}

#[test]
fn words_tell_where_the_form_does_not() {
    assert_eq!(numbers("my phone is 467 3395"), ["4673395"]);
    assert_eq!(numbers("781 1704 office"), ["7811704"]);
    assert!(numbers("I paid for 467 3395").is_empty());
}

#[test]
fn the_forms_of_other_countries_tell() {
    assert_eq!(
        numbers("06-84563728, 0681 9271828 or 0800/1234567"),
        ["0684563728", "06819271828", "08001234567"]
    );
    assert_eq!(numbers("51 74 45 92 or 481 84 203"), ["51744592", "48184203"]);
    assert!(numbers("22.11.20.26, 51-74-45-92 and the order 481 84 203").is_empty());
}

#[test]
fn extensions_belong_to_the_number() {
    assert_eq!(
        numbers("345-899-3560x4587, 541-714-1388 ext. 12"),
        ["+13458993560;ext=4587", "+15417141388;ext=12"]
    );
}

#[test]
fn other_numbers_are_no_phones() {
    assert!(
        numbers(
            "order 541-714-1388 of 2026-11-22 at 10:30:15, 4111 1111 1111 1111, v1.22.333.4444, 1,234,567 items, \
             12345678, call in 5 minutes about 123456789012345678901, AB541-714-1388 or 10.0.0.255"
        )
        .is_empty()
    );
}

proptest! {
    #[test]
    fn any_run_of_marks_and_digits_is_borne(text in "[-+() ./x0-9ä#:]{0,60}") {
        for found in find(&Message::new(&text, Context::default())) {
            prop_assert!(text.get(found.range).is_some_and(|value| !value.is_empty()));
        }
    }
}
