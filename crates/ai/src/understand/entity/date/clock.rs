//! Times of the day: `17:30`, `5pm`, `5:30 p.m.`, `noon`, `17 Uhr`, `14h30`, `half past five`, `下午3点`.

use jiff::civil::Time;
use jiff::tz::Offset;

use super::super::message::Message;
use super::Read;
use super::half::half;
use super::words::{self, Meaning, Part};
use super::zone;

/// A time on a clock.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    pub(super) time: Time,
    /// Where the clock is, if the text says so.
    pub(super) offset: Option<Offset>,
    /// Whether it is past the midnight that ends the day.
    pub(super) next_day: bool,
}

/// What stood before a time.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Told {
    /// "at", behind a day or a part of one: a bare hour is a time then.
    pub(super) at: bool,
    /// The part of the day.
    pub(super) part: Option<Part>,
    /// The `T` of ISO 8601.
    pub(super) joined: bool,
}

/// Hours and minutes as they stand, as far as the token `next`.
struct Face {
    hour: i64,
    minute: i64,
    second: i64,
    next: usize,
    seconds: bool,
    confidence: f32,
    /// Whether it is a time without anything behind.
    whole: bool,
}

/// The time that begins with a token.
pub(super) fn read(message: &Message<'_>, at: usize, told: Told) -> Option<Read<Clock>> {
    let named = match message.word(at) {
        "noon" | "midday" | "mittags" | "mediodía" | "midi" | "mezzogiorno" | "正午" | "полдень" => {
            Some(12)
        }
        "midnight" | "mitternacht" | "medianoche" | "minuit" | "mezzanotte" | "полночь" => Some(0),
        _ => None,
    };
    if let Some(hour) = named {
        return finish(message, time(hour, 0, 0)?, at + 1, 0.85, false);
    }
    if let Some(face) = spoken(message, at) {
        let (part, next) = part(message, face.next, told.part);
        return with_part(message, &face, part, next);
    }
    let before = message.text[..message.tokens.get(at)?.start].chars().next_back();
    if before.is_some_and(|c| matches!(c, '.' | ',' | '-' | '/' | ':' | '#' | '$' | '€' | '£' | '+'))
        && !is_range(message, at)
    {
        return None;
    }
    let face = face(message, at, told)?;
    if let Some(half) = half(message, face.next) {
        let hour = match (half.afternoon, face.hour) {
            (_, hour) if !(1..=12).contains(&hour) => return None,
            (false, 12) => 0,
            (true, 12) => 12,
            (afternoon, hour) => hour + if afternoon { 12 } else { 0 },
        };
        let time = time(hour, face.minute, face.second)?;
        let mut read = finish(message, time, half.next, 0.97, false)?;
        if read.next == half.next {
            read.marks = half.marks;
        }
        return Some(read);
    }
    let (part, next) = part(message, face.next, told.part);
    // `2 night stays`, but `9 at night`.
    let said = match next - face.next {
        0 => told.at && is_bare_time(message, &face),
        1 => told.at,
        _ => true,
    };
    if face.whole || said {
        let exact = Face {
            seconds: face.seconds || told.joined,
            ..face
        };
        return with_part(message, &exact, part, next);
    }
    None
}

/// The part of the day that was told before, or stands behind.
fn part(message: &Message<'_>, at: usize, told: Option<Part>) -> (Option<Part>, usize) {
    let behind = || {
        let near = matches!(message.gap(at.checked_sub(1)?), "" | " ");
        near.then(|| words::part_of_day(message, at)).flatten()
    };
    match (told, behind()) {
        (Some(part), _) => (Some(part), at),
        (None, Some(phrase)) => (Some(phrase.value), phrase.next),
        (None, None) => (None, at),
    }
}

/// Whether a bare hour is one: nothing is counted by it, nothing named.
fn is_bare_time(message: &Message<'_>, face: &Face) -> bool {
    let behind = &message.text[message.tokens[face.next - 1].end..];
    let goes_on = |c: char| {
        c.is_alphanumeric() && !words::is_unspaced(c.encode_utf8(&mut [0; 4]))
            || matches!(c, '%' | '€' | '$' | '/' | ':' | '-')
    };
    let names = |c: char| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '%' | '€' | '$' | '£');
    // `at 5 I will`, but not `at 5 Main Street`.
    let named = behind
        .strip_prefix(' ')
        .is_some_and(|rest| rest.starts_with(names))
        && message.word(face.next) != "i";
    let counts = words::phrase(message, face.next, |meaning| match meaning {
        Meaning::Unit(..) => Some(()),
        _ => None,
    });
    !behind.starts_with(goes_on)
        && (!named || zone::read(message, face.next, false).is_some())
        && (counts.is_none() || !behind.starts_with(' '))
}

