//! Dates of the calendar: `2026-11-22`, `11/22/2026`, `22.11.2026`, `November 22nd`, `22 November 2026`.

use jiff::civil::Date;

use super::super::message::Message;
use super::{Read, When, names};

/// Years that dates in messages lie in.
const YEARS: std::ops::RangeInclusive<i64> = 1900..=2199;

/// The date that begins with a token.
pub(super) fn read(message: &Message<'_>, at: usize) -> Option<Read<When>> {
    if message.tokens.get(at)?.digits {
        numeric(message, at)
            .or_else(|| day_and_month(message, at))
            .or_else(|| year(message, at))
    } else {
        month_and_day(message, at)
    }
}

/// Three numbers with the same mark between them.
fn numeric(message: &Message<'_>, at: usize) -> Option<Read<When>> {
    let mark = message.gap(at);
    if !matches!(mark, "-" | "/" | "." | "–" | ". ") || at > 0 && is_joined(message.gap(at - 1)) {
        return None;
    }
    let long = |index: usize| message.word(index).len();
    let (first, second) = (message.number(at)?, message.number(at + 1)?);
    let third_digits =
        message.tokens.get(at + 2).is_some_and(|token| token.digits) && message.gap(at + 1) == mark;
    if !third_digits {
        // `24.12.`: German leaves the year out.
        let whole = mark == "." && message.gap(at + 1).starts_with('.') && long(at) <= 2 && long(at + 1) <= 2;
        let date = whole.then(|| nearest(message, second, first)).flatten()?;
        let mut read = Read::new(When::Day(date), at + 2, 0.75);
        read.marks = 1;
        return Some(read);
    }
    let third = message.number(at + 2)?;
    if is_joined(message.gap(at + 2)) && message.tokens.get(at + 3).is_some_and(|token| token.digits) {
        return None;
    }
    let (year, month, day, confidence) = match (long(at), long(at + 1), long(at + 2)) {
        (4, 1..=2, 1..=2) => (first, second, third, 0.98),
        (1..=2, 1..=2, 4 | 2) => {
            let year = if long(at + 2) == 4 { third } else { century(third) };
            let month_first = message
                .country()
                .is_none_or(super::super::country::Country::writes_month_first);
            let (month, day, sure) = match (first > 12, second > 12) {
                (true, _) => (second, first, true),
                (_, true) => (first, second, true),
                // Points separate days first everywhere.
                _ if mark.starts_with('.') => (second, first, true),
                _ if month_first => (first, second, first == second),
                _ => (second, first, first == second),
            };
            let four = long(at + 2) == 4;
            (
                year,
                month,
                day,
                match (sure, four) {
                    (true, true) => 0.97,
                    (true, false) => 0.85,
                    (false, true) => 0.75,
                    (false, false) => 0.65,
                },
            )
        }
        _ => return None,
    };
    Some(Read::new(When::Day(date(year, month, day)?), at + 3, confidence))
}

/// Whether a number goes on over this gap: `1-2-2026`.
fn is_joined(gap: &str) -> bool {
    matches!(gap, "-" | "/" | ".")
}

/// Two digits of a year: those to come reach thirty years ahead of the century's.
fn century(year: i64) -> i64 {
    if year < 60 { 2000 + year } else { 1900 + year }
}

/// `22 November 2026`, `22nd of Nov`, `22. Dezember`, `22 de noviembre de 2026`.
fn day_and_month(message: &Message<'_>, at: usize) -> Option<Read<When>> {
    let day = message.number(at)?;
    let mut next = at + 1;
    if message.gap(at).is_empty() && matches!(message.word(next), "st" | "nd" | "rd" | "th" | "er") {
        next += 1;
    }
    if !is_near(message.gap(next - 1)) {
        return None;
    }
    if matches!(message.word(next), "of" | "de") && message.spaced(next) {
        next += 1;
    }
    let month = names::month(message.word(next))?;
    if !super::super::stands_alone(
        message.text,
        &(message.tokens[next].start..message.tokens[next].end),
    ) {
        return None;
    }
    finish(message, next, month, day)
}

