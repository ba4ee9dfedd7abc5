//! An organization's own terms: its products and its forms of numbers.

#[cfg(test)]
mod tests;

use std::ops::Range;

use acs_domain::port::understand::{TermModel, Terms, UnderstandError};
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use regex::{Regex, RegexBuilder};

use super::country::Country;
use super::folded::Folded;
use super::{Found, Message};

/// The most products, their aliases counted.
const MOST_NAMES: usize = 20_000;
/// The longest name, in bytes.
const LONGEST_NAME: usize = 200;
/// The most patterns: every message is held against each.
const MOST_PATTERNS: usize = 50;
/// The longest expression, in bytes.
const LONGEST_EXPRESSION: usize = 500;
/// The most matches of all patterns in one text: a pattern of any letter would find each.
const MOST_MATCHES: usize = 200;
/// The most bytes that a compiled expression may take.
const EXPRESSION_BYTES: usize = 256 * 1024;

/// An organization's terms, compiled.
#[derive(Debug)]
pub struct TermIndex {
    country: Option<&'static Country>,
    names: Option<AhoCorasick>,
    /// What each name of `names` stands for.
    named: Vec<Named>,
    patterns: Vec<OwnPattern>,
}

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Named {
    /// What the organization calls it.
    name: String,
    /// Whether it is a product, or a mere word.
    is_product: bool,
    /// Whether customers call it so, and the organization otherwise.
    is_alias: bool,
}

/// A pattern, compiled.
#[derive(Debug)]
struct OwnPattern {
    kind: String,
    expression: Regex,
    personal: bool,
}

/// What an organization's patterns found in a text.
#[derive(Debug, Default)]
pub(super) struct Matches<'a> {
    /// With their kinds, and whether they are personal data.
    pub(super) found: Vec<(&'a str, Found, bool)>,
    /// Whether there was more than is taken of one text.
    pub(super) cut: bool,
}

impl TermIndex {
    /// Compiles terms. Names are found whatever the case of their letters and
    /// the form of their accents; a pattern is a regular expression
    /// without backtracking, of bounded size.
    pub fn learn(terms: Terms) -> Result<Self, UnderstandError> {
        let country = match &terms.country {
            None => None,
            Some(code) => {
                let known = Country::of_code(code);
                Some(known.ok_or_else(|| bad(code, "the country is not known"))?)
            }
        };
        let products = terms.products.iter().map(|it| (&it.name, &it.aliases, true));
        let synonyms = terms.synonyms.iter().map(|it| (&it.name, &it.aliases, false));
        let (mut names, mut named) = (Vec::new(), Vec::new());
        for (own, aliases, is_product) in products.chain(synonyms) {
            for name in std::iter::once(own).chain(aliases) {
                let name = name.trim();
                if name.is_empty() || name.len() > LONGEST_NAME {
                    return Err(bad(own, format!("a name must have 1 to {LONGEST_NAME} bytes")));
                }
                if names.len() == MOST_NAMES {
                    return Err(bad(own, format!("there may be {MOST_NAMES} names")));
                }
                let folded = Folded::small(name).text.into_owned();
                named.push(Named {
                    name: own.trim().to_owned(),
                    is_product,
                    is_alias: folded != Folded::small(own.trim()).text,
                });
                names.push(folded);
            }
        }
        let automaton = AhoCorasickBuilder::new()
            .match_kind(MatchKind::LeftmostLongest)
            .build(&names);
        if terms.patterns.len() > MOST_PATTERNS {
            return Err(bad("patterns", format!("there may be {MOST_PATTERNS}")));
        }
        let patterns = terms.patterns.into_iter().map(|pattern| {
            let regex = compile(&pattern.kind, &pattern.expression)?;
            Ok(OwnPattern {
                kind: pattern.kind,
                expression: regex,
                personal: pattern.personal,
            })
        });
        Ok(Self {
            country,
            names: (!names.is_empty())
                .then_some(automaton)
                .transpose()
                .map_err(|error| bad("products", error.to_string()))?,
            named,
            patterns: patterns.collect::<Result<_, UnderstandError>>()?,
        })
    }

