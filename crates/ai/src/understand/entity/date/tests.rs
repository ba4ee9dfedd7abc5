mod languages;

use proptest::prelude::*;
use time::macros::datetime;

use super::super::Context;
use super::*;

/// Sunday, 22 November 2026, 23:30 in New York: the next day in UTC.
fn written_in<'a>(zone: &'a str, text: &'a str) -> Message<'a> {
    Message::new(
        text,
        Context {
            at: Some(datetime!(2026-11-23 04:30 UTC)),
            time_zone: Some(zone),
            terms: None,
        },
    )
}

fn dates_in(zone: &str, text: &str) -> Vec<String> {
    find(&written_in(zone, text))
        .into_iter()
        .map(|found| found.normalized)
        .collect()
}

fn dates(text: &str) -> Vec<String> {
    dates_in("America/New_York", text)
}

#[test]
fn near_days_count_from_the_writers_day() {
    for (text, date) in [
        ("today", "2026-11-22"),
        ("it came yesterday", "2026-11-21"),
        ("Tomorrow please", "2026-11-23"),
        ("the day after tomorrow", "2026-11-24"),
        ("the day before yesterday", "2026-11-20"),
        ("in 2 weeks", "2026-12-06"),
        ("three days ago", "2026-11-19"),
        ("a month ago", "2026-10-22"),
        ("vor 3 Tagen", "2026-11-19"),
        ("dans 3 jours", "2026-11-25"),
    ] {
        assert_eq!(dates(text), [date], "{text}");
    }
    assert_eq!(dates_in("Europe/Berlin", "heute"), ["2026-11-23"]);
}

#[test]
fn weekdays_are_those_around_the_day() {
    for (text, date) in [
        ("last Friday", "2026-11-20"),
        ("on Friday", "2026-11-27"),
        ("Sunday", "2026-11-22"),
        ("next Friday", "2026-11-27"),
        ("nächsten Freitag", "2026-11-27"),
        ("on fri", "2026-11-27"),
    ] {
        assert_eq!(dates(text), [date], "{text}");
    }
    assert_eq!(
        dates_in("Europe/Berlin", "next Friday"),
        ["2026-12-04"],
        "it is Monday there"
    );
}

#[test]
fn weeks_months_and_years_are_stretches() {
    assert_eq!(
        dates("next week, last month, this year, in March, in 2014, November 2025"),
        ["2026-W48", "2026-10", "2026", "2027-03", "2014", "2025-11"]
    );
}

#[test]
fn dates_of_the_calendar_are_read_in_their_forms() {
    for (text, date) in [
        ("2026-11-22", "2026-11-22"),
        ("2/16/1942", "1942-02-16"),
        ("16/2/1942", "1942-02-16"),
        ("22.11.2026", "2026-11-22"),
        ("January 5th, 2027", "2027-01-05"),
        ("5 Jan 2027", "2027-01-05"),
        ("the 5th of January", "2027-01-05"),
        ("Dec 24", "2026-12-24"),
        ("am 24. Dezember", "2026-12-24"),
        ("am 24.12. bitte", "2026-12-24"),
        ("24 de diciembre de 2025", "2025-12-24"),
    ] {
        assert_eq!(dates(text), [date], "{text}");
    }
}

#[test]
fn the_writers_country_says_which_number_is_the_month() {
    assert_eq!(dates("01/02/2026"), ["2026-01-02"]);
    assert_eq!(dates_in("Europe/London", "01/02/2026"), ["2026-02-01"]);
}

#[test]
fn times_carry_the_offset_of_their_day() {
    for (text, date) in [
        ("at 5pm", "2026-11-22T17:00:00-05:00"),
        ("tomorrow at 5:30 p.m.", "2026-11-23T17:30:00-05:00"),
        ("17:30 on July 4, 2027", "2027-07-04T17:30:00-04:00"),
        ("2000-04-16 11:34:35", "2000-04-16T11:34:35-04:00"),
        ("2000-04-16T11:34", "2000-04-16T11:34:00-04:00"),
        ("noon tomorrow", "2026-11-23T12:00:00-05:00"),
        ("morgen um 17 Uhr", "2026-11-23T17:00:00-05:00"),
        ("in an hour", "2026-11-23T00:30:00-05:00"),
    ] {
        assert_eq!(dates(text), [date], "{text}");
    }
}

#[test]
fn an_offset_that_is_written_goes_before_the_writers() {
    for (text, date) in [
        ("2024-05-31T10:00:00+02:00", "2024-05-31T10:00:00+02:00"),
        ("2024-05-31T10:00:00Z", "2024-05-31T10:00:00+00:00"),
        ("2024-05-31T10:00Z", "2024-05-31T10:00:00+00:00"),
        ("10:00 CET", "2026-11-22T10:00:00+01:00"),
        ("10:00 UTC", "2026-11-22T10:00:00+00:00"),
        ("2024-05-31T10:00:00.123-0800", "2024-05-31T10:00:00-08:00"),
        ("2024-05-31 10:00:00 +0530", "2024-05-31T10:00:00+05:30"),
        ("tomorrow at 5pm PST", "2026-11-23T17:00:00-08:00"),
        ("tomorrow at 9 GMT", "2026-11-23T09:00:00+00:00"),
        ("17:30 (GMT+3) today", "2026-11-22T17:30:00+03:00"),
        ("9:15 utc+1", "2026-11-22T09:15:00+01:00"),
        ("um 17:00 ist es gut", "2026-11-22T17:00:00-05:00"),
        ("à 10:00 est-il là", "2026-11-22T10:00:00-05:00"),
    ] {
        assert_eq!(dates(text), [date], "{text}");
    }
    assert_eq!(
        dates("from 10:00-12:00"),
        ["2026-11-22T10:00:00-05:00", "2026-11-22T12:00:00-05:00"],
        "a dash between two times is no minus"
    );
}

