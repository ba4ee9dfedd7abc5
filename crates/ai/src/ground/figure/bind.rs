//! What a figure is said of: ranges share a unit, and the words of its part of the sentence bind a figure.

use super::super::terms::Terms;
use super::super::token::{Kind, Token};
use super::super::unit::{self, is_money};
use super::super::vocabulary::Vocabulary;
use super::{Figure, Value, unit_behind};

/// `3 to 5 days`, `€3–5`: the figures of a range have one unit and stand for one thing.
pub(super) fn share_in_ranges(tokens: &[Token<'_>], words: &'static Vocabulary, found: &mut [Figure]) {
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
                let factor = unit.map_or(1, |unit| unit::dimension(unit).1);
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
pub(super) fn bind(tokens: &[Token<'_>], words: &'static Vocabulary, terms: &Terms, found: &mut [Figure]) {
    let ends = |at: &usize| {
        tokens[*at].kind == Kind::Break
            || words.lists("range", &tokens[*at].lower)
            || tokens[*at].lower == "but"
    };
    let of = |range: std::ops::Range<usize>| -> Vec<String> {
        let range = tokens.get(range).unwrap_or_default().iter();
        let terms_of = |token: &Token<'_>| match words.calendar(&token.lower) {
            // A day binds more than the words beside it: no other word is its synonym, and few sentences have it.
            Some((kind, key)) if token.has_capital() => vec![format!("{kind} {key}")],
            _ => terms.of_word(&token.lower).to_vec(),
        };
        range.filter(|token| token.is_word()).flat_map(terms_of).collect()
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
