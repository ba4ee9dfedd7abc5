//! What a reply may stand on, read once for all its sentences.

use std::collections::{HashMap, HashSet};

use acs_domain::knowledge::{FoundPassage, Hit, Vector};
use acs_domain::port::conflict::Compared;
use acs_domain::port::ground::Sources;

use super::claims::Claims;
use super::terms::Terms;
use super::visible::visible;
use super::vocabulary::{Vocabulary, plain, says};
use crate::sentence::sentences;
use crate::understand::language;

/// One sentence of a source.
pub(super) struct Line {
    /// The byte range in the source's text.
    pub(super) range: std::ops::Range<usize>,
    pub(super) claims: Claims,
    /// Its meaning, where the store has it.
    pub(super) vector: Option<Vector>,
}

/// One text.
pub(super) struct Source {
    /// The place among the hits; `None` for a text that is no knowledge.
    pub(super) hit: Option<usize>,
    pub(super) text: String,
    pub(super) lines: Vec<Line>,
    /// The terms of the title and the headings above.
    pub(super) headed: HashSet<String>,
    /// The words of title and headings that have a capital and do not begin them, in lower case.
    pub(super) capitals: Vec<String>,
    /// Title, headings and text, plain.
    pub(super) plain: String,
    /// Every word of it.
    written: HashSet<String>,
    /// The initials of names of several words.
    initials: HashSet<String>,
    /// What stands in the title and the headings.
    pub(super) head: Claims,
    /// The addresses in it, with the one at which customers can read it.
    pub(super) addresses: HashSet<String>,
    /// The telephone numbers in it.
    pub(super) phones: HashSet<String>,
    pub(super) words: &'static Vocabulary,
}

/// Everything.
pub(super) struct Library {
    pub(super) sources: Vec<Source>,
    pub(super) addresses: HashSet<String>,
    pub(super) phones: HashSet<String>,
    /// In how many sentences a term occurs.
    frequencies: HashMap<String, usize>,
    lines: usize,
    /// The customer's own words.
    pub(super) said: Vec<Claims>,
    /// What the customer's words talk about.
    pub(super) asked: HashSet<String>,
    /// What the present question takes for given, so that a reply to it may: nothing where it denies anything.
    pub(super) supposed: HashSet<String>,
    /// Names that need no source: the organization's and the agent's.
    names: HashSet<String>,
}

impl Library {
    pub(super) fn new(sources: &Sources, terms: &Terms) -> Self {
        let hits = sources
            .hits
            .iter()
            .enumerate()
            .map(|(at, hit)| Source::of_hit(at, hit, &sources.language, terms));
        let statements = sources
            .statements
            .iter()
            .map(|text| Source::of_statement(text, &sources.language, terms));
        let all: Vec<Source> = hits.chain(statements).collect();
        let mut frequencies = HashMap::new();
        let lines = || all.iter().flat_map(|source| &source.lines);
        for term in lines().flat_map(|line| &line.claims.terms) {
            *frequencies.entry(term.clone()).or_insert(0) += 1;
        }
        let said: Vec<Claims> = sources
            .said
            .iter()
            .map(|text| Claims::of(&visible(text), Vocabulary::of(&sources.language), terms))
            .collect();
        Self {
            addresses: all.iter().flat_map(|source| source.addresses.clone()).collect(),
            phones: all.iter().flat_map(|source| source.phones.clone()).collect(),
            frequencies,
            lines: lines().count(),
            asked: said.iter().flat_map(|claims| claims.terms.clone()).collect(),
            supposed: said
                .last()
                .filter(|claims| claims.denials.count == 0)
                .map(|claims| claims.terms.iter().cloned().collect())
                .unwrap_or_default(),
            said,
            names: sources
                .names
                .iter()
                .flat_map(|name| {
                    plain(name)
                        .split_whitespace()
                        .map(str::to_owned)
                        .collect::<Vec<_>>()
                })
                .collect(),
            sources: all,
        }
    }

    /// How much a term tells: the rarer, the more.
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of sentences are far below 2^24"
    )]
    pub(super) fn weight(&self, term: &str) -> f32 {
        let frequency = self.frequencies.get(term).copied().unwrap_or(0);
        1.0 + ((self.lines + 1) as f32 / (frequency + 1) as f32).ln()
    }

    /// Names that need no source, plain.
    pub(super) fn own_names(&self) -> &HashSet<String> {
        &self.names
    }

    /// Whether a name is the organization's, the agent's, or one that a source or the customer has.
    pub(super) fn is_known_name(&self, name: &str) -> bool {
        let said = |claims: &Claims| says(&claims.plain, name);
        self.is_own_name(name)
            || self.said.iter().any(said)
            || self.sources.iter().any(|source| source.has_word(name))
    }

    pub(super) fn is_own_name(&self, name: &str) -> bool {
        self.names.contains(name)
    }
}

