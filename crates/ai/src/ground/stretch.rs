//! A few sentences of a source in a row, held against one sentence of a reply.

use std::collections::HashSet;

use super::claims::Claims;
use super::figure::Figure;
use super::library::{Library, Line, Source};
use super::vocabulary::{Vocabulary, says};

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
/// Of a condition, this share must be said or asked for.
const MET: f32 = 0.5;

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
        let day = said
            .calendar
            .iter()
            .find(|day| !self.with_head().any(|claims| claims.calendar.contains(day)));
        if let Some((kind, key)) = day {
            return Some(format!("the {kind} {key} stands in no source"));
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
            written(core) || written(&self.source.head)
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
        let fit = |a: &Figure, b: &Figure, head: &HashSet<String>| -> f32 {
            let bag: HashSet<&String> = b.bag.iter().collect();
            let mine: HashSet<&String> = a.bag.iter().collect();
            mine.iter()
                .filter(|term| bag.contains(**term) || head.contains(**term))
                .map(|term| self.library.weight(term))
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

    /// A strict promise that is given for something else, or for less.
    fn broken_promise(&self, said: &Claims) -> Option<String> {
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
                let (mut all, mut shared) = (0_u16, 0_u16);
                for term in claims.terms.iter().filter(|term| !is_name(term)) {
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

    /// What one denies and the other states.
    fn opposite(&self, said: &Claims) -> Option<String> {
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
        if said.denials.count > 0 && !self.claims().any(|claims| claims.denials.count > 0) {
            return Some("the source says the opposite: it denies nothing".to_owned());
        }
        if said.denials.count == 0 && core.denials.count > 0 && core.denials.heads.is_empty() {
            return Some("the source says the opposite: it denies".to_owned());
        }
        let pair = opposites(said.words, said, core).find(|(a, b)| {
            let (says_a, says_b) = (says(&said.plain, a), says(&said.plain, b));
            let here = |word: &str| self.with_head().any(|claims| says(&claims.plain, word));
            says_a && !says_b && here(b) && !here(a)
        });
        pair.map(|(a, b)| format!("the source says the opposite: \"{b}\" and not \"{a}\""))
    }

    /// A condition of the source that is left out.
    fn unmet(&self, said: &Claims) -> Option<String> {
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
                    .filter(|term| said.terms.contains(*term) || self.library.asked.contains(*term));
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
