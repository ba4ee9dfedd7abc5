//! A few sentences of a source in a row, held against one sentence of a reply.

mod promise;
mod sense;

use std::collections::HashSet;

use super::claims::{Claims, Day};
use super::figure::Figure;
use super::library::{Library, Line, Source};
use super::vocabulary::says;

/// Why a stretch does not support a sentence.
pub(super) enum Refusal {
    /// It does not say this.
    Missing(String),
    /// It says the opposite.
    Opposite(String),
}

/// Some sentences in a row.
#[derive(Clone, Copy)]
pub(super) struct Stretch<'a> {
    pub(super) library: &'a Library,
    pub(super) source: &'a Source,
    pub(super) lines: &'a [Line],
    /// The sentence among them that has most of what was said.
    pub(super) core: &'a Line,
    /// The share of what was said that is here.
    pub(super) share: f32,
}

impl Stretch<'_> {
    /// Why it does not support what is claimed; `None`: it does.
    pub(super) fn refuses(&self, said: &Claims) -> Option<Refusal> {
        self.missing(said)
            .or_else(|| self.unbound(said))
            .or_else(|| self.broken_promise(said))
            .map(Refusal::Missing)
            .or_else(|| self.opposite(said).map(Refusal::Opposite))
            .or_else(|| self.unmet(said).map(Refusal::Missing))
    }

    fn claims(&self) -> impl Iterator<Item = &Claims> {
        self.lines.iter().map(|line| &line.claims)
    }

    fn with_head(&self) -> impl Iterator<Item = &Claims> {
        self.claims().chain([&self.source.head])
    }

    /// The first claim that can be checked letter by letter and does not stand here.
    fn missing(&self, said: &Claims) -> Option<String> {
        let is_foreign = said.words.code != self.source.words.code;
        let figure = said.figures.iter().find(|figure| {
            !self
                .with_head()
                .any(|claims| claims.figures.iter().any(|known| known.agrees(figure)))
        });
        if let Some(figure) = figure {
            return Some(format!("the figure {} stands in no source", figure.written));
        }
        if let Some(address) = said
            .addresses
            .found
            .iter()
            .find(|address| !self.source.addresses.contains(*address))
        {
            return Some(format!("the address {address} stands in another source"));
        }
        let phone = said
            .phones
            .iter()
            .find(|phone| !self.source.phones.contains(*phone));
        if let Some(phone) = phone {
            return Some(format!("the number {phone} stands in another source"));
        }
        if let Some((kind, key)) = self.misdated(said) {
            return Some(format!("the {kind} {key} stands in no source of it"));
        }
        if let Some(quoted) = said
            .quoted
            .iter()
            .find(|quoted| !says(&self.source.plain, quoted))
        {
            return Some(format!("the words \"{quoted}\" stand in no source"));
        }
        let name = said.names.iter().find(|name| {
            let common =
                said.words.is_full() && said.words.lists("opener", name) || self.library.is_own_name(name);
            // Where languages differ, so do the words for things; what is written with a capital inside is a name in all.
            !common && !self.source.has_word(name) && (!is_foreign || said.words.code != "de")
        });
        if let Some(name) = name {
            return Some(format!("the name {name} stands in no source"));
        }
        if let Some(name) = self.misnamed(said) {
            return Some(format!(
                "the name {name} is named by the source for something else"
            ));
        }
        let promise = said
            .promises
            .iter()
            .find(|promise| !self.with_head().any(|claims| claims.promises.contains(promise)));
        if let Some(promise) = promise {
            return Some(format!("the promise \"{promise}\" stands in no source"));
        }
        let done = said.done
            && said.conditions.is_empty()
            && !says_when(said)
            && !self.claims().any(|claims| claims.done);
        done.then(|| "it says that something was done, and no source does".to_owned())
    }

    /// A day or span of time that the sources do not name, or only beside the sentence that names another.
    fn misdated(&self, said: &Claims) -> Option<Day> {
        let core = &self.core.claims;
        let another = |kind: &str| {
            core.calendar
                .iter()
                .any(|day| day.0 == kind && !said.calendar.contains(day))
        };
        let known = |day: &Day| {
            let beside = !another(day.0) && self.with_head().any(|claims| claims.spans.contains(day));
            core.spans.contains(day) || self.source.head.spans.contains(day) || beside
        };
        said.calendar.iter().find(|day| !known(day)).copied()
    }

    /// A name that stands only beside the sentence that says the rest, which names another.
    fn misnamed<'s>(&self, said: &'s Claims) -> Option<&'s String> {
        let core = &self.core.claims;
        let common = |claims: &Claims, name: &str| {
            claims.words.lists("opener", name) || self.library.is_own_name(name)
        };
        let here = |name: &str| {
            let written = |claims: &Claims| {
                says(&claims.plain, name) || says(&claims.plain, name.trim_end_matches('s'))
            };
            written(core) || written(&self.source.head) || self.source.has_initials(name)
        };
        let another = core
            .names
            .iter()
            .any(|name| !common(core, name) && !says(&said.plain, name));
        let named = |name: &&String| !common(said, name) && !here(name);
        said.names
            .iter()
            .filter(|_| another && !is_foreign(said, core))
            .find(named)
    }

    /// A figure that the sources state of something else: what binds it fits another figure of its kind better.
    fn unbound(&self, said: &Claims) -> Option<String> {
        // In the order of the words: a sum in the order of a set would differ from run to run.
        let fit = |a: &Figure, b: &Figure, head: &HashSet<String>| -> f32 {
            let first = |at: usize| !a.bag[..at].contains(&a.bag[at]);
            let shared = |term: &String| b.bag.contains(term) || head.contains(term);
            let terms = a.bag.iter().enumerate();
            terms
                .filter(|(at, term)| first(*at) && shared(term))
                .map(|(_, term)| self.library.weight(term))
                .sum()
        };
        for figure in &said.figures {
            let here = self
                .lines
                .iter()
                .flat_map(|line| &line.claims.figures)
                .chain(&self.source.head.figures);
            let best = here
                .filter(|known| known.agrees(figure))
                .map(|known| fit(figure, known, &self.source.headed))
                .fold(f32::MIN, f32::max);
            let rivals = self.library.sources.iter().flat_map(|source| {
                let groups = |line: &Line| {
                    let same: HashSet<usize> = line
                        .claims
                        .figures
                        .iter()
                        .filter(|known| known.agrees(figure))
                        .map(|known| known.group)
                        .collect();
                    same
                };
                source.lines.iter().flat_map(move |line| {
                    let same = groups(line);
                    line.claims
                        .figures
                        .iter()
                        .filter(move |known| !same.contains(&known.group))
                        .map(move |known| (source, known))
                })
            });
            let rival = rivals
                .filter(|(_, known)| known.is_like(figure))
                .map(|(source, known)| (fit(figure, known, &source.headed), known))
                .max_by(|a, b| a.0.total_cmp(&b.0));
            if let Some((fit, rival)) = rival
                && fit > best + 0.01
            {
                return Some(format!(
                    "the figure {} is said of something else; here it is {}",
                    figure.written, rival.written
                ));
            }
        }
        None
    }
}

fn is_foreign(a: &Claims, b: &Claims) -> bool {
    a.words.code != b.words.code
}

/// Whether a sentence tells of a time at which something is done: `once the parcel has arrived`.
fn says_when(said: &Claims) -> bool {
    [
        "once",
        "when",
        "after",
        "until",
        "as soon as",
        "before",
        "sobald",
        "nachdem",
        "wenn",
        "après",
        "dès que",
        "cuando",
        "quando",
        "zodra",
    ]
    .iter()
    .any(|word| says(&said.plain, word))
}
