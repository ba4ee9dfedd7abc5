//! Dates and times, absolute and counted from the moment of writing.
//!
//! | file | what it reads |
//! |---|---|
//! | `absolute` | dates of the calendar, with and without the year |
//! | `relative` | "tomorrow", "last Friday", "the end of the month" |
//! | `counted` | "in 2 weeks", "half an hour ago" |
//! | `clock`, `half`, `zone` | times of the day, and where their clock is |
//! | `form` | how what was read is written |
//! | `words`, `words.txt` | what months, weekdays, units and near days are called in sixteen languages |
//!
//! Normalized as ISO 8601: a day `2026-11-22`, a moment `2026-11-22T17:00:00+01:00` with the offset that is written or else the
//! writer's on that day, a week `2026-W47`, a month `2026-11`, a year `2026`, a weekend `2026-11-28/2026-11-29`. Where people disagree, one reading holds: a weekday alone is the
//! coming one; "next Friday" is that of the week that begins on the coming Monday; a date without its year lies in the
//! year that brings it nearest; `01/02/2026` puts the day first except where the writer's country puts the month first,
//! or is unknown; a time alone is on the day of writing; an hour is one of twenty-four unless a part of the day is said.

mod absolute;
mod clock;
mod counted;
mod form;
mod half;
mod relative;
#[cfg(test)]
mod tests;
pub(super) mod words;
mod zone;

use jiff::Zoned;
use jiff::civil::Date;

use clock::{Clock, Told};
use form::{moment, normalize};
use words::{Meaning, Part, Phrase};

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
    /// From a Saturday to the next day.
    Weekend(Date),
    Moment(Zoned),
}

/// All dates and times of a text.
pub(super) fn find(message: &Message<'_>) -> Vec<Found> {
    let folded = message.folded();
    if *folded.text == *message.text {
        return all(message);
    }
    let mut found = all(&Message::new(&folded.text, message.context()));
    for date in &mut found {
        date.range = folded.written(&date.range);
    }
    found
}

fn all(message: &Message<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < message.tokens.len() {
        if let Some(next) = words::is(message, at, Meaning::Nothing) {
            at = next;
            continue;
        }
        match read(message, at) {
            Some((entity, next)) => {
                found.push(entity);
                at = next.max(at + 1);
            }
            None => at = apart(message, at),
        }
    }
    found
}

/// The token behind one that begins no date. Phrases of a part of the day are read over: `la mañana` is no tomorrow.
fn apart(message: &Message<'_>, at: usize) -> usize {
    let part = words::part_of_day(message, at).filter(|part| part.next > at + 1);
    part.map_or(at + 1, |part| part.next)
}

/// The date, the time, or both in either order, that begin with a token.
fn read(message: &Message<'_>, at: usize) -> Option<(Found, usize)> {
    if let Some((day, part)) = day(message, at) {
        let confidence = day.confidence;
        if let When::Day(date) = day.value {
            if let Some(time) = time_behind(message, day.next, part) {
                let normalized = moment(message, date, &time.value);
                return Some(entity(
                    message,
                    at,
                    &time,
                    normalized,
                    confidence.max(time.confidence),
                ));
            }
            // "tomorrow morning" without its hour.
            let behind = part_behind(message, day.next);
            let next = behind.map_or(day.next, |part| part.next);
            let whole = Read {
                value: (),
                next,
                marks: if next == day.next { day.marks } else { 0 },
                confidence,
            };
            return Some(entity(message, at, &whole, date.to_string(), confidence));
        }
        let normalized = normalize(&day.value);
        return Some(entity(message, at, &day, normalized, confidence));
    }
    if message.text[..message.tokens[at].start].ends_with(is_letter) {
        return None;
    }
    // `午後2時`, `evening at 8`.
    let led =
        words::part_of_day(message, at).and_then(|part| time_behind(message, part.next, Some(part.value)));
    let time = led.or_else(|| clock::read(message, at, Told::default()))?;
    if let Some(behind) = joined(message, &time).and_then(|at| day(message, at))
        && let (
            Read {
                value: When::Day(date),
                next,
                marks,
                confidence,
            },
            _,
        ) = behind
    {
        let normalized = moment(message, date, &time.value);
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
        Some(now) => moment(message, now.date(), &time.value),
        None => time.value.time.strftime("T%H:%M:%S").to_string(),
    };
    let confidence = time.confidence;
    Some(entity(message, at, &time, normalized, confidence))
}

/// The day that begins with a token, and the part of it that it says.
fn day(message: &Message<'_>, at: usize) -> Option<(Read<When>, Option<Part>)> {
    if let Some(read) = message.has_digits.then(|| absolute::read(message, at)).flatten() {
        return Some((read, None));
    }
    let told = |read: Read<When>| (read, None);
    relative::read(message, at).or_else(|| absolute::read(message, at).map(told))
}

/// The time behind a day, over a part of it and "at".
fn time_behind(message: &Message<'_>, next: usize, part: Option<Part>) -> Option<Read<Clock>> {
    let (mut at, mut told) = (
        next,
        Told {
            part,
            ..Told::default()
        },
    );
    if !near(message, at) {
        return None;
    }
    if let Some(phrase) = part_behind(message, at) {
        (at, told.part) = (phrase.next, Some(phrase.value));
    }
    // `at about`, `à partir`: two at the most.
    for _ in 0..2 {
        let joint = near(message, at)
            .then(|| words::is(message, at, Meaning::At))
            .flatten();
        if let Some(next) = joint.filter(|next| near(message, *next) || message.word(at) == "t") {
            told.joined |= message.word(at) == "t";
            (at, told.at) = (next, true);
        }
    }
    if let Some(phrase) = part_behind(message, at) {
        (at, told.part) = (phrase.next, Some(phrase.value));
    }
    near(message, at)
        .then(|| clock::read(message, at, told))
        .flatten()
}

/// The part of the day right behind a token; over a comma it would be a day of its own.
fn part_behind(message: &Message<'_>, at: usize) -> Option<Phrase<Part>> {
    let gap = at.checked_sub(1).map(|before| message.gap(before))?;
    let close = matches!(gap, "" | " " | "-" | "  ");
    close.then(|| words::part_of_day(message, at)).flatten()
}

/// Whether a token stands close behind the one before.
fn near(message: &Message<'_>, at: usize) -> bool {
    let Some(gap) = at.checked_sub(1).map(|before| message.gap(before)) else {
        return false;
    };
    at < message.tokens.len()
        && gap.len() <= 4
        && matches!(gap.trim(), "" | "," | "@" | "-" | "(" | ")" | "、" | ":")
}

/// The token behind something read, over a blank, a comma or a joining word.
fn joined<T>(message: &Message<'_>, read: &Read<T>) -> Option<usize> {
    if !near(message, read.next) {
        return None;
    }
    let joint = words::is(message, read.next, Meaning::At).filter(|next| near(message, *next));
    Some(joint.unwrap_or(read.next))
}

/// Whether a sign goes on in what stands behind: letters of the scripts that set blanks.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() && !words::is_unspaced(c.encode_utf8(&mut [0; 4]))
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
