//! Web addresses.

use std::sync::LazyLock;

use regex::Regex;

use super::{Found, Message};

#[expect(clippy::expect_used, reason = "the pattern is fixed and the tests compile it")]
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?ix)
        (?P<scheme> https?:// [^\s<>"]+ )
        | (?P<bare> (?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+ (?P<top>[a-z]{2,24}) (?-u:\b) (?: : [0-9]{2,5} (?-u:\b))? (?: [/?\#] [^\s<>"]* )? )"#,
    )
    .expect("a fixed pattern")
});

/// Ends of names that people write without a scheme; other dotted words are as likely a file or a typing error.
const KNOWN_ENDS: [&str; 40] = [
    "com", "org", "net", "io", "dev", "app", "info", "biz", "shop", "store", "online", "eu", "de", "at",
    "ch", "fr", "es", "it", "nl", "be", "pt", "pl", "se", "dk", "no", "fi", "ie", "uk", "us", "ca", "au",
    "nz", "in", "jp", "cn", "br", "mx", "gov", "edu", "example",
];

/// Addresses with `http(s)://`, with `www.`, or of a well-known end; always with a scheme, the host in lower case.
pub(super) fn find(message: &Message<'_>) -> Vec<Found> {
    if !message.text.contains('.') {
        return Vec::new();
    }
    let text = message.text;
    let mut found = Vec::new();
    for captures in ADDRESS.captures_iter(text) {
        let Some(whole) = captures.get(0) else { continue };
        let value = without_trail(whole.as_str());
        let before = text[..whole.start()].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '@' | '.' | '-' | '_')) {
            continue;
        }
        let confidence = if captures.name("scheme").is_some() {
            0.99
        } else if value.len() > 8 && value.is_char_boundary(4) && value[..4].eq_ignore_ascii_case("www.") {
            0.97
        } else {
            let end = captures
                .name("top")
                .map_or("", |top| top.as_str())
                .to_ascii_lowercase();
            let path = value.contains('/');
            match (KNOWN_ENDS.contains(&&*end), path) {
                (true, true) => 0.95,
                (true, false) => 0.8,
                (false, _) => continue,
            }
        };
        let Some(normalized) = normalize(value) else {
            continue;
        };
        found.push(Found {
            range: whole.start()..whole.start() + value.len(),
            normalized,
            confidence,
        });
    }
    found
}

/// Without the marks that belong to the sentence around it, and without a bracket that was opened before it.
fn without_trail(address: &str) -> &str {
    let mut address = address;
    loop {
        let unopened = |open, close| {
            address.ends_with(close) && address.matches(open).count() < address.matches(close).count()
        };
        let mark = address.ends_with([
            '.', ',', ';', ':', '!', '?', '\'', '"', '*', '_', '…', '’', '”', '»', '。', '，',
        ]);
        if !(mark || unopened('(', ')') || unopened('[', ']') || unopened('{', '}')) {
            return address;
        }
        let last = address.chars().next_back().map_or(0, char::len_utf8);
        address = &address[..address.len() - last];
    }
}

/// `HTTPS://Acme.Example/A` and `acme.example/A` to `https://acme.example/A`; `None` without a host.
fn normalize(address: &str) -> Option<String> {
    let (scheme, rest) = match address.split_once("://") {
        Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
        None => ("https".to_owned(), address),
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    host.starts_with(char::is_alphanumeric)
        .then(|| format!("{scheme}://{}{path}", host.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::super::normalized;
    use super::*;

    fn addresses(text: &str) -> Vec<String> {
        normalized(find, text)
    }

    #[test]
    fn marks_of_the_sentence_stay_outside() {
        assert_eq!(
            addresses("See (https://Acme.Example/a_(b)?c=1#d). Or http://acme.example!"),
            ["https://acme.example/a_(b)?c=1#d", "http://acme.example"]
        );
    }

    #[test]
    fn names_without_a_scheme_are_known_by_their_end() {
        assert_eq!(
            addresses("www.acme.travel, acme.com/help and acme.de"),
            [
                "https://www.acme.travel",
                "https://acme.com/help",
                "https://acme.de"
            ]
        );
    }

    #[test]
    fn files_sentences_and_mail_addresses_are_no_web_addresses() {
        assert!(
            addresses("see report.pdf and main.rs. yes.Next a@acme.com https:// e.g.this 3.5").is_empty()
        );
    }
}
