//! Vectors in a record: the bits of their components in hexadecimal digits. Decimal fractions take longer to write, need twice
//! the room, and need care to be read as what they were.

use std::fmt::{self, Display};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::knowledge::Vector;

/// A vector as it is kept in a record.
#[derive(Debug, Clone, PartialEq)]
pub struct VectorRecord(pub Vector);

impl Display for VectorRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|component| write!(f, "{:08x}", component.to_bits()))
    }
}

impl Serialize for VectorRecord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'d> Deserialize<'d> for VectorRecord {
    fn deserialize<D: Deserializer<'d>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        read(&text).ok_or_else(|| D::Error::custom("it is no vector"))
    }
}

fn read(text: &str) -> Option<VectorRecord> {
    let (components, rest) = text.as_bytes().as_chunks::<8>();
    let component = |digits: &[u8; 8]| {
        // A sign would be read, too.
        digits.iter().all(u8::is_ascii_hexdigit).then_some(())?;
        let bits = u32::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()?;
        Some(f32::from_bits(bits))
    };
    let vector: Option<Vector> = components.iter().map(component).collect();
    Some(VectorRecord(vector.filter(|_| rest.is_empty())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vector_comes_back_bit_by_bit() {
        let components = [0.0, -0.0, 1.0 / 3.0, f32::MIN_POSITIVE, -f32::MAX, 0.016_777_217];
        let kept = serde_json::to_string(&VectorRecord(components.into())).unwrap();
        let again: VectorRecord = serde_json::from_str(&kept).unwrap();
        let bits = |vector: &[f32]| {
            vector
                .iter()
                .map(|component| component.to_bits())
                .collect::<Vec<_>>()
        };
        assert_eq!(bits(&again.0), bits(&components));
    }

    #[test]
    fn what_is_no_vector_is_refused() {
        for wrong in ["\"3f80000\"", "\"3f80000g\"", "\"+f800000a\"", "[1.0]"] {
            assert!(serde_json::from_str::<VectorRecord>(wrong).is_err(), "{wrong}");
        }
    }
}
