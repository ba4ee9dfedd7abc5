//! What a sentence claims that can be checked letter by letter.

use std::collections::HashSet;

use super::figures::{Figure, figures};
use super::lexis;

/// Words by which an agent binds its company: a source must use the same one.
const PROMISES: &[&str] = &[
    "always",
    "compensate",
    "compensation",
    "discount",
    "exchange",
    "free",
    "gift",
    "guarantee",
    "guaranteed",
    "immediately",
    "instantly",
    "lifetime",
    "never",
    "promise",
    "refund",
    "refunded",
    "refunds",
    "reimburse",
    "replace",
    "replacement",
    "unlimited",
    "voucher",
    "waive",
    "waived",
    "warranty",
];

/// Words that turn a statement round.
const DENIALS: &[&str] = &[
    "ain't",
    "aren't",
    "can't",
    "cannot",
    "couldn't",
    "didn't",
    "doesn't",
    "don't",
    "except",
    "excluded",
    "hasn't",
    "haven't",
    "impossible",
    "isn't",
    "neither",
    "never",
    "no",
    "none",
    "nor",
    "not",
    "unable",
    "wasn't",
    "weren't",
    "without",
    "won't",
    "wouldn't",
];

/// Stands where an address or a number was taken out (U+FFFC, the object replacement character).
const TAKEN: &str = "\u{fffc}";

/// The checkable claims of a text.
#[derive(Debug, Default)]
pub(super) struct Claims {
    pub(super) figures: Vec<Figure>,
    /// Web and e-mail addresses, in lower case, without scheme and closing punctuation.
    pub(super) addresses: Vec<String>,
    /// Phone numbers, digits only.
    pub(super) phones: Vec<String>,
    /// What stands in quotation marks, in lower case.
    pub(super) quoted: Vec<String>,
    /// Words with a capital inside a sentence, in lower case.
    pub(super) names: Vec<String>,
    pub(super) promises: Vec<&'static str>,
    /// How often it denies.
    pub(super) denials: usize,
    /// The text without its addresses and phone numbers.
    pub(super) rest: String,
}

impl Claims {
    pub(super) fn of(text: &str) -> Self {
        let (rest, addresses) = addresses(text);
        let (rest, phones) = phones(&rest);
        let words: HashSet<String> = words(&rest).collect();
        let names = lexis::particulars(&rest).filter(|name| !name.chars().any(|c| c.is_ascii_digit()));
        Self {
            figures: figures(&rest),
            addresses,
            phones,
            quoted: quoted(&rest),
            names: names
                .map(str::to_lowercase)
                .filter(|name| name != "i" && !name.starts_with("i'"))
                .collect(),
            promises: PROMISES
                .iter()
                .copied()
                .filter(|promise| words.contains(*promise))
                .collect(),
            denials: DENIALS.iter().filter(|denial| words.contains(**denial)).count(),
            rest,
        }
    }

    /// Whether there is anything to check letter by letter.
    pub(super) fn is_empty(&self) -> bool {
        self.figures.is_empty()
            && self.addresses.is_empty()
            && self.phones.is_empty()
            && self.quoted.is_empty()
            && self.promises.is_empty()
    }

    /// The first claim that `source` does not make, in words.
    pub(super) fn missing_in(&self, source: &Source) -> Option<String> {
        let figure = self.figures.iter().find(|figure| !source.states(figure));
        let address = self.addresses.iter().find(|address| !source.has_address(address));
        let phone = self
            .phones
            .iter()
            .find(|phone| !source.claims.phones.contains(phone));
        let quoted = self.quoted.iter().find(|quoted| !source.says(quoted));
        let name = self.names.iter().find(|name| !source.has_word(name));
        let promise = self.promises.iter().find(|promise| !source.promises(promise));
        figure
            .map(|figure| format!("the figure {}", figure.value))
            .or_else(|| address.map(|address| format!("the address {address}")))
            .or_else(|| phone.map(|phone| format!("the number {phone}")))
            .or_else(|| quoted.map(|quoted| format!("the words \"{quoted}\"")))
            .or_else(|| name.map(|name| format!("the name {name}")))
            .or_else(|| promise.map(|promise| format!("the promise \"{promise}\"")))
            .map(|claim| format!("{claim} stands in no source"))
    }
}

