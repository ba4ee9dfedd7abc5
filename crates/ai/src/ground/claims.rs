//! What a sentence claims that can be checked letter by letter, and what it talks about.

use std::collections::HashSet;

use super::address::{Addresses, TAKEN};
use super::denial::Denials;
use super::figure::{Figure, figures};
use super::phone;
use super::promised;
use super::terms::Terms;
use super::token::{Kind, Token, tokens};
use super::unit::is_span;
use super::vocabulary::{Vocabulary, plain};

/// A weekday, month or span of time: its kind and its name, the same in all languages.
pub(super) type Day = (&'static str, &'static str);

/// How many words behind `we` the word is looked for that says what we do.
const DEED_WITHIN: usize = 4;

/// A sentence, taken apart.
#[derive(Debug, Clone)]
pub(super) struct Claims {
    pub(super) addresses: Addresses,
    /// Digits only.
    pub(super) phones: Vec<String>,
    pub(super) figures: Vec<Figure>,
    /// Weekdays, months and the like, and spans of time without a figure.
    pub(super) calendar: Vec<Day>,
    /// The same with the spans that figures count.
    pub(super) spans: Vec<Day>,
    /// What stands in quotation marks, plain.
    pub(super) quoted: Vec<String>,
    /// Words with a capital inside a sentence, and those that no sentence opens with; plain.
    pub(super) names: Vec<String>,
    /// By which it binds the organization, called the same in all languages.
    pub(super) promises: Vec<&'static str>,
    /// For each of them, the terms of the part of the sentence that gives it.
    pub(super) given_for: Vec<(&'static str, HashSet<String>)>,
    pub(super) denials: Denials,
    /// What it holds only under; the terms of each.
    pub(super) conditions: Vec<HashSet<String>>,
    /// What the organization does, and what the customer does, as far as they are called `we` and `you`.
    pub(super) ours: HashSet<String>,
    pub(super) yours: HashSet<String>,
    /// Whether it says that something was done.
    pub(super) done: bool,
    /// Whether the agent speaks of what it does itself.
    pub(super) of_itself: bool,
    /// What it talks about.
    pub(super) terms: HashSet<String>,
    /// The text without addresses and phone numbers, plain.
    pub(super) plain: String,
    pub(super) words: &'static Vocabulary,
}

impl Claims {
    pub(super) fn of(text: &str, words: &'static Vocabulary, terms: &Terms) -> Self {
        let addresses = Addresses::of(text);
        let (rest, phones) = phone::take(&addresses.rest, words);
        let tokens = tokens(&rest);
        let figures = figures(&tokens, words, terms);
        let plain = plain(&rest);
        let of = |tokens: &[Token<'_>]| -> HashSet<String> {
            let words = tokens.iter().filter(|token| token.is_word());
            words
                .flat_map(|token| terms.of_word(&token.lower).to_vec())
                .collect()
        };
        // What is checked by its value is no word to compare.
        let mut told = tokens.clone();
        let counts = |at: usize| figures.iter().any(|figure| figure.place.contains(&at));
        let is_day = |token: &Token<'_>| words.calendar(&token.lower).is_some();
        let mut at = 0;
        told.retain(|token| {
            at += 1;
            !(counts(at - 1) || is_day(token) && token.has_capital())
        });
        let days = calendar(&tokens, words);
        let free = days.iter().filter(|(at, _)| !counts(*at));
        Self {
            calendar: free.map(|(_, day)| *day).collect(),
            spans: days.iter().map(|(_, day)| *day).collect(),
            quoted: quoted(&rest),
            names: names(&tokens, words),
            promises: promised::promises(&plain, words),
            given_for: promised::given_for(&tokens, words, &of),
            denials: Denials::of(&rest, &tokens, words, terms),
            conditions: conditions(&tokens, words, &of),
            ours: deeds(&tokens, "we", words, terms),
            yours: deeds(&tokens, "you", words, terms),
            done: words.says("done", &plain),
            of_itself: words.says("self", &plain),
            terms: of(&told),
            addresses,
            phones,
            figures,
            plain,
            words,
        }
    }

    /// Whether it names a day that something could be promised for. `Have a nice day` and `How can I help you today?` do not.
    pub(super) fn names_a_day(&self) -> bool {
        let idle = |day: &Day| day.0 == "span" || matches!(day.1, "today" | "weekend");
        !self.calendar.iter().all(idle)
    }

