//! Personal data replaced by marks: for logs and prompts.
//!
//! A mark is a kind and a number in brackets, `[email_1]`. It has no bracket within, so no mark can arise where another
//! meets the text around it; numbers of marks that the text itself contains are not given out. What a mark stands for is
//! known to the [`Masked`] alone, which lives as long as its turn and is never stored.

use std::ops::Range;

use acs_domain::analysis::Entity;

/// Kinds that tell who or where a person is, or give access to what is theirs.
const PERSONAL: [&str; 14] = [
    "email",
    "phone",
    "card",
    "iban",
    "ssn",
    "person",
    "street",
    "postal_code",
    "tax_id",
    "bank_account",
    "routing_number",
    "government_id",
    "passport",
    "drivers_license",
];

/// Whether things of a built-in kind are personal data.
pub(super) fn is_personal(kind: &str) -> bool {
    PERSONAL.contains(&kind)
}

/// A text without its personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct Masked {
    /// The text, with marks for what was taken out.
    pub text: String,
    /// Each mark, and what it stands for.
    values: Vec<(String, String)>,
}

/// Shows the text alone: what was taken out must not reach a log by way of a debug form.
impl std::fmt::Debug for Masked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Masked")
            .field("text", &self.text)
            .finish_non_exhaustive()
    }
}

/// Takes the personal data among `entities` out of their text. The same words get the same mark. Entities that overlap
/// another or lie outside of the text are left, and so are those within a mark: masking twice is masking once.
#[must_use]
pub fn mask(text: &str, entities: &[Entity]) -> Masked {
    let mut masked = Masked {
        text: String::with_capacity(text.len()),
        values: Vec::new(),
    };
    let written: Vec<Mark<'_>> = marks(text).collect();
    let mut personal: Vec<(Range<usize>, &str)> = bytes_of(text, entities)
        .filter(|(range, _)| {
            let within = |mark: &Mark<'_>| mark.range.start <= range.start && range.end <= mark.range.end;
            !written.iter().any(within)
        })
        .collect();
    personal.sort_by_key(|(range, _)| range.start);
    let mut end = 0;
    for (range, kind) in personal {
        if range.start < end {
            continue;
        }
        masked.text.push_str(&text[end..range.start]);
        let mark = masked.mark_for(&text[range.clone()], kind, &written);
        masked.text.push_str(&mark);
        end = range.end;
    }
    masked.text.push_str(&text[end..]);
    masked
}

impl Masked {
    /// Puts what was taken out back into a text, the masked one or one that was written after it. Marks that the text
    /// held before stay.
    #[must_use]
    pub fn unmask(&self, text: &str) -> String {
        let mut whole = String::with_capacity(text.len());
        let mut end = 0;
        for mark in marks(text) {
            let value = self
                .values
                .iter()
                .find(|(known, _)| *known == text[mark.range.clone()]);
            if let Some((_, value)) = value {
                whole.push_str(&text[end..mark.range.start]);
                whole.push_str(value);
                end = mark.range.end;
            }
        }
        whole.push_str(&text[end..]);
        whole
    }

    /// The mark of a value, a new one unless the same words of the same kind have one.
    fn mark_for(&mut self, value: &str, kind: &str, written: &[Mark<'_>]) -> String {
        let of_kind = |mark: &str| {
            mark[1..]
                .strip_prefix(kind)
                .is_some_and(|rest| rest.starts_with('_'))
        };
        let known = self
            .values
            .iter()
            .find(|(mark, known)| known == value && of_kind(mark));
        if let Some((mark, _)) = known {
            return mark.clone();
        }
        let mut number = self.values.iter().filter(|(mark, _)| of_kind(mark)).count() + 1;
        let used = |number: usize| {
            let mark = format!("[{kind}_{number}]");
            written.iter().any(|other| other.text == mark)
                || self.values.iter().any(|(other, _)| *other == mark)
        };
        while used(number) {
            number += 1;
        }
        let mark = format!("[{kind}_{number}]");
        self.values.push((mark.clone(), value.to_owned()));
        mark
    }
}

/// What looks like a mark in a text.
struct Mark<'a> {
    range: Range<usize>,
    text: &'a str,
}

