use super::*;

/// A unit vector in the plane, so many degrees from the first axis.
fn at(degrees: f32) -> Vector {
    [degrees.to_radians().cos(), degrees.to_radians().sin()].into()
}

fn phrase(intent: &str, degrees: f32) -> Phrase {
    Phrase {
        intent: intent.into(),
        text: String::new(),
        vector: at(degrees),
    }
}

fn names(index: &IntentIndex, degrees: f32) -> Vec<&str> {
    index
        .nearest(&at(degrees))
        .iter()
        .map(|near| near.intent)
        .collect()
}

#[test]
fn the_intent_with_the_nearest_phrases_comes_first() {
    let index = IntentIndex::learn(vec![
        phrase("b", 90.0),
        phrase("a", 0.0),
        phrase("b", 80.0),
        phrase("c", 180.0),
    ]);
    assert_eq!(names(&index, 70.0), ["b", "a", "c"]);
    assert_eq!(names(&index, 10.0), ["a", "b", "c"]);
    assert_eq!(index.phrases(), 4);
}

#[test]
fn one_phrase_that_is_near_by_accident_does_not_decide() {
    let many = (0..5).map(|n| phrase("steady", 20.0 + n as f32));
    let lone = [0.0, 90.0, 90.0, 90.0, 90.0].map(|degrees| phrase("lone", degrees));
    let index = IntentIndex::learn(many.chain(lone).collect());
    assert_eq!(names(&index, 5.0)[0], "steady");
}

#[test]
fn the_center_is_the_direction_of_the_mean_however_far_apart_the_phrases_are() {
    let index = IntentIndex::learn(vec![
        phrase("wide", -60.0),
        phrase("wide", 60.0),
        phrase("one", 45.0),
    ]);
    let near = index.compare(&at(0.0));
    let centers: Vec<f32> = near.iter().map(|near| near.center).collect();
    assert!(
        (centers[0] - 45.0_f32.to_radians().cos()).abs() < 0.01,
        "{near:?}"
    );
    assert!((centers[1] - 1.0).abs() < 0.01 && near[1].score < 0.6, "{near:?}");
}

#[test]
fn equals_are_in_the_order_of_their_names_whatever_the_order_they_came_in() {
    let index = IntentIndex::learn(vec![phrase("z", 0.0), phrase("a", 0.0), phrase("m", 0.0)]);
    assert_eq!(names(&index, 0.0), ["a", "m", "z"]);
}

#[test]
fn what_is_near_is_guessed_and_what_is_far_is_out_of_scope() {
    let index = IntentIndex::learn(vec![phrase("a", 0.0), phrase("b", 90.0)]);
    let near = index.guess(&at(2.0), &Calibration::default());
    assert!(!near.out_of_scope);
    assert_eq!(near.intents[0].name, "a");
    assert!(near.intents[0].confidence > 0.8 && near.intents.len() <= super::super::GUESSES);
    let far = index.guess(&at(225.0), &Calibration::default());
    assert!(far.out_of_scope && far.intents.is_empty());
}

#[test]
fn without_phrases_or_with_anothers_vectors_everything_is_out_of_scope() {
    assert!(
        IntentIndex::learn(Vec::new())
            .guess(&at(0.0), &Calibration::default())
            .out_of_scope
    );
    let index = IntentIndex::learn(vec![phrase("a", 0.0)]);
    let foreign: Vector = [1.0, 0.0, 0.0].into();
    assert!(index.guess(&foreign, &Calibration::default()).out_of_scope);
}

#[test]
fn the_mean_is_of_the_nearest_few() {
    let cosines = [0.1, 0.9, 0.5, 0.7, 0.3, 0.8, -0.2];
    let mean = (0.9 + 0.8 + 0.7 + 0.5 + 0.3) / 5.0;
    assert!((score(&cosines) - (NEAREST * 0.9 + (1.0 - NEAREST) * mean)).abs() < 1e-6);
    assert!((score(&[0.4]) - 0.4).abs() < 1e-6);
}

#[test]
fn its_size_is_about_that_of_its_bytes() {
    let phrases = (0..100).map(|n| phrase("a", n as f32)).collect();
    let size = IntentIndex::learn(phrases).size_bytes();
    assert!((600..4_000).contains(&size), "{size}");
}
