use super::*;

fn evidence(margins: &[Option<f32>], near: &[f32]) -> Evidence {
    let sharp: Vec<f32> = near.iter().map(|near| near * 20.0).collect();
    Evidence {
        margins: margins.to_vec(),
        near: near.to_vec(),
        shares: softmax(&sharp),
        in_scope_by_phrases: 0.9,
        phrases_each: 20.0,
        counts: None,
    }
}

#[test]
fn intents_share_the_probability_of_being_in_scope() {
    for near in [&[0.8, 0.3, 0.2][..], &[]] {
        let evidence = evidence(&[Some(0.9), Some(-0.8), Some(-1.1)], near);
        let (in_scope, confidences) = Blend::TRAINED.confidences(&evidence);
        assert!((confidences.iter().sum::<f32>() - in_scope).abs() < 1e-5);
        assert!(confidences.is_sorted_by(|a, b| a > b), "{confidences:?}");
    }
}

#[test]
fn where_both_agree_it_is_surer_than_where_they_do_not() {
    let first = |near: &[f32]| {
        let evidence = evidence(&[Some(0.8), Some(-0.9)], near);
        Blend::TRAINED.confidences(&evidence).1[0]
    };
    assert!(first(&[0.8, 0.3]) > first(&[0.6, 0.6]));
    assert!(first(&[0.6, 0.6]) > first(&[0.3, 0.8]));
}

#[test]
fn what_is_unlike_everything_is_hardly_in_scope() {
    let like = evidence(&[Some(1.0), Some(-1.0)], &[0.9, 0.2]);
    let unlike = evidence(&[Some(-0.9), Some(-1.0)], &[0.1, 0.1]);
    let in_scope = |evidence| Blend::TRAINED.confidences(evidence).0;
    assert!(in_scope(&like) > 0.8 && in_scope(&unlike) < 0.3);
}

#[test]
fn an_intent_that_the_heads_do_not_know_is_answered_for_by_its_phrases() {
    let evidence = evidence(&[Some(0.1), None, Some(-0.9)], &[0.3, 0.9, 0.2]);
    let (_, confidences) = Blend::TRAINED.confidences(&evidence);
    assert!(confidences[1] > 0.8, "{confidences:?}");
}

#[test]
fn what_counts_for_an_organization_decides_there() {
    let first = |margin, near| {
        let counts = Counts {
            margin,
            near,
            sure: Platt {
                slope: 1.0,
                bias: 0.0,
            },
        };
        let evidence = Evidence {
            counts: Some(counts),
            ..evidence(&[Some(0.5), Some(-0.5)], &[0.4, 0.9])
        };
        let (_, confidences) = Blend::TRAINED.confidences(&evidence);
        confidences[0] > confidences[1]
    };
    assert!(first(8.0, 1.0) && !first(1.0, 8.0));
}

#[test]
fn the_first_is_as_sure_as_it_proved_to_be_and_the_rest_share_what_it_leaves() {
    let proved = |slope, bias| Counts {
        margin: 0.0,
        near: 0.0,
        sure: Platt { slope, bias },
    };
    let given = [0.6, 0.3, 0.05];
    for (counts, first) in [
        (proved(0.0, 1.4), 0.802),
        (proved(0.0, -1.4), 0.198),
        (proved(1.0, 0.0), 0.6),
    ] {
        let mut confidences = given;
        counts.sharpen(&mut confidences);
        assert!((confidences[0] - first).abs() < 0.001, "{confidences:?}");
        assert!(confidences.iter().sum::<f32>() <= 1.0 && confidences.is_sorted_by(|a, b| a >= b));
    }
    proved(1.0, 0.0).sharpen(&mut []);
}

#[test]
fn without_intents_nothing_is_in_scope() {
    let (in_scope, confidences) = Blend::TRAINED.confidences(&evidence(&[], &[]));
    assert!(in_scope < Blend::TRAINED.by_words.threshold && confidences.is_empty());
}