    /// Whether there is anything to check letter by letter.
    pub(super) fn is_literal(&self) -> bool {
        !(self.figures.is_empty()
            && self.addresses.found.is_empty()
            && self.phones.is_empty()
            && self.quoted.is_empty()
            && !self.names_a_day()
            && self.promises.is_empty()
            && !self.of_itself
            && !self.done)
    }
}

/// The days that a sentence names and the spans of time that it speaks of (`by the month`), with their places.
fn calendar(tokens: &[Token<'_>], words: &'static Vocabulary) -> Vec<(usize, Day)> {
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.is_word()) {
        let pair = tokens
            .get(at + 1)
            .map(|next| format!("{} {}", token.lower, next.lower));
        let known = pair
            .and_then(|pair| words.calendar(&pair))
            .or_else(|| words.calendar(&token.lower));
        let other_word =
            words.code == "en" && matches!(known, Some(("month", _))) && !(token.has_capital() && at > 0);
        found.extend(known.filter(|_| !other_word).map(|day| (at, day)));
        let span = words
            .unit(&token.lower)
            .filter(|unit| token.lower.len() > 2 && is_span(unit));
        found.extend(span.map(|unit| (at, ("span", unit))));
    }
    found
}

/// Words with a capital that do not open a sentence, and openers that are no ordinary word.
fn names(tokens: &[Token<'_>], words: &'static Vocabulary) -> Vec<String> {
    let mut found = Vec::new();
    let mut opens = true;
    for token in tokens {
        let first = std::mem::replace(&mut opens, token.kind == Kind::Break && token.text != ",");
        if !token.is_word() {
            // `- Open the app`, `1. Open the app`
            opens |= first;
            continue;
        }
        let long = token.text.chars().count() > 1;
        let inner_capital = token.text.chars().skip(1).any(char::is_uppercase);
        let common = words.lists("opener", &token.lower)
            || token.lower.contains('\'')
            || words.calendar(&token.lower).is_some()
            // `Delivering to a pick-up point costs …`: what is done there is compared as a word.
            || words.code == "en" && token.lower.ends_with("ing");
        let named =
            token.has_capital() && long && (!first || (words.is_full() && !common)) || inner_capital && long;
        let me = token.lower == "i" || token.lower.starts_with("i'");
        let is_unit = matches!(
            token.lower.as_str(),
            "eur" | "usd" | "gbp" | "gb" | "mb" | "am" | "pm"
        ) || words.calendar(&token.lower).is_some();
        if named && !me && !is_unit {
            // An opener may be any word: it counts as a name where no source has it, which is checked there.
            let name = token.lower.strip_suffix("'s").unwrap_or(&token.lower);
            found.push(plain(name).trim().to_owned());
        }
    }
    found
}

fn quoted(text: &str) -> Vec<String> {
    let mut quoted = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(['"', '“', '„', '«', '「']) {
        let open = rest[start..].chars().next().map_or(1, char::len_utf8);
        let behind = &rest[start + open..];
        let Some(end) = behind.find(['"', '”', '“', '»', '」']) else {
            break;
        };
        quoted.extend(
            behind[..end]
                .split(TAKEN)
                .map(|part| plain(part).trim().to_owned())
                .filter(|part| !part.is_empty()),
        );
        let close = behind[end..].chars().next().map_or(1, char::len_utf8);
        rest = &behind[end + close..];
    }
    quoted
}

/// The first telling word behind each of these subjects.
fn deeds(tokens: &[Token<'_>], subject: &str, words: &'static Vocabulary, terms: &Terms) -> HashSet<String> {
    let subjects = (0..tokens.len()).filter(|at| words.lists(subject, &tokens[*at].lower));
    let behind = subjects.filter_map(|at| {
        let mut clause = tokens[at + 1..]
            .iter()
            .take(DEED_WITHIN)
            .take_while(|token| token.is_word());
        clause.find_map(|token| terms.of_word(&token.lower).first().cloned())
    });
    behind.collect()
}

/// What stands behind each word of a condition, up to the end of its part of the sentence.
fn conditions(
    tokens: &[Token<'_>],
    words: &'static Vocabulary,
    of: &dyn Fn(&[Token<'_>]) -> HashSet<String>,
) -> Vec<HashSet<String>> {
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let starts = words.forms_from("condition", &tokens[at].lower).any(|form| {
            let mut parts = form.split(' ').enumerate();
            parts.all(|(n, part)| tokens.get(at + n).is_some_and(|token| token.lower == part))
        });
        if starts {
            let end = tokens[at..]
                .iter()
                .position(|token| token.kind == Kind::Break)
                .map_or(tokens.len(), |end| at + end);
            found.push(of(&tokens[at + 1..end.max(at + 1)]));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::retrieve::RuleRetriever;

    #[test]
    fn a_sentence_is_taken_apart_into_its_claims() {
        let terms = Terms::new(Arc::new(RuleRetriever::default()));
        let claims = Claims::of(
            "Call +49 30 123 45 67 or write to Help@lamps.example on Monday, open \"My orders\" at \
             https://www.lamps.example/orders/ and get a full refund within 14 days from Acme if the lamp is not broken.",
            Vocabulary::of("en"),
            &terms,
        );
        assert_eq!(claims.phones, ["49301234567"]);
        assert_eq!(
            claims.addresses.found,
            ["help@lamps.example", "lamps.example/orders"]
        );
        assert_eq!(claims.quoted, ["my orders"]);
        assert_eq!(claims.calendar, [("weekday", "1")]);
        assert_eq!(claims.figures.len(), 1);
        assert_eq!(claims.promises, ["full", "refund"]);
        assert!(claims.names.contains(&"acme".to_owned()));
        assert_eq!((claims.denials.count, claims.conditions.len()), (1, 1));
    }
}
