//! Times of the day: `17:30`, `5pm`, `5:30 p.m.`, `noon`, `17 Uhr`, `5 o'clock`.

use jiff::civil::Time;

use super::super::message::Message;
use super::Read;

/// The time that begins with a token.
pub(super) fn read(message: &Message<'_>, at: usize) -> Option<Read<Time>> {
    let named = match message.word(at) {
        "noon" | "midday" | "mittags" | "mediodía" | "midi" => Some(12),
        "midnight" | "mitternacht" | "medianoche" | "minuit" => Some(0),
        _ => None,
    };
    if let Some(hour) = named {
        return Some(Read::new(time(hour, 0, 0)?, at + 1, 0.85));
    }
    let before = message.text[..message.tokens.get(at)?.start].chars().next_back();
    if before.is_some_and(|c| matches!(c, '.' | ',' | '-' | '/' | ':' | '#' | '$' | '€' | '£'))
        && !is_range(message, at)
    {
        return None;
    }
    let hour = message.number(at).filter(|_| message.word(at).len() <= 2)?;
    let (mut minute, mut second, mut next, mut exact) = (0, 0, at + 1, false);
    if message.gap(at) == ":" && message.word(at + 1).len() == 2 {
        (minute, next, exact) = (message.number(at + 1)?, at + 2, true);
        if message.gap(at + 1) == ":" && message.word(at + 2).len() == 2 {
            (second, next) = (message.number(at + 2)?, at + 3);
        }
    }
    if let Some(half) = half(message, next) {
        let hour = match (half.afternoon, hour) {
            (_, hour) if !(1..=12).contains(&hour) => return None,
            (false, 12) => 0,
            (true, 12) => 12,
            (afternoon, hour) => hour + if afternoon { 12 } else { 0 },
        };
        let mut read = Read::new(time(hour, minute, second)?, half.next, 0.97);
        read.marks = half.marks;
        return Some(read);
    }
    let spoken = match message.word(next) {
        "uhr" => Some(next + 1),
        "o" if message.word(next + 1) == "clock" => Some(next + 2),
        "oclock" => Some(next + 1),
        _ => None,
    };
    let spoken = spoken.filter(|_| message.gap(next - 1).len() <= 1);
    match (exact, spoken) {
        (_, Some(next)) => Some(Read::new(time(hour, minute, second)?, next, 0.9)),
        // `3:00 hours` are a length, `10:1` is a ratio.
        (true, None) => Some(Read::new(time(hour, minute, second)?, next, 0.85)),
        (false, None) => None,
    }
}

/// `am` and `pm` in their forms.
struct Half {
    afternoon: bool,
    next: usize,
    /// The bytes of the point that ends it.
    marks: usize,
}

fn half(message: &Message<'_>, at: usize) -> Option<Half> {
    if !matches!(message.gap(at.checked_sub(1)?), "" | " " | "\u{a0}" | "\u{202f}") {
        return None;
    }
    match message.word(at) {
        "am" | "pm" => Some(Half {
            afternoon: message.word(at) == "pm",
            next: at + 1,
            marks: 0,
        }),
        "a" | "p" if message.gap(at) == "." && message.word(at + 1) == "m" => Some(Half {
            afternoon: message.word(at) == "p",
            next: at + 2,
            marks: usize::from(message.gap(at + 1).starts_with('.')),
        }),
        _ => None,
    }
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
