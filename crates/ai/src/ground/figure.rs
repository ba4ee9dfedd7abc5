//! The figures of a sentence: their value, what they count, their bounds, and what the words beside them bind them to.

mod bind;
mod time;

use self::bind::{bind, share_in_ranges};
use self::time::{clock, day};
use super::number;
use super::terms::Terms;
use super::token::{Kind, Token};
use super::unit::{ONE, dimension, is_money, of_sign};
use super::vocabulary::{Vocabulary, plain};

/// What a figure says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// An amount in millionths of its dimension's unit; without a unit the dimension is empty.
    Amount(i128, &'static str),
    /// Minutes of a day.
    Clock(i128),
    /// A day: the year (0 if none is told), month and day, as one number.
    Day(i128),
    /// Digits with letters: an article, a version, a socket.
    Code(String),
}

/// A number as a sentence states it.
#[derive(Debug, Clone)]
pub(super) struct Figure {
    pub(super) value: Value,
    /// As written, for whoever reads why.
    pub(super) written: String,
    /// `low`, `high`, `after` or `before`; `within` says no more than the figure alone.
    pub(super) bound: Option<&'static str>,
    /// Figures of one range have the same number.
    pub(super) group: usize,
    /// What the words around bind it to.
    pub(super) bag: Vec<String>,
    /// Its tokens, with its unit.
    pub(super) place: std::ops::Range<usize>,
}

impl Figure {
    /// Whether it says the same as `other`.
    pub(super) fn agrees(&self, other: &Self) -> bool {
        let same = match (&self.value, &other.value) {
            // A year that is left out is no lie.
            (Value::Day(a), Value::Day(b)) => {
                a == b || (a % 10_000 == b % 10_000 && (a.min(b) / 10_000 == 0))
            }
            (a, b) => a == b,
        };
        same && self.bound == other.bound
    }

    /// Whether both count the same kind of thing: only then can one be mistaken for the other.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        match (&self.value, &other.value) {
            (Value::Amount(_, a), Value::Amount(_, b)) => {
                let kind = |dimension: &'static str| match dimension {
                    "month" | "working day" | "working hour" => "time",
                    money if is_money(money) => "money",
                    other => other,
                };
                kind(a) == kind(b)
            }
            (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
        }
    }
}

