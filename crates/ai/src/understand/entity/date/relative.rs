//! Dates told from the day of writing: "tomorrow", "last Friday", "this weekend", "the end of the month".

use jiff::Zoned;
use jiff::civil::{Date, Weekday};

use super::super::message::Message;
use super::counted::{self, shift};
use super::words::{self, Languages, Meaning, Part, Phrase, Unit};
use super::{Read, When, absolute};

/// The date that begins with a token, and the part of the day that it says.
pub(super) fn read(message: &Message<'_>, at: usize) -> Option<(Read<When>, Option<Part>)> {
    let token = message.tokens.get(at)?;
    if !token.digits && !words::is_known(message, at)
        || message.text[..token.start].ends_with(|c: char| super::is_letter(c) || c == '-')
    {
        return None;
    }
    let now = message.now()?;
    near(message, at, now)
        .or_else(|| counted::read(message, at, now).map(whole))
        .or_else(|| pointed(message, at, now))
        .or_else(|| edge(message, at, now).map(whole))
        .or_else(|| weekday(message, at, now).map(whole))
        .filter(|(read, _)| ends(message, read.next))
}

fn whole(read: Read<When>) -> (Read<When>, Option<Part>) {
    (read, None)
}

/// Whether the last word is not cut out of a longer one.
fn ends(message: &Message<'_>, next: usize) -> bool {
    let end = message.tokens.get(next - 1).map_or(0, |token| token.end);
    let last = message.word(next - 1);
    words::is_unspaced(last)
        || !message.text[end..].starts_with(super::is_letter)
        || message.tokens[next - 1].digits
}

/// "tomorrow", "the day after tomorrow", "tonight".
fn near(message: &Message<'_>, at: usize, now: &Zoned) -> Option<(Read<When>, Option<Part>)> {
    let near = words::phrase(message, at, |meaning| match meaning {
        Meaning::Near(days, part) => Some((days, part)),
        _ => None,
    })?;
    let (days, part) = near.value;
    let date = shift(now.date(), days, Unit::Day)?;
    // Words that mean the morning as well.
    let confidence = if matches!(message.word(at), "morgen" | "mañana" | "कल" | "परसों") && near.next == at + 1
    {
        0.8
    } else {
        0.95
    };
    Some((Read::new(When::Day(date), near.next, confidence), part))
}

/// "next week", "last Friday", "this morning", "la semaine prochaine", "下周五".
fn pointed(message: &Message<'_>, at: usize, now: &Zoned) -> Option<(Read<When>, Option<Part>)> {
    let today = now.date();
    if let Some(stretch) = words::phrase(message, at, stretch) {
        let (unit, step) = stretch.value;
        // `下周五`, `来週の金曜日`: the day of that week.
        let behind = stretch.next + usize::from(message.word(stretch.next) == "の");
        let close = matches!(message.gap(behind - 1), "" | " ");
        if unit == Unit::Week
            && close
            && let Some((weekday, next)) = weekday_at(message, behind, true)
        {
            let date = of_week(shift(today, step, Unit::Week)?, weekday)?;
            return Some(whole(Read::new(When::Day(date), next, 0.9)));
        }
        return Some(whole(Read::new(stretched(today, unit, step)?, stretch.next, 0.9)));
    }
    if let Some(weekend) = words::phrase(message, at, |meaning| match meaning {
        Meaning::Weekend(step) => step,
        _ => None,
    }) {
        return Some(whole(Read::new(
            weekend_of(today, weekend.value)?,
            weekend.next,
            0.85,
        )));
    }
    let step = words::phrase(message, at, |meaning| match meaning {
        Meaning::Step(step) => Some(step),
        _ => None,
    });
    match step {
        Some(step) if near_by(message, step.next) => before(message, &step, today),
        _ => behind(message, at, today),
    }
}

/// What a step before it points at.
fn before(message: &Message<'_>, step: &Phrase<i64>, today: Date) -> Option<(Read<When>, Option<Part>)> {
    let (at, languages) = (step.next, step.languages);
    if let Some((weekday, next)) = weekday_at(message, at, true) {
        let date = match step.value {
            -1 => today.nth_weekday(-1, weekday).ok()?,
            0 => coming(today, weekday)?,
            _ => of_week(shift(today, 1, Unit::Week)?, weekday)?,
        };
        return Some(whole(Read::new(When::Day(date), next, 0.9)));
    }
    if let Some(part) = words::part_of_day(message, at).filter(|part| part.languages & languages != 0) {
        let date = (step.value == 0).then_some(today)?;
        return Some((Read::new(When::Day(date), part.next, 0.9), Some(part.value)));
    }
    let weekend = words::phrase(message, at, |meaning| match meaning {
        Meaning::Weekend(None) => Some(()),
        _ => None,
    });
    if let Some(weekend) = weekend.filter(|weekend| weekend.languages & languages != 0) {
        return Some(whole(Read::new(
            weekend_of(today, step.value)?,
            weekend.next,
            0.85,
        )));
    }
    let (unit, next) = unit_at(message, at, languages)?;
    Some(whole(Read::new(stretched(today, unit, step.value)?, next, 0.85)))
}

