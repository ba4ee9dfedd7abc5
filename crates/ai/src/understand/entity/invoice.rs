//! Numbers of invoices.

use super::reference::{self, Signs};
use super::{Found, Message};

const SIGNS: Signs = Signs {
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

/// `invoice 2024-117`, `INV-2024-117`; in capitals.
pub(super) fn find(message: &Message<'_>) -> Vec<Found> {
    reference::find(message, &SIGNS)
}

#[cfg(test)]
mod tests {
    use super::super::Context;
    use super::*;

    #[test]
    fn a_word_or_a_prefix_tells() {
        let message = Message::new(
            "Rechnung Nr. 88/2026, the invoice 2024-117, inv-0042x, a bill of 5000 and invoice no. 3.",
            Context::default(),
        );
        let numbers: Vec<_> = find(&message).into_iter().map(|found| found.normalized).collect();
        assert_eq!(numbers, ["88/2026", "2024-117", "INV-0042X", "3"]);
    }
}
