//! E-mail addresses.

use std::sync::LazyLock;

use regex::Regex;

use super::{Found, Message, stands_alone};

#[expect(clippy::expect_used, reason = "the pattern is fixed and the tests compile it")]
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i-u)[a-z0-9][a-z0-9._%+'-]{0,63}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")
        .expect("a fixed pattern")
});

/// Addresses with a domain of at least two labels, in lower case.
pub(super) fn find(message: &Message<'_>) -> Vec<Found> {
    if !message.text.contains('@') {
        return Vec::new();
    }
    let text = message.text;
    let found = ADDRESS
        .find_iter(text)
        .filter(|address| stands_alone(text, &address.range()));
    found
        .map(|address| Found {
            range: address.range(),
            normalized: address.as_str().to_lowercase(),
            confidence: 0.99,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::normalized;
    use super::*;

    fn addresses(text: &str) -> Vec<String> {
        normalized(find, text)
    }

    #[test]
    fn addresses_end_before_the_sentence_does() {
        assert_eq!(
            addresses("Mail Ann+shop@Mail.Acme.Example. Or (b@c.de)!"),
            ["ann+shop@mail.acme.example", "b@c.de"]
        );
    }

    #[test]
    fn what_has_no_domain_is_no_address() {
        assert!(addresses("@handle, a@b, me @ home.example, x@y..de").is_empty());
    }
}
