use proptest::prelude::*;

use super::*;

const TEXTS: [&str; 4] = [
    "where is my order",
    "where is my parcel",
    "cancel my order",
    "i want my money back",
];

fn vocabulary(min_texts: u32) -> Vocabulary {
    Vocabulary::learn(
        TEXTS,
        &VocabularyOptions {
            min_texts,
            ..VocabularyOptions::default()
        },
    )
}

fn length(values: impl Iterator<Item = f32>) -> f32 {
    values.map(|value| value * value).sum::<f32>().sqrt()
}

#[test]
fn each_block_has_length_one_and_the_embedding_its_factor() {
    let vocabulary = vocabulary(1);
    let features = vocabulary.features("Where is MY order, my order?", Some(&[0.6, 0.8]));
    let words = vocabulary.words.len() as u32;
    let part = |words_wanted: bool| {
        let sparse = features.sparse.iter();
        length(
            sparse
                .filter(|(place, _)| (*place < words) == words_wanted)
                .map(|(_, value)| *value),
        )
    };
    assert!((part(true) - 1.0).abs() < 1e-5 && (part(false) - 1.0).abs() < 1e-5);
    assert_eq!(features.dense, [1.2, 1.6]);
}

#[test]
fn a_rare_word_weighs_more_than_a_common_one_and_two_of_a_kind_more_than_one() {
    let vocabulary = vocabulary(1);
    let value = |text: &str, word: &str| {
        let place = vocabulary.features(word, None).sparse[0].0;
        let features = vocabulary.features(text, None);
        let found = features.sparse.iter().find(|(at, _)| *at == place);
        found.map_or(0.0, |(_, value)| *value)
    };
    assert!(value("parcel my", "parcel") > value("parcel my", "my"));
    let (once, twice) = (
        value("parcel, money", "parcel"),
        value("parcel, parcel, money", "parcel"),
    );
    assert!(twice > once && twice < 2.0 * once);
}

#[test]
fn what_is_in_too_few_texts_is_unknown() {
    let vocabulary = vocabulary(2);
    assert!(!vocabulary.features("where order my is", None).sparse.is_empty());
    assert_eq!(vocabulary.features("0815", None), Features::default());
    assert!(vocabulary.len() < self::vocabulary(1).len());
}

#[test]
fn of_too_many_the_most_frequent_are_kept() {
    let small = Vocabulary::learn(
        TEXTS,
        &VocabularyOptions {
            min_texts: 1,
            most_words: 1,
            most_pieces: 0,
            meaning: 2.0,
        },
    );
    assert_eq!(small.len(), 1);
    assert_eq!(small.features("my", None).sparse, [(0, 1.0)]);
}

#[test]
fn the_order_of_texts_does_not_matter() {
    let mut turned = TEXTS;
    turned.reverse();
    let options = VocabularyOptions::default();
    assert_eq!(
        Vocabulary::learn(TEXTS, &options),
        Vocabulary::learn(turned, &options)
    );
}

#[test]
fn no_text_gives_an_empty_vocabulary() {
    let vocabulary = Vocabulary::learn([], &VocabularyOptions::default());
    assert!(vocabulary.is_empty());
    assert_eq!(vocabulary.features("anything", None), Features::default());
}

#[test]
fn it_is_read_as_it_was_written_and_disorder_is_refused() {
    let vocabulary = vocabulary(1);
    let mut writer = Writer::new(*b"test", 1);
    vocabulary.write(&mut writer);
    let bytes = writer.finish();
    let read = Vocabulary::read(&mut Reader::new(&bytes, *b"test", 1).unwrap()).unwrap();
    assert_eq!(read, vocabulary);

    let mut writer = Writer::new(*b"test", 1);
    writer.float(2.0);
    writer.numbers(&[5, 3]);
    writer.halves(&[1, 1]);
    let bytes = writer.finish();
    let refused = Vocabulary::read(&mut Reader::new(&bytes, *b"test", 1).unwrap());
    assert!(matches!(refused, Err(BadBytes::Inconsistent(_))));
}

proptest! {
    #[test]
    fn any_text_has_finite_features_at_known_places(text in "\\PC{0,300}") {
        let vocabulary = vocabulary(1);
        let features = vocabulary.features(&text, None);
        prop_assert!(features.sparse.is_sorted_by(|a, b| a.0 < b.0));
        for (place, value) in features.sparse {
            prop_assert!((place as usize) < vocabulary.len() && value > 0.0 && value <= 1.0001);
        }
    }
}