    pub(super) fn country(&self) -> Option<&'static Country> {
        self.country
    }

    /// What the organization's patterns find.
    pub(super) fn matches(&self, text: &str) -> Matches<'_> {
        let mut matches = Matches::default();
        for own in &self.patterns {
            for captures in own.expression.captures_iter(text) {
                let Some(whole) = captures.get(0) else {
                    continue;
                };
                if matches.found.len() == MOST_MATCHES {
                    matches.cut = true;
                    return matches;
                }
                let value = captures.name("value").unwrap_or(whole);
                let found = Found {
                    range: whole.range(),
                    normalized: value.as_str().to_owned(),
                    confidence: 0.9,
                };
                matches.found.push((&own.kind, found, own.personal));
            }
        }
        matches
    }

    /// The things that a folded text in small letters names.
    fn names(&self, text: &str) -> impl Iterator<Item = (Range<usize>, &Named)> {
        let matches = self.names.iter().flat_map(move |names| names.find_iter(text));
        matches.filter_map(move |name| Some((name.range(), self.named.get(name.pattern().as_usize())?)))
    }
}

impl TermModel for TermIndex {
    fn size_bytes(&self) -> usize {
        let names = self.names.as_ref().map_or(0, AhoCorasick::memory_usage);
        let named: usize = self
            .named
            .iter()
            .map(|named| named.name.len() + size_of::<Named>())
            .sum();
        names + named + self.patterns.len() * EXPRESSION_BYTES
    }

    fn in_our_words(&self, question: &str) -> Option<String> {
        let folded = Folded::small(question);
        let aliases = self.names(&folded.text).filter(|(_, named)| named.is_alias);
        let (mut said, mut from) = (String::new(), 0);
        for (range, named) in aliases {
            let range = folded.written(&range);
            let Some(plural) = plural(question, &range).filter(|_| range.start >= from) else {
                continue;
            };
            said.push_str(&question[from..range.start]);
            said.push_str(&named.name);
            from = range.end + plural.len();
            said.push_str(if plural.is_empty() { "" } else { "s" });
        }
        if from == 0 {
            return None;
        }
        said.push_str(&question[from..]);
        Some(said)
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// The end of an English plural behind a name, mostly none; `None` where another word goes on before or behind.
fn plural<'t>(text: &'t str, name: &Range<usize>) -> Option<&'t str> {
    let before = text[..name.start].chars().next_back();
    let behind = &text[name.end..];
    let end = behind
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(behind.len());
    let stands_alone =
        !before.is_some_and(char::is_alphanumeric) && ["", "s", "es"].contains(&&behind[..end]);
    stands_alone.then(|| &behind[..end])
}

/// The organization's products, under their own names.
pub(super) fn products(message: &Message<'_>) -> Vec<Found> {
    let Some(terms) = message.terms() else {
        return Vec::new();
    };
    let folded = Folded::small(message.text);
    let product = |(range, named): (Range<usize>, &Named)| Found {
        range: folded.written(&range),
        normalized: named.name.clone(),
        confidence: 0.95,
    };
    let products = terms.names(&folded.text).filter(|(_, named)| named.is_product);
    let named = products.map(product);
    named.filter(|found| message.stands_alone(&found.range)).collect()
}

fn compile(kind: &str, expression: &str) -> Result<Regex, UnderstandError> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if kind.is_empty() || kind.len() > 40 || !kind.chars().all(plain) {
        return Err(bad(kind, "a kind has up to 40 small letters, digits and _"));
    }
    if super::is_kind(kind) {
        return Err(bad(kind, "this kind is built in"));
    }
    if expression.is_empty() || expression.len() > LONGEST_EXPRESSION {
        return Err(bad(
            kind,
            format!("an expression must have 1 to {LONGEST_EXPRESSION} bytes"),
        ));
    }
    let regex = RegexBuilder::new(expression)
        .size_limit(EXPRESSION_BYTES)
        .dfa_size_limit(EXPRESSION_BYTES)
        .build()
        .map_err(|error| bad(kind, error.to_string()))?;
    // The least length is that of a match, wherever its edges must lie.
    let parsed = regex_syntax::parse(expression).map_err(|error| bad(kind, error.to_string()))?;
    if parsed.properties().minimum_len().is_none_or(|least| least == 0) {
        return Err(bad(kind, "the expression can match nothing at all"));
    }
    Ok(regex)
}

fn bad(term: &str, problem: impl Into<String>) -> UnderstandError {
    UnderstandError::BadTerm {
        term: term.to_owned(),
        problem: problem.into(),
    }
}
