//! An embedding as how like it is to chosen phrases, for heads that learn from few.
//!
//! A head that takes the embedding as it is parts intents by planes. Over likenesses that fall off with the distance (a
//! Gaussian kernel: of unit vectors it is e to the cosine) it bends around the phrases, and is clearly better where these
//! are few. A head is trained over features whose products are those likenesses, rows of an incomplete Cholesky factor (Fine
//! and Scheinberg, "Efficient SVM training using low-rank kernel representations", 2001); asked, it needs but the likenesses
//! to the chosen phrases, once its weights are [carried over](Factor::carry).

use super::matrix::Matrix;
use crate::learn::{BadBytes, Reader, Writer};

/// As many phrases are chosen at the most: time and memory grow with them. Of fewer all are.
const MOST: usize = 1_500;
/// What the likeness of a text to itself counts, beside 1 for each block of grams.
const WEIGHT: f32 = 12.0;
/// How fast likeness falls off with the cosine.
const FALL: f32 = 1.5;
/// What the chosen leave of all others when no more are needed, as where phrases say the same.
const LEFT: f32 = 1e-2;
/// So many are chosen between one question whether to stop and the next.
const PATIENCE: usize = 16;
/// Numbers that are worked on at once.
const LANES: usize = 16;

/// The chosen phrases.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Landmarks(Matrix);

impl Landmarks {
    /// Chosen out of the vectors of phrases, which have one length. `None` when `stop` says so.
    pub(super) fn choose(vectors: &[&[f32]], stop: &dyn Fn() -> bool) -> Option<(Self, Factor)> {
        let mut all = Self(Matrix::new(vectors.first().map_or(0, |vector| vector.len())));
        for vector in vectors {
            all.0.push(vector);
        }
        let mut rows: Vec<Vec<f32>> = vec![Vec::new(); vectors.len()];
        let mut left = vec![WEIGHT; vectors.len()];
        let mut chosen = Vec::new();
        while chosen.len() < MOST {
            if chosen.len().is_multiple_of(PATIENCE) && stop() {
                return None;
            }
            // Of equals the first, so that the same phrases give the same heads.
            let next = (0..left.len()).rev().max_by(|a, b| left[*a].total_cmp(&left[*b]));
            let Some(next) = next.filter(|next| left[*next] > LEFT) else {
                break;
            };
            let Some(likeness) = all.likeness(vectors[next]) else {
                break;
            };
            let own = rows[next].clone();
            let root = (likeness[next] - dot(&own, &own)).max(LEFT).sqrt();
            for ((row, left), likeness) in rows.iter_mut().zip(&mut left).zip(&likeness) {
                // What was chosen before has nothing left that this one could explain.
                if *left > 0.0 {
                    let value = (likeness - dot(row, &own)) / root;
                    *left -= value * value;
                    row.push(value);
                }
            }
            rows[next].truncate(chosen.len());
            rows[next].push(root);
            left[next] = 0.0;
            chosen.push(next);
        }
        Some((Self(all.0.picked(&chosen)), Factor { rows, chosen }))
    }

    /// How like a vector is to each; `None` if it has another length.
    pub(super) fn likeness(&self, vector: &[f32]) -> Option<Vec<f32>> {
        let mut cosines = self.0.cosines(vector)?;
        for cosine in &mut cosines {
            *cosine = WEIGHT * (FALL * (*cosine - 1.0)).exp();
        }
        Some(cosines)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.rows()
    }

    pub(super) fn size_bytes(&self) -> usize {
        self.0.size_bytes()
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        self.0.write(writer);
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, BadBytes> {
        Matrix::read(reader).map(Self)
    }
}

/// Features of the phrases: the product of two rows is how like the two are.
#[derive(Debug)]
pub(super) struct Factor {
    /// One for each vector; what is beyond a row's end is zero.
    rows: Vec<Vec<f32>>,
    /// The places of the landmarks, in their order. The row of the first has one value, of the second two, and so on.
    chosen: Vec<usize>,
}

impl Factor {
    /// The features, in the order of the vectors.
    pub(super) fn rows(&self) -> &[Vec<f32>] {
        &self.rows
    }

