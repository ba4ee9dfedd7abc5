//! Dates and times, absolute and counted from the moment of writing.
//!
//! | file | what it reads |
//! |---|---|
//! | `absolute` | dates of the calendar, with and without the year |
//! | `relative` | "tomorrow", "last Friday", "in 2 weeks" |
//! | `clock` | times of the day |
//! | `names` | what months, weekdays and units are called |
//!
//! Normalized as ISO 8601: a day `2026-11-22`, a moment `2026-11-22T17:00:00+01:00` with the writer's offset on that day,
//! a week `2026-W47`, a month `2026-11`, a year `2026`. Where people disagree, one reading holds: a weekday alone is the
//! coming one; "next Friday" is that of the week that begins on the coming Monday; a date without its year lies in the
//! year that brings it nearest; `01/02/2026` puts the day first except where the writer's country puts the month first,
//! or is unknown; a time alone is on the day of writing.

mod absolute;
mod clock;
mod names;
mod relative;
#[cfg(test)]
mod tests;

use jiff::Zoned;
use jiff::civil::{Date, Time};

use super::{Found, Message};

/// What was read from the tokens up to `next`.
#[derive(Debug)]
struct Read<T> {
    value: T,
    next: usize,
    /// Bytes of marks behind the last token that belong to it.
    marks: usize,
    confidence: f32,
}

impl<T> Read<T> {
    fn new(value: T, next: usize, confidence: f32) -> Self {
        Self {
            value,
            next,
            marks: 0,
            confidence,
        }
    }
}

/// A stretch of time.
#[derive(Debug)]
enum When {
    Day(Date),
    /// The week of a day.
    Week(Date),
    /// The month of a day.
    Month(Date),
    Year(i16),
    Moment(Zoned),
}

/// Words that join a day and a time.
const JOINTS: [&str; 8] = ["at", "on", "um", "am", "a", "à", "by", "t"];

/// All dates and times of a text.
pub(super) fn find(message: &Message<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < message.tokens.len() {
        match read(message, at) {
            Some((entity, next)) => {
                found.push(entity);
                at = next.max(at + 1);
            }
            None => at += 1,
        }
    }
    found
}

/// The date, the time, or both in either order, that begin with a token.
fn read(message: &Message<'_>, at: usize) -> Option<(Found, usize)> {
    let date = |at| {
        let written = message.has_digits.then(|| absolute::read(message, at)).flatten();
        written
            .or_else(|| relative::read(message, at))
            .or_else(|| absolute::read(message, at))
    };
    if let Some(day) = date(at) {
        if let When::Day(day_of) = day.value
            && let Some(time) = joined(message, &day).and_then(|at| clock::read(message, at))
        {
            let normalized = moment(message, day_of, time.value);
            return Some(entity(
                message,
                at,
                &time,
                normalized,
                day.confidence.max(time.confidence),
            ));
        }
        let normalized = normalize(&day.value);
        let confidence = day.confidence;
        return Some(entity(message, at, &day, normalized, confidence));
    }
    if message.text[..message.tokens[at].start].ends_with(char::is_alphanumeric) {
        return None;
    }
    let time = clock::read(message, at)?;
    let behind = joined(message, &time).and_then(&date);
    if let Some(Read {
        value: When::Day(day),
        next,
        marks,
        confidence,
    }) = behind
    {
        let normalized = moment(message, day, time.value);
        let read = Read {
            value: (),
            next,
            marks,
            confidence,
        };
        return Some(entity(
            message,
            at,
            &read,
            normalized,
            confidence.max(time.confidence),
        ));
    }
    let normalized = match message.now() {
        Some(now) => moment(message, now.date(), time.value),
        None => time.value.strftime("T%H:%M:%S").to_string(),
    };
    let confidence = time.confidence;
    Some(entity(message, at, &time, normalized, confidence))
}

/// The token behind something read, over a blank, a comma or a joining word.
fn joined<T>(message: &Message<'_>, read: &Read<T>) -> Option<usize> {
    let near = |index: usize| {
        let gap = message.gap(index).trim();
        index + 1 < message.tokens.len()
            && message.gap(index).len() <= 4
            && matches!(gap, "" | "," | "@" | "-" | "(")
    };
    let next = read.next;
    if !near(next.checked_sub(1)?) {
        return None;
    }
    Some(
        if JOINTS.contains(&message.word(next)) && (near(next) || message.word(next) == "t") {
            next + 1
        } else {
            next
        },
    )
}

fn entity<T>(
    message: &Message<'_>,
    first: usize,
    read: &Read<T>,
    normalized: String,
    confidence: f32,
) -> (Found, usize) {
    let end = message.tokens[read.next - 1].end + read.marks;
    let found = Found {
        range: message.tokens[first].start..end,
        normalized,
        confidence,
    };
    (found, read.next)
}

fn normalize(when: &When) -> String {
    match when {
        When::Day(date) => date.to_string(),
        When::Week(date) => {
            let week = date.iso_week_date();
            format!("{:04}-W{:02}", week.year(), week.week())
        }
        When::Month(date) => format!("{:04}-{:02}", date.year(), date.month()),
        When::Year(year) => format!("{year:04}"),
        When::Moment(moment) => written(moment),
    }
}

/// A time of a day on the writer's clock; without the moment of writing there is no clock, and no offset.
fn moment(message: &Message<'_>, date: Date, time: Time) -> String {
    let local = date.to_datetime(time);
    message
        .now()
        .and_then(|now| local.to_zoned(now.time_zone().clone()).ok())
        .map_or_else(
            || local.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
            |moment| written(&moment),
        )
}

fn written(moment: &Zoned) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}
