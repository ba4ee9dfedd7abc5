//! Random text over an alphabet, each letter as likely as any other.

use crate::entropy::Entropy;

/// Digits and letters.
pub(super) const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Draws `n` letters from an alphabet of at most 256. A byte past the last whole run of the alphabet is thrown away,
/// since counting on from the beginning would favour the first letters.
pub(super) fn letters(entropy: &dyn Entropy, alphabet: &[u8], n: usize) -> String {
    let fair = 256 - 256 % alphabet.len().max(1);
    let mut drawn = String::with_capacity(n);
    while drawn.len() < n {
        let mut bytes = [0u8; 64];
        entropy.fill(&mut bytes);
        let usable = bytes
            .iter()
            .map(|&byte| usize::from(byte))
            .filter(|&byte| byte < fair);
        drawn.extend(
            usable
                .map(|byte| char::from(alphabet[byte % alphabet.len()]))
                .take(n - drawn.len()),
        );
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    #[test]
    fn every_letter_is_as_likely_as_any_other() {
        let entropy = SeededEntropy::new(7);
        let drawn = letters(&entropy, b"0123456789", 100_000);
        for digit in '0'..='9' {
            let n = drawn.chars().filter(|&c| c == digit).count();
            // 10,000 are expected, with a standard deviation of 95.
            assert!((9_600..=10_400).contains(&n), "{digit}: {n}");
        }
    }
}
