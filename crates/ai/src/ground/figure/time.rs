//! Times of the day and days, in their notations.

use super::super::token::{Kind, Token};
use super::super::vocabulary::Vocabulary;
use super::Value;

/// A time of the day: `9:30`, `08:00`, `8 am`, `8.30 Uhr`, `17h30`.
pub(super) fn clock(tokens: &[Token<'_>], at: usize, words: &'static Vocabulary) -> Option<(Value, usize)> {
    let token = &tokens[at];
    let (hours, minutes) = match token.text.split_once([':', '.', 'h']) {
        Some((hours, minutes)) if minutes.len() == 2 => {
            (hours.parse::<i128>().ok()?, minutes.parse::<i128>().ok()?)
        }
        None => (token.text.parse::<i128>().ok()?, 0),
        Some(_) => return None,
    };
    let marked = tokens.get(at + 1).filter(|next| next.is_word()).and_then(|next| {
        let a_stop = next.lower.len() == 1 && tokens.get(at + 3).is_some_and(|last| last.lower == "m");
        let word = if a_stop {
            format!("{} m", next.lower)
        } else {
            next.lower.clone()
        };
        let line = words
            .lines("clock")
            .iter()
            .find(|line| line.forms.contains(&word))?;
        Some((line.key, if a_stop { at + 4 } else { at + 2 }))
    });
    if hours > 24 || minutes > 59 || (marked.is_none() && !token.text.contains([':', 'h'])) {
        return None;
    }
    let (hours, end) = match marked {
        Some(("pm", end)) if hours < 12 => (hours + 12, end),
        Some(("am", end)) if hours == 12 => (0, end),
        Some((_, end)) => (hours, end),
        None => (hours, at + 1),
    };
    Some((Value::Clock(hours * 60 + minutes), end))
}

/// A day: `2026-03-12`, `12.03.2026`, `12 March`, `March 12, 2026`, `12 de marzo`.
pub(super) fn day(tokens: &[Token<'_>], at: usize, words: &'static Vocabulary) -> Option<(Value, usize)> {
    let token = &tokens[at];
    let number = |token: &Token<'_>, most: i128| {
        let digits = token.lower.trim_end_matches(|c: char| c.is_ascii_lowercase());
        let value = digits
            .parse::<i128>()
            .ok()
            .filter(|value| (1..=most).contains(value))?;
        (token.kind == Kind::Number).then_some(value)
    };
    let day = |year: i128, month: i128, day: i128| Value::Day(year * 10_000 + month * 100 + day);
    let groups: Vec<&str> = token.text.split(['-', '.']).collect();
    if let [a, b, c] = groups.as_slice() {
        let (a, b, c): (i128, i128, i128) = (a.parse().ok()?, b.parse().ok()?, c.parse().ok()?);
        return match (token.text.contains('-'), a, c) {
            (true, ..) => Some((day(a, b, c), at + 1)),
            (false, 1..=31, 1900..) if b <= 12 => Some((day(c, b, a), at + 1)),
            _ => None,
        };
    }
    let month = |token: &Token<'_>| match words.calendar(&token.lower) {
        // `may` and `march` are other words, too.
        Some(("month", key)) if words.code != "en" || token.has_capital() => key.parse::<i128>().ok(),
        _ => None,
    };
    let skip = |at: usize| match tokens.get(at).map(|token| token.lower.as_str()) {
        Some("." | "," | "de" | "of" | "the") => at + 1,
        _ => at,
    };
    let (of_day, of_month, end) = if let Some(of_day) = number(token, 31) {
        let at = skip(at + 1);
        (of_day, month(tokens.get(at)?)?, at + 1)
    } else {
        let of_month = month(token)?;
        let at = skip(at + 1);
        (number(tokens.get(at)?, 31)?, of_month, at + 1)
    };
    let year = tokens
        .get(skip(end))
        .and_then(|token| number(token, 2_999))
        .filter(|year| *year >= 1_900);
    Some(match year {
        Some(year) => (day(year, of_month, of_day), skip(end) + 1),
        None => (day(0, of_month, of_day), end),
    })
}
