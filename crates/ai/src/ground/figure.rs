//! The figures of a sentence: their value, what they count, their bounds, and what the words beside them bind them to.

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

/// A time of the day: `9:30`, `08:00`, `8 am`, `8.30 Uhr`, `17h30`.
fn clock(tokens: &[Token<'_>], at: usize, words: &'static Vocabulary) -> Option<(Value, usize)> {
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
fn day(tokens: &[Token<'_>], at: usize, words: &'static Vocabulary) -> Option<(Value, usize)> {
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
    let mut found: Option<(&'static str, usize)> = None;
    for line in words
        .lines("bound")
        .iter()
        .filter(|line| line.key != "price" || money)
    {
        for form in &line.forms {
            let leads = before.ends_with(&format!(" {form} "));
            let follows = form
                .split_once(' ')
                .is_some_and(|(first, _)| words.lists("range", first))
                && behind.starts_with(&format!(" {form} "));
            if (leads || follows) && found.is_none_or(|(_, length)| form.len() > length) {
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

/// `3 to 5 days`, `€3–5`: the figures of a range have one unit and stand for one thing.
fn share_in_ranges(tokens: &[Token<'_>], words: &'static Vocabulary, found: &mut [Figure]) {
    for right in 1..found.len() {
        let (head, tail) = found.split_at_mut(right);
        let (Some(left), Some(right)) = (head.last_mut(), tail.first_mut()) else {
            continue;
        };
        let between = &tokens[left.place.end.min(right.place.start)..right.place.start];
        let [join] = between else { continue };
        if !(join.kind == Kind::Dash || words.lists("range", &join.lower)) {
            continue;
        }
        match (&left.value, &right.value) {
            (Value::Amount(amount, ""), Value::Amount(_, dimension)) if !dimension.is_empty() => {
                let unit = unit_of(tokens, &right.place, words);
                let factor = unit.map_or(1, |unit| super::unit::dimension(unit).1);
                left.value = Value::Amount(amount * factor, dimension);
            }
            (Value::Amount(_, dimension), Value::Amount(amount, "")) if is_money(dimension) => {
                right.value = Value::Amount(*amount, dimension);
            }
            (a, b) if std::mem::discriminant(a) == std::mem::discriminant(b) => {}
            _ => continue,
        }
        right.group = left.group;
    }
}

fn unit_of(
    tokens: &[Token<'_>],
    place: &std::ops::Range<usize>,
    words: &'static Vocabulary,
) -> Option<&'static str> {
    (place.start..place.end).find_map(|at| unit_behind(tokens, at + 1, words).map(|(unit, _)| unit))
}

/// Gives each figure the words that bind it: those before it in its part of the sentence, or before the figure before
/// where its part has none, and those behind it.
fn bind(tokens: &[Token<'_>], words: &'static Vocabulary, terms: &Terms, found: &mut [Figure]) {
    let ends = |at: &usize| {
        tokens[*at].kind == Kind::Break
            || words.lists("range", &tokens[*at].lower)
            || tokens[*at].lower == "but"
    };
    let of = |range: std::ops::Range<usize>| -> Vec<String> {
        let range = tokens.get(range).unwrap_or_default().iter();
        range
            .filter(|token| token.is_word())
            .flat_map(|token| terms.of_word(&token.lower).to_vec())
            .collect()
    };
    let mut lead: Vec<String> = Vec::new();
    let mut last_end = 0;
    for at in 0..found.len() {
        let group = found[at].group;
        if at > 0 && found[at - 1].group == group {
            let behind = behind(tokens, &found[at].place, found.get(at + 1), &ends);
            let after = of(behind);
            for figure in found.iter_mut().filter(|figure| figure.group == group) {
                figure.bag.extend(after.iter().cloned());
            }
            let bag = found[at - 1].bag.clone();
            found[at].bag = bag;
            last_end = found[at].place.end;
            continue;
        }
        let start = if at == 0 {
            0
        } else {
            (last_end..found[at].place.start)
                .rev()
                .find(|at| ends(at))
                .map_or(last_end, |at| at + 1)
        };
        let before = of(start..found[at].place.start);
        if !before.is_empty() || at == 0 {
            lead = before;
        }
        let mut bag = lead.clone();
        bag.extend(of(behind(tokens, &found[at].place, found.get(at + 1), &ends)));
        found[at].bag = bag;
        last_end = found[at].place.end;
    }
}

/// The tokens behind a figure up to the end of its part of the sentence, or the next figure.
fn behind(
    tokens: &[Token<'_>],
    place: &std::ops::Range<usize>,
    next: Option<&Figure>,
    ends: &dyn Fn(&usize) -> bool,
) -> std::ops::Range<usize> {
    let limit = next.map_or(tokens.len(), |next| next.place.start.max(place.end));
    let end = (place.end..limit).find(|at| ends(at)).unwrap_or(limit);
    place.end..end
}

#[cfg(test)]
mod tests;
