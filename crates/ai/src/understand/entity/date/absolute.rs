//! Dates of the calendar: `2026-11-22`, `11/22/2026`, `22.11.2026`, `November 22nd`, `22 November 2026`.

use jiff::civil::Date;

use super::super::message::Message;
use super::words::{self, Languages, Phrase};
use super::{Read, When};

/// Years that dates in messages lie in.
const YEARS: std::ops::RangeInclusive<i64> = 1900..=2199;

/// The date that begins with a token.
pub(super) fn read(message: &Message<'_>, at: usize) -> Option<Read<When>> {
    if message.tokens.get(at)?.digits {
        numeric(message, at)
            .or_else(|| counted(message, at))
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
    if message.gap(at).is_empty()
        && matches!(message.word(next), "st" | "nd" | "rd" | "th" | "er" | "o" | "a")
    {
        next += 1;
    }
    if !is_near(message.gap(next - 1)) {
        return None;
    }
    if matches!(message.word(next), "of" | "de" | "di") && message.spaced(next) {
        next += 1;
    }
    let Phrase {
        value: month,
        next: behind,
        ..
    } = words::month(message, next)?;
    if !is_whole(message, next, behind) {
        return None;
    }
    finish(message, behind - 1, month, day)
}

/// `November 22nd, 2026`, `Nov 22`, `November 2026`, `in November`.
fn month_and_day(message: &Message<'_>, at: usize) -> Option<Read<When>> {
    let Phrase {
        value: month,
        next,
        languages,
    } = words::month(message, at)?;
    if !is_whole(message, at, next) {
        return None;
    }
    let dotted = message.gap(next - 1) == ". ";
    let digits_follow = message.tokens.get(next).is_some_and(|token| token.digits);
    if (message.spaced(next - 1) || dotted) && digits_follow {
        if message.word(next).len() == 4 && !dotted {
            let year = message.number(next).filter(|year| YEARS.contains(year))?;
            return Some(Read::new(
                When::Month(date(year, month.into(), 1)?),
                next + 1,
                0.9,
            ));
        }
        let mut last = next;
        if message.gap(last).is_empty() && matches!(message.word(last + 1), "st" | "nd" | "rd" | "th") {
            last += 1;
        }
        let day = message.number(next)?;
        // `may 5 items`: what is counted is no day.
        let counted = message.gap(last).is_empty() && last == next && message.tokens.len() > last + 1;
        return if counted {
            None
        } else {
            finish(message, last, month, day)
        };
    }
    let told = words::told_before(message, at, false, languages);
    let date = told.then(|| nearest(message, month.into(), 1)).flatten()?;
    Some(Read::new(When::Month(date), next, 0.7))
}

/// Whether tokens are no part of a longer word.
fn is_whole(message: &Message<'_>, first: usize, next: usize) -> bool {
    let end = message.tokens.get(next - 1).map(|token| token.end);
    end.is_some_and(|end| message.stands_alone(&(message.tokens[first].start..end)))
}

/// `2024年5月31日`, `5月31日`, `2024년 5월`: each number with its unit behind.
fn counted(message: &Message<'_>, at: usize) -> Option<Read<When>> {
    let unit = |at: usize, names: &[&str]| {
        let digits = message.tokens.get(at).is_some_and(|token| token.digits);
        let named = digits && message.gap(at).is_empty() && names.contains(&message.word(at + 1));
        named.then(|| message.number(at)).flatten()
    };
    let year = unit(at, &["年", "년"]);
    let month_at = if year.is_some() { at + 2 } else { at };
    let month = unit(month_at, &["月", "월"]);
    let Some(month) = month.filter(|_| year.is_none() || matches!(message.gap(at + 1), "" | " ")) else {
        let year = year.filter(|year| YEARS.contains(year))?;
        return Some(Read::new(When::Year(i16::try_from(year).ok()?), at + 2, 0.9));
    };
    let day_at = month_at + 2;
    let day = unit(day_at, &["日", "号", "號", "일"]).filter(|_| matches!(message.gap(day_at - 1), "" | " "));
    match (year, day) {
        (Some(year), Some(day)) => Some(Read::new(When::Day(date(year, month, day)?), day_at + 2, 0.98)),
        (None, Some(day)) => Some(Read::new(
            When::Day(nearest(message, month, day)?),
            day_at + 2,
            0.9,
        )),
        (Some(year), None) => Some(Read::new(When::Month(date(year, month, 1)?), day_at, 0.95)),
        (None, None) => Some(Read::new(When::Month(nearest(message, month, 1)?), day_at, 0.7)),
    }
}

/// A day and a month, whose last token is known, with the year that may follow.
fn finish(message: &Message<'_>, last: usize, month: i8, day: i64) -> Option<Read<When>> {
    let month = i64::from(month);
    let mut year_at = last + 1;
    if matches!(message.word(year_at), "de" | "of" | "del" | "năm")
        && message.spaced(last)
        && message.spaced(year_at)
    {
        year_at += 1;
    }
    let year = message
        .number(year_at)
        .filter(|year| YEARS.contains(year) && is_near(message.gap(year_at - 1)));
    match year {
        Some(year) => {
            let named = message.spaced(year_at) && matches!(message.word(year_at + 1), "года" | "году" | "г");
            let next = year_at + 1 + usize::from(named);
            Some(Read::new(When::Day(date(year, month, day)?), next, 0.97))
        }
        None => Some(Read::new(
            When::Day(nearest(message, month, day)?),
            last + 1,
            0.85,
        )),
    }
}

/// `in 2014`.
fn year(message: &Message<'_>, at: usize) -> Option<Read<When>> {
    let told = words::told_before(message, at, true, Languages::MAX);
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
pub(super) fn nearest(message: &Message<'_>, month: i64, day: i64) -> Option<Date> {
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
