//! A text's searchable words, in one form: what is asked and what is written meet in it.

use std::collections::HashSet;
use std::sync::OnceLock;

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::stop_words;

/// The most characters of a term; what is longer is no word that anyone looks for.
const MAX_TERM_CHARS: usize = 40;

/// Takes words out of texts for one language.
///
/// Words are those of Unicode (UAX 29), in compatibility form (NFKC), lower case, without accents, stemmed by Snowball's
/// algorithm. Accents go before stemming, since customers leave them out. Numbers and codes stay: `3.50` is `350`,
/// `1,000` is `1000`, `AB-12` is `ab` and `12`. A term holds letters and digits alone.
pub struct Words {
    stemmer: Stemmer,
    stop: HashSet<&'static str>,
}

impl Words {
    /// The words of a language (ISO 639-1); those of English where there is no stemmer for the code.
    #[must_use]
    pub fn of_language(code: &str) -> Self {
        let (code, algorithm) = match code {
            "ar" => (code, Algorithm::Arabic),
            "da" => (code, Algorithm::Danish),
            "de" => (code, Algorithm::German),
            "el" => (code, Algorithm::Greek),
            "es" => (code, Algorithm::Spanish),
            "fi" => (code, Algorithm::Finnish),
            "fr" => (code, Algorithm::French),
            "hu" => (code, Algorithm::Hungarian),
            "it" => (code, Algorithm::Italian),
            "nl" => (code, Algorithm::Dutch),
            "nb" | "nn" | "no" => (code, Algorithm::Norwegian),
            "pt" => (code, Algorithm::Portuguese),
            "ro" => (code, Algorithm::Romanian),
            "ru" => (code, Algorithm::Russian),
            "sv" => (code, Algorithm::Swedish),
            "ta" => (code, Algorithm::Tamil),
            "tr" => (code, Algorithm::Turkish),
            _ => ("en", Algorithm::English),
        };
        Self {
            stemmer: Stemmer::create(algorithm),
            stop: stop_words::of_language(code).iter().copied().collect(),
        }
    }

    /// The words of English, made once.
    #[must_use]
    pub fn english() -> &'static Self {
        static ENGLISH: OnceLock<Words> = OnceLock::new();
        ENGLISH.get_or_init(Self::default)
    }

    /// The terms of a text, in its order, as often as they occur. Stop words are left out, unless nothing else is
    /// there: `how are you` still finds something.
    #[must_use]
    pub fn terms(&self, text: &str) -> Vec<String> {
        let words = words(text);
        let content: Vec<String> = words
            .iter()
            .filter(|word| !self.stop.contains(word.as_str()))
            .map(|word| self.stem(word))
            .collect();
        if content.is_empty() {
            words.iter().map(|word| self.stem(word)).collect()
        } else {
            content
        }
    }

    pub(super) fn is_stop_word(&self, word: &str) -> bool {
        self.stop.contains(word)
    }

    pub(super) fn stem(&self, word: &str) -> String {
        let stem = self.stemmer.stem(word);
        // A stemmer may write what is no letter; a word is never stemmed to nothing.
        let plain: String = stem
            .chars()
            .filter(|c| c.is_alphanumeric())
            .take(MAX_TERM_CHARS)
            .collect();
        if plain.is_empty() {
            word.chars().take(MAX_TERM_CHARS).collect()
        } else {
            plain
        }
    }
}

impl Default for Words {
    fn default() -> Self {
        Self::of_language("en")
    }
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words")
            .field("stop_words", &self.stop.len())
            .finish_non_exhaustive()
    }
}

/// All words of a text: folded, of letters and digits alone, never empty.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for word in fold(text).unicode_words() {
        let word = word.strip_suffix("'s").unwrap_or(word);
        let plain = |part: &str| part.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        // `1,000` and `3.50` are one number, `don't` is one word; `acme.example`, `first_name` and `l'adresse` are two.
        let number = word.chars().any(char::is_numeric) && !word.chars().any(char::is_alphabetic);
        let parts = if number {
            vec![word]
        } else if let Some((article, noun)) = elision(word) {
            vec![article, noun]
        } else {
            word.split(['.', ':', '_', '·']).collect()
        };
        found.extend(parts.into_iter().map(plain).filter(|part| !part.is_empty()));
    }
    found
}

