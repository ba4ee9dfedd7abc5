use super::*;

fn phrase(intent: &str, text: &str, vector: &[f32]) -> Phrase {
    Phrase {
        intent: intent.into(),
        text: text.into(),
        vector: vector.into(),
    }
}

fn phrases() -> Vec<Phrase> {
    vec![
        phrase("track", "where is my order", &[1.0, 0.0]),
        phrase("track", "where is my parcel", &[1.0, 0.0]),
        phrase("cancel", "cancel my order", &[0.0, 1.0]),
        phrase("cancel", "please cancel it", &[0.0, 1.0]),
    ]
}

fn heads() -> Heads {
    Heads::train(&phrases(), &|| false).unwrap()
}

#[test]
fn heads_are_read_as_they_were_written() {
    assert_eq!(Heads::from_bytes(&heads().to_bytes()), Ok(heads()));
}

#[test]
fn heads_whose_parts_do_not_fit_are_refused() {
    let whole = heads();
    let short = Heads {
        names: vec!["cancel".into()],
        ..whole.clone()
    };
    let unsorted = Heads {
        names: vec!["track".into(), "cancel".into()],
        ..whole
    };
    for damaged in [short, unsorted] {
        assert_eq!(
            Heads::from_bytes(&damaged.to_bytes()),
            Err(BadBytes::Inconsistent("intents"))
        );
    }
}

#[test]
fn every_cut_is_refused() {
    let bytes = heads().to_bytes();
    for end in (0..bytes.len()).step_by(7) {
        assert!(Heads::from_bytes(&bytes[..end]).is_err(), "{end}");
    }
}

#[test]
fn the_order_of_phrases_changes_neither_names_nor_vocabulary() {
    let mut turned = phrases();
    turned.reverse();
    let turned = Heads::train(&turned, &|| false).unwrap();
    assert_eq!(turned.names, ["cancel", "track"]);
    assert_eq!(turned.vocabulary, heads().vocabulary);
}

#[test]
fn phrases_without_vectors_train_the_words_alone() {
    let bare: Vec<Phrase> = phrases()
        .into_iter()
        .map(|phrase| Phrase {
            vector: [].into(),
            ..phrase
        })
        .collect();
    let heads = Heads::train(&bare, &|| false).unwrap();
    assert_eq!((heads.whole.classes(), heads.words.classes()), (0, 2));
}

#[test]
fn training_stops_when_told() {
    assert_eq!(Heads::train(&phrases(), &|| true), None);
}

/// Two intents in the same words: one is said in two opposite ways, the other in the two between.
fn crossing() -> Vec<Phrase> {
    let at = |degrees: f32| [degrees.to_radians().cos(), degrees.to_radians().sin()];
    let phrase = |n: usize| {
        let degrees = 90.0 * (n % 4) as f32 + 3.0 * (n / 4) as f32;
        phrase(["along", "across"][n % 2], "say it", &at(degrees))
    };
    (0..16).map(phrase).collect()
}

#[test]
fn few_phrases_tell_intents_apart_that_no_plane_parts() {
    let phrases = crossing();
    let heads = lesson::heads(&phrases, Amount::Few, &|| false).unwrap();
    let index = IntentIndex::learn(phrases.clone());
    let classes: Vec<Option<usize>> = index.names().map(|name| heads.class(name)).collect();
    for phrase in &phrases {
        let evidence = heads.evidence(&phrase.text, Some(&phrase.vector), &index, &classes);
        let right = heads.class(&phrase.intent).unwrap();
        let (own, other) = (evidence.margins[right], evidence.margins[1 - right]);
        assert!(own > Some(0.3) && other < Some(-0.3), "{evidence:?}");
    }
}

#[test]
fn many_phrases_take_the_embedding_as_it_is() {
    let heads = lesson::heads(&crossing(), Amount::Many, &|| false).unwrap();
    assert_eq!((heads.landmarks.len(), heads.whole.dense_features()), (0, 2));
    assert_eq!(heads.meaning(&[0.5, -0.5]), Some(vec![1.0, -1.0]));
}

#[test]
fn a_vector_of_another_length_leaves_the_words_to_answer() {
    let foreign: Vector = [1.0, 0.0, 0.0].into();
    let index = IntentIndex::learn(phrases());
    for amount in [Amount::Few, Amount::Many] {
        let heads = lesson::heads(&phrases(), amount, &|| false).unwrap();
        let asked = |vector| heads.evidence("cancel my order", vector, &index, &[Some(0), Some(1)]);
        assert_eq!(asked(Some(&foreign)), asked(None));
    }
}

#[test]
fn few_phrases_ask_the_center_and_many_the_nearest() {
    let near = Near {
        intent: "track",
        score: 0.4,
        center: 0.8,
        phrases: 10,
    };
    let nearness = |phrases_each| {
        let heads = Heads {
            phrases_each,
            ..heads()
        };
        heads.nearness(&near)
    };
    assert!((nearness(CENTERED / 2.0) - 0.8).abs() < 1e-6);
    assert!((nearness(CENTERED * 2.0) - 0.6).abs() < 1e-6);
    assert!((nearness(CENTERED * 1e6) - 0.4).abs() < 1e-3);
}
