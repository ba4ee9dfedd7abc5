//! Sentences that claim nothing: greetings, thanks, regrets, questions back, offers of a person.
//!
//! Each part of such a sentence holds only words that say nothing of any matter (`[civil]`). Behind thanks, regrets and what the
//! agent does not know, it may name what the customer spoke of. Whatever else stands there could be a claim, and is weighed as one.

use std::collections::HashSet;

use super::claims::Claims;
use super::terms::Terms;
use super::token::{Kind, Token, tokens};
use super::vocabulary::{Vocabulary, plain};
use crate::retrieve::is_stop_word;

/// A sentence of more words says something.
const MAX_WORDS: usize = 30;
/// A question back is short; what is longer states things on its way.
const MAX_QUESTION: usize = 25;

/// How an offer begins, what is done, and who it is done by.
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

/// What sentences of one reply may hold that claim nothing.
pub(super) struct Courtesies {
    /// The terms of words that say nothing of any matter, and of names that need no source.
    civil: HashSet<String>,
    /// The terms of what the customer spoke of.
    asked: HashSet<String>,
    terms: Terms,
    language: &'static str,
}

impl Courtesies {
    pub(super) fn new(
        words: &'static Vocabulary,
        names: &HashSet<String>,
        asked: &HashSet<String>,
        terms: &Terms,
    ) -> Self {
        let own = names.iter().map(String::as_str);
        let sections = ["civil", "opening", "ignorance", "regarding", "yes"];
        let civil = sections.into_iter().flat_map(|section| words.forms(section));
        Self {
            civil: civil.chain(own).flat_map(|form| terms.of(form)).collect(),
            asked: asked.clone(),
            terms: terms.clone(),
            language: words.code,
        }
    }

    /// Whether a sentence claims nothing that would need a source. `is_known` tells names that a source or the customer has.
    pub(super) fn claims_nothing(
        &self,
        sentence: &str,
        claims: &Claims,
        is_known: impl Fn(&str) -> bool,
    ) -> bool {
        if claims.plain.trim().is_empty() && !claims.is_literal() {
            return true;
        }
        let tokens = tokens(sentence);
        if self.offers_person(&tokens, claims) {
            return true;
        }
        if claims.is_literal() || claims.plain.split_whitespace().count() > MAX_WORDS {
            return false;
        }
        let civil_or_known = |name: &String| is_known(name) || self.is_civil_word(name);
        if asks(sentence, claims) {
            return claims.names.iter().all(civil_or_known) && self.supposes_nothing(claims, &is_known);
        }
        let all = parts(&tokens, claims.words);
        if all.first().is_none_or(|part| part.manner == Manner::Other) {
            return false;
        }
        // A mere `Of course!` or `Yes, you can.` is an answer, and what was asked is not known here.
        let says_yes = |part: &Part| part.manner == Manner::Yes;
        if all.iter().all(|part| says_yes(part) && self.is_empty(part)) {
            return false;
        }
        all.iter().all(|part| self.is_harmless(part, claims.words))
    }

    /// Whether a question asks about what the customer spoke of or the sources have, and neither tells of it nor offers to act.
    fn supposes_nothing(&self, claims: &Claims, is_known: impl Fn(&str) -> bool) -> bool {
        let says = |section: &str| claims.words.says(section, &claims.plain);
        if says("supposing") {
            return false;
        }
        let mut words = claims.plain.split_whitespace();
        if says("offering") || says("us") {
            return words.all(|word| self.is_civil_word(word));
        }
        words.all(|word| self.is_civil_word(word) || self.was_asked(word) || is_known(word))
    }

    /// Whether a sentence that claims nothing says sorry. `I am sorry, I do not know` says that it does not know.
    pub(super) fn apologises(&self, sentence: &str, claims: &Claims) -> bool {
        claims.words.says("apology", &claims.plain)
            && !parts(&tokens(sentence), claims.words)
                .iter()
                .any(|part| part.manner == Manner::Unknowing)
    }

    /// Whether a part says nothing of its own.
    fn is_harmless(&self, part: &Part, words: &Vocabulary) -> bool {
        let has = |section: &str| part.rest.iter().any(|word| words.lists(section, word));
        let is_civil = part.rest.iter().all(|word| self.is_civil_word(word));
        let of_the_talk = || {
            let mut words = part.rest.iter();
            words.all(|word| self.is_civil_word(word) || self.was_asked(word))
        };
        match part.manner {
            Manner::Unknowing => of_the_talk(),
            Manner::Regarding if !has("stating") && !has("we") => of_the_talk(),
            Manner::Regarding | Manner::Opening => is_civil && !(has("stating") && self.answers(part, words)),
            Manner::Yes | Manner::Other => is_civil && !has("stating"),
        }
    }

    /// Whether what stands behind an opening answers: `you can`, `that is possible`.
    fn answers(&self, part: &Part, words: &Vocabulary) -> bool {
        let of_somebody = |pair: &[String]| {
            (words.lists("you", &pair[0]) || words.lists("we", &pair[0])) && words.lists("stating", &pair[1])
        };
        let is_open = part.rest.iter().any(|word| words.lists("condition", word));
        self.is_empty(part) || !is_open && part.rest.windows(2).any(of_somebody)
    }

