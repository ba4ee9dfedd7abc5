//! Personal data replaced by marks: for logs and prompts.
//!
//! A mark is a kind and a number in brackets, `[email_1]`. It has no bracket within, so no mark can arise where another
//! meets the text around it; numbers of marks that the text itself contains are not given out. What a mark stands for is
//! known to the [`MaskedTexts`] alone, which lives as long as its turn and is never stored.

use std::ops::Range;
use std::sync::Arc;

use acs_domain::analysis::Entity;
use acs_domain::port::mask::{Masked, Masker};
use acs_domain::port::understand::TermModel;

use super::personal::{PersonalData, PersonalDataFinder};

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

/// Texts without their personal data.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct MaskedTexts {
    /// The texts, with marks for what was taken out.
    pub texts: Vec<String>,
    /// Each mark, and what it stands for.
    values: Vec<(String, String)>,
}

/// Shows the texts alone: what was taken out must not reach a log by way of a debug form.
impl std::fmt::Debug for MaskedTexts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MaskedTexts")
            .field("texts", &self.texts)
            .finish_non_exhaustive()
    }
}

/// Takes the personal data among each text's entities out of it. The same words get the same mark in all of them. Entities
/// that overlap another or lie outside of the text are left, and so are those within a mark: masking twice is masking once.
#[must_use]
pub fn mask(texts: &[(&str, &[Entity])]) -> MaskedTexts {
    let written: Vec<Mark<'_>> = texts.iter().flat_map(|(text, _)| marks(text)).collect();
    let mut masked = MaskedTexts::default();
    for (text, entities) in texts {
        let text = masked.masked(text, entities, &written);
        masked.texts.push(text);
    }
    masked
}

/// Masks what rules find.
#[derive(Debug, Clone, Copy, Default)]
pub struct RuleMasker;

impl RuleMasker {
    /// The texts without what rules find in them.
    #[must_use]
    pub fn masked(texts: &[&str]) -> MaskedTexts {
        masked_with(texts, None, |_| Some(Arc::default())).unwrap_or_default()
    }
}

impl Masker for RuleMasker {
    fn mask(&self, texts: &[&str], terms: Option<&Arc<dyn TermModel>>) -> Option<Arc<dyn Masked>> {
        Some(Arc::new(masked_with(texts, terms, |_| Some(Arc::default()))?))
    }
}

/// Masks what rules and the model find.
#[derive(Debug, Clone)]
pub struct PersonalDataMasker(Arc<PersonalDataFinder>);

impl PersonalDataMasker {
    /// One that asks the same model as understanding: what that has read is not read again.
    #[must_use]
    pub fn new(finder: Arc<PersonalDataFinder>) -> Self {
        Self(finder)
    }
}

impl Masker for PersonalDataMasker {
    fn mask(&self, texts: &[&str], terms: Option<&Arc<dyn TermModel>>) -> Option<Arc<dyn Masked>> {
        // One after the other, so that a long talk does not fill the line before the model.
        Some(Arc::new(masked_with(texts, terms, |text| {
            self.0.find_whole(text)
        })?))
    }
}

/// The texts without what rules find and what `personal` tells of each; `None` where it does not.
fn masked_with(
    texts: &[&str],
    terms: Option<&Arc<dyn TermModel>>,
    personal: impl Fn(&str) -> Option<Arc<[PersonalData]>>,
) -> Option<MaskedTexts> {
    let context = super::Context {
        terms: terms.and_then(|terms| terms.as_any().downcast_ref()),
        ..super::Context::default()
    };
    let find = |text: &&str| Some(super::find_with(text, context, &personal(text)?).entities);
    let found: Vec<Vec<Entity>> = texts.iter().map(find).collect::<Option<_>>()?;
    let texts: Vec<(&str, &[Entity])> = texts
        .iter()
        .zip(&found)
        .map(|(text, entities)| (*text, &**entities))
        .collect();
    Some(mask(&texts))
}

impl Masked for MaskedTexts {
    fn texts(&self) -> &[String] {
        &self.texts
    }

