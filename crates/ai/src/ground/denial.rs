//! What a sentence denies. Words are not enough: `cannot be returned` and `can be returned` have the same.

use std::collections::HashSet;

use super::terms::Terms;
use super::token::{Kind, Token};
use super::vocabulary::{Vocabulary, plain, says};

/// How many words behind a denial it can reach.
const REACH: usize = 10;
/// Within so many words behind `and`, a denial begins a thought of its own.
const SOON: usize = 5;
/// Words that begin another thought.
const PARTING: &[&str] = &[
    "but", "because", "aber", "sondern", "weil", "mais", "parce", "pero", "porque", "ma", "perché", "maar",
    "omdat", "mas",
];
const JOINING: &[&str] = &["and", "or", "und", "oder", "et", "ou", "y", "o", "e", "en", "of"];

/// The denials of a sentence.
#[derive(Debug, Clone, Default)]
pub(super) struct Denials {
    /// How many there are.
    pub(super) count: usize,
    /// What each denies first of all.
    pub(super) heads: Vec<String>,
    /// Everything that stands under one.
    pub(super) scope: HashSet<String>,
    /// What stands under each.
    each: Vec<HashSet<String>>,
    /// What is not so yet, without a word that denies: `until the order is dispatched`.
    pending: HashSet<String>,
}

impl Denials {
    pub(super) fn of(text: &str, tokens: &[Token<'_>], words: &'static Vocabulary, terms: &Terms) -> Self {
        let mut denials = Self::default();
        if words.is_unparted() || !words.is_full() {
            let lower = plain(text);
            let has = |form: &str| {
                if words.is_unparted() {
                    text.contains(form)
                } else {
                    says(&lower, form)
                }
            };
            denials.count = words.forms("denial").filter(|form| has(form)).count();
            return denials;
        }
        let affirmed = affirmed(tokens, words);
        denials.pending = pending(tokens, words, terms);
        for (place, token) in tokens.iter().enumerate() {
            let elided = token.lower.strip_prefix("n'").is_some();
            let denies = token.is_word() && (elided || words.lists("denial", &token.lower));
            if !denies || affirmed.contains(&place) {
                continue;
            }
            denials.count += 1;
            let behind = &tokens[place + 1..];
            let reach = behind.iter().enumerate().take(REACH);
            let reach = reach.take_while(|(at, token)| {
                // A figure's comma and a list's go on; another thought does not.
                let ends = token.kind == Kind::Break && token.text != ",";
                let parts = PARTING.contains(&token.lower.as_str());
                let joins = JOINING.contains(&token.lower.as_str());
                !(ends || parts || joins && denies_soon(&behind[*at..], words))
            });
            let reach = reach.map(|(_, token)| token);
            let under: Vec<String> = reach
                .filter(|token| token.is_word() && !words.lists("denial", &token.lower))
                .flat_map(|token| terms.of_word(&token.lower).to_vec())
                .collect();
            // German and Dutch deny at the end: then what stands before is denied, and no word of it more than another.
            if let Some(head) = under.first() {
                denials.heads.push(head.clone());
                denials.each.push(under.iter().cloned().collect());
                denials.scope.extend(under);
            } else {
                let before = tokens[place.saturating_sub(REACH)..place]
                    .iter()
                    .filter(|token| token.is_word());
                denials
                    .scope
                    .extend(before.flat_map(|token| terms.of_word(&token.lower).to_vec()));
            }
        }
        denials
    }

    /// The first word that one of two sentences denies and the other states.
    pub(super) fn contradicts(
        &self,
        own: &HashSet<String>,
        other: &Self,
        others: &HashSet<String>,
    ) -> Option<String> {
        let denied = |head: &&String| {
            others.contains(*head) && !other.scope.contains(*head) && !other.pending.contains(*head)
        };
        if let Some(head) = self.heads.iter().find(denied) {
            return Some(head.clone());
        }
        // `does not work without` says no more than `works with`.
        let turned =
            |head: &&String| other.heads.contains(*head) && self.times(head) % 2 != other.times(head) % 2;
        if let Some(head) = self.heads.iter().find(turned) {
            return Some(head.clone());
        }
        let stated = |head: &&String| {
            own.contains(*head) && !self.scope.contains(*head) && !self.pending.contains(*head)
        };
        other.heads.iter().find(stated).cloned()
    }

    /// Whether all that `other` denies is not so yet here.
    pub(super) fn awaits(&self, other: &Self) -> bool {
        !other.heads.is_empty() && other.heads.iter().all(|head| self.pending.contains(head))
    }

    /// Under how many denials a word stands.
    fn times(&self, head: &str) -> usize {
        self.each.iter().filter(|scope| scope.contains(head)).count()
    }
}

/// What stands behind `until` and the like.
fn pending(tokens: &[Token<'_>], words: &'static Vocabulary, terms: &Terms) -> HashSet<String> {
    let mut found = HashSet::new();
    for (at, _) in tokens
        .iter()
        .enumerate()
        .filter(|(_, token)| words.lists("pending", &token.lower))
    {
        let clause = tokens[at + 1..]
            .iter()
            .take_while(|token| token.kind != Kind::Break);
        found.extend(clause.flat_map(|token| terms.of_word(&token.lower).to_vec()));
    }
    found
}

/// Whether one of the next few words denies.
fn denies_soon(tokens: &[Token<'_>], words: &'static Vocabulary) -> bool {
    tokens
        .iter()
        .take(SOON)
        .any(|token| words.lists("denial", &token.lower))
}

/// The places of denials that deny nothing: `not only`, `no later than`.
fn affirmed(tokens: &[Token<'_>], words: &'static Vocabulary) -> HashSet<usize> {
    let mut places = HashSet::new();
    for (start, token) in tokens.iter().enumerate() {
        for form in words.forms_from("affirming", &token.lower) {
            let length = form.split(' ').count();
            let run = tokens.get(start..start + length).unwrap_or_default();
            if !run.is_empty()
                && run
                    .iter()
                    .zip(form.split(' '))
                    .all(|(token, part)| token.lower == part)
            {
                places.extend(start..start + length);
            }
        }
    }
    places
}