/// A short word that has lost its end before a longer one (`l'adresse`, `qu'elle`); not `i'm` or `we've`.
fn elision(word: &str) -> Option<(&str, &str)> {
    word.split_once('\'')
        .filter(|(short, long)| short.len() <= 2 && long.len() > 2)
}

/// Lower case, compatibility form, without accents; letters that are an accented one to English eyes are spelt out.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().flat_map(char::to_lowercase) {
        match c {
            // The accents of Latin, Greek and Cyrillic. Marks of other scripts are vowels and stay.
            '\u{300}'..='\u{36f}' | '\u{ad}' => {}
            '’' | 'ʼ' | '`' | '´' => folded.push('\''),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ł' => folded.push('l'),
            'ı' => folded.push('i'),
            'þ' => folded.push_str("th"),
            c => folded.push(c),
        }
    }
    // Hangul was taken apart and is put together again.
    folded.nfc().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn terms(text: &str) -> Vec<String> {
        Words::english().terms(text)
    }

    #[test]
    fn words_of_one_stem_are_one_term() {
        assert_eq!(
            terms("Cancelling cancelled ORDERS"),
            ["cancel", "cancel", "order"]
        );
        assert_eq!(terms("refunds"), terms("Refunded"));
    }

    #[test]
    fn accents_case_and_width_do_not_matter() {
        assert_eq!(terms("Café ＲÉＳＥＴ Straße"), terms("cafe reset strasse"));
        assert_eq!(terms("한국어 배송"), ["한국어", "배송"]);
    }

    #[test]
    fn numbers_and_codes_are_kept() {
        assert_eq!(
            terms("E-1042 costs 3.50 or 1,000"),
            ["e", "1042", "cost", "350", "1000"]
        );
        assert_eq!(
            terms("first_name acme.example"),
            ["first", "name", "acm", "exampl"]
        );
    }

    #[test]
    fn stop_words_go_unless_nothing_is_left() {
        assert_eq!(terms("How do I reset my password?"), terms("reset password"));
        assert!(terms("don't won’t you're").iter().all(|term| !term.is_empty()));
        assert_eq!(terms("How are you?"), ["how", "are", "you"]);
        assert_eq!(terms("the customer’s order"), terms("customer order"));
    }

    #[test]
    fn other_languages_have_their_own_stems() {
        let german = Words::of_language("de");
        assert_eq!(
            german.terms("Wie kann ich meine Bestellungen stornieren?"),
            german.terms("Bestellung stornieren")
        );
        let spanish = Words::of_language("es");
        assert_eq!(
            spanish.terms("¿Dónde están los pedidos?"),
            spanish.terms("pedido")
        );
        let french = Words::of_language("fr");
        assert_eq!(
            french.terms("l'adresse d’une commande"),
            french.terms("adresse commande")
        );
    }

    #[test]
    fn nothing_has_no_terms() {
        assert!(terms("").is_empty());
        assert!(terms("?! … 😀").is_empty());
    }

    proptest! {
        #[test]
        fn terms_are_letters_and_digits_of_bounded_length(text in "\\PC{0,80}", code in "[a-z]{2}") {
            for term in Words::of_language(&code).terms(&text) {
                prop_assert!((1..=MAX_TERM_CHARS).contains(&term.chars().count()));
                prop_assert!(term.chars().all(char::is_alphanumeric), "{term:?}");
            }
        }

        #[test]
        fn a_stop_word_never_changes_the_terms_of_the_rest(text in "[b-z]{6,12}") {
            prop_assert_eq!(terms(&format!("the {text} is")), terms(&text));
        }
    }
}
