//! The trained part of sentiment and emotion: linear heads over words, pieces of words and the embedding.
//!
//! Trained on GoEmotions by `examples/train_mood`; `docs/models/mood.md` tells data, licence and figures. There are two
//! heads over one vocabulary, one that was trained with the embedding and one without, so that a message that must do
//! without is not judged by weights that count on it.

mod labels;

use std::sync::LazyLock;

use acs_domain::analysis::EmotionLabel;

/// The bundled model.
pub(crate) static FILE: &[u8] = include_bytes!("../../../models/mood/mood.bin");

pub use labels::{CLASSES, EKMAN, GROUPS, LABELS, NEUTRAL, groupings, meaning};

use crate::learn::{BadBytes, LinearHead, Platt, Reader, Vocabulary, Writer};

const MARK: [u8; 4] = *b"ACSM";
const VERSION: u8 = 1;

/// A head and what its scores mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Judge {
    head: LinearHead,
    /// For each class: what makes a probability of its score.
    fits: Vec<Platt>,
    /// For each class: the probability from which it is said.
    thresholds: Vec<f32>,
}

impl Judge {
    /// A head with a fit and a threshold for each of its classes.
    pub fn new(head: LinearHead, fits: Vec<Platt>, thresholds: Vec<f32>) -> Result<Self, BadBytes> {
        if [head.classes(), fits.len(), thresholds.len()] != [CLASSES; 3] {
            return Err(BadBytes::Inconsistent("mood head"));
        }
        Ok(Self {
            head,
            fits,
            thresholds,
        })
    }

    fn write(&self, writer: &mut Writer) {
        self.head.write(writer);
        for (fit, threshold) in self.fits.iter().zip(&self.thresholds) {
            writer.float(fit.slope);
            writer.float(fit.bias);
            writer.float(*threshold);
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, BadBytes> {
        let head = LinearHead::read(reader)?;
        let (mut fits, mut thresholds) = (Vec::with_capacity(CLASSES), Vec::with_capacity(CLASSES));
        for _ in 0..CLASSES {
            let (slope, bias) = (reader.float()?, reader.float()?);
            fits.push(Platt { slope, bias });
            thresholds.push(reader.float()?);
        }
        Self::new(head, fits, thresholds)
    }
}

/// How the embedding model is called that the bundled head learned from.
pub const LEARNED_FROM: &str = "all-minilm-l6-v2-int8@";

/// Tells emotions of texts.
#[derive(Debug, Clone, PartialEq)]
pub struct MoodModel {
    vocabulary: Vocabulary,
    /// With the embedding.
    joined: Judge,
    /// Without.
    lexical: Judge,
}

impl MoodModel {
    /// A model out of its parts.
    #[must_use]
    pub fn new(vocabulary: Vocabulary, joined: Judge, lexical: Judge) -> Self {
        Self {
            vocabulary,
            joined,
            lexical,
        }
    }

    /// The bundled model; nothing if its file should not be readable, which a test excludes: the lexicon then answers alone.
    #[must_use]
    pub fn bundled() -> Option<&'static Self> {
        static BUNDLED: LazyLock<Option<MoodModel>> = LazyLock::new(|| MoodModel::from_bytes(FILE).ok());
        BUNDLED.as_ref()
    }

    /// What a text shows, and its embedding if there is one.
    #[must_use]
    pub fn read(&self, text: &str, vector: Option<&[f32]>) -> Reading {
        let features = self.vocabulary.features(text, vector);
        let judge = if vector.is_some() {
            &self.joined
        } else {
            &self.lexical
        };
        let scores = judge.head.scores(&features);
        let mut reading = Reading {
            probabilities: [0.0; CLASSES],
            said: [false; CLASSES],
        };
        for (class, score) in scores.into_iter().enumerate() {
            let probability = judge.fits[class].probability(score);
            reading.probabilities[class] = probability;
            reading.said[class] = probability >= judge.thresholds[class];
        }
        reading
    }

    /// The model as bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::new(MARK, VERSION);
        self.vocabulary.write(&mut writer);
        self.joined.write(&mut writer);
        self.lexical.write(&mut writer);
        writer.finish()
    }

    /// The model that [`to_bytes`](Self::to_bytes) wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadBytes> {
        let mut reader = Reader::new(bytes, MARK, VERSION)?;
        let model = Self::new(
            Vocabulary::read(&mut reader)?,
            Judge::read(&mut reader)?,
            Judge::read(&mut reader)?,
        );
        reader.finish()?;
        Ok(model)
    }
}

/// What the head reads in one text, by class: the labels, then Ekman's six, then the groups.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// How likely each class is.
    pub probabilities: [f32; CLASSES],
    /// Whether that is enough to say so: rare classes are said earlier, as suits the F1 score.
    pub said: [bool; CLASSES],
}

impl Reading {
    /// How likely the text is positive, less how likely it is negative: from -1 to 1.
    #[must_use]
    pub fn attitude(&self) -> f32 {
        self.probabilities[labels::POSITIVE] - self.probabilities[labels::NEGATIVE]
    }

    /// How likely an emotion is: its likeliest label counts.
    #[must_use]
    pub fn emotion(&self, emotion: EmotionLabel) -> f32 {
        (0..LABELS.len())
            .filter(|label| meaning(*label) == Some(emotion))
            .map(|label| self.probabilities[label])
            .fold(0.0, f32::max)
    }
}