    /// Makes weights of features the weights of likenesses that say the same of any vector; for each feature there are those
    /// of all classes.
    pub(super) fn carry(&self, weights: &mut [f32], classes: usize) {
        for (place, chosen) in self.chosen.iter().enumerate().rev() {
            let (before, own) = weights.split_at_mut(place * classes);
            let (own, row) = (&mut own[..classes], &self.rows[*chosen]);
            for weight in own.iter_mut() {
                *weight /= row[place];
            }
            for (earlier, value) in before.chunks_exact_mut(classes).zip(row) {
                for (earlier, weight) in earlier.iter_mut().zip(&*own) {
                    *earlier -= value * weight;
                }
            }
        }
    }
}

/// The sum of products over the shorter's length.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let length = a.len().min(b.len());
    let (a, a_rest) = a[..length].as_chunks::<LANES>();
    let (b, b_rest) = b[..length].as_chunks::<LANES>();
    let mut sums = [0.0_f32; LANES];
    for (a, b) in a.iter().zip(b) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Unit vectors all around a circle.
    fn around(count: usize) -> Vec<[f32; 2]> {
        let at = |n: usize| (n as f32 * std::f32::consts::TAU / count as f32).sin_cos();
        (0..count).map(at).map(|(y, x)| [x, y]).collect()
    }

    fn choose(vectors: &[[f32; 2]]) -> (Landmarks, Factor) {
        let vectors: Vec<&[f32]> = vectors.iter().map(|vector| &vector[..]).collect();
        Landmarks::choose(&vectors, &|| false).unwrap()
    }

    #[test]
    fn the_product_of_two_rows_is_how_like_the_two_are() {
        let vectors = around(12);
        let (_, factor) = choose(&vectors);
        for (a, one) in vectors.iter().zip(factor.rows()) {
            for (b, other) in vectors.iter().zip(factor.rows()) {
                let likeness = WEIGHT * (FALL * (a[0] * b[0] + a[1] * b[1] - 1.0)).exp();
                // Cosines are kept in bytes, and some is left.
                assert!((dot(one, other) - likeness).abs() < 0.2, "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn weights_carried_over_say_the_same_of_every_phrase() {
        let vectors = around(9);
        let (landmarks, factor) = choose(&vectors);
        let (classes, features) = (2, landmarks.len());
        let weights: Vec<f32> = (0..features * classes).map(|n| (n as f32).sin()).collect();
        let mut carried = weights.clone();
        factor.carry(&mut carried, classes);
        for (vector, row) in vectors.iter().zip(factor.rows()) {
            let likeness = landmarks.likeness(vector).unwrap();
            for class in 0..classes {
                let said = |features: &[f32], weights: &[f32]| -> f32 {
                    let own = weights.iter().skip(class).step_by(classes);
                    features.iter().zip(own).map(|(x, weight)| x * weight).sum()
                };
                let (trained, asked) = (said(row, &weights), said(&likeness, &carried));
                assert!((trained - asked).abs() < 0.05, "{trained} {asked}");
            }
        }
    }

    #[test]
    fn phrases_that_say_the_same_are_chosen_once() {
        let (landmarks, factor) = choose(&[[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 1.0]]);
        assert_eq!(landmarks.len(), 2);
        assert!((dot(&factor.rows()[0], &factor.rows()[2]) - WEIGHT).abs() < 0.1);
    }

    #[test]
    fn without_vectors_there_are_none_and_it_stops_when_told() {
        assert_eq!(choose(&[]).0, Landmarks::default());
        assert!(Landmarks::choose(&[&[1.0]], &|| true).is_none());
    }
}