/// What a step behind it points at: "viernes que viene".
fn behind(message: &Message<'_>, at: usize, today: Date) -> Option<(Read<When>, Option<Part>)> {
    let step = |next: usize, languages: Languages| {
        let step = words::phrase(message, next, |meaning| match meaning {
            Meaning::StepBehind(step) => Some(step),
            _ => None,
        });
        step.filter(|step| near_by(message, next) && step.languages & languages != 0)
    };
    if let Some((weekday, next)) = weekday_at(message, at, false) {
        let step = step(next, Languages::MAX)?;
        let date = match step.value {
            -1 => today.nth_weekday(-1, weekday).ok()?,
            _ => coming(today, weekday)?,
        };
        return Some(whole(Read::new(When::Day(date), step.next, 0.9)));
    }
    let (unit, next) = unit_at(message, at, Languages::MAX)?;
    let languages = words::phrase(message, at, |meaning| {
        matches!(meaning, Meaning::Unit(..)).then_some(())
    })?
    .languages;
    let step = step(next, languages)?;
    Some(whole(Read::new(
        stretched(today, unit, step.value)?,
        step.next,
        0.85,
    )))
}

/// "the end of the month", "Ende nächster Woche", "fin de mes".
fn edge(message: &Message<'_>, at: usize, now: &Zoned) -> Option<Read<When>> {
    let edge = words::phrase(message, at, |meaning| match meaning {
        Meaning::Edge(end) => Some(end),
        _ => None,
    })?;
    let today = now.date();
    let article = matches!(
        message.word(edge.next),
        "the" | "des" | "der" | "le" | "la" | "el" | "de" | "this" | "het" | "o"
    );
    let from = edge.next + usize::from(article);
    let (stretch, next) = match pointed(message, edge.next, now) {
        Some((read, _)) => (read.value, read.next),
        None => match unit_at(message, from, edge.languages) {
            Some((unit, next)) => (stretched(today, unit, 0)?, next),
            None => {
                let Phrase {
                    value: month, next, ..
                } = words::month(message, from)?;
                (When::Month(absolute::nearest(message, month.into(), 1)?), next)
            }
        },
    };
    let (first, last) = match stretch {
        When::Week(day) => (of_week(day, Weekday::Monday)?, of_week(day, Weekday::Sunday)?),
        When::Month(day) => (day.first_of_month(), day.last_of_month()),
        When::Year(year) => (Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?),
        _ => return None,
    };
    Some(Read::new(
        When::Day(if edge.value { last } else { first }),
        next,
        0.85,
    ))
}

/// "Friday", "on Fri": the coming one, today if it is Friday. A date right behind says which.
fn weekday(message: &Message<'_>, at: usize, now: &Zoned) -> Option<Read<When>> {
    let short = at > 0 && message.spaced(at - 1) && matches!(message.word(at - 1), "on" | "na");
    let (weekday, next) = weekday_at(message, at, short)?;
    let date_at = next
        + usize::from(matches!(
            message.word(next),
            "the" | "den" | "dem" | "le" | "ngày" | "el"
        ));
    if matches!(message.gap(next - 1), " " | ", " | ". ")
        && let Some(date) = absolute::read(message, date_at).filter(|read| matches!(read.value, When::Day(_)))
    {
        return Some(date);
    }
    Some(Read::new(When::Day(coming(now.date(), weekday)?), next, 0.75))
}

fn weekday_at(message: &Message<'_>, at: usize, short: bool) -> Option<(Weekday, usize)> {
    let found = words::phrase(message, at, |meaning| match meaning {
        Meaning::Weekday(weekday) => Some(weekday),
        Meaning::ShortWeekday(weekday) if short => Some(weekday),
        _ => None,
    })?;
    Some((found.value, found.next))
}

/// A single unit: "next days" is no date.
fn unit_at(message: &Message<'_>, at: usize, languages: Languages) -> Option<(Unit, usize)> {
    let unit = words::phrase(message, at, |meaning| match meaning {
        Meaning::Unit(unit @ (Unit::Week | Unit::Month | Unit::Year), None) => Some(unit),
        _ => None,
    })?;
    let many = matches!(
        message.word(at),
        "weeks"
            | "months"
            | "years"
            | "wochen"
            | "monate"
            | "monaten"
            | "jahre"
            | "jahren"
            | "semanas"
            | "meses"
            | "años"
            | "semaines"
            | "ans"
    );
    (unit.languages & languages != 0 && !many).then_some((unit.value, unit.next))
}

fn stretch(meaning: Meaning) -> Option<(Unit, i64)> {
    match meaning {
        Meaning::Stretch(unit, step) => Some((unit, step)),
        _ => None,
    }
}

fn stretched(today: Date, unit: Unit, step: i64) -> Option<When> {
    Some(match unit {
        Unit::Week => When::Week(shift(today, step, Unit::Week)?),
        Unit::Month => When::Month(shift(today, step, Unit::Month)?),
        Unit::Year => When::Year(shift(today, step, Unit::Year)?.year()),
        Unit::Day | Unit::Minute | Unit::Hour => return None,
    })
}

/// The weekend of this week, or of one before or behind.
fn weekend_of(today: Date, step: i64) -> Option<When> {
    let saturday = of_week(today, Weekday::Saturday)?;
    Some(When::Weekend(shift(saturday, step, Unit::Week)?))
}

/// A day of the week that a day lies in; weeks begin on Monday.
fn of_week(day: Date, weekday: Weekday) -> Option<Date> {
    let from = i64::from(day.weekday().to_monday_zero_offset());
    shift(day, i64::from(weekday.to_monday_zero_offset()) - from, Unit::Day)
}

/// The first such weekday from a day on.
fn coming(today: Date, weekday: Weekday) -> Option<Date> {
    if today.weekday() == weekday {
        return Some(today);
    }
    today.nth_weekday(1, weekday).ok()
}

fn near_by(message: &Message<'_>, at: usize) -> bool {
    at > 0 && at < message.tokens.len() && message.gap(at - 1).chars().all(|c| c.is_whitespace() || c == '-')
}
