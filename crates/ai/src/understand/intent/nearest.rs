//! Intents by the nearest of the phrases that teach them.
//!
//! An intent's score is a blend of its nearest phrase and the mean of its nearest few: one phrase alone may be near by
//! accident, the mean of all forgets that an intent can be said in several ways. `calibration` makes probabilities of the
//! scores. A new phrase counts at once; nothing is trained. How near the center of all phrases is stands beside the score:
//! the fewer phrases there are, the more trained heads want to know of it.

mod calibration;

use acs_domain::knowledge::Vector;
use acs_domain::port::understand::Phrase;

use super::matrix::Matrix;
use super::{Guesses, ranked};

pub use calibration::Calibration;

/// The part of the nearest phrase in a score; the rest is the mean's.
const NEAREST: f32 = 0.3;
/// Of how many phrases the mean is taken: a tenth of the intent's, within these bounds. With fewer phrases the mean
/// forgets the rarer ways to say it, with more it is swayed by single phrases.
const FEWEST: usize = 5;
const MOST: usize = 10;

/// The phrases of an organization, ready to be compared with.
#[derive(Debug)]
pub struct IntentIndex {
    /// Each intent's name and the end of its rows in the matrix, in the order of the names.
    intents: Vec<(String, usize)>,
    phrases: Matrix,
    /// The direction of the mean of each intent's phrases.
    centers: Matrix,
}

/// An intent and how near a text is to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near<'i> {
    /// The intent's name.
    pub intent: &'i str,
    /// From -1 to 1, like a cosine.
    pub score: f32,
    /// The cosine with the mean of its phrases.
    pub center: f32,
    /// How many phrases teach it.
    pub phrases: usize,
}

impl IntentIndex {
    /// An index of all phrases. Phrases whose vector has another length than the first's are of another model and left
    /// out.
    #[must_use]
    pub fn learn(mut phrases: Vec<Phrase>) -> Self {
        let dimensions = phrases.first().map_or(0, |phrase| phrase.vector.len());
        phrases.retain(|phrase| phrase.vector.len() == dimensions);
        phrases.sort_by(|a, b| a.intent.cmp(&b.intent));
        let mut index = Self {
            intents: Vec::new(),
            phrases: Matrix::new(dimensions),
            centers: Matrix::new(dimensions),
        };
        for own in phrases.chunk_by(|a, b| a.intent == b.intent) {
            for phrase in own {
                index.phrases.push(&phrase.vector);
            }
            index.centers.push(&center(own));
            index.intents.push((own[0].intent.clone(), index.phrases.rows()));
        }
        index
    }

    /// How much memory it takes, in bytes.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        let names: usize = self
            .intents
            .iter()
            .map(|(name, _)| name.capacity() + size_of::<(String, usize)>())
            .sum();
        size_of::<Self>() + names + self.phrases.size_bytes() + self.centers.size_bytes()
    }

    /// How many phrases it holds.
    #[must_use]
    pub fn phrases(&self) -> usize {
        self.phrases.rows()
    }

    /// The names of the intents, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.intents.iter().map(|(name, _)| name.as_str())
    }

    /// All intents in the order of their names, and how near they are. None for a vector of another model.
    #[must_use]
    pub fn compare(&self, vector: &Vector) -> Vec<Near<'_>> {
        let (Some(cosines), Some(centers)) = (self.phrases.cosines(vector), self.centers.cosines(vector))
        else {
            return Vec::new();
        };
        let mut start = 0;
        let mut near: Vec<Near<'_>> = Vec::with_capacity(self.intents.len());
        for ((intent, end), center) in self.intents.iter().zip(centers) {
            let own = &cosines[start..*end];
            near.push(Near {
                intent,
                score: score(own),
                center,
                phrases: own.len(),
            });
            start = *end;
        }
        near
    }

    /// All intents, nearest first; of equals in the order of their names. None for a vector of another model.
    #[must_use]
    pub fn nearest(&self, vector: &Vector) -> Vec<Near<'_>> {
        let mut near = self.compare(vector);
        near.sort_by(|a, b| b.score.total_cmp(&a.score));
        near
    }

    /// What a text with this meaning may want.
    #[must_use]
    pub fn guess(&self, vector: &Vector, calibration: &Calibration) -> Guesses {
        let near = self.nearest(vector);
        let (in_scope, confidences) = calibration.confidences(&near);
        let names = near.iter().map(|near| near.intent);
        ranked(in_scope >= Calibration::IN_SCOPE, names.zip(confidences))
    }
}

/// The direction of the mean of some phrases, of which there is one at least.
fn center(phrases: &[Phrase]) -> Vec<f32> {
    let mut sum = vec![0.0_f32; phrases[0].vector.len()];
    for phrase in phrases {
        for (sum, value) in sum.iter_mut().zip(phrase.vector.iter()) {
            *sum += value;
        }
    }
    let length = sum.iter().map(|value| value * value).sum::<f32>().sqrt();
    for value in &mut sum {
        *value /= length.max(f32::MIN_POSITIVE);
    }
    sum
}

/// The score of an intent from the cosines of its phrases.
fn score(cosines: &[f32]) -> f32 {
    let wanted = (cosines.len() / 10).clamp(FEWEST, MOST);
    let mut best = [f32::MIN; MOST];
    for &cosine in cosines {
        let mut place = wanted;
        while place > 0 && best[place - 1] < cosine {
            place -= 1;
        }
        if place < wanted {
            best[place..wanted].rotate_right(1);
            best[place] = cosine;
        }
    }
    let taken = &best[..wanted.min(cosines.len())];
    let mean = taken.iter().sum::<f32>() / taken.len().max(1) as f32;
    NEAREST * best[0] + (1.0 - NEAREST) * mean
}

#[cfg(test)]
mod tests;
