//! Numeric codes that people type: for verification and for signing in.

use super::draw::letters;
use crate::entropy::Entropy;

/// A code of so many digits, each digit as likely as any other. It may begin with 0, so it is text.
///
/// Six digits are guessed in a million tries: let a code end soon, and after a few wrong tries.
#[must_use]
pub fn generate(entropy: &dyn Entropy, digits: usize) -> String {
    letters(entropy, b"0123456789", digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_code_has_as_many_digits_as_asked_for(seed: u64, digits in 0_usize..200) {
            let code = generate(&SeededEntropy::new(seed), digits);
            prop_assert_eq!(code.len(), digits);
            prop_assert!(code.bytes().all(|c| c.is_ascii_digit()));
        }
    }

    #[test]
    fn codes_differ() {
        let entropy = SeededEntropy::new(1);
        assert_ne!(generate(&entropy, 12), generate(&entropy, 12));
    }
}
