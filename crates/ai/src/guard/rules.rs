//! Phrases that speak for a danger, found in the words of a text.
//!
//! `rules.txt` holds them, and `emergencies.txt` those of people in danger: a phrase a line, below the danger that they
//! speak for and how much (from 0 to 1). A phrase is a row of words. `a|b` stands for either word, `ignor*` for any that
//! begin so, `..3` for up to three words of any kind, and `..3-my` for as many but not `my`. One behind `=` must be the
//! whole text. Phrases below `indirect` count in texts only that may ask nothing of the agent. The search takes, for each word of the text, the few phrases that begin with it, and the gaps of a phrase are
//! few and short: time is linear in the text.

use std::collections::HashMap;
use std::sync::LazyLock;

use acs_domain::analysis::Danger;
use acs_domain::port::guard::Origin;

use super::plain::Words;

/// A phrase found in a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Hit {
    pub(super) danger: Danger,
    pub(super) weight: f32,
    /// Whether its words were written so that they are not seen at once.
    pub(super) disguised: bool,
    /// Which phrase it is.
    pub(super) number: u16,
}

/// Every phrase that stands in `words`, the same one once.
pub(super) fn find(words: &Words, origin: Origin) -> Vec<Hit> {
    let rules = &*RULES;
    let terms: Vec<Terms> = words.iter().map(|word| rules.terms(word)).collect();
    let mut found: Vec<u16> = Vec::new();
    let mut hits = Vec::new();
    for at in 0..terms.len() {
        for term in terms[at].iter() {
            for &number in &rules.by_first[usize::from(term)] {
                let rule = &rules.rules[usize::from(number)];
                if (rule.indirect && origin.may_ask()) || found.contains(&number) {
                    continue;
                }
                let Some(end) = matches(&rule.parts[1..], &terms, at + 1) else {
                    continue;
                };
                if rule.whole && (at > 0 || end < terms.len()) {
                    continue;
                }
                found.push(number);
                hits.push(Hit {
                    danger: rule.danger,
                    weight: rule.weight,
                    disguised: words.any_disguised(at, end),
                    number,
                });
            }
        }
    }
    hits
}

/// Whether a phrase has this word.
pub(super) fn knows(word: &str) -> bool {
    RULES.knows(word)
}

/// Where a match of the parts from `at` on ends.
fn matches(parts: &[Part], terms: &[Terms], at: usize) -> Option<usize> {
    let Some((part, rest)) = parts.split_first() else {
        return Some(at);
    };
    match part {
        Part::Word(any) => {
            let here = terms.get(at)?;
            here.iter()
                .any(|term| any.contains(&term))
                .then(|| matches(rest, terms, at + 1))?
        }
        Part::Gap { most, but } => {
            for skipped in 0..=*most {
                if let Some(end) = matches(rest, terms, at + skipped) {
                    return Some(end);
                }
                let next = terms.get(at + skipped)?;
                if next.iter().any(|term| but.contains(&term)) {
                    return None;
                }
            }
            None
        }
    }
}

#[derive(Debug)]
enum Part {
    /// One of these terms.
    Word(Vec<u16>),
    /// So many words at the most, none of them one of these.
    Gap { most: usize, but: Vec<u16> },
}

struct Rule {
    danger: Danger,
    weight: f32,
    indirect: bool,
    /// Whether it must be the whole text.
    whole: bool,
    parts: Vec<Part>,
}

/// What a word of a text is in the rules: a term of its own, and those that it begins with. 0 is none.
#[derive(Debug, Clone, Copy, Default)]
struct Terms([u16; 3]);

impl Terms {
    fn iter(&self) -> impl Iterator<Item = u16> {
        self.0.into_iter().take_while(|term| *term != 0)
    }

    fn push(&mut self, term: u16) {
        if let Some(free) = self.0.iter_mut().find(|slot| **slot == 0) {
            *free = term;
        }
    }
}

struct Rules {
    words: HashMap<String, u16>,
    /// By their first bytes.
    stems: HashMap<[u8; SHORTEST_STEM], Vec<(String, u16)>>,
    rules: Vec<Rule>,
    /// For each term, the rules that begin with it.
    by_first: Vec<Vec<u16>>,
}

/// The shortest stem, in bytes.
const SHORTEST_STEM: usize = 3;

