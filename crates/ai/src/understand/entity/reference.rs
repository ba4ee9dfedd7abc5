//! Numbers that a word before them gives a meaning: `invoice no. 4711`, `Ticket #A-12`. Orders have more to tell them by, and
//! a file of their own.

use std::ops::Range;

use super::{Found, Message};

/// What tells numbers of one kind.
pub(super) struct Signs {
    /// Words before them.
    pub(super) words: &'static [&'static str],
    /// How they begin where no such word stands before: `ORD-123`. In capitals.
    pub(super) prefixes: &'static [&'static str],
}

const INVOICE: Signs = Signs {
    words: &[
        "invoice",
        "bill",
        "receipt",
        "rechnung",
        "rechnungsnummer",
        "factura",
        "facture",
    ],
    prefixes: &["INVOICE", "INV", "RE", "RG"],
};

const TICKET: Signs = Signs {
    words: &[
        "ticket",
        "case",
        "incident",
        "complaint",
        "claim",
        "vorgang",
        "fall",
        "anfrage",
        "caso",
        "dossier",
    ],
    prefixes: &["TICKET", "CASE", "INC", "TKT", "CS", "REQ"],
};

/// Words between the telling word and its number.
const BETWEEN: [&str; 22] = [
    "number",
    "no",
    "nr",
    "num",
    "id",
    "nummer",
    "número",
    "numero",
    "numéro",
    "is",
    "ist",
    "es",
    "est",
    "was",
    "code",
    "reference",
    "ref",
    "with",
    "the",
    "my",
    "it",
    "s",
];
/// Of those, the ones that promise a number: less may follow them.
const PROMISES: [&str; 10] = [
    "number", "no", "nr", "num", "id", "nummer", "número", "numero", "numéro", "code",
];
/// How many words may stand between.
const REACH: usize = 4;
/// The longest number, in bytes.
const LONGEST: usize = 40;

/// Numbers of invoices: `invoice 2024-117`, `INV-2024-117`.
pub(super) fn invoices(message: &Message<'_>) -> Vec<Found> {
    find(message, &INVOICE)
}

/// Numbers of tickets and cases: `ticket #A-12`, `INC-00123`.
pub(super) fn tickets(message: &Message<'_>) -> Vec<Found> {
    find(message, &TICKET)
}

/// The numbers of a kind, in capitals.
pub(super) fn find(message: &Message<'_>, signs: &Signs) -> Vec<Found> {
    if !message.has_digits {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut end = 0;
    for index in 0..message.tokens.len() {
        let token = message.tokens[index];
        if token.digits || token.start < end {
            continue;
        }
        let word = message.word(index);
        let told = signs.words.contains(&word)
            || word
                .strip_suffix('s')
                .is_some_and(|word| signs.words.contains(&word));
        let number = (told && message.stands_alone(&(token.start..token.end)))
            .then(|| behind(message, index))
            .flatten()
            .or_else(|| prefixed(message, token.start, signs.prefixes));
        if let Some(number) = number {
            end = number.range.end;
            found.push(number);
        }
    }
    found
}

/// The number behind a telling word.
fn behind(message: &Message<'_>, telling: usize) -> Option<Found> {
    let mut promised = false;
    for index in telling..(telling + REACH).min(message.tokens.len()) {
        let gap = message.gap(index);
        if gap.len() > 4 || gap.contains(['!', ';']) || (gap.contains(['.', '?']) && !promised) {
            return None;
        }
        let next = message.tokens.get(index + 1)?;
        promised |= gap.contains('#');
        let range = code(message.text, next.start);
        let digits = message.text[range.clone()]
            .bytes()
            .filter(u8::is_ascii_digit)
            .count();
        let enough = if promised { 1 } else { 4 };
        let begins =
            range.start == next.start && !message.text[..range.start].ends_with(['$', '€', '£', '@']);
        if digits >= enough
            && begins
            && is_code(&message.text[range.clone()])
            && is_whole(message.text, &range)
        {
            let normalized = message.text[range.clone()].to_ascii_uppercase();
            let confidence = if promised { 0.95 } else { 0.85 };
            return Some(Found {
                range,
                normalized,
                confidence,
            });
        }
        let word = message.word(index + 1);
        if !BETWEEN.contains(&word) {
            return None;
        }
        promised |= PROMISES.contains(&word);
    }
    None
}

/// A number that begins as the kind's numbers do.
fn prefixed(message: &Message<'_>, start: usize, prefixes: &[&str]) -> Option<Found> {
    let lower = &message.lower[start..];
    let prefix = prefixes.iter().find(|prefix| {
        lower.len() > prefix.len() && lower.as_bytes()[..prefix.len()].eq_ignore_ascii_case(prefix.as_bytes())
    })?;
    let range = code(message.text, start);
    let value = message.text.get(range.clone())?;
    let rest = value
        .get(prefix.len()..)?
        .trim_start_matches(['-', '_', '#', '/']);
    let joined = value.len() - prefix.len() > rest.len();
    let digits = rest.bytes().filter(u8::is_ascii_digit).count();
    (joined && digits >= 3 && is_whole(message.text, &range)).then(|| Found {
        normalized: value.to_ascii_uppercase(),
        range,
        confidence: 0.9,
    })
}

/// The run of letters, digits, and single marks between them from a byte on.
fn code(text: &str, start: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let mut end = start;
    let mut at = start;
    while let Some(byte) = bytes.get(at).filter(|_| at - start < LONGEST) {
        match byte {
            byte if byte.is_ascii_alphanumeric() => end = at + 1,
            b'-' | b'_' | b'/' | b'#' if end == at => {}
            _ => break,
        }
        at += 1;
    }
    start..end
}

/// Whether it looks like a number given out by a machine and not like `24-hour`: no run of small letters.
fn is_code(value: &str) -> bool {
    let mut small = 0;
    value.bytes().all(|byte| {
        small = if byte.is_ascii_lowercase() { small + 1 } else { 0 };
        small < 4
    })
}

/// Whether no letter, digit, sign of currency or unit goes on at its ends.
fn is_whole(text: &str, range: &Range<usize>) -> bool {
    let mut behind = text[range.end..].chars();
    let goes_on = match behind.next() {
        Some('.' | ',' | ':') => behind.next().is_some_and(|c| c.is_ascii_digit()),
        Some('@' | '%' | '€' | '$' | '£') => true,
        _ => false,
    };
    !goes_on && super::stands_alone(text, range)
}

#[cfg(test)]
mod tests {
    use super::super::normalized;
    use super::*;

    #[test]
    fn a_word_or_a_prefix_tells_the_kind() {
        assert_eq!(
            normalized(
                invoices,
                "Rechnung Nr. 88/2026, the invoice 2024-117, inv-0042x, a bill of 5000 and invoice no. 3."
            ),
            ["88/2026", "2024-117", "INV-0042X", "3"]
        );
        assert_eq!(
            normalized(
                tickets,
                "Ticket: #A-12, my case number was 00512 and INC-00123. In any case 3 of them"
            ),
            ["A-12", "00512", "INC-00123"]
        );
    }
}
