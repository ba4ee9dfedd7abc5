use super::*;

const GO_ON: &dyn Fn() -> bool = &|| false;

fn example(sparse: &[(u32, f32)], dense: &[f32], classes: &[u16]) -> Example {
    Example {
        features: Features {
            sparse: sparse.to_vec(),
            dense: dense.to_vec(),
        },
        classes: classes.to_vec(),
        weight: 1.0,
    }
}

/// Three classes: two are told by a word each, the third by the embedding; every fourth example has none.
fn examples() -> Vec<Example> {
    let noise = |n: u32| 0.1 * ((n * 7 % 11) as f32 / 11.0 - 0.5);
    (0..80)
        .map(|n| match n % 4 {
            0 => example(&[(0, 1.0), (3, noise(n))], &[noise(n + 1), 0.1], &[0]),
            1 => example(&[(1, 1.0), (3, noise(n))], &[noise(n + 2), 0.1], &[1]),
            2 => example(&[(2, 0.2)], &[1.0, noise(n)], &[2]),
            _ => example(&[(2, 1.0), (3, noise(n))], &[noise(n + 3), 0.5], &[]),
        })
        .collect()
}

fn options() -> TrainOptions {
    TrainOptions {
        cost: 10.0,
        ..TrainOptions::default()
    }
}

#[test]
fn what_can_be_told_apart_is_told_apart() {
    let head = train(&examples(), 3, &options(), GO_ON).unwrap();
    assert_eq!((head.classes(), head.sparse_features()), (3, 4));
    for example in examples() {
        let scores = head.scores(&example.features);
        let positive: Vec<u16> = (0..3).filter(|class| scores[usize::from(*class)] > 0.0).collect();
        assert_eq!(positive, example.classes, "{scores:?}");
    }
}

#[test]
fn the_same_seed_gives_the_same_head() {
    let head = || train(&examples(), 3, &options(), GO_ON);
    assert_eq!(head(), head());
}

#[test]
fn the_svm_of_two_points_has_its_known_solution() {
    // x = ±1 with a constant of 1: by symmetry the bias is 0 and the weight 2α, with 2α − 1 + α/2C = 0.
    let points = [example(&[(0, 1.0)], &[], &[0]), example(&[(0, -1.0)], &[], &[])];
    let exact = TrainOptions {
        cost: 0.5,
        tolerance: 1e-6,
        rounds: 1_000,
        ..TrainOptions::default()
    };
    let head = train(&points, 1, &exact, GO_ON).unwrap();
    let score = head.scores(&points[0].features)[0];
    assert!((score - 2.0 / 3.0).abs() < 1e-3, "{score}");
}

#[test]
fn what_weighs_nothing_is_not_learnt_from() {
    let mut spoilt = examples();
    let clean = train(&spoilt, 3, &options(), GO_ON);
    let mut lie = spoilt[0].clone();
    lie.classes = vec![1];
    lie.weight = 0.0;
    spoilt.extend([lie.clone(), lie]);
    assert_eq!(train(&spoilt, 3, &options(), GO_ON), clean);
}

#[test]
fn an_example_that_weighs_more_is_held_to_more() {
    // Alike but for their classes: the heavier half decides.
    let pair = |weight: f32| {
        let mut pair = [example(&[(0, 1.0)], &[], &[0]), example(&[(0, 1.0)], &[], &[])];
        pair[0].weight = weight;
        let head = train(&pair, 1, &options(), GO_ON).unwrap();
        head.scores(&pair[0].features)[0]
    };
    assert!(pair(9.0) > 0.5 && pair(0.1) < -0.5);
}

#[test]
fn more_classes_than_are_trained_side_by_side_are_all_told_apart() {
    let classes = 2 * LANES + 3;
    // Eighty of each, more than are looked at in the first rounds.
    let examples: Vec<Example> = (0..80 * classes)
        .map(|n| example(&[((n % classes) as u32, 1.0)], &[], &[(n % classes) as u16]))
        .collect();
    let head = train(&examples, classes, &options(), GO_ON).unwrap();
    for example in &examples[..classes] {
        let scores = head.scores(&example.features);
        let said: Vec<usize> = (0..classes).filter(|class| scores[*class] > 0.0).collect();
        assert_eq!(said, [usize::from(example.classes[0])]);
    }
}

#[test]
fn it_stops_when_told() {
    assert_eq!(train(&examples(), 3, &TrainOptions::default(), &|| true), None);
}

#[test]
fn without_examples_nothing_is_likelier_than_anything() {
    let head = train(&[], 2, &TrainOptions::default(), GO_ON).unwrap();
    assert_eq!(head.scores(&Features::default()), [0.0, 0.0]);
}