/// The figures of a sentence, in order.
pub(super) fn figures(tokens: &[Token<'_>], words: &'static Vocabulary, terms: &Terms) -> Vec<Figure> {
    let mut found: Vec<Figure> = Vec::new();
    let mut place = 0;
    while place < tokens.len() {
        match read(tokens, place, words) {
            Some((value, end)) => {
                let start = match place.checked_sub(1) {
                    Some(before)
                        if tokens[before].kind == Kind::Sign || is_currency(&tokens[before], words) =>
                    {
                        before
                    }
                    _ => place,
                };
                let bound = bound(tokens, start..end, words, &value);
                found.push(Figure {
                    written: tokens[place..end]
                        .iter()
                        .map(|token| token.text)
                        .collect::<Vec<_>>()
                        .join(" "),
                    value,
                    bound,
                    group: found.len(),
                    bag: Vec::new(),
                    place: start..end,
                });
                place = end;
            }
            None => place += 1,
        }
    }
    share_in_ranges(tokens, words, &mut found);
    bind(tokens, words, terms, &mut found);
    found
}

/// The figure at a place, and the place behind it and its unit.
fn read(tokens: &[Token<'_>], at: usize, words: &'static Vocabulary) -> Option<(Value, usize)> {
    let token = &tokens[at];
    let next = |n: usize| tokens.get(at + n).map(|token| token.lower.as_str());
    if let Some(day) = day(tokens, at, words) {
        return Some(day);
    }
    if token.kind == Kind::Number {
        if let Some(clock) = clock(tokens, at, words) {
            return Some(clock);
        }
        let unit_before = at
            .checked_sub(1)
            .and_then(|before| sign_or_currency(&tokens[before], words));
        let (unit, end) = unit_behind(tokens, at + 1, words).map_or((unit_before, at + 1), |(unit, end)| {
            (unit_before.or(Some(unit)), end)
        });
        let (dimension, factor) = unit.map_or(("", 1), dimension);
        let value = number::of_digits(token.text, words, is_money(dimension));
        let (times, end) = next(1)
            .and_then(|word| words.number(word))
            .filter(|times| *times >= 100)
            .map_or((1, end), |times| (times, end.max(at + 2)));
        return Some(match value.or_else(|| ordinal(&token.lower)) {
            Some(value) => (Value::Amount(value * factor * times, dimension), end),
            None => (Value::Code(token.lower.clone()), at + 1),
        });
    }
    if token.kind != Kind::Word {
        return None;
    }
    let parts: Vec<&str> = tokens[at..]
        .iter()
        .take(6)
        .take_while(|token| token.is_word())
        .map(|token| token.lower.as_str())
        .collect();
    if let Some((value, taken)) = number::of_words(&parts, words) {
        let unit = unit_behind(tokens, at + taken, words);
        let (unit, end) = unit.map_or((None, at + taken), |(unit, end)| (Some(unit), end));
        let (dimension, factor) = unit.map_or(("", 1), dimension);
        return Some((Value::Amount(value * factor, dimension), end));
    }
    one(tokens, at, words)
}

/// `one day`, `within an hour`, `half a year`: without a unit behind, such a word counts nothing.
fn one(tokens: &[Token<'_>], at: usize, words: &'static Vocabulary) -> Option<(Value, usize)> {
    let lower = &tokens[at].lower;
    let half = words.lists("half", lower);
    let article = words.lists("article", lower);
    if !half && !article && !words.lists("one", lower) {
        return None;
    }
    let skip = usize::from(
        half && tokens
            .get(at + 1)
            .is_some_and(|next| words.lists("article", &next.lower)),
    );
    let (unit, end) = unit_behind(tokens, at + 1 + skip, words)?;
    // `a nice day` and `an exciting month` count nothing.
    let between = tokens.get(at + 1 + skip..end).unwrap_or_default();
    let written: Vec<&str> = between.iter().map(|token| token.lower.as_str()).collect();
    let first = written.first().copied().unwrap_or_default();
    let is_unit = words.unit(first).is_some() || words.unit(&written.join(" ")).is_some();
    if !is_unit && !matches!(first, "full" | "whole" | "single") {
        return None;
    }
    let (dimension, factor) = dimension(unit);
    if !matches!(dimension, "time" | "month" | "working day" | "working hour") {
        return None;
    }
    // `€5 a month`, `twice a year`: how often, not how long.
    let before = at.checked_sub(1).map(|before| &tokens[before]);
    let rate = before.is_some_and(|before| {
        before.kind != Kind::Word && before.kind != Kind::Break
            || words.unit(&before.lower).is_some()
            || ["once", "twice", "times"].contains(&before.lower.as_str())
            || words.number(&before.lower).is_some()
    });
    // Behind a thing that is counted (`30 people a day`), too.
    let counted = at >= 2 && tokens[at - 2].kind == Kind::Number;
    if article && (rate || counted) {
        return None;
    }
    let value = if half { ONE / 2 } else { ONE };
    Some((Value::Amount(value * factor, dimension), end))
}

fn ordinal(text: &str) -> Option<i128> {
    let digits = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|end| text.strip_suffix(end))?;
    digits
        .parse::<i128>()
        .ok()
        .filter(|value| *value < 10_000)
        .map(|value| value * ONE)
}

/// The unit at a place, maybe behind one more word (`5 full days`), and the place behind it.
fn unit_behind(tokens: &[Token<'_>], at: usize, words: &'static Vocabulary) -> Option<(&'static str, usize)> {
    let token = |n: usize| {
        tokens
            .get(at + n)
            .filter(|token| token.is_word() || token.kind == Kind::Sign)
    };
    let first = token(0)?;
    if let Some(unit) = of_sign(&first.lower) {
        return Some((unit, at + 1));
    }
    let second = token(1).filter(|token| token.is_word());
    if let Some(unit) = second.and_then(|second| words.unit(&format!("{} {}", first.lower, second.lower))) {
        return Some((unit, at + 2));
    }
    if let Some(unit) = words.unit(&first.lower) {
        return Some((unit, at + 1));
    }
    let joins = words.lists("range", &first.lower)
        || words.lists("article", &first.lower)
        || words.lists("opener", &first.lower);
    let behind = second.filter(|_| !joins && words.number(&first.lower).is_none())?;
    let third = token(2).filter(|token| token.is_word());
    if let Some(unit) = third.and_then(|third| words.unit(&format!("{} {}", behind.lower, third.lower))) {
        return Some((unit, at + 3));
    }
    let unit = words.unit(&behind.lower)?;
    // `2 cameras a month` counts cameras; letters alone (`3 plans m`) are no unit there.
    (behind.lower.len() > 2).then_some((unit, at + 2))
}

fn sign_or_currency(token: &Token<'_>, words: &'static Vocabulary) -> Option<&'static str> {
    of_sign(&token.lower).filter(|unit| is_money(unit)).or_else(|| {
        is_currency(token, words)
            .then(|| words.unit(&token.lower))
            .flatten()
    })
}

fn is_currency(token: &Token<'_>, words: &'static Vocabulary) -> bool {
    matches!(token.lower.as_str(), "eur" | "usd" | "gbp") && words.unit(&token.lower).is_some()
}

/// The bound that the words beside a figure give it.
fn bound(
    tokens: &[Token<'_>],
    place: std::ops::Range<usize>,
    words: &'static Vocabulary,
    value: &Value,
) -> Option<&'static str> {
    let text = |tokens: &[Token<'_>]| {
        let words: Vec<&str> = tokens.iter().map(|token| token.text).collect();
        plain(&words.join(" "))
    };
    let before = text(&tokens[place.start.saturating_sub(4)..place.start]);
    let behind = text(&tokens[place.end..(place.end + 3).min(tokens.len())]);
    let money = matches!(value, Value::Amount(_, dimension) if is_money(dimension));
    let leads = |form: &str| {
        let rest = before.strip_suffix(' ').and_then(|text| text.strip_suffix(form));
        rest.is_some_and(|rest| rest.ends_with(' '))
    };
    let follows = |form: &str| {
        let rest = behind.strip_prefix(' ').and_then(|text| text.strip_prefix(form));
        rest.is_some_and(|rest| rest.starts_with(' '))
    };
    let or_more = |form: &str| {
        form.split_once(' ')
            .is_some_and(|(first, _)| words.lists("range", first))
    };
    let mut found: Option<(&'static str, usize)> = None;
    for line in words
        .lines("bound")
        .iter()
        .filter(|line| line.key != "price" || money)
    {
        for form in &line.forms {
            let stands = leads(form) || or_more(form) && follows(form);
            if stands && found.is_none_or(|(_, length)| form.len() > length) {
                found = Some((line.key, form.len()));
            }
        }
    }
    match found.map(|(key, _)| key) {
        Some("within") | None => None,
        Some("price") => Some("low"),
        other => other,
    }
}

#[cfg(test)]
mod tests;
