//! Which language a text in Latin letters is in: what speaks for each, weighed against the others and against none of them.
//!
//! A conditional logit (McFadden 1974): the same weights for every language, over features that tell how well the text
//! suits it. That none of the languages is meant competes as one more candidate, so that the winner's share is how sure
//! the answer is. The languages are those of `whichlang` (a linear model over letter groups), which is the strongest
//! witness on whole sentences and a weak one on single words; there, words and letters decide.

use whichlang::{Lang, detect_language};

use super::common_words::{self, Languages};

/// The languages told apart, ISO 639-1.
pub(super) const CODES: [&str; 10] = ["de", "en", "es", "fr", "it", "nl", "pt", "sv", "tr", "vi"];

/// Each language's letters beyond a to z, those of its usual loan words included; in the order of [`CODES`].
const LETTERS: [&str; 10] = [
    "äöüßé",
    "éïèêçñöü",
    "áéíñóúü",
    "àâæçéèêëîïôœùûüÿ",
    "àèéìíîòóùú",
    "áéëèïíóöüúĳ",
    "áâãàçéêíóôõúü",
    "åäöéà",
    "çğıöşüâîû\u{307}",
    "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
];

/// Numbers that describe how well a language suits a text.
pub const FEATURES: usize = 6;

/// Numbers that describe how little a text says at all.
pub const DOUBTS: usize = 2;

/// A common word that is written without its marks counts less.
const BARE: f32 = 0.6;

/// More of the same changes nothing.
const MOST: f32 = 5.0;

/// The parts of a text that are asked too.
const PARTS: usize = 4;

/// Fitted by `examples/evaluate`, part `fit_language`, on pieces of one to twelve words of XQuAD (en, es, de;
/// CC BY-SA 4.0) and the rows of `tests/data/short_messages.tsv` that are marked for it.
const WEIGHTS: [f32; FEATURES] = [3.526, 2.794, -1.263, 0.429, 0.710, 0.373];

/// The same for none of the languages.
const DOUBT: [f32; DOUBTS] = [0.652, 0.674];

/// What speaks for and against each language.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// In the order of the languages' codes: the common words, each counting less the more languages share it; the share
    /// of words that are common; the share of words with a letter that the language lacks; the words with a letter that
    /// few others have; the logarithm of the number of letters where `whichlang` names the language for the whole; and
    /// the same for the share of the text's parts.
    pub languages: [[f32; FEATURES]; CODES.len()],
    /// One; and the share of words that are common nowhere.
    pub doubts: [f32; DOUBTS],
    /// The share of words that only other languages have, or letters that none of these has.
    pub foreign: f32,
}

/// The languages' codes, in the order of [`Evidence::languages`].
#[must_use]
pub fn codes() -> &'static [&'static str] {
    &CODES
}

impl Evidence {
    /// Reads words in lower case; `None` without any letter.
    pub(super) fn of(words: &[String]) -> Option<Self> {
        let letters: usize = words
            .iter()
            .map(|word| word.chars().filter(|c| c.is_alphabetic()).count())
            .sum();
        if letters == 0 {
            return None;
        }
        let mut evidence = Self {
            languages: [[0.0; FEATURES]; CODES.len()],
            doubts: [1.0, 0.0],
            foreign: 0.0,
        };
        let each = 1.0 / words.len() as f32;
        for word in words {
            evidence.read(word, each);
        }
        let size = (letters as f32).ln_1p();
        if let Some(place) = place(detect_language(&words.join(" "))) {
            evidence.languages[place][4] = size;
        }
        let parts = words.chunks(words.len().div_ceil(PARTS));
        let share = size / parts.len() as f32;
        for part in parts {
            if let Some(place) = place(detect_language(&part.join(" "))) {
                evidence.languages[place][5] += share;
            }
        }
        for features in &mut evidence.languages {
            features[0] = features[0].min(MOST);
            features[3] = features[3].min(MOST);
        }
        Some(evidence)
    }

    fn read(&mut self, word: &str, each: f32) {
        let (common, bare) = common_words::look_up(word);
        let (lacking, rare) = letters(word);
        if common == 0 {
            self.doubts[1] += each;
        }
        if lacking.count_ones() as usize == CODES.len() || common_words::is_foreign(word) {
            self.foreign += each;
        }
        let weight = if bare { BARE } else { 1.0 };
        for (place, features) in self.languages.iter_mut().enumerate() {
            let bit: Languages = 1 << place;
            if common & bit != 0 {
                features[0] += weight / common.count_ones() as f32;
                features[1] += weight * each;
            }
            if lacking & bit != 0 {
                features[2] += each;
            }
            if rare & bit != 0 {
                features[3] += 1.0 / rare.count_ones() as f32;
            }
        }
    }

    /// The likeliest language and how sure that is, from 0 to 1; `None` when no language is likelier than none at all.
    pub(super) fn guess(&self) -> Option<(&'static str, f32)> {
        let dot =
            |features: &[f32], weights: &[f32]| features.iter().zip(weights).map(|(x, w)| x * w).sum::<f32>();
        let none = dot(&self.doubts, &DOUBT);
        let scores = self.languages.map(|features| dot(&features, &WEIGHTS));
        let (place, best) = scores.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
        // Where as much speaks for a language that is not told, it is none of these.
        let common = self.languages[place][1];
        if *best < none || (self.foreign > 0.0 && self.foreign >= common) {
            return None;
        }
        let sum: f32 = scores
            .iter()
            .chain([&none])
            .map(|score| (score - best).exp())
            .sum();
        Some((CODES[place], 1.0 / sum))
    }
}

/// The languages that lack a letter of the word, and those that have all of its letters beyond a to z, if it has any.
fn letters(word: &str) -> (Languages, Languages) {
    const ALL: Languages = (1 << CODES.len()) - 1;
    if word.is_ascii() {
        return (0, 0);
    }
    let mut having = ALL;
    for c in word.chars().filter(|c| !c.is_ascii() && c.is_alphabetic()) {
        for (place, own) in LETTERS.iter().enumerate() {
            if !own.contains(c) {
                having &= !(1 << place);
            }
        }
    }
    let lacking = ALL & !having;
    (lacking, if lacking == 0 { 0 } else { having })
}

/// The place of a language in [`CODES`].
fn place(language: Lang) -> Option<usize> {
    Some(match language {
        Lang::Deu => 0,
        Lang::Eng => 1,
        Lang::Spa => 2,
        Lang::Fra => 3,
        Lang::Ita => 4,
        Lang::Nld => 5,
        Lang::Por => 6,
        Lang::Swe => 7,
        Lang::Tur => 8,
        Lang::Vie => 9,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(text: &str) -> Option<(&'static str, f32)> {
        let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        Evidence::of(&words)?.guess()
    }

    #[test]
    fn letters_tell_which_languages_cannot_be_meant() {
        let (lacking, having) = letters("straße");
        assert_eq!(having, 1);
        assert_eq!(lacking, 0b11_1111_1110);
        assert_eq!(letters("strasse"), (0, 0));
    }

    #[test]
    fn more_words_of_a_language_make_it_surer() {
        let (_, one) = guess("pedido").unwrap_or(("es", 0.0));
        let (code, four) = guess("dónde está mi pedido").unwrap();
        assert!(code == "es" && four > one && four > 0.9);
    }

    #[test]
    fn without_letters_there_is_nothing_to_tell() {
        assert_eq!(Evidence::of(&[]), None);
    }
}
