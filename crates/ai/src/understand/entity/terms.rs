//! An organization's own terms: its products and its forms of numbers.

use std::ops::Range;

use acs_domain::port::understand::{TermModel, Terms, UnderstandError};
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use regex::{Regex, RegexBuilder};

use super::country::Country;
use super::{Found, Message};

/// The most products, their aliases counted.
const MOST_NAMES: usize = 20_000;
/// The longest name, in bytes.
const LONGEST_NAME: usize = 200;
/// The most patterns: every message is held against each.
const MOST_PATTERNS: usize = 50;
/// The longest expression, in bytes.
const LONGEST_EXPRESSION: usize = 500;
/// The most bytes that a compiled expression may take.
const EXPRESSION_BYTES: usize = 256 * 1024;

/// An organization's terms, compiled.
#[derive(Debug)]
pub struct TermIndex {
    country: Option<&'static Country>,
    names: Option<AhoCorasick>,
    /// The product that each name of `names` stands for.
    products: Vec<String>,
    patterns: Vec<(String, Regex)>,
}

impl TermIndex {
    /// Compiles terms. Names are found whatever the case of their ASCII letters; a pattern is a regular expression
    /// without backtracking, of bounded size.
    pub fn learn(terms: Terms) -> Result<Self, UnderstandError> {
        let country = match &terms.country {
            None => None,
            Some(code) => {
                let known = Country::of_code(code);
                Some(known.ok_or_else(|| bad(code, "the country is not known"))?)
            }
        };
        let (mut names, mut products) = (Vec::new(), Vec::new());
        for product in terms.products {
            for name in std::iter::once(&product.name).chain(&product.aliases) {
                let name = name.trim();
                if name.is_empty() || name.len() > LONGEST_NAME {
                    return Err(bad(
                        &product.name,
                        format!("a name must have 1 to {LONGEST_NAME} bytes"),
                    ));
                }
                if names.len() == MOST_NAMES {
                    return Err(bad(&product.name, format!("there may be {MOST_NAMES} names")));
                }
                names.push(name.to_owned());
                products.push(product.name.trim().to_owned());
            }
        }
        let automaton = AhoCorasickBuilder::new()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .build(&names);
        if terms.patterns.len() > MOST_PATTERNS {
            return Err(bad("patterns", format!("there may be {MOST_PATTERNS}")));
        }
        let patterns = terms.patterns.into_iter().map(|pattern| {
            let regex = compile(&pattern.kind, &pattern.expression)?;
            Ok((pattern.kind, regex))
        });
        Ok(Self {
            country,
            names: (!names.is_empty())
                .then_some(automaton)
                .transpose()
                .map_err(|error| bad("products", error.to_string()))?,
            products,
            patterns: patterns.collect::<Result<_, UnderstandError>>()?,
        })
    }

    pub(super) fn country(&self) -> Option<&'static Country> {
        self.country
    }

    /// What the organization's patterns find, with their kinds.
    pub(super) fn matches(&self, text: &str) -> Vec<(&str, Found)> {
        let mut found = Vec::new();
        for (kind, pattern) in &self.patterns {
            for captures in pattern.captures_iter(text) {
                let Some(whole) = captures.get(0).filter(|whole| !whole.is_empty()) else {
                    continue;
                };
                let value = captures.name("value").unwrap_or(whole);
                found.push((
                    kind.as_str(),
                    Found {
                        range: whole.range(),
                        normalized: value.as_str().to_owned(),
                        confidence: 0.9,
                    },
                ));
            }
        }
        found
    }

    fn names(&self, text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
        let matches = self.names.iter().flat_map(move |names| names.find_iter(text));
        matches.filter_map(move |name| {
            Some((
                name.range(),
                self.products.get(name.pattern().as_usize())?.as_str(),
            ))
        })
    }
}

impl TermModel for TermIndex {
    fn size_bytes(&self) -> usize {
        let names = self.names.as_ref().map_or(0, AhoCorasick::memory_usage);
        let products: usize = self
            .products
            .iter()
            .map(|name| name.len() + size_of::<String>())
            .sum();
        names + products + self.patterns.len() * EXPRESSION_BYTES
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// The organization's products, under their own names.
pub(super) fn products(message: &Message<'_>) -> Vec<Found> {
    let Some(terms) = message.terms() else {
        return Vec::new();
    };
    let whole = |(range, _): &(Range<usize>, &str)| message.stands_alone(range);
    let product = |(range, name): (Range<usize>, &str)| Found {
        range,
        normalized: name.to_owned(),
        confidence: 0.95,
    };
    terms.names(message.text).filter(whole).map(product).collect()
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
    if regex.is_match("") {
        return Err(bad(kind, "the expression matches nothing at all"));
    }
    Ok(regex)
}

fn bad(term: &str, problem: impl Into<String>) -> UnderstandError {
    UnderstandError::BadTerm {
        term: term.to_owned(),
        problem: problem.into(),
    }
}

#[cfg(test)]
mod tests {
    use acs_domain::port::understand::{Pattern, Product};

    use super::super::{Context, find};
    use super::*;

    fn terms() -> Terms {
        let product = |name: &str, aliases: &[&str]| Product {
            name: name.to_owned(),
            aliases: aliases.iter().map(|&alias| alias.to_owned()).collect(),
        };
        Terms {
            country: Some("de".into()),
            products: vec![
                product("Aurora Lamp", &["Aurora"]),
                product("Aurora Lamp XL", &[]),
            ],
            patterns: vec![Pattern {
                kind: "contract_number".into(),
                expression: r"(?i)\bVN[- ](?P<value>\d{4})\b".into(),
            }],
        }
    }

    fn refused(change: impl FnOnce(&mut Terms)) -> String {
        let mut terms = terms();
        change(&mut terms);
        TermIndex::learn(terms).unwrap_err().to_string()
    }

    #[test]
    fn products_patterns_and_the_country_are_the_organizations() {
        let index = TermIndex::learn(terms()).unwrap();
        let context = Context {
            terms: Some(&index),
            ..Context::default()
        };
        let text = "My aurora lamp xl (not the Aurora, not auroras) under vn-4711, call 030 901820";
        let found: Vec<_> = find(text, context)
            .into_iter()
            .map(|e| (e.kind, e.normalized))
            .collect();
        let expected = [
            ("product", "Aurora Lamp XL"),
            ("product", "Aurora Lamp"),
            ("contract_number", "4711"),
            ("phone", "+4930901820"),
        ];
        assert_eq!(
            found,
            expected.map(|(kind, value)| (kind.to_owned(), value.to_owned()))
        );
        assert!(index.size_bytes() > 0);
    }

    #[test]
    fn terms_that_cannot_be_used_are_named() {
        let expression = |expression: &'static str| {
            move |terms: &mut Terms| terms.patterns[0].expression = expression.into()
        };
        assert!(refused(expression("(")).contains("contract_number"));
        assert!(refused(expression(r"(?:\pL{100}){100}")).contains("contract_number"));
        assert!(refused(expression("a*")).contains("nothing at all"));
        assert!(refused(|terms| terms.patterns[0].kind = "email".into()).contains("built in"));
        assert!(refused(|terms| terms.patterns[0].kind = "No!".into()).contains("small letters"));
        assert!(refused(|terms| terms.products[0].name = " ".into()).contains("bytes"));
        assert!(refused(|terms| terms.country = Some("XX".into())).contains("country"));
    }
}
