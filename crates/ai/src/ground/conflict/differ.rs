//! In what two sentences differ: in one figure and nothing else that can be counted, or in a denial alone.

use std::collections::BTreeSet;

use acs_domain::conflict::Difference;

use super::super::claims::Claims;
use super::super::figure::{Figure, Value};
use super::super::unit::is_money;
use super::super::vocabulary::says;

/// A number between these, without a unit, is a year: it tells one matter from another.
const YEARS: std::ops::Range<i128> = 1_900_000_000..2_100_000_000;

/// The one thing in which two sentences differ, if there is one.
pub(super) fn difference(one: &Claims, other: &Claims) -> Option<Difference> {
    let days = |claims: &'_ Claims| claims.calendar.iter().copied().collect::<BTreeSet<_>>();
    if days(one) != days(other) || turns(one) != turns(other) {
        return None;
    }
    let denies = denies(one, other);
    match (figure(one, other), denies) {
        (Figures::Same, true) => Some(Difference::Denial),
        (Figures::Differ(difference), false) => Some(difference),
        _ => None,
    }
}

enum Figures {
    /// All figures of one are those of the other.
    Same,
    /// One figure, or range, is another in the other sentence.
    Differ(Difference),
    /// They state too much, or too little, to be compared.
    Unlike,
}

/// In what the figures differ.
fn figure(one: &Claims, other: &Claims) -> Figures {
    let (own, others) = (odd(one, other), odd(other, one));
    if own.is_empty() && others.is_empty() {
        return Figures::Same;
    }
    let groups = |figures: &[&Figure]| {
        figures
            .iter()
            .map(|figure| figure.group)
            .collect::<BTreeSet<_>>()
            .len()
    };
    if groups(&own) != 1 || groups(&others) != 1 || one.figures.len() != other.figures.len() {
        return Figures::Unlike;
    }
    let (Some(own), Some(others)) = (own.first(), others.first()) else {
        return Figures::Unlike;
    };
    let is_year =
        |figure: &Figure| matches!(figure.value, Value::Amount(value, "") if YEARS.contains(&value));
    let is_label = is_label(own, one) || is_label(others, other);
    if !own.is_like(others) || own.bound != others.bound || is_year(own) || is_year(others) || is_label {
        return Figures::Unlike;
    }
    match &own.value {
        Value::Amount(_, unit) if is_money(unit) => Figures::Differ(Difference::Amount),
        Value::Amount(_, "time" | "month" | "working day" | "working hour") => {
            Figures::Differ(Difference::Duration)
        }
        Value::Amount(..) => Figures::Differ(Difference::Figure),
        Value::Clock(_) => Figures::Differ(Difference::Time),
        Value::Day(_) => Figures::Differ(Difference::Date),
        // Another code is another thing.
        Value::Code(_) => Figures::Unlike,
    }
}

/// The figures that the other sentence has not.
fn odd<'c>(one: &'c Claims, other: &Claims) -> Vec<&'c Figure> {
    let known = |figure: &&Figure| !other.figures.iter().any(|known| known.agrees(figure));
    one.figures.iter().filter(known).collect()
}

/// Whether a figure tells things apart instead of counting: `step 3`.
fn is_label(figure: &Figure, claims: &Claims) -> bool {
    let mut labels = claims.words.forms("label");
    matches!(figure.value, Value::Amount(_, ""))
        && labels.any(|label| {
            says(
                &claims.plain,
                &format!("{label} {}", figure.written.to_lowercase()),
            )
        })
}

/// Whether one denies what the other states.
fn denies(one: &Claims, other: &Claims) -> bool {
    let (own, others) = (&one.denials, &other.denials);
    if own.count % 2 == others.count % 2 {
        return false;
    }
    let (heads, states) = if own.count > others.count {
        (&own.heads, other)
    } else {
        (&others.heads, one)
    };
    // Where the word for what is denied tells nothing (`is not possible`), the sentence as a whole is denied.
    heads.is_empty()
        || own
            .contradicts(&one.terms, others, &other.terms)
            .is_some_and(|word| states.terms.contains(&word))
}

/// The words that make a sentence hold only at some times or in some cases.
fn turns(claims: &Claims) -> BTreeSet<&'static str> {
    let words = claims.words;
    let mut found = BTreeSet::new();
    for section in ["condition", "pending", "turning"] {
        found.extend(words.places(section, &claims.plain).map(|place| place.form));
    }
    found
}
