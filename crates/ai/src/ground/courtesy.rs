//! Sentences that claim nothing: greetings, thanks, regrets, questions back, offers of a person.

use super::claims::Claims;
use super::vocabulary::plain;

/// More words than this behind an opening say something.
const MAX_REST: usize = 12;
/// A question back is short; what is longer states things on its way.
const MAX_QUESTION: usize = 25;

/// Whether a sentence claims nothing that would need a source.
pub(super) fn is_courtesy(sentence: &str, claims: &Claims) -> bool {
    if claims.plain.trim().is_empty() && !claims.is_literal() {
        return true;
    }
    if offers_person(&claims.plain)
        && claims.figures.is_empty()
        && claims.addresses.found.is_empty()
        && claims.phones.is_empty()
        && !claims.names_a_day()
    {
        return true;
    }
    if claims.is_literal() {
        return false;
    }
    if begins(claims, "ignorance").is_some() {
        return is_brief(claims);
    }
    if asks(sentence, claims) {
        return true;
    }
    // Where the words of a language are not known, a short sentence without any claim could still state anything.
    let Some(opening) = begins(claims, "opening") else {
        return false;
    };
    let rest = claims.plain.get(1 + opening..).unwrap_or_default();
    let rest: Vec<&str> = rest.split_whitespace().collect();
    rest.len() <= MAX_REST && !rest.iter().any(|word| claims.words.lists("stating", word))
}

/// Whether a sentence says back what the customer has said: what it holds stands in their words, and it says that it is theirs.
pub(super) fn echoes(claims: &Claims) -> bool {
    begins(claims, "echo").is_some()
}

/// Whether a sentence does nothing but point to an address.
pub(super) fn points(claims: &Claims) -> bool {
    let mut words = claims.plain.split_whitespace();
    !claims.addresses.found.is_empty()
        && claims.promises.is_empty()
        && words.all(|word| claims.words.lists("pointing", word) || word == super::address::TAKEN)
}

fn begins(claims: &Claims, section: &str) -> Option<usize> {
    let openings = claims
        .words
        .forms(section)
        .filter(|form| claims.plain.starts_with(&format!(" {form} ")));
    openings.map(str::len).max()
}

/// A question that supposes nothing: `Which lamp do you have?`, not `Did you know that it is free?`.
fn asks(sentence: &str, claims: &Claims) -> bool {
    let asks = sentence
        .trim_end()
        .trim_end_matches(|c: char| c.is_whitespace() || "\"'*_)”".contains(c))
        .ends_with(['?', '？', '؟']);
    let supposes = [
        "did you know",
        "isn't it",
        "why not",
        "wusstest du",
        "wussten sie",
    ];
    asks && is_brief(claims)
        && !supposes
            .iter()
            .any(|phrase| claims.plain.contains(&format!(" {phrase} ")))
        && claims.names.len() <= 2
}

/// That an agent does not know is no way to slip in what it knows.
fn is_brief(claims: &Claims) -> bool {
    claims.plain.split_whitespace().count() <= MAX_QUESTION
        && !claims.plain.contains(" but you ")
        && !claims.plain.contains(" but we ")
}

fn offers_person(text: &str) -> bool {
    const OFFERS: &[&str] = &[
        "i can",
        "i could",
        "i'd be happy to",
        "i would be happy to",
        "shall i",
        "would you like",
        "i'll",
        "i will",
        "let me",
        "ich kann",
        "soll ich",
        "je peux",
        "puedo",
        "posso",
        "ik kan",
    ];
    const PASSING: &[&str] = &[
        "connect",
        "forward",
        "hand",
        "pass",
        "put",
        "transfer",
        "bring",
        "verbinden",
        "übergeben",
        "weiterleiten",
        "transférer",
        "pasar",
        "transferir",
        "doorverbinden",
    ];
    const PEOPLE: &[&str] = &[
        "agent",
        "colleague",
        "colleagues",
        "human",
        "person",
        "someone",
        "specialist",
        "team",
        "kollegen",
        "kollege",
        "menschen",
        "mitarbeiter",
        "conseiller",
        "collègue",
        "agente",
        "collega",
        "medewerker",
    ];
    let words: Vec<&str> = text.split_whitespace().collect();
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    words.len() <= 20
        && OFFERS.iter().any(|offer| text.contains(&plain(offer)))
        && has(PASSING)
        && has(PEOPLE)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rstest::rstest;

    use super::*;
    use crate::ground::terms::Terms;
    use crate::ground::vocabulary::Vocabulary;
    use crate::retrieve::RuleRetriever;

    #[rstest]
    #[case("en", "Hello, and thank you for writing to us!", true)]
    #[case("en", "I'm sorry to hear about your broken lamp.", true)]
    #[case("en", "Which lamp do you have?", true)]
    #[case("en", "I do not know how long that takes.", true)]
    #[case("en", "I can pass the conversation to a colleague.", true)]
    #[case("en", "Please let me know if you need anything else.", true)]
    #[case("en", "How can I help you today?", true)]
    #[case("en", "Have a nice day!", true)]
    #[case("en", "Sure, your parcel tomorrow!", false)]
    #[case("de", "Guten Tag, vielen Dank für Ihre Nachricht!", true)]
    #[case("fr", "Bonjour et merci pour votre message !", true)]
    #[case("en", "Thank you, your order has been cancelled.", false)]
    #[case("en", "Sure, we will call you.", false)]
    #[case("en", "Sorry, you get a refund.", false)]
    #[case("en", "Did you know that it takes 30 days?", false)]
    #[case("en", "I don't know the rule, but we refund everyone.", false)]
    #[case("en", "The lamp is blue.", false)]
    #[case("de", "Gern, Sie bekommen einen Rabatt.", false)]
    fn courtesy_claims_nothing(#[case] language: &str, #[case] sentence: &str, #[case] expected: bool) {
        let terms = Terms::new(Arc::new(RuleRetriever::default()));
        let claims = Claims::of(sentence, Vocabulary::of(language), &terms);
        assert_eq!(is_courtesy(sentence, &claims), expected, "{claims:?}");
    }
}
