//! Which words of a question nominate passages, and how much each counts.
//!
//! A word's passages are read one by one, so what a question costs are the passages of its words together. Therefore only
//! its rarest words *open* passages; the others *weigh* those that are open, for which their lists are passed over, and
//! the commonest do neither. What is left out is a passage that has none of the rare words: it lacks what the question
//! asks most clearly, and may still be nominated by its meaning.

use acs_domain::port::store::knowledge::{Lexicon, SearchQuery};
use uuid::Uuid;

/// At most so many words nominate: the rarest. More would read much and change little.
const WORDS: usize = 16;
/// For each candidate that is wanted, words open about so many passages.
const OPENED: u64 = 40;
/// For each candidate that is wanted, the lists of the words that weigh hold so many passages at the most.
const PASSED_OVER: u64 = 100;
/// How many characters of a word the index holds.
const INDEXED_CHARS: usize = 64;

/// A word that nominates. Weights are whole numbers, so that both databases add them up alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) term: String,
    pub(crate) weight: i64,
}

/// The words that nominate, rarest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Words {
    /// Every passage that has one of them may be nominated.
    pub(crate) opening: Vec<Word>,
    /// They only add to the weight of such a passage.
    pub(crate) weighing: Vec<Word>,
    /// How many passages the opening words have, a passage counted for each.
    pub(crate) opened: u64,
}

impl Words {
    pub(crate) fn is_empty(&self) -> bool {
        self.opening.is_empty()
    }
}

/// Which words of a query nominate. Within a category all do: most of what the rare ones open lies outside of it.
pub(crate) fn nominating(query: &SearchQuery, lexicon: &Lexicon) -> Words {
    let mut known: Vec<(u64, &String)> = query
        .terms
        .iter()
        .zip(&lexicon.frequencies)
        .filter(|(_, passages)| **passages > 0)
        .map(|(term, passages)| (*passages, term))
        .collect();
    known.sort_unstable();
    known.dedup();
    known.truncate(WORDS);

    let wanted = u64::from(query.candidates);
    let mut passed_over = 0;
    let mut words = Words::default();
    for (passages, term) in known {
        let word = Word {
            term: term.clone(),
            weight: weight(passages, lexicon.passages),
        };
        let enough = words.opened >= wanted && words.opened + passages > OPENED * wanted;
        if !enough || query.only.category.is_some() {
            words.opened += passages;
            words.opening.push(word);
        } else if passed_over + passages <= PASSED_OVER * wanted {
            passed_over += passages;
            words.weighing.push(word);
        }
    }
    words
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
    use acs_domain::port::store::knowledge::Filter;
    use proptest::prelude::*;

    use super::*;

    fn lexicon(passages: u64, frequencies: &[u64]) -> Lexicon {
        Lexicon {
            passages,
            total_terms: passages * 10,
            frequencies: frequencies.to_vec(),
        }
    }

    fn query(terms: usize, candidates: u32) -> SearchQuery {
        SearchQuery {
            terms: (0..terms).map(|n| format!("t{n:02}")).collect(),
            vector: None,
            embedding_model: String::new(),
            only: Filter::default(),
            of: Vec::new(),
            at: time::OffsetDateTime::UNIX_EPOCH,
            candidates,
        }
    }

    /// Which words open and which weigh, when ten passages are wanted of ten thousand.
    fn chosen(frequencies: &[u64]) -> [Vec<String>; 2] {
        let words = nominating(&query(frequencies.len(), 10), &lexicon(10_000, frequencies));
        let terms = |words: Vec<Word>| words.into_iter().map(|word| word.term).collect();
        [terms(words.opening), terms(words.weighing)]
    }

    #[test]
    fn rare_words_count_more_and_unknown_ones_not_at_all() {
        let words = nominating(&query(3, 10), &lexicon(100, &[50, 1, 0]));
        assert_eq!(
            words
                .opening
                .iter()
                .map(|word| word.term.as_str())
                .collect::<Vec<_>>(),
            ["t01", "t00"]
        );
        assert!(words.opening[0].weight > words.opening[1].weight && words.opening[1].weight > 0);
    }

    #[test]
    fn words_open_until_they_have_opened_enough_and_then_weigh() {
        assert_eq!(chosen(&[20, 380]), [vec!["t00", "t01"], vec![]]);
        assert_eq!(chosen(&[20, 381]), [vec!["t00"], vec!["t01"]]);
        assert_eq!(chosen(&[381, 20, 5]), [vec!["t02", "t01"], vec!["t00"]]);
    }

    #[test]
    fn a_common_word_opens_where_the_rarer_ones_have_too_few_passages() {
        assert_eq!(chosen(&[9_000]), [vec!["t00"], vec![]]);
        assert_eq!(chosen(&[9, 5_000, 5_001]), [vec!["t00", "t01"], vec![]]);
    }

    #[test]
    fn the_lists_of_the_words_that_weigh_are_short_together() {
        assert_eq!(chosen(&[100, 400, 600, 601]), [vec!["t00"], vec!["t01", "t02"]]);
        assert_eq!(chosen(&[100, 1_001]), [vec!["t00"], vec![]]);
    }

    #[test]
    fn within_a_category_every_word_opens() {
        let query = SearchQuery {
            only: Filter {
                category: Some("billing".to_owned()),
                ..Filter::default()
            },
            ..query(2, 10)
        };
        assert_eq!(
            nominating(&query, &lexicon(10_000, &[100, 5_000])).opening.len(),
            2
        );
    }

    #[test]
    fn only_the_rarest_nominate() {
        let frequencies: Vec<u64> = (1..=40).collect();
        let words = nominating(&query(40, 50), &lexicon(500, &frequencies));
        assert_eq!(words.opening.len(), WORDS);
        assert_eq!(words.opening[0].term, "t00");
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
