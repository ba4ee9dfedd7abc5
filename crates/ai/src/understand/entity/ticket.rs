//! Numbers of tickets and cases.

use super::reference::{self, Signs};
use super::{Found, Message};

const SIGNS: Signs = Signs {
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

/// `ticket #A-12`, `INC-00123`; in capitals.
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
            "Ticket: #A-12, my case number was 00512 and INC-00123. In any case 3 of them",
            Context::default(),
        );
        let numbers: Vec<_> = find(&message).into_iter().map(|found| found.normalized).collect();
        assert_eq!(numbers, ["A-12", "00512", "INC-00123"]);
    }
}
