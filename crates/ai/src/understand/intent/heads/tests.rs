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
