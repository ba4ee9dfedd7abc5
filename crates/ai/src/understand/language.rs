//! Which language a text is in.
//!
//! Scripts that one language alone uses decide at once. Texts in Latin letters go through `whichlang` (a linear model over
//! letter groups), which always names a language; how sure that is, we tell from what else speaks for it: how many
//! letters there are, whether the parts of the text give the same answer as the whole, and whether its most common words
//! are there. A guess that is likely wrong is not given at all: the caller then keeps to the organization's language.

use acs_domain::analysis::Language;
use whichlang::{Lang, detect_language};

mod common_words;

use common_words::COMMON_WORDS;

/// A guess below this is kept to ourselves.
const SURE_ENOUGH: f32 = 0.7;

/// More words than these change nothing.
const WORDS_READ: usize = 80;

/// So many more common words of another language overrule the letters: of single words letters tell little.
const OVERRULED: f32 = 0.3;

/// The parts of a text that are asked too.
const PARTS: usize = 4;

/// What speaks for a guess at the language of a text in Latin letters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// The guess, ISO 639-1.
    pub code: &'static str,
    /// The logarithm of the number of letters; the share of parts with the same answer; the share of words that are common
    /// in the language; the largest such share of another language.
    pub features: [f32; 4],
}

/// Weights of the features, and the constant last: logistic regression, trained by `examples/evaluate_understanding`
/// on pieces of one to twelve words of XQuAD (en, es, de; CC BY-SA 4.0).
const WEIGHTS: [f32; 5] = [1.60, 1.80, 9.12, -7.35, -4.50];

/// The language of a text; `None` when it cannot be told.
#[must_use]
pub fn detect(text: &str) -> Option<Language> {
    let words = words(text);
    let (code, confidence) = by_script(&words).or_else(|| {
        let evidence = weigh(&words)?;
        Some((evidence.code, evidence.confidence()))
    })?;
    (confidence >= SURE_ENOUGH).then(|| Language {
        code: code.to_owned(),
        confidence,
    })
}

/// What speaks for the likeliest language of a text in Latin letters; `None` without any, or when it has letters that the
/// language does not use.
#[must_use]
pub fn evidence(text: &str) -> Option<Evidence> {
    weigh(&words(text))
}

impl Evidence {
    /// How likely the guess is right.
    #[must_use]
    pub fn confidence(&self) -> f32 {
        let [rest @ .., constant] = &WEIGHTS;
        let sum: f32 = self
            .features
            .iter()
            .zip(rest)
            .map(|(feature, weight)| feature * weight)
            .sum();
        1.0 / (1.0 + (-sum - constant).exp())
    }
}

/// The words of a text in lower case, without addresses, numbers and codes.
fn words(text: &str) -> Vec<String> {
    let plain = |word: &&str| !word.contains(['@', '/', '_']) && !word.contains("www.");
    let trim = |word: &str| word.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
    text.split(|c: char| {
        c.is_whitespace() || matches!(c, ',' | ';' | '!' | '?' | '(' | ')' | '"' | '…' | '–' | '—')
    })
    .filter(plain)
    .map(trim)
    .filter(|word| !word.is_empty() && !word.contains(char::is_numeric))
    .take(WORDS_READ)
    .collect()
}

/// A script other than Latin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Arabic,
    Cyrillic,
    Devanagari,
    Greek,
    Han,
    Hangul,
    Hebrew,
    Kana,
    Tamil,
    Thai,
}

fn script(c: char) -> Option<Script> {
    Some(match c {
        '\u{0370}'..='\u{03ff}' => Script::Greek,
        '\u{0400}'..='\u{04ff}' => Script::Cyrillic,
        '\u{0590}'..='\u{05ff}' => Script::Hebrew,
        '\u{0600}'..='\u{06ff}' => Script::Arabic,
        '\u{0900}'..='\u{097f}' => Script::Devanagari,
        '\u{0b80}'..='\u{0bff}' => Script::Tamil,
        '\u{0e00}'..='\u{0e7f}' => Script::Thai,
        '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7af}' => Script::Hangul,
        '\u{3040}'..='\u{30ff}' | '\u{ff66}'..='\u{ff9f}' => Script::Kana,
        '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' => Script::Han,
        _ => return None,
    })
}

