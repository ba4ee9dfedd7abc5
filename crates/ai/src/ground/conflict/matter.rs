//! Whether two sentences are about the same matter. Like meaning is not enough: what one plan costs is as like what another
//! costs as two prices of one plan.

use std::collections::HashSet;

use super::super::library::{Line, Source};
use super::super::terms::Terms;
use super::super::vocabulary::Vocabulary;

/// So many words in common tell the matter on their own; with fewer, the headings must tell it.
const SELF_CONTAINED: usize = 3;
/// With fewer there is no matter.
const SHARED: usize = 2;

/// A sentence in its passage.
pub(super) type Placed<'s> = (&'s Source, &'s Line);

/// Whether two sentences that differ are about one thing.
pub(super) fn is_one(one: Placed<'_>, other: Placed<'_>, terms: &Terms) -> bool {
    if asks(one) || asks(other) {
        return false;
    }
    let general = general(one.0.words, terms);
    let (own, others) = (left_over(one, other, &general), left_over(other, one, &general));
    let headed = |terms: &[&String], by: &Source| terms.iter().all(|term| by.headed.contains(*term));
    // What stands in the heading need not be said again. But where each says something that the other does not, one thing stands in
    // the place of another.
    if !own.is_empty() && !others.is_empty() || !headed(&own, other.0) || !headed(&others, one.0) {
        return false;
    }
    let shared = one.1.claims.terms.intersection(&other.1.claims.terms);
    let shared: Vec<&String> = shared.filter(|term| !general.contains(*term)).collect();
    if shared.len() < SHARED {
        return false;
    }
    let (head, heads) = (
        headed_otherwise(one, other, &general),
        headed_otherwise(other, one, &general),
    );
    if head.is_empty() && heads.is_empty() {
        return true;
    }
    // Under `Fees for students` and `Fees` are two matters; `Countries` may be another name for what stands under `Delivery`.
    let shares_head = one
        .0
        .headed
        .intersection(&other.0.headed)
        .any(|term| !general.contains(term));
    let is_other_name = (head.is_empty() || heads.is_empty()) && !shares_head;
    let names_it = names_any(&one.1.claims.names, &shared, terms);
    (shared.len() >= SELF_CONTAINED || names_it)
        && !(leans(one) || leans(other))
        && (is_other_name || speaks_of(other.0, &head) && speaks_of(one.0, &heads))
        && !(is_named(one.0, &head, terms) || is_named(other.0, &heads, terms))
}

/// The words that stand in titles and sentences whatever they are about.
fn general(words: &'static Vocabulary, terms: &Terms) -> HashSet<String> {
    let forms = words.forms("general");
    forms.flat_map(|form| terms.of_word(form).to_vec()).collect()
}

/// What a sentence speaks of and the other does not.
fn left_over<'s>(one: Placed<'s>, other: Placed<'_>, general: &HashSet<String>) -> Vec<&'s String> {
    let known = |term: &&String| general.contains(*term) || other.1.claims.terms.contains(*term);
    let terms = one.1.claims.terms.iter();
    terms.filter(|term| !known(term)).collect()
}

/// What a sentence stands under and the other one neither says nor stands under.
fn headed_otherwise<'s>(one: Placed<'s>, other: Placed<'_>, general: &HashSet<String>) -> Vec<&'s String> {
    let known = |term: &&String| {
        general.contains(*term) || other.1.claims.terms.contains(*term) || other.0.headed.contains(*term)
    };
    one.0.headed.iter().filter(|term| !known(term)).collect()
}

/// Whether all of these words stand in a passage.
fn speaks_of(source: &Source, wanted: &[&String]) -> bool {
    let says = |term: &&String| source.lines.iter().any(|line| line.claims.terms.contains(*term));
    wanted.iter().all(says)
}

/// Whether one of these words of its headings is a name there: it has a digit, or a capital inside of a heading or a sentence.
fn is_named(source: &Source, head: &[&String], terms: &Terms) -> bool {
    let lines = source.lines.iter().map(|line| &line.claims);
    let mut names = lines.map(|claims| &claims.names).chain([&source.capitals]);
    head.iter().any(|term| term.chars().any(char::is_numeric))
        || names.any(|names| names_any(names, head, terms))
}

fn names_any(names: &[String], wanted: &[&String], terms: &Terms) -> bool {
    let mut named = names.iter().flat_map(|name| terms.of_word(name).to_vec());
    named.any(|term| wanted.contains(&&term))
}

/// Whether a sentence begins with a word for something said before, or for another case than the one before.
fn leans(one: Placed<'_>) -> bool {
    let plain = one.1.claims.plain.trim_start();
    let mut words = plain.split(' ').take(3);
    words.any(|word| one.0.words.lists("leaning", word))
}

fn asks(one: Placed<'_>) -> bool {
    let sentence = one.0.text.get(one.1.range.clone()).unwrap_or_default();
    sentence.trim_end().ends_with(['?', '？', ':'])
}