/// A piece of a source, ready to be compared.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) claims: Claims,
    text: String,
    words: HashSet<String>,
    url: Option<String>,
}

impl Source {
    pub(super) fn new(text: &str, url: Option<&str>) -> Self {
        Self {
            claims: Claims::of(text),
            text: text.to_lowercase(),
            words: words(text).collect(),
            url: url.map(plain_address),
        }
    }

    /// Whether the words stand there. The addresses and numbers between them are claims of their own.
    fn says(&self, quoted: &str) -> bool {
        quoted.split(TAKEN).all(|words| self.text.contains(words.trim()))
    }

    fn states(&self, figure: &Figure) -> bool {
        self.claims.figures.iter().any(|known| {
            known.value == figure.value
                && (figure.unit.is_none() || known.unit.is_none() || known.unit == figure.unit)
        })
    }

    fn has_address(&self, address: &str) -> bool {
        self.claims
            .addresses
            .iter()
            .chain(&self.url)
            .any(|known| known == address)
    }

    fn has_word(&self, word: &str) -> bool {
        let parts = word
            .split(|c: char| !c.is_alphanumeric())
            .filter(|part| part.chars().count() > 1);
        let stem = |part: &str| part.strip_suffix('s').map(str::to_owned);
        parts.into_iter().all(|part| {
            self.words.contains(part)
                || stem(part).is_some_and(|stem| self.words.contains(&stem))
                || self.words.contains(&format!("{part}s"))
        })
    }

    fn promises(&self, promise: &str) -> bool {
        let root: String = promise.chars().take(6).collect();
        self.words
            .iter()
            .any(|word| word == promise || (root.len() == 6 && word.starts_with(&root)))
    }
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
        .map(|word| word.trim_matches(['\'', '’']).replace('’', "'").to_lowercase())
        .filter(|word| !word.is_empty())
        .flat_map(|word| {
            // "Brellwick's" names Brellwick.
            let owner = word.strip_suffix("'s").map(str::to_owned);
            std::iter::once(word).chain(owner)
        })
}

/// Takes web and e-mail addresses out of a text.
fn addresses(text: &str) -> (String, Vec<String>) {
    let mut rest = String::with_capacity(text.len());
    let mut addresses = Vec::new();
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_matches(|c: char| c.is_whitespace() || "()<>[]{}\"'„“”.,;:!?".contains(c));
        if is_address(word) {
            addresses.push(plain_address(word));
            rest.push_str(&piece.replacen(word, TAKEN, 1));
        } else {
            rest.push_str(piece);
        }
    }
    (rest, addresses)
}

fn is_address(word: &str) -> bool {
    let host = |host: &str| {
        let labels: Vec<&str> = host.split('.').collect();
        labels.len() > 1
            && labels
                .iter()
                .all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'))
            && labels
                .last()
                .is_some_and(|last| last.len() > 1 && last.chars().all(char::is_alphabetic))
    };
    if word.starts_with("http://") || word.starts_with("https://") || word.starts_with("www.") {
        return true;
    }
    match word.split_once('@') {
        Some((name, domain)) => !name.is_empty() && host(domain),
        // "help.example/refunds" and "help.example", not "Yes.No" nor "e.g": the domain is in lower case.
        None => {
            let domain = word.split('/').next().unwrap_or_default();
            let known = word.contains('/') || domain.matches('.').count() > 1 || domain.len() > 8;
            known
                && host(domain)
                && domain.chars().all(|c| !c.is_uppercase())
                && !domain.starts_with(|c: char| c.is_ascii_digit())
        }
    }
}

