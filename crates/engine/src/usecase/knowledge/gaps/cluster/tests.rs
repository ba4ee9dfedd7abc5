use acs_core::id::Id;
use proptest::prelude::*;
use time::OffsetDateTime;
use uuid::Uuid;

use super::*;

fn question(number: u128, words: &str, vector: &[f32]) -> Unanswered {
    let length = dot(vector, vector).sqrt().max(f32::MIN_POSITIVE);
    Unanswered {
        id: Id::from_uuid(Uuid::from_u128(number)),
        conversation_id: Id::from_uuid(Uuid::nil()),
        question: words.to_owned(),
        language: None,
        vector: vector.iter().map(|value| value / length).collect(),
        embedding_model: "model".to_owned(),
        knowledge_version: 0,
        asked_at: OffsetDateTime::UNIX_EPOCH,
    }
}

fn numbers(questions: Vec<Unanswered>) -> Vec<Vec<u128>> {
    let number = |question: &Unanswered| question.id.as_uuid().as_u128();
    cluster(questions, |_| 0.0)
        .iter()
        .map(|gap| gap.questions.iter().map(number).collect())
        .collect()
}

#[test]
fn questions_of_one_meaning_are_one_gap_and_the_middle_one_speaks_for_it() {
    let asked = vec![
        question(1, "a", &[1.0, 0.6]),
        question(2, "other", &[-1.0, 0.2]),
        question(3, "b", &[1.0, 0.1]),
        question(4, "c", &[1.0, -0.5]),
    ];
    assert_eq!(numbers(asked), [vec![3, 1, 4], vec![2]]);
}

#[test]
fn the_same_words_are_one_gap_whatever_their_vectors() {
    let mut unembedded = question(2, "do you SHIP to norway", &[]);
    unembedded.embedding_model = String::new();
    let asked = vec![question(1, "Do you ship to Norway?", &[1.0, 0.0]), unembedded];
    assert_eq!(numbers(asked), [vec![1, 2]]);
}

#[test]
fn vectors_of_different_models_are_not_compared() {
    let mut other = question(2, "b", &[1.0, 0.0]);
    other.embedding_model = "other".to_owned();
    assert_eq!(
        numbers(vec![question(1, "a", &[1.0, 0.0]), other]),
        [vec![1], vec![2]]
    );
}

proptest! {
    #[test]
    fn every_question_is_in_one_gap_and_new_ones_move_none(
        vectors in proptest::collection::vec(proptest::array::uniform3(-1.0_f32..1.0), 1..30),
        old in 0_usize..30,
    ) {
        let asked: Vec<_> = (0_u128..)
            .zip(&vectors)
            .map(|(number, vector)| question(number, &format!("q{number}"), vector))
            .collect();
        let gaps = numbers(asked.clone());
        let mut all: Vec<_> = gaps.iter().flatten().copied().collect();
        all.sort_unstable();
        prop_assert_eq!(all, (0..vectors.len() as u128).collect::<Vec<_>>());
        let old = old.min(vectors.len());
        let before = numbers(asked[..old].to_vec());
        for (before, now) in before.iter().zip(&gaps) {
            prop_assert!(before.iter().all(|number| now.contains(number)));
        }
    }
}
