//! Which language a text is in.
//!
//! Scripts that one language alone uses decide at once (`script`). Texts in Latin letters are weighed (`latin`). A guess
//! that is likely wrong is not given at all: the caller then keeps to the organization's language.

use acs_domain::analysis::Language;
use unicode_normalization::{UnicodeNormalization, is_nfc};

mod common_words;
mod latin;
mod script;

pub use latin::{DOUBTS, Evidence, FEATURES, codes};

/// A guess below this is kept to ourselves.
const SURE_ENOUGH: f32 = 0.65;

/// More words than these change nothing.
const WORDS_READ: usize = 60;

/// Letters of a word; German and Dutch have the longest.
const LONGEST_WORD: usize = 30;

/// Bytes of a text that are read.
const READ: usize = 2_000;

/// The language of a text; `None` when it cannot be told.
#[must_use]
pub fn detect(text: &str) -> Option<Language> {
    let words = words(text);
    let (code, confidence) = script::detect(&words).or_else(|| Evidence::of(&words)?.guess())?;
    (confidence >= SURE_ENOUGH).then(|| Language {
        code: code.to_owned(),
        confidence,
    })
}

/// What speaks for and against each language that is written in Latin letters; `None` for a text without letters or in
/// another script.
#[must_use]
pub fn evidence(text: &str) -> Option<Evidence> {
    let words = words(text);
    if script::detect(&words).is_some() {
        return None;
    }
    Evidence::of(&words)
}

/// The words of a text in lower case, without addresses, numbers and codes.
fn words(text: &str) -> Vec<String> {
    let plain = |word: &&str| !word.contains(['@', '/', '_']) && !word.contains("www.");
    text[..text.floor_char_boundary(READ)]
        .split(|c: char| {
            c.is_whitespace() || matches!(c, ',' | ';' | '!' | '?' | '(' | ')' | '"' | '…' | '–' | '—')
        })
        .filter(plain)
        .map(|word| word.trim_matches(|c: char| !c.is_alphabetic()))
        .filter(|word| !word.is_empty() && !word.contains(char::is_numeric) && !is_noise(word))
        .map(normal)
        .take(WORDS_READ)
        .collect()
}

/// Whether so many Latin letters without a space are no word of any language.
fn is_noise(word: &str) -> bool {
    word.chars().nth(LONGEST_WORD).is_some() && word.chars().all(|c| c < '\u{250}')
}

/// A word in lower case, its letters and marks joined, its apostrophe plain.
pub(super) fn normal(word: &str) -> String {
    let word = word.to_lowercase();
    if word.is_ascii() {
        return word;
    }
    let word = word.replace('’', "'");
    // The lower case of `İ` has a dot of its own behind it.
    let word = word.replace("i\u{307}", "i");
    if is_nfc(&word) { word } else { word.nfc().collect() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(text: &str) -> Option<String> {
        detect(text).map(|language| language.code)
    }

    #[test]
    fn messages_of_usual_length_are_told() {
        for (text, expected) in [
            ("Where is my order? It should have arrived yesterday.", "en"),
            ("Wo ist meine Bestellung? Sie sollte gestern ankommen.", "de"),
            ("¿Dónde está mi pedido? Debería haber llegado ayer.", "es"),
            ("Où est ma commande ? Elle devait arriver hier.", "fr"),
            ("Dov'è il mio ordine? Doveva arrivare ieri.", "it"),
            ("Waar is mijn bestelling? Die had gisteren moeten komen.", "nl"),
            ("Onde está o meu pedido? Ele devia ter chegado ontem.", "pt"),
            ("Siparişim nerede? Dün gelmesi gerekiyordu.", "tr"),
            ("Где мой заказ? Он должен был прийти вчера.", "ru"),
            ("Де моє замовлення? Воно мало прийти вчора.", "uk"),
            ("дякую", "uk"),
            ("Добрий день, коли буде доставка", "uk"),
            ("Добрый день, когда будет доставка", "ru"),
            ("私の注文はどこですか？", "ja"),
            ("我的订单在哪里？", "zh"),
            ("내 주문은 어디에 있나요?", "ko"),
            ("أين طلبي؟ كان يجب أن يصل أمس", "ar"),
            ("मेरा ऑर्डर कहाँ है?", "hi"),
            ("Πού είναι η παραγγελία μου;", "el"),
        ] {
            assert_eq!(code(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn words_that_customers_write_alone_are_told() {
        for (text, expected) in [
            ("thank you", "en"),
            ("hello", "en"),
            ("danke", "de"),
            ("gracias", "es"),
            ("merci", "fr"),
            ("MERHABA", "tr"),
            ("donde esta mi pedido", "es"),
            ("İade istiyorum", "tr"),
        ] {
            assert_eq!(code(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_has_no_language_is_not_guessed() {
        for text in [
            "",
            "1234",
            "AB-1042",
            "jo@acme.example",
            "https://acme.example/help",
            "👍👍",
            "???",
            "ok",
            "XPS 13",
            &"a".repeat(5_000),
            &"Donaudampfschifffahrt".repeat(9),
        ] {
            assert_eq!(code(text), None, "{text}");
        }
    }

    #[test]
    fn a_language_that_is_not_known_is_not_taken_for_another() {
        assert_eq!(
            code("Gdzie jest moja paczka? Złożyłem zamówienie tydzień temu."),
            None
        );
        assert_eq!(code("Kde je moje objednávka? Měla přijít včera."), None);
        for text in [
            "nie działa",
            "Gdzie jest moje zamówienie?",
            "Dziękuję bardzo",
            "Kdy dorazí můj balíček?",
            "Hol van a csomagom?",
            "Unde este comanda mea?",
            "Missä tilaukseni on?",
            "Hvor er pakken min?",
            "Di mana pesanan saya?",
        ] {
            assert_eq!(code(text), None, "{text}: {:?}", detect(text));
        }
        // A name from elsewhere changes nothing.
        assert_eq!(code("Where is my order? Regards, Michał").as_deref(), Some("en"));
    }

    proptest! {
        #[test]
        fn any_text_is_borne(text in "\\PC{0,60}") {
            if let Some(language) = detect(&text) {
                prop_assert!((SURE_ENOUGH..=1.0).contains(&language.confidence));
                prop_assert_eq!(language.code.len(), 2);
            }
        }
    }
}