    fn is_empty(&self, part: &Part) -> bool {
        part.rest.iter().all(|word| self.terms.of_word(word).is_empty())
    }

    fn is_civil_word(&self, word: &str) -> bool {
        let is_civil = |word: &str| {
            is_stop_word(self.language, word)
                || self.terms.of(word).iter().all(|term| self.civil.contains(term))
        };
        // `d'autres`
        is_civil(word) || word.contains('\'') && word.split('\'').all(is_civil)
    }

    fn was_asked(&self, word: &str) -> bool {
        let terms = self.terms.of_word(word);
        terms
            .iter()
            .all(|term| self.asked.contains(term) || self.civil.contains(term))
    }

    /// Whether a sentence offers to pass the customer on, and nothing with it.
    fn offers_person(&self, tokens: &[Token<'_>], claims: &Claims) -> bool {
        let nothing_with_it = claims.figures.is_empty()
            && claims.addresses.found.is_empty()
            && claims.phones.is_empty()
            && claims.promises.is_empty()
            && claims.quoted.is_empty()
            && !claims.done
            && !claims.names_a_day();
        let words = || {
            tokens
                .iter()
                .filter(|token| token.is_word())
                .map(|token| token.lower.as_str())
        };
        let listed = |list: &[&str], word: &str| list.contains(&word);
        nothing_with_it
            && words().count() <= 20
            && OFFERS.iter().any(|offer| claims.plain.contains(&plain(offer)))
            && words().any(|word| listed(PASSING, word))
            && words().any(|word| listed(PEOPLE, word))
            && words().all(|word| listed(PASSING, word) || listed(PEOPLE, word) || self.is_civil_word(word))
    }
}

/// What a part of a sentence begins as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// `I do not know …`
    Unknowing,
    /// `Thank you for …`, `Sorry that …`
    Regarding,
    /// `Of course …`
    Yes,
    /// `Hello …`, `Let me know …`
    Opening,
    /// Without such words.
    Other,
}

/// A part of a sentence, up to a comma or a word of contrast.
struct Part {
    manner: Manner,
    /// The words behind those by which it begins, plain.
    rest: Vec<String>,
}

impl Part {
    fn read(part: &[Token<'_>], words: &Vocabulary) -> Self {
        let written = part.iter().filter(|token| token.is_word());
        let text = plain(&written.map(|token| token.text).collect::<Vec<_>>().join(" "));
        let text = text.trim_start();
        let begins = |section: &str| {
            let forms = words
                .forms(section)
                .filter(|form| text.starts_with(&format!("{form} ")));
            forms.map(|form| form.split(' ').count()).max()
        };
        let manners = [
            ("ignorance", Manner::Unknowing),
            ("regarding", Manner::Regarding),
            ("yes", Manner::Yes),
            ("opening", Manner::Opening),
        ];
        let found = manners
            .into_iter()
            .find_map(|(section, manner)| Some((manner, begins(section)?)));
        let (manner, length) = found.unwrap_or((Manner::Other, 0));
        Self {
            manner,
            rest: text.split_whitespace().skip(length).map(str::to_owned).collect(),
        }
    }
}

/// A sentence in parts.
fn parts(tokens: &[Token<'_>], words: &Vocabulary) -> Vec<Part> {
    let ends = |token: &Token<'_>| token.kind == Kind::Break || words.lists("contrast", &token.lower);
    tokens
        .split(ends)
        .filter(|part| part.iter().any(Token::is_word))
        .map(|part| Part::read(part, words))
        .collect()
}

/// Whether a sentence says back what the customer has said: what it holds stands in their words, and it says that it is theirs.
pub(super) fn echoes(claims: &Claims) -> bool {
    let mut echoes = claims.words.forms("echo");
    echoes.any(|form| claims.plain.starts_with(&format!(" {form} ")))
}

/// Whether a sentence does nothing but point to an address.
pub(super) fn points(claims: &Claims) -> bool {
    let mut words = claims.plain.split_whitespace();
    !claims.addresses.found.is_empty()
        && claims.promises.is_empty()
        && words.all(|word| claims.words.lists("pointing", word) || word == super::address::TAKEN)
}

/// A question, and a brief one.
fn asks(sentence: &str, claims: &Claims) -> bool {
    let asks = sentence
        .trim_end()
        .trim_end_matches(|c: char| c.is_whitespace() || "\"'*_)”".contains(c))
        .ends_with(['?', '？', '؟']);
    asks && claims.plain.split_whitespace().count() <= MAX_QUESTION
        && !claims.plain.contains(" but you ")
        && !claims.plain.contains(" but we ")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rstest::rstest;

    use super::*;
    use crate::ground::terms::Terms;
    use crate::ground::vocabulary::Vocabulary;
    use crate::retrieve::RuleRetriever;

    fn claims_nothing(language: &str, sentence: &str, asked: &str) -> bool {
        let terms = Terms::new(Arc::new(RuleRetriever::default()));
        let words = Vocabulary::of(language);
        let claims = Claims::of(sentence, words, &terms);
        let asked: HashSet<String> = terms.of(asked).into_iter().collect();
        let courtesies = Courtesies::new(words, &HashSet::from(["lux".to_owned()]), &asked, &terms);
        courtesies.claims_nothing(sentence, &claims, |_| false)
    }

    #[rstest]
    #[case("en", "Hello, and thank you for writing to us!")]
    #[case("en", "I'm sorry to hear about your broken lamp.")]
    #[case("en", "Which lamp do you have?")]
    #[case("en", "I do not know how long delivery to Norway takes.")]
    #[case("en", "I can pass the conversation to a colleague.")]
    #[case("en", "Please let me know if you need anything else.")]
    #[case("en", "How can I help you today?")]
    #[case("en", "Have a nice day!")]
    #[case("en", "Sure, I can help with that!")]
    #[case("en", "Of course, here are the steps:")]
    #[case("en", "Thanks for your patience, and best regards, Lux")]
    #[case(
        "en",
        "I understand how frustrating a broken lamp feels, and I'm sorry for the trouble."
    )]
    #[case("de", "Guten Tag, vielen Dank für Ihre Nachricht!")]
    #[case("de", "Das tut mir leid, ich verstehe Ihren Ärger.")]
    #[case("fr", "Bonjour et merci pour votre message !")]
    #[case("es", "Hola, gracias por escribirnos.")]
    #[case("it", "Grazie per la pazienza!")]
    #[case("nl", "Bedankt voor uw bericht!")]
    #[case("en", "I'm so sorry for the trouble this has caused you.")]
    #[case("en", "Please feel free to ask if anything is unclear.")]
    #[case("en", "Of course, I'm happy to explain.")]
    #[case("de", "Haben Sie noch weitere Fragen?")]
    #[case("pt", "Olá, obrigado pela sua mensagem!")]
    fn courtesy_claims_nothing(#[case] language: &str, #[case] sentence: &str) {
        assert!(claims_nothing(
            language,
            sentence,
            "My lamp is broken. Do you deliver to Norway?"
        ));
    }

