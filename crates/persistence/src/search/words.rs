//! Which words of a question nominate passages, and how much each counts.

use acs_domain::port::store::knowledge::Lexicon;
use uuid::Uuid;

/// At most so many words nominate: the rarest. More would read much and change little.
const WORDS: usize = 16;
/// From so many passages on, a word that most of them have does not nominate if a rarer one does.
const MANY_PASSAGES: u64 = 1_000;
/// How many characters of a word the index holds.
const INDEXED_CHARS: usize = 64;

/// A word that nominates. Weights are whole numbers, so that both databases add them up alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) term: String,
    pub(crate) weight: i64,
}

/// The words of `terms` that nominate, rarest first.
pub(crate) fn nominating(terms: &[String], lexicon: &Lexicon) -> Vec<Word> {
    let mut known: Vec<(u64, &String)> = terms
        .iter()
        .zip(&lexicon.frequencies)
        .filter(|(_, passages)| **passages > 0)
        .map(|(term, passages)| (*passages, term))
        .collect();
    known.sort_unstable();
    known.dedup();
    let common = |passages: u64| lexicon.passages >= MANY_PASSAGES && passages > lexicon.passages / 2;
    if known.first().is_some_and(|(rarest, _)| !common(*rarest)) {
        known.retain(|(passages, _)| !common(*passages));
    }
    known.truncate(WORDS);
    known
        .into_iter()
        .map(|(passages, term)| Word {
            term: term.clone(),
            weight: weight(passages, lexicon.passages),
        })
        .collect()
}

/// Inverse document frequency as in BM25 (Robertson and Zaragoza 2009, section 3.3, with 1 added under the logarithm so
/// that it is never negative), in millionths.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "counts of passages are far below 2^52, and the logarithm of one below 40"
)]
fn weight(passages: u64, all: u64) -> i64 {
    let (passages, all) = (passages as f64, all.max(passages) as f64);
    let idf = (1.0 + (all - passages + 0.5) / (passages + 0.5)).ln();
    (idf * 1e6).round() as i64
}

/// A word as SQLite's index holds it: one token, whatever characters it is made of, with its organization in front, so
/// that a search reads nothing of another one's. Only letters that the tokenizer leaves alone stand for themselves.
/// PostgreSQL does the same in `ai.indexed_word`.
pub(crate) fn indexed_word(organization: Uuid, word: &str) -> String {
    let organization = organization.simple().to_string();
    let mut token = organization.get(24..).unwrap_or_default().to_owned();
    for letter in word.chars().take(INDEXED_CHARS) {
        let plain = letter.is_ascii_lowercase() || letter.is_ascii_digit() || !letter.is_ascii();
        if plain && letter != MARK {
            token.push(letter);
        } else {
            token.push(MARK);
            token.push_str(&format!("{:x}", u32::from(letter)));
            token.push(MARK);
        }
    }
    token
}

/// Stands around the number of a letter.
const MARK: char = '·';

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lexicon(passages: u64, frequencies: &[u64]) -> Lexicon {
        Lexicon {
            passages,
            total_terms: passages * 10,
            frequencies: frequencies.to_vec(),
        }
    }

    fn terms(count: usize) -> Vec<String> {
        (0..count).map(|n| format!("t{n:02}")).collect()
    }

    #[test]
    fn rare_words_count_more_and_unknown_ones_not_at_all() {
        let words = nominating(&terms(3), &lexicon(100, &[50, 1, 0]));
        assert_eq!(
            words.iter().map(|word| word.term.as_str()).collect::<Vec<_>>(),
            ["t01", "t00"]
        );
        assert!(words[0].weight > words[1].weight && words[1].weight > 0);
    }

    #[test]
    fn words_that_most_passages_have_nominate_only_when_no_other_does() {
        let chosen = |frequencies: &[u64]| nominating(&terms(2), &lexicon(2_000, frequencies)).len();
        assert_eq!(chosen(&[1_500, 20]), 1);
        assert_eq!(chosen(&[1_500, 1_900]), 2);
        assert_eq!(nominating(&terms(2), &lexicon(20, &[18, 2])).len(), 2);
    }

    #[test]
    fn only_the_rarest_nominate() {
        let frequencies: Vec<u64> = (1..=40).collect();
        let words = nominating(&terms(40), &lexicon(500, &frequencies));
        assert_eq!(words.len(), WORDS);
        assert_eq!(words[0].term, "t00");
    }

    proptest! {
        #[test]
        fn different_words_have_different_tokens(a in "\\PC{1,20}", b in "\\PC{1,20}") {
            let token = |word: &str| indexed_word(Uuid::nil(), word);
            prop_assert_eq!(a == b, token(&a) == token(&b));
        }

        #[test]
        fn a_token_has_nothing_that_the_tokenizer_changes(word in "\\PC{0,80}") {
            let token = indexed_word(Uuid::nil(), &word);
            prop_assert!(token.chars().all(|c| !c.is_ascii() || c.is_ascii_lowercase() || c.is_ascii_digit()));
        }
    }
}
