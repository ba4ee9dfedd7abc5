//! Numbers of orders.

use super::reference::{self, Signs};
use super::{Found, Message};

const SIGNS: Signs = Signs {
    words: &[
        "order",
        "purchase",
        "po",
        "booking",
        "reservation",
        "confirmation",
        "bestellung",
        "bestellnummer",
        "auftrag",
        "auftragsnummer",
        "pedido",
        "orden",
        "commande",
    ],
    prefixes: &["ORDER", "ORD", "PO", "SO"],
};
/// The least digits behind a `#` that nothing explains.
const BARE_DIGITS: usize = 4;

/// `order no. 4711`, `ORD-4711`, and `#4711` with nothing before it that says what it is; in capitals, without `#`.
pub(super) fn find(message: &Message<'_>) -> Vec<Found> {
    let mut found = reference::find(message, &SIGNS);
    if message.text.contains('#') {
        found.extend(bare(message));
    }
    found
}

/// `#W2378156`: shops' mails write the order's number like this.
fn bare(message: &Message<'_>) -> impl Iterator<Item = Found> {
    message.text.match_indices('#').filter_map(|(at, _)| {
        let rest = &message.text[at + 1..];
        let code = &rest[..rest.bytes().take_while(u8::is_ascii_alphanumeric).count()];
        let digits = code.bytes().filter(u8::is_ascii_digit).count();
        let range = at + 1..at + 1 + code.len();
        let fits = digits >= BARE_DIGITS && code.len() - digits <= 4 && code.len() <= 20;
        (fits && message.stands_alone(&range)).then(|| Found {
            range,
            normalized: code.to_ascii_uppercase(),
            confidence: 0.6,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::normalized;
    use super::*;

    fn numbers(text: &str) -> Vec<String> {
        normalized(find, text)
    }

    #[test]
    fn a_word_before_the_number_tells() {
        for (text, number) in [
            ("Where is my order 100234?", "100234"),
            ("order number: 7", "7"),
            ("Order #A-12", "A-12"),
            ("my order number is ab12-99.", "AB12-99"),
            ("Bestellung Nr. 4711", "4711"),
            ("pedido número 5566", "5566"),
            ("orders 12345", "12345"),
        ] {
            assert_eq!(numbers(text), [number], "{text}");
        }
    }

    #[test]
    fn a_prefix_or_a_hash_tells_where_no_word_does() {
        assert_eq!(
            numbers("about ORD-20931 and #W2378156"),
            ["ORD-20931", "W2378156"]
        );
    }

    #[test]
    fn amounts_and_words_are_no_orders() {
        assert!(
            numbers(
                "I want to order 2 lamps, an order over $1500, order 24-hour delivery, order 4711.50, in order. 12345 \
                 people; reordered 12345, #1 fan, order by 10:30, border 12345"
            )
            .is_empty()
        );
    }
}
