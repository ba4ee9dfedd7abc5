//! Vectors as bytes.
//!
//! A vector that is searched or learned from keeps its 32-bit floats, little endian. The vectors of a passage's
//! sentences only compare sentences with each other: 8 bits for a component and one scale for a sentence keep their
//! cosines to three digits in a quarter of the space.

use acs_domain::knowledge::{Rounded, Sentence, Vector};

/// The bytes are not what was written here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the bytes of a vector")]
pub(crate) struct NotAVector;

/// The form of [`write_sentences`].
const FORM: u8 = 1;

pub(crate) fn write_vector(vector: &[f32]) -> Vec<u8> {
    vector
        .iter()
        .flat_map(|component| component.to_le_bytes())
        .collect()
}

pub(crate) fn read_vector(bytes: &[u8]) -> Result<Vector, NotAVector> {
    let (components, rest) = bytes.as_chunks::<4>();
    if !rest.is_empty() {
        return Err(NotAVector);
    }
    Ok(components
        .iter()
        .map(|bytes| f32::from_le_bytes(*bytes))
        .collect())
}

/// A vector as PostgreSQL's extension writes it: `[0.1,0.2]`.
pub(crate) fn write_text(vector: &[f32]) -> String {
    use std::fmt::Write;
    let mut text = String::with_capacity(vector.len() * 12 + 2);
    text.push('[');
    for (place, component) in vector.iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        // Writing to a string cannot fail. The shortest digits that give the same float back.
        let _ = write!(text, "{component}");
    }
    text.push(']');
    text
}

/// A vector as PostgreSQL's extension sends it: how many components, nothing, the components, big endian.
pub(crate) fn read_sent(bytes: &[u8]) -> Result<Vector, NotAVector> {
    let (count, rest) = bytes.split_first_chunk::<2>().ok_or(NotAVector)?;
    let (_, rest) = rest.split_first_chunk::<2>().ok_or(NotAVector)?;
    let (components, rest) = rest.as_chunks::<4>();
    if !rest.is_empty() || components.len() != usize::from(u16::from_be_bytes(*count)) {
        return Err(NotAVector);
    }
    Ok(components
        .iter()
        .map(|bytes| f32::from_be_bytes(*bytes))
        .collect())
}

/// Sentences with their vectors: a form, how many, then of each its range, its length, its scale and its components.
pub(crate) fn write_sentences(sentences: &[Sentence]) -> Vec<u8> {
    let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX).to_le_bytes();
    let mut bytes = vec![FORM];
    bytes.extend(number(sentences.len()));
    for sentence in sentences {
        let Rounded { scale, components } = Rounded::of(&sentence.vector);
        bytes.extend(number(sentence.start));
        bytes.extend(number(sentence.end));
        bytes.extend(number(components.len()));
        bytes.extend(scale.to_le_bytes());
        bytes.extend(components.into_iter().map(i8::cast_unsigned));
    }
    bytes
}

pub(crate) fn read_sentences(bytes: &[u8]) -> Result<Vec<Sentence>, NotAVector> {
    let mut bytes = Bytes(bytes);
    let [FORM] = bytes.take()? else {
        return Err(NotAVector);
    };
    let count = bytes.number()?;
    let mut sentences = Vec::new();
    for _ in 0..count {
        let (start, end, length) = (bytes.number()?, bytes.number()?, bytes.number()?);
        let scale = f32::from_le_bytes(bytes.take()?);
        let components = bytes.slice(length)?.iter();
        let components = components.map(|component| component.cast_signed()).collect();
        let vector = Rounded { scale, components }.unit();
        sentences.push(Sentence { start, end, vector });
    }
    if bytes.0.is_empty() {
        Ok(sentences)
    } else {
        Err(NotAVector)
    }
}

struct Bytes<'b>(&'b [u8]);

impl<'b> Bytes<'b> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], NotAVector> {
        let (taken, rest) = self.0.split_first_chunk::<N>().ok_or(NotAVector)?;
        self.0 = rest;
        Ok(*taken)
    }

    fn number(&mut self) -> Result<usize, NotAVector> {
        usize::try_from(u32::from_le_bytes(self.take()?)).map_err(|_| NotAVector)
    }

    fn slice(&mut self, length: usize) -> Result<&'b [u8], NotAVector> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(NotAVector)?;
        self.0 = rest;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use acs_domain::knowledge::unit;
    use proptest::prelude::*;

    fn vector() -> impl Strategy<Value = Vec<f32>> {
        proptest::collection::vec(-1.0_f32..1.0, 1..400)
    }

    proptest! {
        #[test]
        fn a_vector_comes_back_bit_by_bit(vector in vector()) {
            prop_assert_eq!(&*read_vector(&write_vector(&vector)).unwrap(), &vector[..]);
        }

        #[test]
        fn a_sentence_keeps_its_range_and_its_direction(vector in vector(), start in 0_usize..1000, length in 0_usize..1000) {
            let written = Sentence { start, end: start + length, vector: unit(vector) };
            let read = read_sentences(&write_sentences(std::slice::from_ref(&written))).unwrap();
            prop_assert_eq!(read.len(), 1);
            prop_assert_eq!((read[0].start, read[0].end), (written.start, written.end));
            let cosine: f32 = read[0].vector.iter().zip(&*written.vector).map(|(a, b)| a * b).sum();
            prop_assert!(cosine > 0.999, "{}", cosine);
        }

        #[test]
        fn other_bytes_are_refused_without_a_crash(bytes: Vec<u8>) {
            if let Ok(sentences) = read_sentences(&bytes) {
                prop_assert!(sentences.len() * 16 + 5 <= bytes.len());
            }
            prop_assert_eq!(read_vector(&bytes).is_ok(), bytes.len() % 4 == 0);
            if let Ok(vector) = read_sent(&bytes) {
                prop_assert_eq!(vector.len() * 4 + 4, bytes.len());
            }
        }
    }
}
