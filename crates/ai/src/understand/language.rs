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
const SURE_ENOUGH: f32 = 0.6;

/// More words than these change nothing.
const WORDS_READ: usize = 80;

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
const WEIGHTS: [f32; 5] = [0.9, 2.0, 4.0, -6.0, -3.0];

/// The language of a text; `None` when it cannot be told.
#[must_use]
pub fn detect(text: &str) -> Option<Language> {
    let words = words(text);
    let (code, confidence) = by_script(&words).or_else(|| {
        let evidence = weigh(&words)?;
        Some((evidence.code, evidence.confidence()))
    })?;
    (confidence >= SURE_ENOUGH).then(|| Language { code: code.to_owned(), confidence })
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
        let sum: f32 = self.features.iter().zip(rest).map(|(feature, weight)| feature * weight).sum();
        1.0 / (1.0 + (-sum - constant).exp())
    }
}

/// The words of a text in lower case, without addresses, numbers and codes.
fn words(text: &str) -> Vec<String> {
    let plain = |word: &&str| !word.contains(['@', '/', '_']) && !word.contains("www.");
    let trim = |word: &str| word.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '!' | '?' | '(' | ')' | '"' | '…' | '–' | '—'))
        .filter(plain)
        .map(trim)
        .filter(|word| !word.is_empty() && !word.contains(char::is_numeric))
        .take(WORDS_READ)
        .collect()
}

/// The language of a script that is not Latin, when most letters are of it.
fn by_script(words: &[String]) -> Option<(&'static str, f32)> {
    let letters = || words.iter().flat_map(|word| word.chars()).filter(|c| c.is_alphabetic());
    let share = |of: fn(char) -> bool| {
        letters().filter(|&c| of(c)).count() as f32 / letters().count().max(1) as f32
    };
    let has = |signs: &str| letters().any(|c| signs.contains(c));
    let kana = share(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{ff66}'..='\u{ff9f}'));
    let han = share(|c| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'));
    if kana > 0.1 && kana + han > 0.5 {
        return Some(("ja", 0.98));
    }
    if han > 0.5 {
        return Some(("zh", 0.95));
    }
    if share(|c| matches!(c, '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7af}')) > 0.5 {
        return Some(("ko", 0.99));
    }
    if share(|c| matches!(c, '\u{0400}'..='\u{04ff}')) > 0.5 {
        let code = match () {
            () if has("іїєґ") && !has("ыэъ") => "uk",
            () if has("ђјљњћџ") => "sr",
            () => "ru",
        };
        return Some((code, 0.85));
    }
    if share(|c| matches!(c, '\u{0600}'..='\u{06ff}')) > 0.5 {
        let code = match () {
            () if has("ٹڈڑےں") => "ur",
            () if has("پچژگ") => "fa",
            () => "ar",
        };
        return Some((code, 0.9));
    }
    let others: [(fn(char) -> bool, &'static str); 5] = [
        (|c| matches!(c, '\u{0900}'..='\u{097f}'), "hi"),
        (|c| matches!(c, '\u{0370}'..='\u{03ff}'), "el"),
        (|c| matches!(c, '\u{0590}'..='\u{05ff}'), "he"),
        (|c| matches!(c, '\u{0e00}'..='\u{0e7f}'), "th"),
        (|c| matches!(c, '\u{0b80}'..='\u{0bff}'), "ta"),
    ];
    others.into_iter().find(|(of, _)| share(*of) > 0.5).map(|(_, code)| (code, 0.95))
}

fn weigh(words: &[String]) -> Option<Evidence> {
    let (code, letters) = latin(detect_language(&words.join(" ")))?;
    let all: Vec<char> = words.iter().flat_map(|word| word.chars()).filter(|c| c.is_alphabetic()).collect();
    if all.is_empty() || all.iter().any(|c| !c.is_ascii() && !letters.contains(*c)) {
        return None;
    }
    let size = words.len().div_ceil(PARTS);
    let parts: Vec<bool> = words
        .chunks(size)
        .map(|part| latin(detect_language(&part.join(" "))).is_some_and(|(other, _)| other == code))
        .collect();
    let agreement = parts.iter().filter(|same| **same).count() as f32 / parts.len() as f32;
    let common = |known: &[&str]| {
        words.iter().filter(|word| known.contains(&word.as_str())).count() as f32 / words.len() as f32
    };
    let own = COMMON_WORDS.iter().find(|(language, _)| *language == code).map_or(0.0, |(_, known)| common(known));
    let others = COMMON_WORDS.iter().filter(|(language, _)| *language != code).map(|(_, known)| common(known));
    let best_other = others.fold(0.0, f32::max);
    Some(Evidence { code, features: [(all.len() as f32).ln(), agreement, own, best_other] })
}

/// The code of a language that is written in Latin letters, and its letters beyond a to z.
fn latin(language: Lang) -> Option<(&'static str, &'static str)> {
    Some(match language {
        Lang::Deu => ("de", "äöüß"),
        Lang::Eng => ("en", "éïèêçñöü"),
        Lang::Fra => ("fr", "àâæçéèêëîïôœùûüÿ"),
        Lang::Ita => ("it", "àèéìíîòóùú"),
        Lang::Nld => ("nl", "áéëèïíóöüúĳ"),
        Lang::Por => ("pt", "áâãàçéêíóôõúü"),
        Lang::Spa => ("es", "áéíñóúüªº"),
        Lang::Swe => ("sv", "åäöéà"),
        Lang::Tur => ("tr", "çğıİöşüâîû\u{307}"),
        Lang::Vie => (
            "vi",
            "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ\u{300}\u{301}\u{303}\u{309}\u{323}\u{302}\u{306}\u{31b}",
        ),
        _ => return None,
    })
}
