//! Many unit vectors in a quarter of their size.
//!
//! A row is kept as bytes with one factor. The cosine of two rows differs from the exact one by less than 0.005, and
//! 15,000 rows fit in a processor's cache, where as floats they would not.

use crate::learn::{BadBytes, Reader, Writer};

/// Numbers that are worked on at once.
const LANES: usize = 16;

/// Rows of the same length.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Matrix {
    dimensions: usize,
    values: Vec<i8>,
    /// What a row's bytes are multiplied with.
    factors: Vec<f32>,
}

impl Matrix {
    pub(super) fn new(dimensions: usize) -> Self {
        Self {
            dimensions,
            values: Vec::new(),
            factors: Vec::new(),
        }
    }

    pub(super) fn rows(&self) -> usize {
        self.factors.len()
    }

    pub(super) fn size_bytes(&self) -> usize {
        self.values.capacity() + self.factors.capacity() * size_of::<f32>()
    }

    /// Adds a vector of the matrix's length.
    pub(super) fn push(&mut self, vector: &[f32]) {
        let factor = quantize(vector, &mut self.values);
        self.factors.push(factor);
    }

    /// The rows at these places, in this order.
    pub(super) fn picked(&self, places: &[usize]) -> Self {
        let row = |place: &usize| &self.values[place * self.dimensions..(place + 1) * self.dimensions];
        Self {
            dimensions: self.dimensions,
            values: places.iter().flat_map(row).copied().collect(),
            factors: places.iter().map(|place| self.factors[*place]).collect(),
        }
    }

    /// The cosine of each row with a unit vector; `None` if that has another length.
    pub(super) fn cosines(&self, vector: &[f32]) -> Option<Vec<f32>> {
        if vector.len() != self.dimensions || vector.is_empty() {
            return None;
        }
        let mut bytes = Vec::with_capacity(vector.len());
        let factor = quantize(vector, &mut bytes);
        let bytes: Vec<i16> = bytes.into_iter().map(i16::from).collect();
        let rows = self.values.chunks_exact(self.dimensions).zip(&self.factors);
        Some(
            rows.map(|(row, row_factor)| dot(row, &bytes) as f32 * row_factor * factor)
                .collect(),
        )
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        // The vectors of a model have some hundreds of dimensions.
        writer.number(self.dimensions as u32);
        writer.floats(&self.factors);
        writer.small(&self.values);
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, BadBytes> {
        let matrix = Self {
            dimensions: reader.number()? as usize,
            factors: reader.floats()?,
            values: reader.small()?,
        };
        if matrix.factors.len().checked_mul(matrix.dimensions) == Some(matrix.values.len()) {
            Ok(matrix)
        } else {
            Err(BadBytes::Inconsistent("vectors"))
        }
    }
}

/// Adds a vector's bytes and gives their factor.
fn quantize(vector: &[f32], bytes: &mut Vec<i8>) -> f32 {
    let largest = vector
        .iter()
        .fold(f32::MIN_POSITIVE, |largest, value| largest.max(value.abs()));
    let factor = largest / 127.0;
    // Rounded and within ±127.
    bytes.extend(vector.iter().map(|value| (value / factor).round() as i8));
    factor
}

/// The sum of products. In this form – bytes widened once, products of 16-bit numbers added up in 32 – the compiler finds
/// the instruction for it on every machine.
fn dot(row: &[i8], vector: &[i16]) -> i32 {
    let (rows, row_rest) = row.as_chunks::<LANES>();
    let (vectors, vector_rest) = vector.as_chunks::<LANES>();
    let mut sum = 0;
    for (row, vector) in rows.iter().zip(vectors) {
        let wide = row.map(i16::from);
        for (x, y) in wide.iter().zip(vector) {
            sum += i32::from(*x) * i32::from(*y);
        }
    }
    let rest = row_rest.iter().zip(vector_rest);
    sum + rest.map(|(x, y)| i32::from(*x) * i32::from(*y)).sum::<i32>()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn unit(values: Vec<f32>) -> Vec<f32> {
        let norm = values.iter().map(|v| v * v).sum::<f32>().sqrt().max(1e-6);
        values.iter().map(|v| v / norm).collect()
    }

    proptest! {
        #[test]
        fn cosines_are_nearly_exact(
            pairs in proptest::collection::vec((-1.0_f32..1.0, -1.0_f32..1.0), 1..400),
        ) {
            let (a, b): (Vec<f32>, Vec<f32>) = pairs.into_iter().unzip();
            let (a, b) = (unit(a), unit(b));
            let mut matrix = Matrix::new(a.len());
            matrix.push(&a);
            let exact: f32 = a.iter().zip(&b).map(|(x, y)| x * y).sum();
            let found = matrix.cosines(&b).unwrap()[0];
            prop_assert!((found - exact).abs() < 0.01, "{found} {exact}");
        }
    }

    #[test]
    fn picked_rows_are_the_same_rows_and_read_as_they_were_written() {
        let mut matrix = Matrix::new(2);
        for row in [[1.0, 0.0], [0.0, 1.0], [0.6, 0.8]] {
            matrix.push(&row);
        }
        let picked = matrix.picked(&[2, 0]);
        let [all, some] = [&matrix, &picked].map(|matrix| matrix.cosines(&[0.6, 0.8]).unwrap());
        assert_eq!(some, [all[2], all[0]]);

        let mut writer = Writer::new(*b"rows", 1);
        picked.write(&mut writer);
        let bytes = writer.finish();
        let mut reader = Reader::new(&bytes, *b"rows", 1).unwrap();
        assert_eq!(Matrix::read(&mut reader), Ok(picked));
    }

    #[test]
    fn a_vector_of_another_length_has_no_cosines() {
        let mut matrix = Matrix::new(2);
        matrix.push(&[1.0, 0.0]);
        assert_eq!(matrix.cosines(&[1.0]), None);
        assert_eq!(Matrix::new(0).cosines(&[]), None);
    }
}