#[test]
fn a_part_of_the_day_tells_which_hour_is_meant() {
    for (text, date) in [
        ("tonight at 8", "2026-11-22T20:00:00-05:00"),
        ("tomorrow morning at 9", "2026-11-23T09:00:00-05:00"),
        ("tomorrow at 14.30", "2026-11-23T14:30:00-05:00"),
        ("tomorrow evening at 7:30", "2026-11-23T19:30:00-05:00"),
        ("tomorrow at 5 in the afternoon", "2026-11-23T17:00:00-05:00"),
        ("on Friday afternoon around 3", "2026-11-27T15:00:00-05:00"),
        ("last night at 11", "2026-11-21T23:00:00-05:00"),
        ("tonight at 12", "2026-11-23T00:00:00-05:00"),
        ("this morning at 10", "2026-11-22T10:00:00-05:00"),
        ("9 at night", "2026-11-22T21:00:00-05:00"),
        ("half past five", "2026-11-22T05:30:00-05:00"),
        ("a quarter to 9 tomorrow", "2026-11-23T08:45:00-05:00"),
        ("morgen um halb sechs", "2026-11-23T05:30:00-05:00"),
        ("tomorrow morning", "2026-11-23"),
        ("heute morgen um 8", "2026-11-22T08:00:00-05:00"),
        ("on Friday at 5 I will call", "2026-11-27T05:00:00-05:00"),
        ("in the evening at 8", "2026-11-22T20:00:00-05:00"),
        ("tomorrow at 5 Main Street", "2026-11-23"),
    ] {
        assert_eq!(dates(text), [date], "{text}");
    }
}

#[test]
fn halves_couples_weekends_and_ends_are_counted() {
    for (text, date) in [
        ("in a week and a half", "2026-12-03"),
        ("in half an hour", "2026-11-23T00:00:00-05:00"),
        ("an hour and a half ago", "2026-11-22T22:00:00-05:00"),
        ("a couple of days ago", "2026-11-20"),
        ("2.5 hours ago", "2026-11-22T21:00:00-05:00"),
        ("a fortnight ago", "2026-11-08"),
        ("this weekend", "2026-11-21/2026-11-22"),
        ("next weekend", "2026-11-28/2026-11-29"),
        ("dieses Wochenende", "2026-11-21/2026-11-22"),
        ("by the end of the month", "2026-11-30"),
        ("end of next month", "2026-12-31"),
        ("Ende des Monats", "2026-11-30"),
        ("fin de mes", "2026-11-30"),
        ("at the beginning of next year", "2027-01-01"),
        ("on Friday, November 27", "2026-11-27"),
    ] {
        assert_eq!(dates(text), [date], "{text}");
    }
}

#[test]
fn without_the_moment_of_writing_only_whole_dates_are_found() {
    let message = Message::new("tomorrow, 2026-11-22 10:00, Dec 24, at 5pm", Context::default());
    let found: Vec<_> = find(&message).into_iter().map(|found| found.normalized).collect();
    assert_eq!(found, ["2026-11-22T10:00:00", "T17:00:00"]);
}

#[test]
fn other_numbers_and_words_are_no_dates() {
    for text in [
        "I may order 5 lamps",
        "march on",
        "version 1.2.3",
        "1-800-555-0199",
        "in 2 boxes",
        "it took 3 days",
        "32/13/2026",
        "2026-02-30",
        "the sun sat on the wed",
        "ratio 10:1 and 25:00",
        "10.0.0.255",
        "last days",
        "2 night stays",
        "the morning",
        "refunds within 14 days",
        "a third of 5 people at 6 Main Street",
    ] {
        let found = dates(text);
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}

#[test]
fn the_point_of_pm_belongs_to_the_time() {
    let message = written_in("UTC", "at 5 p.m.");
    let found = find(&message);
    assert_eq!(&message.text[found[0].range.clone()], "5 p.m.");
}

proptest! {
    #[test]
    fn any_mixture_of_parts_is_borne(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "in", "2", "weeks", "ago", "the", "day", "after", "tomorrow", "5", "pm", ":", "30", "-", "/", ".", " ", ", ",
                "2026", "11", "may", "next", "friday", "last", "999999999", "ä", "a", "year", "99999", "on", "at",
            ]),
            0..14,
        ),
        spaced in any::<bool>(),
    ) {
        let text = parts.join(if spaced { " " } else { "" });
        for found in find(&written_in("UTC", &text)) {
            prop_assert!(text.get(found.range).is_some_and(|value| !value.is_empty()));
        }
    }
}
