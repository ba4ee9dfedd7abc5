//! Messages that lean on the question before them, and messages that do not.

use super::*;
use proptest::prelude::*;

#[test]
fn something_else_takes_the_place_of_what_was_asked_about() {
    for (asked, message, language, read_as) in [
        (
            "How much does the basic plan cost?",
            "and for the premium plan?",
            "en",
            "How much does the premium plan cost?",
        ),
        (
            "How much does the basic plan cost?",
            "And the premium one?",
            "en",
            "How much does the premium plan cost?",
        ),
        (
            "Do you ship to Canada?",
            "what about Mexico?",
            "en",
            "Do you ship to Mexico?",
        ),
        (
            "Do you ship to Canada?",
            "and to Mexico?",
            "en",
            "Do you ship to Mexico?",
        ),
        (
            "Can I return opened headphones?",
            "How about shoes?",
            "en",
            "Can I return shoes?",
        ),
        (
            "How long does standard delivery take?",
            "ok and express shipping",
            "en",
            "How long does express shipping take?",
        ),
        (
            "How do I reset my password?",
            "and my email address?",
            "en",
            "How do I reset my email address?",
        ),
        (
            "Was kostet der Versand nach Österreich?",
            "und in die Schweiz?",
            "de",
            "Was kostet der Versand in die Schweiz?",
        ),
        (
            "Was kostet der Versand nach Österreich?",
            "und nach Polen?",
            "de",
            "Was kostet der Versand nach Polen?",
        ),
        (
            "¿Cuánto cuesta el plan básico?",
            "¿y el plan premium?",
            "es",
            "¿Cuánto cuesta el plan premium?",
        ),
        (
            "Combien coûte la livraison en Espagne ?",
            "et en Italie ?",
            "fr",
            "Combien coûte la livraison en Italie ?",
        ),
        (
            "Quanto costa il piano base?",
            "e il piano premium?",
            "it",
            "Quanto costa il piano premium?",
        ),
        (
            "Quanto custa a entrega para Espanha?",
            "e para Itália?",
            "pt",
            "Quanto custa a entrega para Itália?",
        ),
        (
            "Wat kost verzending naar Duitsland?",
            "en naar Polen?",
            "nl",
            "Wat kost verzending naar Polen?",
        ),
    ] {
        assert_eq!(
            standalone(message, asked, language).as_deref(),
            Some(read_as),
            "{message}"
        );
    }
}

#[test]
fn a_pronoun_stands_for_what_was_asked_about() {
    for (asked, message, language, read_as) in [
        (
            "Do you sell gift cards?",
            "can I return them?",
            "en",
            "can I return gift cards?",
        ),
        (
            "Where is my order?",
            "when will it arrive?",
            "en",
            "when will my order arrive?",
        ),
        (
            "Where is my order?",
            "And how long does that take?",
            "en",
            "how long does my order take?",
        ),
        (
            "Wo ist meine Bestellung?",
            "Wann kommt sie?",
            "de",
            "Wann kommt meine Bestellung?",
        ),
    ] {
        assert_eq!(
            standalone(message, asked, language).as_deref(),
            Some(read_as),
            "{message}"
        );
    }
}

#[test]
fn a_bare_question_goes_with_the_one_before() {
    for message in ["why?", "How much?", "and how long?", "When exactly?"] {
        let read_as = standalone(message, "Can I return opened headphones?", "en").unwrap();
        assert!(
            read_as.starts_with("Can I return opened headphones? "),
            "{read_as}"
        );
    }
}

#[test]
fn what_says_itself_what_it_is_about_is_left_alone() {
    let asked = "How much does the basic plan cost?";
    for message in [
        "How do I reset my password?",
        "Is it possible to return shoes?",
        "How long does it take to ship to Canada?",
        "Is there a student discount?",
        "and how do I cancel my subscription?",
        "That order never arrived and I want my money back for it",
        "it is broken",
        "thanks",
        "ok",
        "",
        "?",
        "and",
        "I want to talk to a person",
    ] {
        assert_eq!(standalone(message, asked, "en"), None, "{message}");
    }
    assert_eq!(standalone("and for the premium plan?", "", "en"), None);
    assert_eq!(standalone("and for the premium plan?", asked, "xx"), None);
}

#[test]
fn a_customer_returns_to_something_earlier() {
    assert_eq!(
        returning("ok, back to my refund: how long does it take?", "en"),
        Some("my refund: how long does it take?")
    );
    assert_eq!(returning("Anyway", "en"), Some(""));
    assert_eq!(returning("Zurück zur Rechnung", "de"), Some("Rechnung"));
    assert_eq!(returning("How do I send it back to you?", "en"), None);
    assert!(share_a_subject("my refunds", "When do I get my refund?", "en"));
    assert!(!share_a_subject("my order", "When do I get my refund?", "en"));
}

proptest! {
    #[test]
    fn no_text_breaks_it(message in "\\PC{0,60}", asked in "\\PC{0,60}", language in "(en|de|es|fr)") {
        let read_as = standalone(&message, &asked, &language);
        prop_assert!(read_as.is_none_or(|text| text.len() <= message.len() + asked.len() + 3));
        let _ = returning(&message, &language);
    }
}

#[test]
fn is_and_and_are_told_apart_by_their_mark() {
    for (message, asked, language) in [
        (
            "È possibile pagare con la carta?",
            "Quanto costa il piano base?",
            "it",
        ),
        (
            "É possível pagar com cartão?",
            "Quanto custa o plano básico?",
            "pt",
        ),
    ] {
        assert_eq!(standalone(message, asked, language), None, "{message}");
    }
}
