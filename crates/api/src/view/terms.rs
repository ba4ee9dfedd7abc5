//! What an organization calls its own things.

use acs_domain::port::understand;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an organization calls its own things.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Terms {
    /// Where telephone numbers without a calling code are from: ISO 3166-1, two letters.
    #[schema(example = "DE")]
    country: Option<String>,
    /// What it sells. Found in messages as entities of the type `product`, whatever the case of their letters.
    #[serde(default)]
    products: Vec<Product>,
    /// Numbers and codes of its own.
    #[serde(default)]
    #[schema(max_items = 50)]
    patterns: Vec<Pattern>,
    /// Words of its customers for what its knowledge calls otherwise. A question that has one is answered as if it had the
    /// knowledge's word; so it is for products' aliases.
    #[serde(default)]
    synonyms: Vec<Synonym>,
}

/// What the knowledge calls a thing, and what customers call it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Synonym {
    /// The knowledge's word.
    #[schema(min_length = 1, max_length = 200, example = "sofa")]
    name: String,
    /// Those of customers.
    aliases: Vec<String>,
}

/// A thing that an organization sells.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Product {
    /// What it is called.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// What else customers call it.
    #[serde(default)]
    aliases: Vec<String>,
}

/// A form of an organization's own.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Pattern {
    /// The type of the entities that it finds: up to 40 of a-z, 0-9 and _, other than the types that are always found.
    #[schema(min_length = 1, max_length = 40, example = "contract_number")]
    kind: String,
    /// A regular expression without backtracking, which must match one character at least. A group named `value` gives the
    /// normalized form. In one message 200 matches of all patterns are taken.
    #[schema(min_length = 1, max_length = 500, example = r"\bVN-(?P<value>\d{4})\b")]
    expression: String,
    /// Whether what it finds is personal data, to be masked: the number of a customer, say.
    #[serde(default)]
    personal: bool,
}

impl From<Terms> for understand::Terms {
    fn from(from: Terms) -> Self {
        let product = |product: Product| understand::Product {
            name: product.name,
            aliases: product.aliases,
        };
        let pattern = |pattern: Pattern| understand::Pattern {
            kind: pattern.kind,
            expression: pattern.expression,
            personal: pattern.personal,
        };
        let synonym = |synonym: Synonym| understand::Synonym {
            name: synonym.name,
            aliases: synonym.aliases,
        };
        Self {
            country: from.country,
            products: from.products.into_iter().map(product).collect(),
            patterns: from.patterns.into_iter().map(pattern).collect(),
            synonyms: from.synonyms.into_iter().map(synonym).collect(),
        }
    }
}

impl From<understand::Terms> for Terms {
    fn from(from: understand::Terms) -> Self {
        let product = |product: understand::Product| Product {
            name: product.name,
            aliases: product.aliases,
        };
        let pattern = |pattern: understand::Pattern| Pattern {
            kind: pattern.kind,
            expression: pattern.expression,
            personal: pattern.personal,
        };
        let synonym = |synonym: understand::Synonym| Synonym {
            name: synonym.name,
            aliases: synonym.aliases,
        };
        Self {
            country: from.country,
            products: from.products.into_iter().map(product).collect(),
            patterns: from.patterns.into_iter().map(pattern).collect(),
            synonyms: from.synonyms.into_iter().map(synonym).collect(),
        }
    }
}
