//! The order of found passages.
//!
//! `score = cosine + share × lexical`, where `lexical` is BM25 (Robertson and Zaragoza 2009) divided by what a passage with
//! the question's rarest words could have at the most: the sum over them of `idf × (k1 + 1)`. Both parts so lie on the same
//! scale for every question, and a threshold on the score means the same everywhere. Only so many words make up that
//! measure, since of a long message no passage holds more. Adding scores beats adding ranks (reciprocal rank fusion),
//! which throws away how much better the first is than the second.

use acs_domain::port::retrieve::Ranked;
use acs_domain::port::store::knowledge::{Lexicon, Nominations, Nominee};

/// What counts how much.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// How soon more occurrences of a word stop to matter.
    pub k1: f32,
    /// How much a long passage's words count for less: 0 not at all, 1 in full.
    pub b: f32,
    /// How much words count beside meaning.
    pub share: f32,
    /// So many of the question's rarest words, all in one passage, are the full lexical score.
    pub full: usize,
}

impl Default for Weights {
    /// Chosen by `examples/tune_retrieval.rs` on one half of StackFAQ, XQuAD and tau2-bench; its report has the other halves.
    fn default() -> Self {
        Self {
            k1: 0.9,
            b: 0.6,
            share: 0.25,
            full: 4,
        }
    }
}

/// Scores the nominees, best first, equals by passage id. `lexical` is BM25 on the scale above: 0 to 1, more only for a
/// passage that holds more than `full` words of a long question.
pub(super) fn rank(nominations: &Nominations, weights: Weights) -> Vec<Ranked> {
    let idf = rarities(&nominations.lexicon);
    let best = full_score(&idf, weights);
    let mean_length = mean_length(&nominations.lexicon);
    let mut ranked: Vec<Ranked> = nominations
        .nominees
        .iter()
        .enumerate()
        .map(|(index, nominee)| {
            let lexical = if best > 0.0 {
                bm25(nominee, &idf, mean_length, weights) / best
            } else {
                0.0
            };
            Ranked {
                index,
                score: nominee.cosine + weights.share * lexical,
                lexical,
            }
        })
        .collect();
    ranked.sort_by(|a, b| {
        let id = |ranked: &Ranked| nominations.nominees[ranked.index].passage_id;
        b.score.total_cmp(&a.score).then_with(|| id(a).cmp(&id(b)))
    });
    ranked
}

/// How rare each word of the question is: `ln(1 + (N - n + ½) / (n + ½))`, never negative.
fn rarities(lexicon: &Lexicon) -> Vec<f32> {
    let passages = lexicon.passages as f32;
    let rarity = |&n: &u64| 1.0 + ((passages - n as f32).max(0.0) + 0.5) / (n as f32 + 0.5);
    lexicon.frequencies.iter().map(|n| rarity(n).ln()).collect()
}

/// BM25 of a passage that holds the rarest words of the question without end.
fn full_score(idf: &[f32], Weights { k1, full, .. }: Weights) -> f32 {
    let mut rarest = idf.to_vec();
    rarest.sort_by(|a, b| b.total_cmp(a));
    rarest.iter().take(full).sum::<f32>() * (k1 + 1.0)
}

fn mean_length(lexicon: &Lexicon) -> f32 {
    (lexicon.total_terms as f32 / lexicon.passages.max(1) as f32).max(1.0)
}

fn bm25(nominee: &Nominee, idf: &[f32], mean_length: f32, Weights { k1, b, .. }: Weights) -> f32 {
    let norm = k1 * (1.0 - b + b * nominee.length as f32 / mean_length);
    nominee
        .counts
        .iter()
        .zip(idf)
        .map(|(&count, idf)| idf * count as f32 * (k1 + 1.0) / (count as f32 + norm))
        .sum()
}

#[cfg(test)]
mod tests {
    use acs_core::id::Id;
    use uuid::Uuid;

    use super::*;

    fn nominee(id: u128, cosine: f32, length: u32, counts: &[u32]) -> Nominee {
        Nominee {
            passage_id: Id::from_uuid(Uuid::from_u128(id)),
            entry_id: Id::from_uuid(Uuid::from_u128(id)),
            cosine,
            length,
            counts: counts.to_vec(),
        }
    }

    fn order(nominees: Vec<Nominee>, frequencies: &[u64]) -> Vec<usize> {
        let lexicon = Lexicon {
            passages: 100,
            total_terms: 10_000,
            frequencies: frequencies.to_vec(),
        };
        rank(
            &Nominations {
                nominees,
                lexicon,
                ..Nominations::default()
            },
            Weights::default(),
        )
        .iter()
        .map(|ranked| ranked.index)
        .collect()
    }

    #[test]
    fn meaning_decides_where_words_are_equal() {
        assert_eq!(
            order(
                vec![nominee(1, 0.2, 100, &[1]), nominee(2, 0.6, 100, &[1])],
                &[10]
            ),
            [1, 0]
        );
    }

    #[test]
    fn words_decide_where_meaning_is_equal() {
        let nominees = vec![
            nominee(1, 0.5, 100, &[1, 0]),
            nominee(2, 0.5, 100, &[0, 1]),
            nominee(3, 0.5, 100, &[1, 1]),
        ];
        // The second word is the rarer one.
        assert_eq!(order(nominees, &[50, 2]), [2, 1, 0]);
    }

    #[test]
    fn a_word_counts_less_in_a_long_passage_and_less_each_time() {
        assert_eq!(
            order(vec![nominee(1, 0.0, 400, &[1]), nominee(2, 0.0, 50, &[1])], &[5]),
            [1, 0]
        );
        let lexicon = Lexicon {
            passages: 100,
            total_terms: 10_000,
            frequencies: vec![5],
        };
        let lexical = |count| {
            let nominations = Nominations {
                nominees: vec![nominee(1, 0.0, 100, &[count])],
                lexicon: lexicon.clone(),
                ..Nominations::default()
            };
            rank(&nominations, Weights::default())[0].lexical
        };
        assert!(lexical(2) - lexical(1) < lexical(1));
        assert!(lexical(1_000) <= 1.0);
    }

    #[test]
    fn equals_are_in_the_order_of_their_ids_whatever_the_order_they_came_in() {
        assert_eq!(
            order(vec![nominee(7, 0.5, 9, &[]), nominee(3, 0.5, 9, &[])], &[]),
            [1, 0]
        );
        assert_eq!(
            order(vec![nominee(3, 0.5, 9, &[]), nominee(7, 0.5, 9, &[])], &[]),
            [0, 1]
        );
    }

    #[test]
    fn an_empty_store_and_a_question_without_words_are_no_trouble() {
        assert!(rank(&Nominations::default(), Weights::default()).is_empty());
        let nominations = Nominations {
            nominees: vec![nominee(1, 0.4, 0, &[])],
            lexicon: Lexicon::default(),
            ..Nominations::default()
        };
        let ranked = rank(&nominations, Weights::default());
        assert_eq!((ranked[0].score, ranked[0].lexical), (0.4, 0.0));
    }
}
