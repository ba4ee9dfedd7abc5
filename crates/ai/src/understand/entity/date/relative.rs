//! Dates counted from the day of writing: "tomorrow", "last Friday", "in 2 weeks", "3 days ago".

use jiff::civil::{Date, Weekday};
use jiff::{Span, Zoned};

use super::super::message::Message;
use super::super::quantity;
use super::names::{self, Unit};
use super::{Read, When};

/// The longest way, in any unit: nobody counts farther from today.
const FARTHEST: i64 = 10_000;

/// The date that begins with a token.
pub(super) fn read(message: &Message<'_>, at: usize) -> Option<Read<When>> {
    let token = message.tokens.get(at)?;
    if message.text[..token.start].ends_with(|c: char| c.is_alphanumeric() || c == '-') {
        return None;
    }
    let now = message.now()?;
    near(message, at, now)
        .or_else(|| counted(message, at, now))
        .or_else(|| pointed(message, at, now))
        .or_else(|| weekday(message, at, now))
}

/// "tomorrow", "the day after tomorrow".
fn near(message: &Message<'_>, at: usize, now: &Zoned) -> Option<Read<When>> {
    let (first, step) = match (
        message.word(at),
        message.word(at + 1),
        message.word(at + 2),
        message.word(at + 3),
    ) {
        ("the", "day", "after", _) => (at + 3, 1),
        ("the", "day", "before", _) => (at + 3, -1),
        ("day", "after", _, _) => (at + 2, 1),
        ("day", "before", _, _) => (at + 2, -1),
        _ => (at, 0),
    };
    let days = names::near(message.word(first))?;
    // "the day after today" is nobody's phrase, and "the day before tomorrow" today's riddle: both can be counted.
    let date = shift(now.date(), days + step, Unit::Day)?;
    let confidence = if message.word(first) == "morgen" {
        0.8
    } else {
        0.95
    };
    Some(Read::new(When::Day(date), first + 1, confidence))
}

/// "in 2 weeks", "2 weeks ago", "vor 2 Wochen", "a week from now".
fn counted(message: &Message<'_>, at: usize, now: &Zoned) -> Option<Read<When>> {
    let leading = match message.word(at) {
        "in" | "dans" | "en" => Some(1),
        "vor" | "hace" => Some(-1),
        _ => None,
    };
    let first = at + usize::from(leading.is_some());
    if leading.is_some() && !message.spaced(at) {
        return None;
    }
    let (number, unit_at) = number(message, first)?;
    let unit = names::unit(message.word(unit_at)).filter(|_| message.gap(unit_at - 1).len() <= 1)?;
    let (sign, next) = match (leading, message.word(unit_at + 1), message.word(unit_at + 2)) {
        _ if unit_at + 1 < message.tokens.len() && !message.spaced(unit_at) => (leading?, unit_at + 1),
        (_, "ago", _) => (-1, unit_at + 2),
        (_, "from", "now") => (1, unit_at + 3),
        (Some(sign), _, _) => (sign, unit_at + 1),
        (None, _, _) => return None,
    };
    let when = match unit {
        Unit::Minute | Unit::Hour => When::Moment(shift_moment(now, sign * number, unit)?),
        Unit::Day | Unit::Week | Unit::Month | Unit::Year => {
            When::Day(shift(now.date(), sign * number, unit)?)
        }
    };
    Some(Read::new(when, next, 0.9))
}

/// A number in digits or words, and the token behind it.
fn number(message: &Message<'_>, at: usize) -> Option<(i64, usize)> {
    let word = message.word(at);
    let number = message
        .number(at)
        .or_else(|| quantity::worded(word))
        .or_else(|| matches!(word, "a" | "an" | "einer" | "einem" | "una" | "un" | "une").then_some(1))?;
    (number <= FARTHEST).then_some((number, at + 1))
}

/// "next week", "last Friday", "this morning".
fn pointed(message: &Message<'_>, at: usize, now: &Zoned) -> Option<Read<When>> {
    let step = match message.word(at) {
        "last" | "past" | "previous" | "letzte" | "letzten" | "letzter" | "letztes" | "vergangenen" => -1,
        "this" | "diese" | "diesen" | "dieser" | "dieses" | "esta" | "este" | "cette" => 0,
        "next" | "coming" | "following" | "nächste" | "nächsten" | "nächster" | "nächstes" | "próxima"
        | "próximo" => 1,
        _ => return None,
    };
    if !message.spaced(at) {
        return None;
    }
    let word = message.word(at + 1);
    let today = now.date();
    if let Some(weekday) = names::weekday_or_short(word) {
        let date = match step {
            -1 => today.nth_weekday(-1, weekday).ok()?,
            0 => coming(today, weekday)?,
            // Of the week after this one, which begins on Monday.
            _ => {
                let monday = today
                    .checked_sub(days(today.weekday().to_monday_zero_offset().into())?)
                    .ok()?;
                shift(monday, 7 + i64::from(weekday.to_monday_zero_offset()), Unit::Day)?
            }
        };
        return Some(Read::new(When::Day(date), at + 2, 0.9));
    }
    if step == -1 && word == "night" {
        return Some(Read::new(When::Day(shift(today, -1, Unit::Day)?), at + 2, 0.9));
    }
    if step == 0 && matches!(word, "morning" | "afternoon" | "evening") {
        return Some(Read::new(When::Day(today), at + 2, 0.9));
    }
    let unit = names::unit(word).filter(|_| !word.ends_with('s') || word == "mes" || word == "mois")?;
    let when = match unit {
        Unit::Week => When::Week(shift(today, step, Unit::Week)?),
        Unit::Month => When::Month(shift(today, step, Unit::Month)?),
        Unit::Year => When::Year(shift(today, step, Unit::Year)?.year()),
        Unit::Day | Unit::Minute | Unit::Hour => return None,
    };
    Some(Read::new(when, at + 2, 0.85))
}

/// "Friday", "on Fri": the coming one, today if it is Friday.
fn weekday(message: &Message<'_>, at: usize, now: &Zoned) -> Option<Read<When>> {
    let word = message.word(at);
    let short = at > 0 && message.spaced(at - 1) && message.word(at - 1) == "on";
    let weekday = names::weekday(word).or_else(|| short.then(|| names::weekday_or_short(word)).flatten())?;
    let date = coming(now.date(), weekday)?;
    Some(Read::new(When::Day(date), at + 1, 0.75))
}

/// The first such weekday from a day on.
fn coming(today: Date, weekday: Weekday) -> Option<Date> {
    if today.weekday() == weekday {
        return Some(today);
    }
    today.nth_weekday(1, weekday).ok()
}

fn days(number: i64) -> Option<Span> {
    Span::new().try_days(number).ok()
}

fn span(number: i64, unit: Unit) -> Option<Span> {
    let span = Span::new();
    match unit {
        Unit::Minute => span.try_minutes(number),
        Unit::Hour => span.try_hours(number),
        Unit::Day => span.try_days(number),
        Unit::Week => span.try_weeks(number),
        Unit::Month => span.try_months(number),
        Unit::Year => span.try_years(number),
    }
    .ok()
}

fn shift(date: Date, number: i64, unit: Unit) -> Option<Date> {
    date.checked_add(span(number, unit)?).ok()
}

fn shift_moment(now: &Zoned, number: i64, unit: Unit) -> Option<Zoned> {
    now.checked_add(span(number, unit)?).ok()
}