    fn unmask(&self, text: &str) -> String {
        Self::unmask(self, text)
    }
}

impl MaskedTexts {
    fn masked(&mut self, text: &str, entities: &[Entity], written: &[Mark<'_>]) -> String {
        let own: Vec<Mark<'_>> = marks(text).collect();
        let mut personal: Vec<(Range<usize>, &str)> = bytes_of(text, entities)
            .filter(|(range, _)| {
                let within = |mark: &Mark<'_>| mark.range.start <= range.start && range.end <= mark.range.end;
                !own.iter().any(within)
            })
            .collect();
        personal.sort_by_key(|(range, _)| range.start);
        let mut masked = String::with_capacity(text.len());
        let mut end = 0;
        for (range, kind) in personal {
            if range.start < end {
                continue;
            }
            masked.push_str(&text[end..range.start]);
            masked.push_str(&self.mark_for(&text[range.clone()], kind, written));
            end = range.end;
        }
        masked.push_str(&text[end..]);
        masked
    }

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

    fn masked(text: &str) -> MaskedTexts {
        mask(&[(text, &find(text, Context::default()))])
    }

    #[test]
    fn personal_data_is_replaced_and_the_rest_stays() {
        let masked =
            masked("Ü: write to Jo@acme.example or jo@b.example (not Jo@acme.example), order #4711 for 5 €.");
        assert_eq!(
            masked.texts[0],
            "Ü: write to [email_1] or [email_2] (not [email_1]), order #4711 for 5 €."
        );
        assert_eq!(masked.unmask("To [email_2]!"), "To jo@b.example!");
        assert!(!format!("{masked:?}").contains("acme"));
    }

    #[test]
    fn marks_that_the_text_brings_are_not_given_out() {
        let masked = masked("[email_1] a@b.example [email_3] c@d.example");
        assert_eq!(masked.texts[0], "[email_1] [email_2] [email_3] [email_4]");
        assert_eq!(
            masked.unmask(&masked.texts[0]),
            "[email_1] a@b.example [email_3] c@d.example"
        );
    }

    #[test]
    fn the_same_words_have_the_same_mark_in_all_texts() {
        let texts = [
            "I am jo@a.example",
            "not [email_2], but jo@a.example",
            "or mo@b.example",
        ];
        let masked = RuleMasker::masked(&texts);
        assert_eq!(
            masked.texts,
            ["I am [email_1]", "not [email_2], but [email_1]", "or [email_3]"]
        );
        assert_eq!(
            masked.unmask("[email_3] and [email_2]"),
            "mo@b.example and [email_2]"
        );
    }

    #[test]
    fn entities_of_another_text_do_no_harm() {
        let entities = find("a long text and then jo@acme.example", Context::default());
        assert_eq!(mask(&[("short", &entities)]).texts[0], "short");
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
            let masked = mask(&[(&text, &entities)]);
            prop_assert_eq!(masked.unmask(&masked.texts[0]), text);
        }

        #[test]
        fn nothing_within_a_mark_is_masked_again(text in "[a-zä 0-9]{0,30}", entities in entities()) {
            let once = mask(&[(&text, &entities)]);
            let within = marks(&once.texts[0]).map(|mark| {
                let start = once.texts[0][..mark.range.start].chars().count();
                Entity {
                    kind: "person".into(), value: String::new(), normalized: String::new(), confidence: 1.0, personal: true,
                    start, end: start + mark.text.chars().count(),
                }
            });
            let within: Vec<Entity> = within.collect();
            prop_assert_eq!(&mask(&[(&once.texts[0], &within)]).texts[0], &once.texts[0]);
        }

        #[test]
        fn a_masked_message_holds_no_personal_data(
            parts in prop::collection::vec(prop::sample::select(vec![
                "jo@acme.example", "+49 30 901820", "4111 1111 1111 1111", "my name is Jo", "and", "[email_1]", "ordered 5 kg", "😀",
            ]), 0..8),
        ) {
            let once = masked(&parts.join(", "));
            let twice = masked(&once.texts[0]);
            prop_assert_eq!(&twice.texts[0], &once.texts[0]);
        }
    }
}