fn face(message: &Message<'_>, at: usize, told: Told) -> Option<Face> {
    let digits = message.number(at).filter(|_| message.word(at).len() <= 2);
    let hour = match digits {
        Some(hour) => hour,
        None if told.at && !message.tokens.get(at)?.digits => words::number(message, at)?.value,
        None => return None,
    };
    let mut face = Face {
        hour,
        minute: 0,
        second: 0,
        next: at + 1,
        seconds: false,
        confidence: 0.6,
        whole: false,
    };
    let minutes = |at: usize| {
        message
            .number(at)
            .filter(|minute| message.word(at).len() == 2 && *minute < 60)
    };
    if message.gap(at) == ":" && message.word(at + 1).len() == 2 {
        (face.minute, face.next, face.whole) = (message.number(at + 1)?, at + 2, true);
        face.confidence = 0.85;
        if message.gap(at + 1) == ":" && message.word(at + 2).len() == 2 {
            (face.second, face.next, face.seconds) = (message.number(at + 2)?, at + 3, true);
            // Parts of a second are read over.
            if message.gap(at + 2) == "." && message.tokens.get(at + 3).is_some_and(|token| token.digits) {
                face.next = at + 4;
            }
        }
    } else if message.gap(at) == "."
        && message.gap(at + 1) != "."
        && let Some(minute) = minutes(at + 1)
    {
        // `14.30`: a number or a date elsewhere.
        if told.at || words::is(message, at + 2, Meaning::Clock).is_some() {
            (face.minute, face.next, face.confidence) = (minute, at + 2, 0.85);
        }
    }
    let near = message.gap(face.next - 1).len() <= 1 && !message.gap(face.next - 1).starts_with(['.', ',']);
    if near && let Some(next) = words::is(message, face.next, Meaning::Clock) {
        // `14h` is a length as well, unless minutes follow.
        let counted = message.word(face.next) == "h";
        let minute = minutes(next).filter(|_| message.gap(next - 1).is_empty());
        if !counted || told.at || minute.is_some() || is_told(message, at) {
            (face.whole, face.next, face.confidence) = (true, next, 0.9);
            if let Some(minute) = minute {
                (face.minute, face.next) = (minute, next + 1);
                face.next += usize::from(
                    matches!(message.word(face.next), "分" | "분" | "min")
                        && message.gap(face.next - 1).is_empty(),
                );
            } else if matches!(message.word(next), "半" | "반") {
                (face.minute, face.next) = (30, next + 1);
            }
        }
    } else if near
        && told.at
        && let Some(next) = words::is(message, face.next, Meaning::Hours)
    {
        (face.whole, face.next, face.confidence) = (true, next, 0.85);
    }
    Some(face)
}

/// Whether "at" stands right before a token.
fn is_told(message: &Message<'_>, at: usize) -> bool {
    (1..=2).any(|back| {
        at.checked_sub(back)
            .and_then(|start| words::is(message, start, Meaning::At))
            == Some(at)
    })
}

/// `half past five`, `quarter to 9`, `halb sechs`.
fn spoken(message: &Message<'_>, at: usize) -> Option<Face> {
    let (shift, hour_at) = match (message.word(at), message.word(at + 1), message.word(at + 2)) {
        ("half", "past", _) => (30, at + 2),
        ("quarter", "past", _) | ("viertel", "nach", _) => (15, at + 2),
        ("quarter", "to", _) | ("viertel", "vor", _) => (-15, at + 2),
        ("a", "quarter", "past") => (15, at + 3),
        ("a", "quarter", "to") => (-15, at + 3),
        ("halb", ..) => (-30, at + 1),
        _ => return None,
    };
    let digits = message
        .number(hour_at)
        .filter(|_| message.word(hour_at).len() <= 2);
    let hour = digits.or_else(|| Some(words::number(message, hour_at)?.value))?;
    let all = (1..=12).contains(&hour).then_some(hour * 60 + shift)?;
    Some(Face {
        hour: all / 60 % 24,
        minute: all % 60,
        second: 0,
        next: hour_at + 1,
        seconds: false,
        confidence: 0.8,
        whole: true,
    })
}

/// A face in its part of the day.
fn with_part(message: &Message<'_>, face: &Face, part: Option<Part>, next: usize) -> Option<Read<Clock>> {
    let (hour, next_day) = match (part, face.hour) {
        (Some(Part::Am), 12) => (0, false),
        (Some(Part::Pm), hour @ 1..=11) | (Some(Part::Night), hour @ 5..=11) => (hour + 12, false),
        (Some(Part::Night), 12) => (0, true),
        (_, hour) => (hour, false),
    };
    let confidence = if part.is_some() {
        face.confidence.max(0.85)
    } else {
        face.confidence
    };
    let time = time(hour, face.minute, face.second)?;
    let mut read = finish(message, time, next, confidence, face.seconds)?;
    read.value.next_day = next_day;
    Some(read)
}

/// A time with the offset that may stand behind.
fn finish(
    message: &Message<'_>,
    time: Time,
    next: usize,
    confidence: f32,
    exact: bool,
) -> Option<Read<Clock>> {
    let zone = zone::read(message, next, exact);
    let clock = Clock {
        time,
        offset: zone.map(|(offset, _)| offset),
        next_day: false,
    };
    let (next, confidence) = zone.map_or((next, confidence), |(_, next)| (next, confidence.max(0.95)));
    Some(Read::new(clock, next, confidence))
}

/// `9-5pm`, `9:00-17:00`: the second of two times.
fn is_range(message: &Message<'_>, at: usize) -> bool {
    at > 0 && message.gap(at - 1) == "-" && (message.gap(at) == ":" || half(message, at + 1).is_some())
}

fn time(hour: i64, minute: i64, second: i64) -> Option<Time> {
    // The day's end is written 24:00.
    let hour = if (hour, minute) == (24, 0) { 0 } else { hour };
    Time::new(
        hour.try_into().ok()?,
        minute.try_into().ok()?,
        second.try_into().ok()?,
        0,
    )
    .ok()
}
