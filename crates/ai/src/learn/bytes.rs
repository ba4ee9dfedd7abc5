//! Numbers to bytes and back: little-endian, with a mark and a version in front.
//!
//! Lengths are held against what is left before anything is allocated, so that hostile bytes cost no more memory than they
//! have themselves.

/// Why bytes are not what they should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadBytes {
    /// Another kind of file, or one of another version.
    #[error("the mark or version is another")]
    Foreign,
    /// The bytes end too early.
    #[error("the bytes end too early")]
    Short,
    /// More bytes than are needed.
    #[error("bytes are left over")]
    Long,
    /// A number that is none, or text that is none.
    #[error("a value is not usable")]
    Value,
    /// Parts that do not fit together.
    #[error("the parts of the {0} do not fit together")]
    Inconsistent(&'static str),
}

/// Writes numbers.
#[derive(Debug)]
pub struct Writer(Vec<u8>);

impl Writer {
    /// Begins with a mark and a version.
    #[must_use]
    pub fn new(mark: [u8; 4], version: u8) -> Self {
        let mut bytes = mark.to_vec();
        bytes.push(version);
        Self(bytes)
    }

    /// A number.
    pub fn number(&mut self, value: u32) {
        self.0.extend(value.to_le_bytes());
    }

    /// A number with a fraction.
    pub fn float(&mut self, value: f32) {
        self.0.extend(value.to_le_bytes());
    }

    /// Numbers, with their count.
    pub fn numbers(&mut self, values: &[u32]) {
        self.length(values.len());
        self.0.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    }

    /// Numbers of 16 bits, with their count.
    pub fn halves(&mut self, values: &[u16]) {
        self.length(values.len());
        self.0.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    }

    /// Numbers with fractions, with their count.
    pub fn floats(&mut self, values: &[f32]) {
        self.length(values.len());
        self.0.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    }

    /// Small numbers, with their count.
    pub fn small(&mut self, values: &[i8]) {
        self.length(values.len());
        self.0.extend(values.iter().map(|value| value.cast_unsigned()));
    }

    /// A text, with its length.
    pub fn text(&mut self, text: &str) {
        self.length(text.len());
        self.0.extend(text.as_bytes());
    }

    /// All that was written.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.0
    }

    fn length(&mut self, length: usize) {
        // What is longer cannot be read back, and is refused then.
        self.number(u32::try_from(length).unwrap_or(u32::MAX));
    }
}

/// Reads what a [`Writer`] wrote.
#[derive(Debug)]
pub struct Reader<'b>(&'b [u8]);

impl<'b> Reader<'b> {
    /// Begins behind the mark and the version, which must be these.
    pub fn new(bytes: &'b [u8], mark: [u8; 4], version: u8) -> Result<Self, BadBytes> {
        match bytes.split_at_checked(5) {
            Some((head, rest)) if head[..4] == mark && head[4] == version => Ok(Self(rest)),
            _ => Err(BadBytes::Foreign),
        }
    }

    /// A number.
    pub fn number(&mut self) -> Result<u32, BadBytes> {
        let (value, rest) = self.0.split_first_chunk().ok_or(BadBytes::Short)?;
        self.0 = rest;
        Ok(u32::from_le_bytes(*value))
    }

    /// A number with a fraction, which is finite.
    pub fn float(&mut self) -> Result<f32, BadBytes> {
        finite(f32::from_bits(self.number()?))
    }

    /// Numbers.
    pub fn numbers(&mut self) -> Result<Vec<u32>, BadBytes> {
        let (values, _) = self.counted(4)?.as_chunks();
        Ok(values.iter().map(|value| u32::from_le_bytes(*value)).collect())
    }

    /// Numbers of 16 bits.
    pub fn halves(&mut self) -> Result<Vec<u16>, BadBytes> {
        let (values, _) = self.counted(2)?.as_chunks();
        Ok(values.iter().map(|value| u16::from_le_bytes(*value)).collect())
    }

