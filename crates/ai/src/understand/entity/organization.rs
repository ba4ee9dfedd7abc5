//! Companies that are named with their legal form.

use super::{Found, Message};

/// What stands behind a company's name.
const FORMS: [&str; 22] = [
    "inc",
    "incorporated",
    "ltd",
    "limited",
    "llc",
    "llp",
    "plc",
    "corp",
    "corporation",
    "co",
    "company",
    "gmbh",
    "ag",
    "kg",
    "se",
    "sa",
    "sarl",
    "srl",
    "bv",
    "oy",
    "ab",
    "pty",
];
/// Forms that are words of other languages besides: they count in capitals only.
const SHORT: [&str; 7] = ["ag", "kg", "se", "sa", "co", "ab", "oy"];
/// Words that begin sentences, and are no names.
const NO_NAMES: [&str; 12] = [
    "the", "a", "an", "my", "our", "your", "this", "that", "at", "from", "i", "and",
];
/// The most words of a name before its form.
const LONGEST: usize = 5;

/// Capital words before a legal form: `Acme Inc.`, `White & Hoffman Ltd`; as written.
pub(super) fn find(message: &Message<'_>) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for form in 1..message.tokens.len() {
        let word = message.word(form);
        if !FORMS.contains(&word) {
            continue;
        }
        let token = message.tokens[form];
        let written = &message.text[token.start..token.end];
        let formal = written.starts_with(char::is_uppercase)
            && (!SHORT.contains(&word) || !written.ends_with(char::is_lowercase) || word == "co");
        let whole = super::stands_alone(message.text, &(token.start..token.end));
        if let Some(first) = first_word(message, form).filter(|_| formal && whole) {
            let range = message.tokens[first].start..token.end;
            found.push(Found {
                normalized: message.text[range.clone()].to_owned(),
                range,
                confidence: 0.8,
            });
        }
    }
    found
}

/// The first word of the name before a legal form.
fn first_word(message: &Message<'_>, form: usize) -> Option<usize> {
    let mut first = None;
    for at in (form.saturating_sub(LONGEST)..form).rev() {
        let token = message.tokens[at];
        let capital =
            message.text[token.start..].starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
        let joined = matches!(message.gap(at), " " | ", " | " & " | "-" | "'" | "’" | "& ");
        let word = message.word(at);
        if !joined
            || !(capital || word == "and" && first.is_some())
            || NO_NAMES.contains(&word) && word != "and"
        {
            break;
        }
        if capital {
            first = Some(at);
        }
    }
    first
}

#[cfg(test)]
mod tests {
    use super::super::normalized;
    use super::*;

    fn names(text: &str) -> Vec<String> {
        normalized(find, text)
    }

    #[test]
    fn the_legal_form_tells() {
        assert_eq!(
            names("I work at Acme Inc. and the White & Hoffman Ltd, before that Müller GmbH."),
            ["Acme Inc", "White & Hoffman Ltd", "Müller GmbH"]
        );
    }

    #[test]
    fn without_a_name_or_a_form_nothing_is_found() {
        assert!(names("the Company, our Ltd, 5 kg, Acme sells, se habla, a co Worker").is_empty());
    }
}
