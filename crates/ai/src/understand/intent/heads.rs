//! Trained heads: one over words, pieces of words and the embedding, and one for when there is no embedding.

use acs_domain::knowledge::Vector;
use acs_domain::port::understand::Phrase;

use super::blend::Evidence;
use super::landmarks::Landmarks;
use super::lesson::{self, Amount};
use super::nearest::{Calibration, IntentIndex, Near};
use super::trust::Trust;
use crate::learn::{BadBytes, LinearHead, Reader, Vocabulary, Writer};

const MARK: [u8; 4] = *b"ACSI";
const VERSION: u8 = 3;
/// A margin below those of texts that have nothing of an intent.
pub(super) const UNLIKE: f32 = -2.0;
/// Up to so many phrases an intent, nearness is that of their center. Of more the nearest ones tell better, and the center
/// counts the less the more there are.
const CENTERED: f32 = 10.0;

/// The heads of one organization.
#[derive(Debug, Clone, PartialEq)]
pub struct Heads {
    /// Names of the classes, in ascending order.
    names: Vec<String>,
    /// How many phrases a class has in the mean.
    phrases_each: f32,
    vocabulary: Vocabulary,
    /// What an embedding is compared with; none where it is taken as it is.
    landmarks: Landmarks,
    /// Over all features; of no classes when no phrase had a vector.
    whole: LinearHead,
    /// Over words and pieces alone.
    words: LinearHead,
    /// What margins and nearness count for this organization.
    trust: Option<Trust>,
}

impl Heads {
    /// Trains on all phrases. `None` when `stop` says so.
    #[must_use]
    pub fn train(phrases: &[Phrase], stop: &dyn Fn() -> bool) -> Option<Self> {
        let trust = Trust::learn(phrases, stop)?;
        let heads = lesson::heads(phrases, Amount::of(phrases.len()), stop)?;
        Some(Self {
            trust: Some(trust),
            ..heads
        })
    }

    /// Heads out of their parts, of which it is not known yet how far they are to be trusted.
    pub(super) fn new(
        names: Vec<String>,
        phrases_each: f32,
        vocabulary: Vocabulary,
        landmarks: Landmarks,
        whole: LinearHead,
        words: LinearHead,
    ) -> Self {
        Self {
            names,
            phrases_each,
            vocabulary,
            landmarks,
            whole,
            words,
            trust: None,
        }
    }

    /// How many phrases a class has in the mean.
    pub(super) fn phrases_each(&self) -> f32 {
        self.phrases_each
    }

    /// The class of an intent.
    #[must_use]
    pub fn class(&self, name: &str) -> Option<usize> {
        self.names.binary_search_by(|known| known.as_str().cmp(name)).ok()
    }

    /// How much memory they take, in bytes.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        let names: usize = self
            .names
            .iter()
            .map(|name| name.capacity() + size_of::<String>())
            .sum();
        let heads = self.whole.size_bytes() + self.words.size_bytes();
        names + heads + self.vocabulary.size_bytes() + self.landmarks.size_bytes()
    }

    /// What speaks for each intent of an index, whose classes here are `classes`.
    #[must_use]
    pub fn evidence(
        &self,
        text: &str,
        vector: Option<&Vector>,
        index: &IntentIndex,
        classes: &[Option<usize>],
    ) -> Evidence {
        let near = vector.map_or_else(Vec::new, |vector| index.compare(vector));
        let mut features = self.vocabulary.features(text, None);
        let head = match vector.and_then(|vector| self.meaning(vector)) {
            Some(meaning) => {
                features.dense = meaning;
                &self.whole
            }
            None => &self.words,
        };
        let margins = if features.sparse.is_empty() && features.dense.is_empty() {
            // Nothing of the text is known, so nothing speaks for any intent.
            vec![UNLIKE; head.classes()]
        } else {
            head.scores(&features)
        };
        let calibration = Calibration::default();
        let (in_scope_by_phrases, shares) = calibration.by_phrases(&near);
        Evidence {
            margins: classes
                .iter()
                .map(|class| margins.get((*class)?).copied())
                .collect(),
            near: near.iter().map(|near| self.nearness(near)).collect(),
            shares,
            in_scope_by_phrases,
            phrases_each: self.phrases_each,
            counts: self.trust.map(|trust| {
                if near.is_empty() {
                    trust.by_words
                } else {
                    trust.with_meaning
                }
            }),
        }
    }

    /// A vector as the whole head takes it; `None` if that was trained with vectors of another length or without any.
    fn meaning(&self, vector: &[f32]) -> Option<Vec<f32>> {
        if self.landmarks.len() > 0 {
            return self.landmarks.likeness(vector);
        }
        let fits = !vector.is_empty() && vector.len() == self.whole.dense_features();
        let factor = self.vocabulary.meaning();
        fits.then(|| vector.iter().map(|value| value * factor).collect())
    }

    /// How near an intent is: the fewer phrases teach, the more its center says.
    fn nearness(&self, near: &Near<'_>) -> f32 {
        let part = (CENTERED / self.phrases_each.max(1.0)).min(1.0);
        near.score + part * (near.center - near.score)
    }

    /// The heads as bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::new(MARK, VERSION);
        writer.float(self.phrases_each);
        writer.number(u32::from(self.trust.is_some()));
        if let Some(trust) = self.trust {
            trust.write(&mut writer);
        }
        // At most 4,096.
        writer.number(self.names.len() as u32);
        for name in &self.names {
            writer.text(name);
        }
        self.vocabulary.write(&mut writer);
        self.landmarks.write(&mut writer);
        self.whole.write(&mut writer);
        self.words.write(&mut writer);
        writer.finish()
    }

    /// The heads that [`to_bytes`](Self::to_bytes) wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadBytes> {
        let mut reader = Reader::new(bytes, MARK, VERSION)?;
        let phrases_each = reader.float()?;
        let trust = match reader.number()? {
            0 => None,
            1 => Some(Trust::read(&mut reader)?),
            _ => return Err(BadBytes::Value),
        };
        let count = reader.number()?;
        let names = (0..count).map(|_| reader.text()).collect::<Result<Vec<_>, _>>()?;
        let heads = Self {
            phrases_each,
            vocabulary: Vocabulary::read(&mut reader)?,
            landmarks: Landmarks::read(&mut reader)?,
            whole: LinearHead::read(&mut reader)?,
            words: LinearHead::read(&mut reader)?,
            trust,
            names,
        };
        reader.finish()?;
        let classes = heads.names.len();
        let fits = heads.words.classes() == classes
            && [0, classes].contains(&heads.whole.classes())
            && [0, heads.whole.dense_features()].contains(&heads.landmarks.len())
            && heads.names.is_sorted_by(|a, b| a < b);
        if fits {
            Ok(heads)
        } else {
            Err(BadBytes::Inconsistent("intents"))
        }
    }
}

#[cfg(test)]
mod tests;
