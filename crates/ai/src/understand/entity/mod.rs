//! Things named in a text. Rules with checksums and fixed forms come first, then an organization's own terms, then rules
//! that read words, then the personal-data model.
//!
//! A kind is one file with one line in a table. Where two kinds claim the same words, the one that stands first has them.
//!
//! | file | what it holds |
//! |---|---|
//! | `message` | a text's tokens, and where and when it was written |
//! | `folded` | a text with its signs in their usual forms |
//! | `amount`, `number`, `country` | what several kinds share: numbers in digits and in words, calling codes |
//! | `reference` | numbers that a word before them tells: invoices, tickets |
//! | `taken` | what was found, the stricter kinds first |
//! | `terms` | an organization's products and patterns |
//! | [`mask`] | personal data replaced by marks, and back |
//! | [`personal`] | the model that finds names and addresses |
//! | all others | a kind each |

mod amount;
mod card;
mod country;
mod date;
mod email;
mod folded;
mod iban;
mod location;
pub mod mask;
mod message;
mod money;
mod number;
mod order;
mod organization;
mod percentage;
mod person;
pub mod personal;
mod phone;
mod quantity;
mod reference;
mod ssn;
mod street;
mod taken;
mod terms;
mod tracking;
mod url;

use std::ops::Range;

use acs_domain::analysis::Entity;

use message::Message;
use personal::PersonalData;
use taken::Taken;

pub use message::Context;
pub use terms::TermIndex;

/// What a rule found.
#[derive(Debug, Clone, PartialEq)]
struct Found {
    /// Its bytes in the text.
    range: Range<usize>,
    /// In one agreed form.
    normalized: String,
    /// From 0 to 1.
    confidence: f32,
}

/// A kind's name, as the public contract has it, and its rule.
type Kind = (&'static str, fn(&Message<'_>) -> Vec<Found>);

/// Kinds with checksums and fixed forms, the strictest first.
const STRICT: [Kind; 6] = [
    ("email", email::find),
    ("url", url::find),
    ("iban", iban::find),
    ("card", card::find),
    ("ssn", ssn::find),
    ("tracking_number", tracking::find),
];

/// Kinds of numbers that their signs and the words around them tell.
const TOLD: [Kind; 9] = [
    ("street", street::find),
    ("money", money::find),
    ("percentage", percentage::find),
    ("date", date::find),
    ("invoice_number", reference::invoices),
    ("ticket_number", reference::tickets),
    ("order_number", order::find),
    ("phone", phone::find),
    ("quantity", quantity::find),
];

/// Kinds of names: the model knows more of them, and what it finds goes first.
const NAMES: [Kind; 3] = [
    ("person", person::find),
    ("organization", organization::find),
    ("location", location::find),
];

/// The organization's own products: their names go before all but the strict kinds.
const PRODUCT: Kind = ("product", terms::products);

/// What is named in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Things {
    /// In the text's order. Offsets count code points.
    pub entities: Vec<Entity>,
    /// Whether there were more than are taken of one text.
    pub cut: bool,
}

/// The things named in a text that rules find, in its order. Offsets count code points.
#[must_use]
pub fn find(text: &str, context: Context<'_>) -> Vec<Entity> {
    find_with(text, context, &[]).entities
}

/// The things named in a text that rules find, and those that the model found in it.
#[must_use]
pub fn find_with(text: &str, context: Context<'_>, personal: &[PersonalData]) -> Things {
    let message = Message::new(text, context);
    let mut taken = Taken::default();
    taken.all(&message, &STRICT);
    if let Some(terms) = context.terms {
        let matches = terms.matches(text);
        taken.cut |= matches.cut;
        for (kind, found, personal) in matches.found {
            taken.add(kind, found, personal);
        }
        taken.all(&message, &[PRODUCT]);
    }
    taken.all(&message, &TOLD);
    for thing in personal {
        if let Some(value) = text.get(thing.range.clone()) {
            taken.add(
                thing.kind,
                Found {
                    range: thing.range.clone(),
                    normalized: value.split_whitespace().collect::<Vec<_>>().join(" "),
                    confidence: thing.confidence,
                },
                mask::is_personal(thing.kind),
            );
        }
    }
    taken.all(&message, &NAMES);
    taken.into_things(text)
}

/// Whether a kind of this name is built in.
fn is_kind(name: &str) -> bool {
    let kinds = STRICT.iter().chain(&TOLD).chain(&NAMES).chain([&PRODUCT]);
    kinds.into_iter().any(|(kind, _)| *kind == name) || personal::is_kind(name)
}

/// What people set between the digits of cards and accounts; a class of signs for patterns on folded texts.
const SEPARATOR: &str = r"[\s\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}._‐‑‒–—-]";

/// Whether the bytes before and behind a range are no letters or digits, so that it is not cut out of a longer word.
fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    !text[..range.start].ends_with(char::is_alphanumeric)
        && !text[range.end..].starts_with(char::is_alphanumeric)
}

/// What a rule finds in a text that nothing is known about, in the agreed form: how the kinds are tried.
#[cfg(test)]
fn normalized(find: fn(&Message<'_>) -> Vec<Found>, text: &str) -> Vec<String> {
    let found = find(&Message::new(text, Context::default()));
    found.into_iter().map(|found| found.normalized).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_kind_is_found_in_one_text() {
        let text = "Ünïcode 😀 first: write to Jo.Doe@Acme.Example, see https://acme.example/a, pay 12,50 € (20 %) to \
                    DE89 3704 0044 0532 0130 00 with 4111 1111 1111 1111.";
        let found = find(text, Context::default());
        let seen: Vec<_> = found
            .iter()
            .map(|e| (e.kind.as_str(), e.value.as_str(), e.normalized.as_str()))
            .collect();
        assert_eq!(
            seen,
            [
                ("email", "Jo.Doe@Acme.Example", "jo.doe@acme.example"),
                ("url", "https://acme.example/a", "https://acme.example/a"),
                ("money", "12,50 €", "12.50 EUR"),
                ("percentage", "20 %", "20%"),
                ("iban", "DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
                ("card", "4111 1111 1111 1111", "4111111111111111"),
            ]
        );
    }

    proptest! {
        #[test]
        fn offsets_count_code_points(
            before in "[a-zA-Zäß你😀,.!? ]{0,12}", after in "[a-zA-Zäß你😀,.!? ]{0,12}",
            thing in prop::sample::select(vec!["a.b@acme.example", "https://acme.example/x", "19.99 €", "4111 1111 1111 1111", "7.5 %", "GB29NWBK60161331926819"]),
        ) {
            let text = format!("{before} {thing} {after}");
            let found = find(&text, Context::default());
            let points: Vec<char> = text.chars().collect();
            let mut end = 0;
            for entity in &found {
                prop_assert!(entity.start >= end && entity.end > entity.start);
                prop_assert_eq!(points[entity.start..entity.end].iter().collect::<String>(), entity.value.clone());
                end = entity.end;
            }
            prop_assert!(found.iter().any(|entity| thing.contains(&entity.value) || entity.value.contains(thing)));
        }

        #[test]
        fn any_text_is_borne(text in "([0-9 ,.€$%@:/-]{0,30}|[a-zA-Z0-9@.:/ ]{0,30}|\\PC{0,20}){0,4}") {
            for entity in find(&text, Context::default()) {
                prop_assert!(!entity.value.is_empty() && (0.0..=1.0).contains(&entity.confidence));
            }
        }
    }
}
