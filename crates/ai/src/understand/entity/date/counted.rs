//! Dates counted from the day of writing: "in 2 weeks", "three days ago", "il y a 2 jours", "half an hour ago".

use jiff::civil::Date;
use jiff::{Span, Zoned};

use super::super::message::Message;
use super::words::{self, Languages, Meaning, Unit};
use super::{Read, When};

/// The longest way, in any unit: nobody counts farther from today.
const FARTHEST: i64 = 10_000;

/// How much is counted, in halves of a unit, and where its unit stands.
struct Count {
    halves: i64,
    unit_at: usize,
    /// Of the word that counts; all for digits.
    languages: Languages,
}

/// The date that is counted from a token on.
pub(super) fn read(message: &Message<'_>, at: usize, now: &Zoned) -> Option<Read<When>> {
    let lead = words::phrase(message, at, |meaning| match meaning {
        Meaning::Lead(sign) => Some(sign),
        _ => None,
    });
    let led = lead.filter(|lead| matches!(message.gap(lead.next - 1), "" | " " | "  "));
    // A word may both lead and count, as the Turkish ten does.
    led.and_then(|lead| from(message, lead.next, Some((lead.value, lead.languages)), now))
        .or_else(|| from(message, at, None, now))
}

fn from(
    message: &Message<'_>,
    first: usize,
    lead: Option<(i64, Languages)>,
    now: &Zoned,
) -> Option<Read<When>> {
    let count = count(message, first)?;
    if count.unit_at > first && !matches!(message.gap(count.unit_at - 1), "" | " " | "-") {
        return None;
    }
    let unit = words::phrase(message, count.unit_at, |meaning| match meaning {
        Meaning::Unit(unit, count) => Some((unit, count)),
        _ => None,
    })?;
    let (unit, held) = (
        unit.value.0,
        Read::new((unit.value.1, unit.languages), unit.next, 0.0),
    );
    let (own, mut languages) = held.value;
    languages &= count.languages;
    let bare = count.unit_at == first;
    if bare && own.is_none() && !words::leaves_one_out(languages) {
        return None;
    }
    let mut halves = own.map_or(count.halves, |own| own * 2);
    let mut next = held.next;
    if near(message, next)
        && let Some(behind) = words::is(message, next, Meaning::AndHalf)
    {
        (halves, next) = (halves + 1, behind);
    }
    // `over 2 weeks ago`: a word of another language leads nothing here.
    if lead.is_some_and(|(_, of)| of & languages == 0) {
        return None;
    }
    let trail = near(message, next)
        .then(|| {
            words::phrase(message, next, |meaning| match meaning {
                Meaning::Trail(sign) => Some(sign),
                _ => None,
            })
        })
        .flatten()
        .filter(|trail| trail.languages & languages != 0);
    let sign = match (trail, lead) {
        (Some(trail), _) => {
            next = trail.next;
            trail.value
        }
        (None, Some((sign, _))) => sign,
        _ => return None,
    };
    Some(Read::new(when(now, sign * halves, unit)?, next, 0.9))
}

/// The count that begins with a token; one if there is none but a unit.
fn count(message: &Message<'_>, at: usize) -> Option<Count> {
    if let Some(number) = message.number(at) {
        let half = message.gap(at) == "." || message.gap(at) == ",";
        let half = half && message.word(at + 1) == "5";
        return (number <= FARTHEST).then_some(Count {
            halves: number * 2 + i64::from(half),
            unit_at: at + 1 + usize::from(half),
            languages: Languages::MAX,
        });
    }
    let half = words::phrase(message, at, |meaning| (meaning == Meaning::Half).then_some(1));
    let number = half.or_else(|| {
        words::number(message, at).map(|number| words::Phrase {
            value: number.value * 2,
            ..number
        })
    });
    Some(match number {
        Some(number) => Count {
            halves: number.value,
            unit_at: number.next,
            languages: number.languages,
        },
        None => Count {
            halves: 2,
            unit_at: at,
            languages: Languages::MAX,
        },
    })
}

fn near(message: &Message<'_>, at: usize) -> bool {
    at < message.tokens.len() && message.gap(at - 1).chars().all(char::is_whitespace)
}

fn when(now: &Zoned, halves: i64, unit: Unit) -> Option<When> {
    let whole = span(halves / 2, unit)?;
    let rest = halves % 2;
    let half = match unit {
        Unit::Minute => Span::new().try_seconds(rest * 30),
        Unit::Hour => Span::new().try_minutes(rest * 30),
        Unit::Day => Span::new().try_hours(rest * 12),
        Unit::Week => Span::new().try_hours(rest * 84),
        Unit::Month => Span::new().try_days(rest * 15),
        Unit::Year => Span::new().try_months(rest * 6),
    };
    let moment = now.checked_add(whole).ok()?.checked_add(half.ok()?).ok()?;
    Some(match unit {
        Unit::Minute | Unit::Hour => When::Moment(moment),
        Unit::Day | Unit::Week | Unit::Month | Unit::Year => When::Day(moment.date()),
    })
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

/// A day so many units from another.
pub(super) fn shift(date: Date, number: i64, unit: Unit) -> Option<Date> {
    date.checked_add(span(number, unit)?).ok()
}