/// What looks like a mark: small letters, digits and `_`, an `_` and a number behind, in brackets.
fn marks(text: &str) -> impl Iterator<Item = Mark<'_>> {
    text.match_indices('[').filter_map(move |(start, _)| {
        let inner = &text[start + 1..];
        let length = inner
            .bytes()
            .take_while(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'_')
            .count();
        let (kind, number) = inner[..length].rsplit_once('_')?;
        let closed = inner[length..].starts_with(']');
        let numbered = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let range = start..start + length + 2;
        (closed && numbered && !kind.is_empty()).then(|| Mark {
            text: &text[range.clone()],
            range,
        })
    })
}

/// The bytes of the personal entities that lie in the text, with their kinds.
fn bytes_of<'a>(text: &str, entities: &'a [Entity]) -> impl Iterator<Item = (Range<usize>, &'a str)> {
    let mut starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    starts.push(text.len());
    entities
        .iter()
        .filter(|entity| entity.start < entity.end && entity.personal)
        .filter_map(move |entity| {
            let range = *starts.get(entity.start)?..*starts.get(entity.end)?;
            Some((range, entity.kind.as_str()))
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Context, find};
    use super::*;

    fn masked(text: &str) -> Masked {
        mask(text, &find(text, Context::default()))
    }

    #[test]
    fn personal_data_is_replaced_and_the_rest_stays() {
        let masked =
            masked("Ü: write to Jo@acme.example or jo@b.example (not Jo@acme.example), order #4711 for 5 €.");
        assert_eq!(
            masked.text,
            "Ü: write to [email_1] or [email_2] (not [email_1]), order #4711 for 5 €."
        );
        assert_eq!(masked.unmask("To [email_2]!"), "To jo@b.example!");
        assert!(!format!("{masked:?}").contains("acme"));
    }

    #[test]
    fn marks_that_the_text_brings_are_not_given_out() {
        let masked = masked("[email_1] a@b.example [email_3] c@d.example");
        assert_eq!(masked.text, "[email_1] [email_2] [email_3] [email_4]");
        assert_eq!(
            masked.unmask(&masked.text),
            "[email_1] a@b.example [email_3] c@d.example"
        );
    }

    #[test]
    fn entities_of_another_text_do_no_harm() {
        let entities = find("a long text and then jo@acme.example", Context::default());
        assert_eq!(mask("short", &entities).text, "short");
    }

    /// Any cutting of a text into entities, right or wrong.
    fn entities() -> impl Strategy<Value = Vec<Entity>> {
        let kind = prop::sample::select(vec!["email", "phone", "person", "money"]);
        let entity = (kind, 0_usize..30, 0_usize..12).prop_map(|(kind, start, length)| Entity {
            kind: kind.to_owned(),
            value: String::new(),
            normalized: String::new(),
            start,
            end: start + length,
            confidence: 1.0,
            personal: is_personal(kind),
        });
        prop::collection::vec(entity, 0..6)
    }

    proptest! {
        #[test]
        fn unmasking_gives_the_text_again(
            text in r"(\[|\]|\[email_1\]|\[phone_|_1|person|[a-zä😀 1]){0,24}", entities in entities(),
        ) {
            let masked = mask(&text, &entities);
            prop_assert_eq!(masked.unmask(&masked.text), text);
        }

        #[test]
        fn nothing_within_a_mark_is_masked_again(text in "[a-zä 0-9]{0,30}", entities in entities()) {
            let once = mask(&text, &entities);
            let within = marks(&once.text).map(|mark| {
                let start = once.text[..mark.range.start].chars().count();
                Entity {
                    kind: "person".into(), value: String::new(), normalized: String::new(), confidence: 1.0, personal: true,
                    start, end: start + mark.text.chars().count(),
                }
            });
            let within: Vec<Entity> = within.collect();
            prop_assert_eq!(mask(&once.text, &within).text, once.text);
        }

        #[test]
        fn a_masked_message_holds_no_personal_data(
            parts in prop::collection::vec(prop::sample::select(vec![
                "jo@acme.example", "+49 30 901820", "4111 1111 1111 1111", "my name is Jo", "and", "[email_1]", "ordered 5 kg", "😀",
            ]), 0..8),
        ) {
            let once = masked(&parts.join(", "));
            let twice = masked(&once.text);
            prop_assert_eq!(&twice.text, &once.text);
        }
    }
}
