//! Places: countries by their names, and what stands behind the words for living and sending somewhere.

use std::sync::LazyLock;

use super::{Found, Message};

/// A country's names and its ISO 3166-1 code: `code<TAB>name<TAB>name…`.
static COUNTRIES: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let mut names: Vec<_> = include_str!("location/countries.txt")
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .flat_map(|(code, names)| names.split('\t').map(move |name| (name, code)))
        .collect();
    names.sort_unstable();
    names
});

/// Phrases that a place follows.
const BEFORE: [&[&str]; 12] = [
    &["live", "in"],
    &["living", "in"],
    &["based", "in"],
    &["located", "in"],
    &["moved", "to"],
    &["moving", "to"],
    &["ship", "to"],
    &["shipping", "to"],
    &["deliver", "to"],
    &["travel", "to"],
    &["traveling", "to"],
    &["wohne", "in"],
];
/// The most words of a place.
const LONGEST: usize = 4;

/// Countries, as their ISO code, and capital words behind "live in" and the like, as written.
pub(super) fn find(message: &Message<'_>) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut at = 0;
    while at < message.tokens.len() {
        let place = country(message, at).or_else(|| behind(message, at));
        at = match place {
            Some((entity, last)) => {
                found.push(entity);
                last + 1
            }
            None => at + 1,
        };
    }
    found
}

/// The country whose name begins with a token.
fn country(message: &Message<'_>, first: usize) -> Option<(Found, usize)> {
    if !is_capital(message, first) {
        return None;
    }
    let most = (first + LONGEST).min(message.tokens.len());
    (first..most).rev().find_map(|last| {
        let range = message.tokens[first].start..message.tokens[last].end;
        let name = &message.lower[range.clone()];
        let place = COUNTRIES
            .binary_search_by(|(country, _)| (*country).cmp(name))
            .ok()?;
        // "us" is a word: the country's short names stand in capitals.
        let short = name.len() <= 3 && message.text[range.clone()].contains(char::is_lowercase);
        (!short && message.stands_alone(&range)).then(|| {
            let found = Found {
                range,
                normalized: COUNTRIES[place].1.to_owned(),
                confidence: 0.85,
            };
            (found, last)
        })
    })
}

/// The place behind a phrase that begins with a token.
fn behind(message: &Message<'_>, at: usize) -> Option<(Found, usize)> {
    let phrase = BEFORE.iter().find(|words| {
        words
            .iter()
            .enumerate()
            .all(|(step, word)| message.word(at + step) == *word)
    })?;
    let first = at + phrase.len();
    if !(message.spaced(first - 1) && is_capital(message, first)) || country(message, first).is_some() {
        return None;
    }
    let mut last = first;
    while last + 1 < first + LONGEST
        && matches!(message.gap(last), " " | "-")
        && is_capital(message, last + 1)
    {
        last += 1;
    }
    let range = message.tokens[first].start..message.tokens[last].end;
    let found = Found {
        normalized: message.text[range.clone()].to_owned(),
        range,
        confidence: 0.7,
    };
    Some((found, last))
}

fn is_capital(message: &Message<'_>, at: usize) -> bool {
    message
        .tokens
        .get(at)
        .is_some_and(|token| message.text[token.start..].starts_with(char::is_uppercase))
}

#[cfg(test)]
mod tests {
    use super::super::normalized;
    use super::*;

    fn places(text: &str) -> Vec<String> {
        normalized(find, text)
    }

    #[test]
    fn countries_have_their_code_and_other_places_their_name() {
        assert_eq!(
            places("I live in New York, moved to Germany from the United Kingdom; can you ship to the US?"),
            ["New York", "DE", "GB", "US"]
        );
    }

    #[test]
    fn words_that_look_like_places_are_none() {
        assert!(places("tell Us more, ship to me, live in fear, a turkey, Germanys").is_empty());
    }
}
