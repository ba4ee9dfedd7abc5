//! Things named in a text, found by rules that leave no doubt: checksums, fixed forms, signs of currency.
//!
//! A kind is one file with one line in [`KINDS`]. Where two kinds claim the same words, the one that stands first in the
//! table has them.

mod amount;
mod card;
mod email;
mod iban;
mod money;
mod percentage;
mod url;

use std::ops::Range;

use acs_domain::analysis::Entity;

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
type Kind = (&'static str, fn(&str) -> Vec<Found>);

/// All kinds, those with the strictest forms first.
const KINDS: [Kind; 6] = [
    ("email", email::find),
    ("url", url::find),
    ("iban", iban::find),
    ("card", card::find),
    ("money", money::find),
    ("percentage", percentage::find),
];

/// The things named in a text, in its order. Offsets count code points.
pub(super) fn find(text: &str) -> Vec<Entity> {
    let mut taken: Vec<(&'static str, Found)> = Vec::new();
    for (kind, rule) in KINDS {
        for found in rule(text) {
            let free = |(_, other): &(_, Found)| {
                found.range.end <= other.range.start || found.range.start >= other.range.end
            };
            if taken.iter().all(free) {
                taken.push((kind, found));
            }
        }
    }
    taken.sort_by_key(|(_, found)| found.range.start);

    let (mut bytes, mut points) = (0, 0);
    let entity = |(kind, found): (&'static str, Found)| {
        let value = &text[found.range.clone()];
        points += text[bytes..found.range.start].chars().count();
        let start = points;
        points += value.chars().count();
        bytes = found.range.end;
        Entity {
            kind: kind.to_owned(),
            value: value.to_owned(),
            normalized: found.normalized,
            start,
            end: points,
            confidence: found.confidence,
        }
    };
    taken.into_iter().map(entity).collect()
}

/// Whether the bytes before and behind a range are no letters or digits, so that it is not cut out of a longer word.
fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    !text[..range.start].ends_with(char::is_alphanumeric)
        && !text[range.end..].starts_with(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_kind_is_found_in_one_text() {
        let text = "Ünïcode 😀 first: write to Jo.Doe@Acme.Example, see https://acme.example/a, pay 12,50 € (20 %) to \
                    DE89 3704 0044 0532 0130 00 with 4111 1111 1111 1111.";
        let found = find(text);
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
            let found = find(&text);
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
            for entity in find(&text) {
                prop_assert!(!entity.value.is_empty() && (0.0..=1.0).contains(&entity.confidence));
            }
        }
    }
}
