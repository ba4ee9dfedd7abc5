//! A head: one linear classifier for each class, over the same features.
//!
//! Weights of sparse features are kept as bytes with one factor for each feature, those of all classes side by side: the few
//! features that a text has are then as many short runs of memory, and 150 classes are scored in some microseconds.

use super::bytes::{BadBytes, Reader, Writer};
use super::features::Features;

/// Trained weights.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearHead {
    /// What each class scores without any feature.
    biases: Vec<f32>,
    /// For each sparse feature the weights of all classes.
    weights: Vec<i8>,
    /// What the weights of each sparse feature are multiplied with.
    factors: Vec<f32>,
    /// For each dense feature the weights of all classes.
    dense: Vec<f32>,
}

impl LinearHead {
    /// A head out of one column for each class: weights of the sparse features, then of the dense, then the bias. Columns
    /// have the same length.
    pub(super) fn from_columns(columns: &[Vec<f32>], sparse: usize) -> Self {
        let classes = columns.len();
        let dense = columns.first().map_or(0, |column| column.len() - 1 - sparse);
        let mut head = Self {
            biases: columns.iter().map(|column| column[sparse + dense]).collect(),
            weights: Vec::with_capacity(sparse * classes),
            factors: Vec::with_capacity(sparse),
            dense: Vec::with_capacity(dense * classes),
        };
        for place in 0..sparse {
            let largest = columns
                .iter()
                .fold(f32::MIN_POSITIVE, |most, column| most.max(column[place].abs()));
            let factor = largest / 127.0;
            head.factors.push(factor);
            // Rounded and within ±127.
            let bytes = columns
                .iter()
                .map(|column| (column[place] / factor).round() as i8);
            head.weights.extend(bytes);
        }
        for place in sparse..sparse + dense {
            head.dense.extend(columns.iter().map(|column| column[place]));
        }
        head
    }

    /// How many classes it tells apart.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.biases.len()
    }

    /// How many sparse features it knows.
    #[must_use]
    pub fn sparse_features(&self) -> usize {
        self.factors.len()
    }

    /// How long the embedding is that it knows; 0 for none.
    #[must_use]
    pub fn dense_features(&self) -> usize {
        self.dense.len().checked_div(self.classes()).unwrap_or(0)
    }

    /// For each dense feature the weights of all classes.
    pub(crate) fn dense_mut(&mut self) -> &mut [f32] {
        &mut self.dense
    }

    /// How much memory it takes, in bytes.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        let floats = self.biases.capacity() + self.factors.capacity() + self.dense.capacity();
        size_of::<Self>() + self.weights.capacity() + floats * size_of::<f32>()
    }

    /// The margin of each class: above 0 is yes. Features that it does not know count as nothing, and so does an embedding of another length.
    #[must_use]
    pub fn scores(&self, features: &Features) -> Vec<f32> {
        let classes = self.classes();
        let mut scores = self.biases.clone();
        for &(place, value) in &features.sparse {
            let place = place as usize;
            let Some(factor) = self.factors.get(place) else {
                continue;
            };
            let value = value * factor;
            let row = &self.weights[place * classes..(place + 1) * classes];
            for (score, weight) in scores.iter_mut().zip(row) {
                *score += value * f32::from(*weight);
            }
        }
        if classes > 0 && features.dense.len() * classes == self.dense.len() {
            for (value, row) in features.dense.iter().zip(self.dense.chunks_exact(classes)) {
                for (score, weight) in scores.iter_mut().zip(row) {
                    *score += value * weight;
                }
            }
        }
        scores
    }

    /// Writes the head.
    pub fn write(&self, writer: &mut Writer) {
        writer.floats(&self.biases);
        writer.floats(&self.factors);
        writer.small(&self.weights);
        writer.floats(&self.dense);
    }

    /// Reads what [`write`](Self::write) wrote.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, BadBytes> {
        let (biases, factors) = (reader.floats()?, reader.floats()?);
        let (weights, dense) = (reader.small()?, reader.floats()?);
        let classes = biases.len();
        let whole = if classes == 0 {
            factors.is_empty() && dense.is_empty()
        } else {
            dense.len().is_multiple_of(classes)
        };
        if !whole || factors.len().checked_mul(classes) != Some(weights.len()) {
            return Err(BadBytes::Inconsistent("head"));
        }
        Ok(Self {
            biases,
            weights,
            factors,
            dense,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two classes, two sparse features, one dense.
    fn head() -> LinearHead {
        LinearHead::from_columns(&[vec![1.0, -0.5, 2.0, 0.1], vec![-0.25, 0.5, -1.0, 0.2]], 2)
    }

    fn features(sparse: &[(u32, f32)], dense: &[f32]) -> Features {
        Features {
            sparse: sparse.to_vec(),
            dense: dense.to_vec(),
        }
    }

    #[test]
    fn a_score_is_the_sum_of_what_the_features_say() {
        let scores = head().scores(&features(&[(0, 2.0), (1, 1.0)], &[0.5]));
        let exact = [0.1 + 2.0 - 0.5 + 1.0, 0.2 - 0.5 + 0.5 - 0.5];
        for (score, exact) in scores.iter().zip(exact) {
            assert!((score - exact).abs() < 0.01, "{scores:?}");
        }
    }

    #[test]
    fn what_it_does_not_know_counts_as_nothing() {
        let nothing = head().scores(&Features::default());
        assert_eq!(nothing, [0.1, 0.2]);
        assert_eq!(head().scores(&features(&[(9, 1.0)], &[1.0, 1.0])), nothing);
    }

    #[test]
    fn it_is_read_as_it_was_written_and_parts_that_do_not_fit_are_refused() {
        let mut writer = Writer::new(*b"head", 1);
        head().write(&mut writer);
        let bytes = writer.finish();
        let mut reader = Reader::new(&bytes, *b"head", 1).unwrap();
        assert_eq!(LinearHead::read(&mut reader), Ok(head()));

        let mut writer = Writer::new(*b"head", 1);
        writer.floats(&[0.0, 0.0]);
        writer.floats(&[1.0]);
        writer.small(&[1, 2, 3]);
        writer.floats(&[]);
        let bytes = writer.finish();
        let mut reader = Reader::new(&bytes, *b"head", 1).unwrap();
        assert_eq!(LinearHead::read(&mut reader), Err(BadBytes::Inconsistent("head")));
    }
}