impl Rules {
    /// Whether a phrase has this word, or a stem of this very form.
    fn knows(&self, word: &str) -> bool {
        let stems = || self.stems.get(word.as_bytes().first_chunk()?);
        self.words.contains_key(word)
            || stems().is_some_and(|stems| stems.iter().any(|(stem, _)| stem == word))
    }

    fn terms(&self, word: &str) -> Terms {
        let mut terms = Terms::default();
        if let Some(&term) = self.words.get(word) {
            terms.push(term);
        }
        if let Some(stems) = word
            .as_bytes()
            .first_chunk()
            .and_then(|first| self.stems.get(first))
        {
            for (stem, term) in stems {
                if word.starts_with(stem.as_str()) {
                    terms.push(*term);
                }
            }
        }
        terms
    }

    /// The number of a word, or of a stem where it ends in a star.
    fn term(&mut self, written: &str) -> Vec<u16> {
        let stem = written.strip_suffix('*');
        let plain = Words::read(stem.unwrap_or(written));
        let mut terms = Vec::new();
        for word in plain.iter() {
            let next = u16::try_from(self.by_first.len()).unwrap_or_default();
            let first = word.as_bytes().first_chunk::<SHORTEST_STEM>();
            let term = match (stem, first) {
                (Some(_), Some(first)) => {
                    let stems = self.stems.entry(*first).or_default();
                    match stems.iter().find(|(known, _)| known == word) {
                        Some((_, term)) => *term,
                        None => {
                            stems.push((word.to_owned(), next));
                            next
                        }
                    }
                }
                _ => *self.words.entry(word.to_owned()).or_insert(next),
            };
            if term == next {
                self.by_first.push(Vec::new());
            }
            terms.push(term);
        }
        terms
    }

    /// The parts of a phrase.
    fn parts(&mut self, phrase: &str) -> Vec<Part> {
        let mut parts = Vec::new();
        for written in phrase.split(' ').filter(|part| !part.is_empty()) {
            if let Some(gap) = written.strip_prefix("..") {
                let (most, but) = gap.split_once('-').unwrap_or((gap, ""));
                let but = but.split('|').flat_map(|word| self.term(word)).collect();
                parts.push(Part::Gap {
                    most: most.parse().unwrap_or(0),
                    but,
                });
            } else if written.contains('|') {
                let any = written.split('|').flat_map(|word| self.term(word)).collect();
                parts.push(Part::Word(any));
            } else {
                // Several terms where a script puts no spaces.
                parts.extend(self.term(written).into_iter().map(|term| Part::Word(vec![term])));
            }
        }
        parts
    }
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let mut rules = Rules {
        words: HashMap::new(),
        stems: HashMap::new(),
        rules: Vec::new(),
        // Term 0 is none.
        by_first: vec![Vec::new()],
    };
    let mut group = None;
    for line in lines() {
        if let Some(head) = head(line) {
            group = Some(head);
            continue;
        }
        let Some((danger, weight, indirect)) = group else {
            continue;
        };
        let (whole, phrase) = match line.strip_prefix("= ") {
            Some(phrase) => (true, phrase),
            None => (false, line),
        };
        let parts = rules.parts(phrase);
        let number = u16::try_from(rules.rules.len()).unwrap_or(u16::MAX);
        let Some(Part::Word(first)) = parts.first() else {
            continue;
        };
        for term in first {
            rules.by_first[usize::from(*term)].push(number);
        }
        rules.rules.push(Rule {
            danger,
            weight,
            indirect,
            whole,
            parts,
        });
    }
    rules
});

/// The bundled rules, in two files.
pub(crate) const FILES: [&str; 2] = [include_str!("rules.txt"), include_str!("emergencies.txt")];

/// The lines that are neither empty nor remarks.
fn lines() -> impl Iterator<Item = &'static str> {
    FILES
        .into_iter()
        .flat_map(str::lines)
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
}

/// What a group's head says, such as `[jailbreak 0.6 indirect]`.
fn head(line: &str) -> Option<(Danger, f32, bool)> {
    let line = line.strip_prefix('[')?.strip_suffix(']')?;
    let mut words = line.split(' ');
    let danger = words.next()?.parse().ok()?;
    let weight = words.next()?.parse().ok()?;
    Some((danger, weight, words.next() == Some("indirect")))
}

#[cfg(test)]
mod tests;