/// `November 22nd, 2026`, `Nov 22`, `November 2026`, `in November`.
fn month_and_day(message: &Message<'_>, at: usize) -> Option<Read<When>> {
    let month = names::month(message.word(at))?;
    let token = message.tokens[at];
    if !super::super::stands_alone(message.text, &(token.start..token.end)) {
        return None;
    }
    let dotted = message.gap(at) == ". ";
    let digits_follow = message.tokens.get(at + 1).is_some_and(|token| token.digits);
    if (message.spaced(at) || dotted) && digits_follow {
        if message.word(at + 1).len() == 4 && !dotted {
            let year = message.number(at + 1).filter(|year| YEARS.contains(year))?;
            return Some(Read::new(When::Month(date(year, month.into(), 1)?), at + 2, 0.9));
        }
        let mut last = at + 1;
        if message.gap(last).is_empty() && matches!(message.word(last + 1), "st" | "nd" | "rd" | "th") {
            last += 1;
        }
        let day = message.number(at + 1)?;
        // `may 5 items`: what is counted is no day.
        let counted = message.gap(last).is_empty() && last == at + 1 && message.tokens.len() > last + 1;
        return if counted {
            None
        } else {
            finish(message, last, month, day)
        };
    }
    let before = at.checked_sub(1).filter(|before| message.spaced(*before));
    let told = before.is_some_and(|before| {
        matches!(
            message.word(before),
            "in" | "since" | "until" | "im" | "seit" | "en" | "of" | "last" | "next" | "during"
        )
    });
    let date = told.then(|| nearest(message, month.into(), 1)).flatten()?;
    Some(Read::new(When::Month(date), at + 1, 0.7))
}

/// A day and a month, whose last token is known, with the year that may follow.
fn finish(message: &Message<'_>, last: usize, month: i8, day: i64) -> Option<Read<When>> {
    let month = i64::from(month);
    let mut year_at = last + 1;
    if matches!(message.word(year_at), "de" | "of") && message.spaced(last) && message.spaced(year_at) {
        year_at += 1;
    }
    let year = message
        .number(year_at)
        .filter(|year| YEARS.contains(year) && is_near(message.gap(year_at - 1)));
    match year {
        Some(year) => Some(Read::new(When::Day(date(year, month, day)?), year_at + 1, 0.97)),
        None => Some(Read::new(
            When::Day(nearest(message, month, day)?),
            last + 1,
            0.85,
        )),
    }
}

/// `in 2014`.
fn year(message: &Message<'_>, at: usize) -> Option<Read<When>> {
    let before = at.checked_sub(1).filter(|before| message.spaced(*before))?;
    let told = matches!(
        message.word(before),
        "in" | "since" | "during" | "until" | "year" | "seit" | "en" | "desde" | "depuis" | "jahr" | "año"
    );
    let token = message.tokens[at];
    let year = message.number(at).filter(|year| told && YEARS.contains(year))?;
    let alone = super::super::stands_alone(message.text, &(token.start..token.end))
        && !message.text[token.end..].starts_with(['-', '/', '%', '$', '€']);
    (message.word(at).len() == 4 && alone).then_some(())?;
    Some(Read::new(When::Year(i16::try_from(year).ok()?), at + 1, 0.7))
}

/// Whether a gap joins the parts of one date.
fn is_near(gap: &str) -> bool {
    matches!(gap, " " | "  " | ", " | ". " | "-" | "." | "," | "\u{a0}" | "/")
}

/// The day in the year in which it is nearest to the day of writing.
fn nearest(message: &Message<'_>, month: i64, day: i64) -> Option<Date> {
    let today = message.now()?.date();
    let distance = |date: &Date| date.since(today).map_or(i32::MAX, |span| span.get_days().abs());
    (-1..=1)
        .filter_map(|step| date(i64::from(today.year()) + step, month, day))
        .min_by_key(distance)
}

fn date(year: i64, month: i64, day: i64) -> Option<Date> {
    if !YEARS.contains(&year) {
        return None;
    }
    Date::new(
        year.try_into().ok()?,
        month.try_into().ok()?,
        day.try_into().ok()?,
    )
    .ok()
}
