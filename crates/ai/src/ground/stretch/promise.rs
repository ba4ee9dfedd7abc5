//! Promises: they hold for what the source gives them for.

use super::super::claims::Claims;
use super::super::vocabulary::says;
use super::{Stretch, is_foreign};

/// Promises that cost the organization something: they hold only for what the source gives them for.
const STRICT: &[&str] = &[
    "free",
    "discount",
    "waive",
    "compensate",
    "unlimited",
    "lifetime",
    "guarantee",
    "always",
    "full",
    "credit",
    "upgrade",
    "best",
    "anytime",
    "immediate",
    "any reason",
];
/// A strict promise needs this share of its source's words.
const GIVEN_FOR: f32 = 0.5;

impl Stretch<'_> {
    /// A strict promise that is given for something else, or for less.
    pub(super) fn broken_promise(&self, said: &Claims) -> Option<String> {
        for promise in said.promises.iter().filter(|promise| STRICT.contains(promise)) {
            let keeps = |claims: &Claims| {
                let limits = claims.figures.iter().filter(|figure| figure.bound.is_some());
                let limited = limits
                    .into_iter()
                    .all(|limit| said.figures.iter().any(|figure| figure.agrees(limit)));
                let named: Vec<&String> = claims
                    .names
                    .iter()
                    .filter(|name| !self.library.is_own_name(name) && !claims.words.lists("opener", name))
                    .collect();
                let is_name = |term: &String| named.iter().any(|name| name.starts_with(term.as_str()));
                let given = claims.given_for.iter().find(|(known, _)| known == promise);
                let what = given.map_or(&claims.terms, |(_, terms)| terms);
                let (mut all, mut shared) = (0_u16, 0_u16);
                for term in what.iter().filter(|term| !is_name(term)) {
                    all += 1;
                    shared += u16::from(said.terms.contains(term));
                }
                let names = named.is_empty()
                    || named.iter().any(|name| says(&said.plain, name))
                    || is_foreign(said, claims);
                limited
                    && names
                    && (is_foreign(said, claims) || f32::from(shared) >= GIVEN_FOR * f32::from(all))
            };
            let mut givers = self
                .with_head()
                .filter(|claims| claims.promises.contains(promise));
            if !givers.any(keeps) {
                return Some(format!("the promise \"{promise}\" is given for something else"));
            }
        }
        None
    }
}