fn plain_address(address: &str) -> String {
    let address = address.to_lowercase();
    let bare = ["https://", "http://", "mailto:"]
        .iter()
        .find_map(|scheme| address.strip_prefix(scheme));
    let bare = bare.unwrap_or(&address);
    bare.strip_prefix("www.")
        .unwrap_or(bare)
        .trim_end_matches(['/', '.', ',', ')'])
        .to_owned()
}

/// Takes phone numbers out of a text: seven digits or more, in groups or behind a plus.
fn phones(text: &str) -> (String, Vec<String>) {
    let mut rest = String::with_capacity(text.len());
    let mut phones = Vec::new();
    let mut run = String::new();
    let part = |c: char| c.is_ascii_digit() || " ()-/+\u{a0}".contains(c);
    let mut flush = |run: &mut String, rest: &mut String| {
        let digits: String = run.chars().filter(char::is_ascii_digit).collect();
        let grouped = run.trim().chars().any(|c| !c.is_ascii_digit());
        if (7..=15).contains(&digits.len()) && grouped && !is_day(run.trim()) {
            phones.push(digits);
            rest.push_str(&format!(" {TAKEN} "));
        } else {
            rest.push_str(run);
        }
        run.clear();
    };
    for c in text.chars() {
        if part(c) {
            run.push(c);
        } else {
            flush(&mut run, &mut rest);
            rest.push(c);
        }
    }
    flush(&mut run, &mut rest);
    (rest, phones)
}

/// `2026-03-12` is no phone number.
fn is_day(text: &str) -> bool {
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    matches!(groups.as_slice(), [4, 2, 2])
}

fn quoted(text: &str) -> Vec<String> {
    let mut quoted = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(['"', '“', '„', '«']) {
        let open = rest[start..].chars().next().map_or(1, char::len_utf8);
        let behind = &rest[start + open..];
        let Some(end) = behind.find(['"', '”', '“', '»']) else {
            break;
        };
        let inside = behind[..end]
            .trim()
            .trim_end_matches(['.', ',', '!', '?'])
            .to_lowercase();
        if !inside.is_empty() {
            quoted.push(inside);
        }
        let close = behind[end..].chars().next().map_or(1, char::len_utf8);
        rest = &behind[end + close..];
    }
    quoted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_sentence_is_taken_apart_into_its_claims() {
        let claims = Claims::of(
            "Call +49 30 123 45 67 or write to Help@lamps.example, open \"My orders\" at https://www.lamps.example/orders/ \
             and get a full refund within 14 days from Acme.",
        );
        assert_eq!(claims.phones, ["49301234567"]);
        assert_eq!(claims.addresses, ["help@lamps.example", "lamps.example/orders"]);
        assert_eq!(claims.quoted, ["my orders"]);
        assert_eq!(
            claims.figures,
            [Figure {
                value: "14".to_owned(),
                unit: Some("day")
            }]
        );
        assert_eq!(claims.promises, ["refund"]);
        assert!(claims.names.contains(&"acme".to_owned()) && claims.denials == 0);
    }

    #[test]
    fn the_lists_hold_no_word_twice() {
        for list in [PROMISES, DENIALS] {
            assert_eq!(list.iter().collect::<HashSet<_>>().len(), list.len());
        }
    }

    #[test]
    fn a_quoted_address_is_one_claim_and_not_two() {
        let text = "Open \"lamps.example/orders now\" first.";
        assert_eq!(Claims::of(text).missing_in(&Source::new(text, None)), None);
        let other = Source::new("Open \"cups.example/orders now\" first.", None);
        let missing = Claims::of(text).missing_in(&other).unwrap();
        assert_eq!(missing, "the address lamps.example/orders stands in no source");
    }

    proptest! {
        #[test]
        fn a_text_makes_all_its_own_claims(text in "([a-zA-Z0-9€%.,!\"„“ ()/@+-]|é){0,80}") {
            prop_assert_eq!(Claims::of(&text).missing_in(&Source::new(&text, None)), None);
        }
    }
}
