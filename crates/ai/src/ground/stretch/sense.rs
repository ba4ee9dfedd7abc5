//! What turns a sentence round: denials, opposites, and conditions that are left out.

use std::collections::HashSet;

use super::super::claims::Claims;
use super::super::vocabulary::{Vocabulary, says};
use super::{Stretch, is_foreign};

/// Of a condition, this share must be said or asked for.
const MET: f32 = 0.5;

impl Stretch<'_> {
    /// What one denies and the other states.
    pub(super) fn opposite(&self, said: &Claims) -> Option<String> {
        let core = &self.core.claims;
        if is_foreign(said, core) || !said.words.is_full() {
            let differs = (said.denials.count > 0) != (core.denials.count > 0);
            return differs.then(|| "one denies and the other does not".to_owned());
        }
        for claims in self.claims() {
            let shared = claims
                .terms
                .iter()
                .filter(|term| said.terms.contains(*term))
                .count();
            if (shared >= 2 || std::ptr::eq(claims, core))
                && let Some(word) = said
                    .denials
                    .contradicts(&said.terms, &claims.denials, &claims.terms)
            {
                return Some(format!("the source says the opposite: \"{word}\""));
            }
        }
        if said.denials.count > 0 && core.denials.count == 0 && !core.denials.awaits(&said.denials) {
            return Some("the source says the opposite: it denies nothing".to_owned());
        }
        if said.denials.count == 0 && core.denials.count > 0 && core.denials.heads.is_empty() {
            return Some("the source says the opposite: it denies".to_owned());
        }
        if let Some(what) = swapped(said, core) {
            return Some(format!(
                "the source says of the other side that it does this: \"{what}\""
            ));
        }
        let pair = opposites(said.words, said, core).find(|(a, b)| {
            let (says_a, says_b) = (says(&said.plain, a), says(&said.plain, b));
            let here = |word: &str| self.with_head().any(|claims| says(&claims.plain, word));
            says_a && !says_b && here(b) && !here(a)
        });
        pair.map(|(a, b)| format!("the source says the opposite: \"{b}\" and not \"{a}\""))
    }

    /// A condition of the source that is left out.
    pub(super) fn unmet(&self, said: &Claims) -> Option<String> {
        let core = std::iter::once(&self.core.claims);
        let stating = self.claims().filter(|claims| {
            said.figures
                .iter()
                .any(|figure| claims.figures.iter().any(|known| known.agrees(figure)))
        });
        for claims in core.chain(stating) {
            if is_foreign(said, claims) {
                if !claims.conditions.is_empty() && said.conditions.is_empty() {
                    return Some("it leaves a condition of the source out".to_owned());
                }
                continue;
            }
            for condition in &claims.conditions {
                let known = condition
                    .iter()
                    .filter(|term| said.terms.contains(*term) || self.library.supposed.contains(*term));
                let known = u16::try_from(known.count()).unwrap_or(u16::MAX);
                let all = u16::try_from(condition.len()).unwrap_or(u16::MAX);
                if f32::from(known) < MET * f32::from(all) {
                    return Some("it leaves a condition of the source out".to_owned());
                }
            }
        }
        None
    }
}

/// What the source says that the organization does and the sentence that the customer does, or the other way round.
fn swapped<'s>(said: &'s Claims, core: &Claims) -> Option<&'s String> {
    let only = |deeds: &'s HashSet<String>,
                others: &'s HashSet<String>,
                known: &HashSet<String>,
                theirs: &HashSet<String>| {
        let mut deeds: Vec<&String> = deeds
            .iter()
            .filter(|deed| !others.contains(*deed) && theirs.contains(*deed) && !known.contains(*deed))
            .collect();
        deeds.sort();
        deeds.first().copied()
    };
    only(&said.ours, &said.yours, &core.ours, &core.yours)
        .or_else(|| only(&said.yours, &said.ours, &core.yours, &core.ours))
}

/// The pairs of opposites of which a sentence says one.
fn opposites<'w>(
    words: &'static Vocabulary,
    said: &Claims,
    core: &Claims,
) -> impl Iterator<Item = (&'w str, &'w str)> + use<'w> {
    let (said, core) = (said.plain.clone(), core.plain.clone());
    words
        .lines("opposite")
        .iter()
        .filter_map(|line| Some((line.forms.first()?.as_str(), line.forms.get(1)?.as_str())))
        .flat_map(|(a, b)| [(a, b), (b, a)])
        .filter(move |(a, b)| says(&said, a) && says(&core, b))
}