impl Source {
    fn of_hit(at: usize, hit: &Hit, language: &str, terms: &Terms) -> Self {
        let mut source = Self::of_passage(&hit.found, language, terms);
        source.hit = Some(at);
        source
    }

    /// A passage that is compared with others, and answers nothing.
    pub(super) fn of_entry(compared: &Compared, terms: &Terms) -> Self {
        let language = compared.language.as_deref().unwrap_or_default();
        Self::of_passage(&compared.found, language, terms)
    }

    fn of_passage(found: &FoundPassage, language: &str, terms: &Terms) -> Self {
        let passage = &found.passage;
        let lines = passage
            .sentences
            .iter()
            .map(|sentence| (sentence.start..sentence.end, Some(sentence.vector.clone())));
        let head = format!("{}. {}", found.title, passage.heading);
        let mut source = Self::new(&passage.text, &head, lines, language, terms);
        let url = found.source_url.as_deref().and_then(super::address::canonical);
        source.addresses.extend(url);
        source
    }

    fn of_statement(text: &str, language: &str, terms: &Terms) -> Self {
        let lines = sentences(text).into_iter().map(|range| (range, None));
        Self::new(text, "", lines, language, terms)
    }

    fn new(
        text: &str,
        head: &str,
        lines: impl Iterator<Item = (std::ops::Range<usize>, Option<Vector>)>,
        language: &str,
        terms: &Terms,
    ) -> Self {
        let told = language::detect(text).map(|language| language.code);
        let words = Vocabulary::of(told.as_deref().unwrap_or(language));
        let lines = lines.filter_map(|(range, vector)| {
            let claims = Claims::of(&visible(text.get(range.clone())?), words, terms);
            Some(Line {
                range,
                claims,
                vector,
            })
        });
        let lines: Vec<Line> = lines.collect();
        let head = visible(head);
        let capitals = capitals(&head);
        let head = Claims::of(&head, words, terms);
        let plain = format!("{}{}", head.plain, plain(&visible(text)));
        let of_lines = lines.iter().flat_map(|line| line.claims.addresses.found.clone());
        let phones = lines.iter().flat_map(|line| line.claims.phones.clone());
        Self {
            phones: phones.chain(head.phones.clone()).collect(),
            hit: None,
            text: text.to_owned(),
            headed: terms.of(&head.plain).into_iter().collect(),
            capitals,
            written: plain.split([' ', '-']).map(str::to_owned).collect(),
            addresses: of_lines.chain(head.addresses.found.clone()).collect(),
            initials: initials(text),
            plain,
            lines,
            head,
            words,
        }
    }

    /// Whether a name of several words that stands there is shortened to this.
    pub(super) fn has_initials(&self, name: &str) -> bool {
        self.initials.contains(name)
    }

    /// Whether a name stands there, in one number or the other.
    pub(super) fn has_word(&self, name: &str) -> bool {
        let parts = name
            .split(|c: char| !c.is_alphanumeric())
            .filter(|part| part.chars().count() > 1);
        let mut parts = parts.filter(|part| *part != "s");
        self.has_initials(name)
            || parts.all(|part| {
                let fewer = part.strip_suffix('s').or_else(|| part.strip_suffix('n'));
                self.written.contains(part)
                    || fewer.is_some_and(|fewer| self.written.contains(fewer))
                    || ["s", "n", "en", "'s", "es"]
                        .iter()
                        .any(|end| self.written.contains(&format!("{part}{end}")))
            })
    }
}

/// `Plus` of `Gold Plus Account › Limits`.
fn capitals(head: &str) -> Vec<String> {
    let parts = head.split(['›', '.', ':', '?', '!', '–', '|']);
    let inside = parts.flat_map(|part| part.split_whitespace().skip(1));
    inside
        .filter(|word| word.chars().next().is_some_and(char::is_uppercase))
        .map(str::to_lowercase)
        .collect()
}

/// `eu` of `European Union`.
fn initials(text: &str) -> HashSet<String> {
    let mut found = HashSet::new();
    let mut run = String::new();
    for word in text.split_whitespace() {
        match word.chars().next().filter(|first| first.is_uppercase()) {
            Some(first) => run.extend(first.to_lowercase()),
            None => run.clear(),
        }
        if run.chars().count() > 1 {
            found.insert(run.clone());
        }
        if !word.ends_with(char::is_alphanumeric) {
            run.clear();
        }
    }
    found
}
