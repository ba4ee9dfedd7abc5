use acs_core::id::Id;
use acs_domain::knowledge::{FoundPassage, Passage};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::*;
use crate::retrieve::Weights;

/// A passage of an entry of its own that was found.
fn hit(id: u128, vector: &[f32], score: f32) -> Hit {
    let found = FoundPassage {
        passage: Passage {
            id: Id::from_uuid(Uuid::from_u128(id)),
            entry_id: Id::from_uuid(Uuid::from_u128(id)),
            ordinal: 0,
            heading: String::new(),
            text: String::new(),
            terms: Vec::new(),
            vector: Vector::from(vector),
            sentences: Vec::new(),
        },
        title: String::new(),
        category: String::new(),
        source_url: None,
        version: 1,
        success_count: 0,
        updated_at: OffsetDateTime::UNIX_EPOCH,
    };
    Hit {
        found,
        score,
        cosine: score,
        lexical: 0.0,
    }
}

/// The same, written so many days later and so often of help.
fn newer(days: i64, success_count: i64, mut hit: Hit) -> Hit {
    hit.found.updated_at += Duration::days(days);
    hit.found.success_count = success_count;
    hit
}

fn order(parts: &[Vector], mut hits: Vec<Hit>) -> Vec<u128> {
    rerank(parts, 0.0, Weights::default().share, &mut hits);
    let id = |hit: &Hit| hit.found.passage.id.as_uuid().as_u128();
    hits.iter().map(id).collect()
}

const HERE: [f32; 2] = [1.0, 0.0];
const THERE: [f32; 2] = [0.0, 1.0];
const BETWEEN: [f32; 2] = [0.6, 0.6];

#[test]
fn a_passage_counts_by_the_parts_that_it_is_about() {
    let parts = [HERE, HERE, THERE, THERE, THERE].map(|part| Vector::from(part.as_slice()));
    let hits = vec![hit(1, &BETWEEN, 0.9), hit(2, &HERE, 0.5), hit(3, &THERE, 0.4)];
    assert_eq!(order(&parts, hits), [2, 3, 1]);
}

#[test]
fn a_question_of_one_part_keeps_its_order_and_a_passage_without_a_vector_its_score() {
    let one = [Vector::from(THERE.as_slice())];
    assert_eq!(order(&one, vec![hit(1, &HERE, 0.6), hit(2, &THERE, 0.5)]), [1, 2]);
    let two = [HERE, HERE].map(|part| Vector::from(part.as_slice()));
    assert_eq!(order(&two, vec![hit(1, &[], 0.3), hit(2, &THERE, 0.9)]), [1, 2]);
}

#[test]
fn of_passages_that_say_the_same_the_fresher_comes_first() {
    let fresh = |id, score| newer(365, 0, hit(id, &HERE, score));
    assert_eq!(order(&[], vec![hit(1, &HERE, 0.51), fresh(2, 0.50)]), [2, 1]);
    let far = |id, score| newer(3_650, 9_999, hit(id, &HERE, score));
    assert_eq!(
        order(&[], vec![hit(1, &HERE, 0.53), far(2, 0.50)]),
        [1, 2],
        "within a bound"
    );
}

#[test]
fn of_passages_that_say_the_same_the_one_that_helped_oftener_comes_first() {
    let helpful = newer(0, 200, hit(2, &HERE, 0.50));
    assert_eq!(order(&[], vec![hit(1, &HERE, 0.503), helpful.clone()]), [2, 1]);
    assert_eq!(order(&[], vec![hit(1, &HERE, 0.506), helpful]), [1, 2]);
}

#[test]
fn a_fresher_passage_that_says_something_else_never_comes_before_the_right_one() {
    let other = newer(3_650, 9_999, hit(2, &BETWEEN, 0.5099));
    assert_eq!(order(&[], vec![hit(1, &HERE, 0.51), other]), [1, 2]);
}

#[test]
fn a_fresher_passage_without_a_word_of_the_question_never_comes_before_one_that_has_it() {
    let mut right = hit(1, &HERE, 0.51);
    right.lexical = 0.2;
    let other = newer(3_650, 9_999, hit(2, &HERE, 0.5099));
    assert_eq!(order(&[], vec![right, other]), [1, 2]);
}

#[test]
fn passages_of_one_entry_do_not_compete() {
    let mut late = newer(365, 9, hit(2, &HERE, 0.50));
    late.found.passage.entry_id = Id::from_uuid(Uuid::from_u128(1));
    assert_eq!(order(&[], vec![hit(1, &HERE, 0.501), late]), [1, 2]);
}