    #[rstest]
    #[case("en", "Sure, your parcel tomorrow!")]
    #[case("en", "Thank you, your order has been cancelled.")]
    #[case("en", "Sure, we will call you.")]
    #[case("en", "Sorry, you get a refund.")]
    #[case("en", "Did you know that it takes 30 days?")]
    #[case("en", "I don't know the rule, but we refund everyone.")]
    #[case("en", "I'm not sure about Sweden, however we deliver to Norway.")]
    #[case("en", "I'm not sure about Sweden, we deliver to Norway.")]
    #[case("en", "The lamp is blue.")]
    #[case("en", "Of course!")]
    #[case("en", "Of course, we deliver to Norway.")]
    #[case("en", "Absolutely, delivery to Norway works.")]
    #[case("en", "Sure, cancellation works at any moment.")]
    #[case("en", "Thank you, we deliver to Norway.")]
    #[case("en", "I'd be happy to deliver to Norway.")]
    #[case("en", "I can have our team put the full refund through today.")]
    #[case("en", "I can have our team put a lamp in your parcel.")]
    #[case("en", "Would you like to try our Moonbeam?")]
    #[case("en", "Yes, you can.")]
    #[case("en", "Yes, that is possible.")]
    #[case("en", "Yes, we offer that.")]
    #[case("en", "Yes, it works.")]
    #[case("en", "Of course, you can do that here.")]
    #[case("en", "Sure, we do.")]
    #[case("en", "Hello, you can do that.")]
    #[case("en", "Hello you can reach our support team at night.")]
    #[case("en", "Sorry, that is possible.")]
    #[case("de", "Ja, das geht.")]
    #[case("de", "Natürlich, das ist möglich.")]
    #[case("fr", "Oui, vous pouvez.")]
    #[case("es", "Sí, puede hacerlo.")]
    #[case("en", "Are you aware that we deliver to Norway?")]
    #[case("en", "Do you want me to deliver to Norway now?")]
    #[case("en", "Did you know that delivery to Norway works?")]
    #[case("en", "Do you know our lamp subscription?")]
    #[case("de", "Wissen Sie, dass wir nach Norwegen liefern?")]
    #[case("fr", "Saviez-vous que nous livrons en Norvège ?")]
    #[case("de", "Gern, Sie bekommen einen Rabatt.")]
    #[case("de", "Natürlich, wir liefern nach Norwegen.")]
    #[case("fr", "Bien sûr, nous livrons en Norvège.")]
    #[case("es", "Claro, entregamos en Noruega.")]
    fn what_stands_behind_a_courtesy_is_a_claim(#[case] language: &str, #[case] sentence: &str) {
        let asked = "My lamp is broken. Do you deliver to Norway? Liefern Sie nach Norwegen?";
        assert!(!claims_nothing(language, sentence, asked));
    }
}
