//! A vocabulary, a head and the names of its classes: what is bundled or stored as one file.

use super::bytes::{BadBytes, Reader, Writer};
use super::features::Vocabulary;
use super::linear::LinearHead;

const MARK: [u8; 4] = *b"ACSC";
const VERSION: u8 = 1;

/// Scores texts by class.
#[derive(Debug, Clone, PartialEq)]
pub struct Classifier {
    classes: Vec<String>,
    vocabulary: Vocabulary,
    head: LinearHead,
}

impl Classifier {
    /// A classifier out of its parts; the head has as many classes as there are names, and knows no more features than
    /// the vocabulary gives.
    pub fn new(classes: Vec<String>, vocabulary: Vocabulary, head: LinearHead) -> Result<Self, BadBytes> {
        if head.classes() != classes.len() || head.sparse_features() > vocabulary.len() {
            return Err(BadBytes::Inconsistent("classifier"));
        }
        Ok(Self {
            classes,
            vocabulary,
            head,
        })
    }

    /// The names of the classes, in the order of the scores.
    #[must_use]
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// How much memory it takes, in bytes.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        let names: usize = self
            .classes
            .iter()
            .map(|name| name.capacity() + size_of::<String>())
            .sum();
        names + self.vocabulary.size_bytes() + self.head.size_bytes()
    }

    /// The score of each class for a text, and for its embedding if the head was trained with one.
    #[must_use]
    pub fn scores(&self, text: &str, vector: Option<&[f32]>) -> Vec<f32> {
        self.head.scores(&self.vocabulary.features(text, vector))
    }

    /// The classifier as bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::new(MARK, VERSION);
        self.write(&mut writer);
        writer.finish()
    }

    /// The classifier that [`to_bytes`](Self::to_bytes) wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadBytes> {
        let mut reader = Reader::new(bytes, MARK, VERSION)?;
        let classifier = Self::read(&mut reader)?;
        reader.finish()?;
        Ok(classifier)
    }

    /// Writes it as a part of something larger.
    pub fn write(&self, writer: &mut Writer) {
        // Heads have at most 2¹⁶ classes.
        writer.number(self.classes.len() as u32);
        for class in &self.classes {
            writer.text(class);
        }
        self.vocabulary.write(writer);
        self.head.write(writer);
    }

    /// Reads what [`write`](Self::write) wrote.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, BadBytes> {
        let count = reader.number()?;
        let classes = (0..count).map(|_| reader.text()).collect::<Result<_, _>>()?;
        let vocabulary = Vocabulary::read(reader)?;
        Self::new(classes, vocabulary, LinearHead::read(reader)?)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use crate::learn::{Example, TrainOptions, VocabularyOptions, train};

    fn classifier() -> Classifier {
        let texts = [
            ("where is my order", 0),
            ("where is my parcel", 0),
            ("cancel my order", 1),
            ("please cancel it", 1),
        ];
        let options = VocabularyOptions {
            min_texts: 1,
            ..VocabularyOptions::default()
        };
        let vocabulary = Vocabulary::learn(texts.map(|(text, _)| text), &options);
        let examples: Vec<Example> = texts
            .iter()
            .map(|(text, class)| Example {
                features: vocabulary.features(text, None),
                classes: vec![*class],
                weight: 1.0,
            })
            .collect();
        let head = train(&examples, 2, &TrainOptions::default(), &|| false).unwrap();
        Classifier::new(vec!["track".into(), "cancel".into()], vocabulary, head).unwrap()
    }

    #[test]
    fn it_tells_texts_it_has_not_seen_apart() {
        let classifier = classifier();
        assert_eq!(classifier.classes(), ["track", "cancel"]);
        let scores = classifier.scores("Where's the order?", None);
        assert!(scores[0] > scores[1], "{scores:?}");
        let scores = classifier.scores("cancelling", None);
        assert!(scores[1] > scores[0], "{scores:?}");
    }

    #[test]
    fn it_is_read_as_it_was_written() {
        let classifier = classifier();
        assert_eq!(Classifier::from_bytes(&classifier.to_bytes()), Ok(classifier));
    }

    #[test]
    fn parts_of_different_sizes_are_refused() {
        let whole = classifier();
        let refused = Classifier::new(vec!["one".into()], whole.vocabulary, whole.head);
        assert_eq!(refused, Err(BadBytes::Inconsistent("classifier")));
    }

    proptest! {
        #[test]
        fn hostile_bytes_give_an_error_or_a_classifier_that_can_be_asked(
            place in 0_usize..4_000, byte: u8, end in 0_usize..8_000,
        ) {
            static WHOLE: LazyLock<Vec<u8>> = LazyLock::new(|| classifier().to_bytes());
            let mut bytes = WHOLE.clone();
            bytes.truncate(end.max(5));
            let place = place % bytes.len();
            bytes[place] = byte;
            if let Ok(read) = Classifier::from_bytes(&bytes) {
                prop_assert_eq!(read.scores("where is my order", None).len(), read.classes().len());
            }
        }
    }
}
