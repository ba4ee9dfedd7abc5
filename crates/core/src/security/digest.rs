//! SHA-256, and comparing without telling how much agrees.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The SHA-256 of the bytes, as 64 lower-case hexadecimal digits.
///
/// Enough to keep a random secret of 256 bits: there is nothing to guess, so it needs neither salt nor cost. Never for
/// a password.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The SHA-256 of some parts, each with its length before it: no two lists of parts read alike.
#[must_use]
pub fn sha256_of(parts: &[&[u8]]) -> [u8; 32] {
    Sha256::digest(framed(parts)).into()
}

/// The parts in a row, each with its length before it.
pub(crate) fn framed(parts: &[&[u8]]) -> Vec<u8> {
    let length = parts.iter().map(|part| part.len() + 8).sum();
    parts.iter().fold(Vec::with_capacity(length), |mut bytes, part| {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part);
        bytes
    })
}

/// Whether two texts are the same. Takes as long whether they differ at the first byte or at the last.
#[must_use]
pub fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

/// The bytes as lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a text cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// The bytes that the hexadecimal digits stand for.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(16)).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2))?;
    digits
        .chunks_exact(2)
        .map(|pair| u8::try_from(pair[0] * 16 + pair[1]).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_digest_is_that_of_the_standard() {
        // FIPS 180-4, the example of one block.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256_hex(b"abc"), expected);
    }

    #[test]
    fn parts_are_told_apart_by_their_ends() {
        let digests = [
            sha256_of(&[b"ab", b"c"]),
            sha256_of(&[b"a", b"bc"]),
            sha256_of(&[b"abc"]),
            sha256_of(&[b"abc", b""]),
        ];
        for (place, digest) in digests.iter().enumerate() {
            assert!(!digests[..place].contains(digest), "{place}");
        }
    }

    #[test]
    fn texts_are_the_same_only_whole() {
        assert!(same("abc", "abc"));
        for other in ["abd", "ab", "abcd", ""] {
            assert!(!same("abc", other), "{other}");
        }
    }

    proptest! {
        #[test]
        fn hexadecimal_reads_back(bytes: Vec<u8>) {
            prop_assert_eq!(from_hex(&hex(&bytes)), Some(bytes));
        }

        #[test]
        fn what_is_not_hexadecimal_is_refused(text in "[0-9a-f]{0,4}[g-z][0-9a-f]{0,4}") {
            prop_assert_eq!(from_hex(&text), None);
        }
    }
}