    /// Numbers with fractions, all finite.
    pub fn floats(&mut self) -> Result<Vec<f32>, BadBytes> {
        let (values, _) = self.counted(4)?.as_chunks();
        values
            .iter()
            .map(|value| finite(f32::from_le_bytes(*value)))
            .collect()
    }

    /// Small numbers.
    pub fn small(&mut self) -> Result<Vec<i8>, BadBytes> {
        let values = self.counted(1)?;
        Ok(values.iter().map(|value| value.cast_signed()).collect())
    }

    /// A text.
    pub fn text(&mut self) -> Result<String, BadBytes> {
        let text = std::str::from_utf8(self.counted(1)?).map_err(|_| BadBytes::Value)?;
        Ok(text.to_owned())
    }

    /// Says whether all bytes were read.
    pub fn finish(self) -> Result<(), BadBytes> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(BadBytes::Long)
        }
    }

    /// The bytes of as many values as the next number says.
    fn counted(&mut self, size: usize) -> Result<&'b [u8], BadBytes> {
        let count = usize::try_from(self.number()?).map_err(|_| BadBytes::Short)?;
        let length = count.checked_mul(size).ok_or(BadBytes::Short)?;
        let (values, rest) = self.0.split_at_checked(length).ok_or(BadBytes::Short)?;
        self.0 = rest;
        Ok(values)
    }
}

fn finite(value: f32) -> Result<f32, BadBytes> {
    if value.is_finite() {
        Ok(value)
    } else {
        Err(BadBytes::Value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARK: [u8; 4] = *b"test";

    fn written() -> Vec<u8> {
        let mut writer = Writer::new(MARK, 3);
        writer.number(7);
        writer.float(-0.5);
        writer.numbers(&[1, u32::MAX]);
        writer.halves(&[2, 3]);
        writer.floats(&[0.25]);
        writer.small(&[-128, 127]);
        writer.text("grün");
        writer.finish()
    }

    type Parts = (u32, f32, Vec<u32>, Vec<u16>, Vec<f32>, Vec<i8>, String);

    fn read(bytes: &[u8]) -> Result<Parts, BadBytes> {
        let mut reader = Reader::new(bytes, MARK, 3)?;
        let parts = (
            reader.number()?,
            reader.float()?,
            reader.numbers()?,
            reader.halves()?,
            reader.floats()?,
            reader.small()?,
            reader.text()?,
        );
        reader.finish()?;
        Ok(parts)
    }

    #[test]
    fn what_was_written_is_read() {
        let parts = (
            7,
            -0.5,
            vec![1, u32::MAX],
            vec![2, 3],
            vec![0.25],
            vec![-128, 127],
            "grün".to_owned(),
        );
        assert_eq!(read(&written()), Ok(parts));
    }

    #[test]
    fn every_cut_and_every_addition_is_an_error() {
        let bytes = written();
        for end in 0..bytes.len() {
            assert!(read(&bytes[..end]).is_err(), "{end}");
        }
        assert_eq!(read(&[bytes.as_slice(), &[0]].concat()), Err(BadBytes::Long));
    }

    #[test]
    fn another_mark_or_version_is_foreign() {
        let bytes = written();
        assert_eq!(Reader::new(&bytes, *b"tesT", 3).unwrap_err(), BadBytes::Foreign);
        assert_eq!(Reader::new(&bytes, MARK, 4).unwrap_err(), BadBytes::Foreign);
    }

    #[test]
    fn a_length_beyond_the_end_allocates_nothing() {
        let mut writer = Writer::new(MARK, 1);
        writer.number(u32::MAX);
        let bytes = writer.finish();
        assert_eq!(
            Reader::new(&bytes, MARK, 1).unwrap().numbers(),
            Err(BadBytes::Short)
        );
    }

    #[test]
    fn numbers_that_are_none_are_refused() {
        let mut writer = Writer::new(MARK, 1);
        writer.floats(&[1.0, f32::NAN]);
        let bytes = writer.finish();
        assert_eq!(
            Reader::new(&bytes, MARK, 1).unwrap().floats(),
            Err(BadBytes::Value)
        );
    }
}
