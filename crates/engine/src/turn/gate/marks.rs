//! Marks and markers: what stands in brackets in a model's sentence.

use std::borrow::Cow;

use acs_domain::port::ground::Support;
use acs_domain::port::mask::Masked;

/// A sentence without the model's own markers of sources, ` [1]` and ` [1, 2]`: which source it stands on is for the check to
/// say.
pub(super) fn without_markers(sentence: &str) -> Cow<'_, str> {
    without(sentence, |inner| {
        inner
            .split(',')
            .map(str::trim)
            .all(|number| (1..=3).contains(&number.len()) && number.bytes().all(|c| c.is_ascii_digit()))
    })
}

/// A sentence without the marks of the customer's own data, ` [email_1]`: they claim nothing. What only looks like such a mark is
/// said as it stands, so it is checked as it stands.
pub(super) fn without_marks<'s>(sentence: &'s str, masked: &dyn Masked) -> Cow<'s, str> {
    without(sentence, |inner| {
        let mark = format!("[{inner}]");
        masked.unmask(&mark) != mark
    })
}

/// The first mark in a sentence whose value the sentence may not say: what the customer wrote is no source of how to reach or to pay
/// anyone. Only a source that has it may; and the customer may be called by a name.
pub(super) fn strangers<'s>(sentence: &'s str, masked: &dyn Masked, support: &Support) -> Option<&'s str> {
    let source = match support {
        Support::Supported(ground) => ground.citation.as_ref().map(|citation| letters(&citation.quote)),
        _ => None,
    };
    let in_source = |value: &str| {
        source
            .as_ref()
            .is_some_and(|source| source.contains(&letters(value)))
    };
    brackets(sentence).find_map(|at| {
        let mark = &sentence[at.clone()];
        let value = masked.unmask(mark);
        let is_said = value == mark || in_source(&value) || is_called(sentence, at.start, at.end);
        (!is_said).then_some(mark)
    })
}

/// `Dear [person_1], …`: a name between commas or at an end.
fn is_called(sentence: &str, start: usize, end: usize) -> bool {
    let before = sentence[..start].trim_end();
    let greets = before.split_whitespace().count() <= 2;
    sentence[start..].starts_with("[person_")
        && (greets || before.ends_with(','))
        && sentence[end..]
            .chars()
            .next()
            .is_none_or(|next| matches!(next, ',' | '.' | '!' | '?' | ':'))
}

/// Letters and digits alone, small: however a number is parted, it is the same.
fn letters(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Where something stands in brackets.
fn brackets(sentence: &str) -> impl Iterator<Item = std::ops::Range<usize>> {
    sentence.match_indices('[').filter_map(|(start, _)| {
        let length = sentence[start..].find(']')?;
        Some(start..start + length + 1)
    })
}

/// A sentence without some of what stands in brackets, and the blanks before it.
fn without(sentence: &str, leave_out: impl Fn(&str) -> bool) -> Cow<'_, str> {
    let mut rest = sentence;
    let mut whole = String::new();
    while let Some(start) = rest.find('[') {
        let (before, bracket) = rest.split_at(start);
        let inner = bracket[1..].split_once(']').map(|(inner, _)| inner);
        match inner.filter(|inner| leave_out(inner)) {
            Some(inner) => {
                whole.push_str(before.trim_end());
                rest = &bracket[inner.len() + 2..];
            }
            None => {
                whole.push_str(&rest[..=start]);
                rest = &bracket[1..];
            }
        }
    }
    if whole.is_empty() && rest.len() == sentence.len() {
        return Cow::Borrowed(sentence);
    }
    whole.push_str(rest);
    Cow::Owned(whole)
}
