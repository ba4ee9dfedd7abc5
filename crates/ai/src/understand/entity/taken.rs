//! What was found in a text, kind by kind: the words that one has are no other's.

use acs_domain::analysis::Entity;

use super::{Found, Kind, Message, Things, mask};

/// The most entities of a text that are no personal data, which is never left out: it could not be masked.
const MOST_ENTITIES: usize = 200;

/// What was found so far; no two share a byte.
#[derive(Default)]
pub(super) struct Taken<'a> {
    /// By their first byte.
    things: std::collections::BTreeMap<usize, Thing<'a>>,
    /// Whether something was left out.
    pub(super) cut: bool,
}

/// Something found, of a kind.
struct Thing<'a> {
    kind: &'a str,
    found: Found,
    personal: bool,
}

impl<'a> Taken<'a> {
    pub(super) fn all(&mut self, message: &Message<'_>, kinds: &[Kind]) {
        for &(kind, rule) in kinds {
            for found in rule(message) {
                self.add(kind, found, mask::is_personal(kind));
            }
        }
    }

    /// Adds a thing unless its words are taken.
    pub(super) fn add(&mut self, kind: &'a str, found: Found, personal: bool) {
        let before = self.things.range(..found.range.end).next_back();
        if before.is_none_or(|(_, other)| other.found.range.end <= found.range.start) {
            let thing = Thing {
                kind,
                found,
                personal,
            };
            self.things.insert(thing.found.range.start, thing);
        }
    }

    pub(super) fn into_things(self, text: &str) -> Things {
        let mut cut = self.cut;
        let mut others = 0;
        let is_taken = |thing: &Thing<'_>| {
            others += usize::from(!thing.personal);
            let taken = thing.personal || others <= MOST_ENTITIES;
            cut |= !taken;
            taken
        };
        let things: Vec<_> = self.things.into_values().filter(is_taken).collect();
        let (mut bytes, mut points) = (0, 0);
        let entity = |Thing {
                          kind,
                          found,
                          personal,
                      }: Thing<'_>| {
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
                personal,
            }
        };
        Things {
            entities: things.into_iter().map(entity).collect(),
            cut,
        }
    }
}
