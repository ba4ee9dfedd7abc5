//! What a sentence binds the organization by, and what it gives that for.

use std::collections::HashSet;

use super::token::{Kind, Token};
use super::vocabulary::{Place, Vocabulary, plain};

/// The kinds of promises in a plain text.
pub(super) fn promises(text: &str, words: &'static Vocabulary) -> Vec<&'static str> {
    // `Free plan` is a name, `gift card` a thing, and `feel free` an invitation.
    let is_thing = |place: &Place<'_>| {
        let behind = &text[place.at + place.form.len()..];
        match place.form {
            "gift" | "gifts" => behind.trim_start().starts_with("card"),
            "free" => behind.starts_with(" plan") || text[..place.at].ends_with(" feel "),
            _ => false,
        }
    };
    let places = words.places("promise", text).filter(|place| !is_thing(place));
    let mut found: Vec<_> = places.map(|place| place.key).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// For each promise of a sentence the terms of the part of it that gives it.
pub(super) fn given_for(
    tokens: &[Token<'_>],
    words: &'static Vocabulary,
    of: &dyn Fn(&[Token<'_>]) -> HashSet<String>,
) -> Vec<(&'static str, HashSet<String>)> {
    let mut given = Vec::new();
    for clause in clauses(tokens) {
        let written: Vec<&str> = clause.iter().map(|token| token.text).collect();
        let found = promises(&plain(&written.join(" ")), words);
        given.extend(found.into_iter().map(|promise| (promise, of(clause))));
    }
    given
}

/// The parts of a sentence that `, and` and the like put side by side.
fn clauses<'t>(tokens: &'t [Token<'t>]) -> impl Iterator<Item = &'t [Token<'t>]> {
    let joins = [
        "and", "but", "und", "aber", "et", "mais", "y", "pero", "e", "ma", "en", "maar", "mas",
    ];
    let mut starts = vec![0];
    starts.extend((1..tokens.len()).filter(|at| {
        tokens[*at].kind == Kind::Break && {
            let next = tokens.get(at + 1).map(|token| token.lower.as_str());
            tokens[*at].text == ";" || next.is_some_and(|next| joins.contains(&next))
        }
    }));
    starts.push(tokens.len());
    let cuts: Vec<(usize, usize)> = starts.windows(2).map(|cut| (cut[0], cut[1])).collect();
    cuts.into_iter().map(|(start, end)| &tokens[start..end])
}