/// The language of a script that is not Latin, when most letters are of it. Of languages that share a script, letters that
/// only one of them has decide, and else the largest.
fn by_script(words: &[String]) -> Option<(&'static str, f32)> {
    let letters: Vec<char> = words
        .iter()
        .flat_map(|word| word.chars())
        .filter(|c| c.is_alphabetic())
        .collect();
    let most = |scripts: &[Script]| {
        let count = letters
            .iter()
            .filter(|c| script(**c).is_some_and(|script| scripts.contains(&script)))
            .count();
        count * 2 > letters.len()
    };
    let has = |signs: &str| letters.iter().any(|c| signs.contains(*c));
    let kana = letters
        .iter()
        .filter(|c| script(**c) == Some(Script::Kana))
        .count();
    Some(match () {
        // Japanese mixes its own signs into Chinese ones.
        () if kana * 10 > letters.len() && most(&[Script::Kana, Script::Han]) => ("ja", 0.98),
        () if most(&[Script::Han]) => ("zh", 0.95),
        () if most(&[Script::Hangul]) => ("ko", 0.99),
        () if most(&[Script::Cyrillic]) && has("іїєґ") && !has("ыэъ") => ("uk", 0.85),
        () if most(&[Script::Cyrillic]) && has("ђјљњћџ") => ("sr", 0.85),
        () if most(&[Script::Cyrillic]) => ("ru", 0.85),
        () if most(&[Script::Arabic]) && has("ٹڈڑےں") => ("ur", 0.9),
        () if most(&[Script::Arabic]) && has("پچژگ") => ("fa", 0.9),
        () if most(&[Script::Arabic]) => ("ar", 0.9),
        () if most(&[Script::Devanagari]) => ("hi", 0.95),
        () if most(&[Script::Greek]) => ("el", 0.95),
        () if most(&[Script::Hebrew]) => ("he", 0.95),
        () if most(&[Script::Thai]) => ("th", 0.95),
        () if most(&[Script::Tamil]) => ("ta", 0.95),
        () => return None,
    })
}

fn weigh(words: &[String]) -> Option<Evidence> {
    let guess = latin(detect_language(&words.join(" ")));
    let shares = COMMON_WORDS.iter().map(|(code, known)| {
        let common = words.iter().filter(|word| known.contains(&word.as_str())).count();
        (*code, common as f32 / words.len().max(1) as f32)
    });
    let shares: Vec<(&str, f32)> = shares.collect();
    let share_of = |code| {
        shares
            .iter()
            .find(|(other, _)| *other == code)
            .map_or(0.0, |(_, share)| *share)
    };
    let (likeliest, share) = shares.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let code = match guess {
        Some(code) if share - share_of(code) < OVERRULED => code,
        _ if share >= OVERRULED => likeliest,
        _ => return None,
    };

    let letters: Vec<char> = words
        .iter()
        .flat_map(|word| word.chars())
        .filter(|c| c.is_alphabetic())
        .collect();
    let own_letters = LETTERS
        .iter()
        .find(|(other, _)| *other == code)
        .map_or("", |(_, letters)| letters);
    if letters.is_empty() || letters.iter().any(|c| !c.is_ascii() && !own_letters.contains(*c)) {
        return None;
    }
    let parts = words.chunks(words.len().div_ceil(PARTS));
    let same = parts
        .clone()
        .filter(|part| latin(detect_language(&part.join(" "))) == Some(code))
        .count();
    let agreement = same as f32 / parts.len() as f32;
    let others = shares
        .iter()
        .filter(|(other, _)| *other != code)
        .map(|(_, share)| *share);
    let features = [
        (letters.len() as f32).ln(),
        agreement,
        share_of(code),
        others.fold(0.0, f32::max),
    ];
    Some(Evidence { code, features })
}

/// The code of a language that is written in Latin letters.
fn latin(language: Lang) -> Option<&'static str> {
    Some(match language {
        Lang::Deu => "de",
        Lang::Eng => "en",
        Lang::Fra => "fr",
        Lang::Ita => "it",
        Lang::Nld => "nl",
        Lang::Por => "pt",
        Lang::Spa => "es",
        Lang::Swe => "sv",
        Lang::Tur => "tr",
        Lang::Vie => "vi",
        _ => return None,
    })
}

/// Each language's letters beyond a to z, those of its usual loan words included.
const LETTERS: &[(&str, &str)] = &[
    ("de", "äöüßé"),
    ("en", "éïèêçñöü"),
    ("es", "áéíñóúüªº"),
    ("fr", "àâæçéèêëîïôœùûüÿ"),
    ("it", "àèéìíîòóùú"),
    ("nl", "áéëèïíóöüúĳ"),
    ("pt", "áâãàçéêíóôõúü"),
    ("sv", "åäöéà"),
    ("tr", "çğıöşüâîû\u{307}"),
    (
        "vi",
        "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ\u{300}\u{301}\u{302}\u{303}\u{306}\u{309}\u{31b}\u{323}",
    ),
];

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
