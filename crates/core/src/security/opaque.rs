//! Refresh tokens, and others that only their server reads.
//!
//! A refresh token is not signed: it must be looked up anyway, to see whether it was spent or revoked, so a signature
//! would prove nothing that the look-up does not. It is 256 random bits, of which only a hash is kept, so that whoever
//! reads the database cannot use what it holds.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::digest::sha256_hex;
use crate::entropy::Entropy;
use crate::secret::Secret;

/// How many random bytes a token has.
const BYTES: usize = 32;

/// A random token.
#[derive(Debug, Clone)]
pub struct OpaqueToken(Secret);

/// The text is not a token of this kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid token")]
pub struct ParseTokenError;

impl OpaqueToken {
    /// A new token.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0u8; BYTES];
        entropy.fill(&mut bytes);
        Self(Secret::new(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The token that a client sent. Its text is the only one for these bytes, so that none passes for another.
    ///
    /// # Errors
    ///
    /// [`ParseTokenError`] if it cannot be one of ours.
    pub fn parse(text: &str) -> Result<Self, ParseTokenError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| ParseTokenError)?;
        if bytes.len() == BYTES {
            Ok(Self(Secret::new(text)))
        } else {
            Err(ParseTokenError)
        }
    }

    /// The text for the client: 43 letters, digits, `-` and `_`.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// What the store keeps and looks up: SHA-256 in hexadecimal digits.
    #[must_use]
    pub fn hash(&self) -> String {
        sha256_hex(self.0.expose().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_token_reads_back_with_the_same_hash(seed: u64) {
            let token = OpaqueToken::generate(&SeededEntropy::new(seed));
            let read = OpaqueToken::parse(token.expose()).unwrap();
            prop_assert_eq!(read.hash(), token.hash());
            prop_assert_eq!(token.expose().len(), 43);
            let other = OpaqueToken::generate(&SeededEntropy::new(seed.wrapping_add(1)));
            prop_assert_ne!(other.hash(), token.hash());
        }

        #[test]
        fn what_is_no_token_is_refused(text in "[A-Za-z0-9_-]{0,42}|[A-Za-z0-9_-]{44,60}|.{43}!") {
            prop_assert_eq!(OpaqueToken::parse(&text).err(), Some(ParseTokenError));
        }
    }

    #[test]
    fn a_token_never_prints() {
        let token = OpaqueToken::generate(&SeededEntropy::new(1));
        assert!(!format!("{token:?}").contains(token.expose()));
    }
}
