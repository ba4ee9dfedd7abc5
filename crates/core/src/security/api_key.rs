//! Keys with which programs call: `acs_<prefix>_<secret>`.
//!
//! The prefix (8 letters and digits) is public: it finds the key in the store and in a list that a person reads. The
//! secret (43 letters and digits, 256 bits) is shown once. Only a SHA-256 hash of the whole key is kept: there is
//! nothing to guess in 256 random bits, so a slow hash would only slow every request.

use super::digest::{same, sha256_hex};
use super::draw::{BASE62, letters};
use crate::entropy::Entropy;
use crate::secret::Secret;

/// What each key begins with, so that a scanner finds one that has leaked.
const MARK: &str = "acs_";
const PREFIX_LENGTH: usize = 8;
const SECRET_LENGTH: usize = 43;

/// A whole key, as its owner holds it.
#[derive(Debug, Clone)]
pub struct ApiKey {
    prefix: String,
    whole: Secret,
}

/// The text is not a key of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid API key")]
pub struct ParseApiKeyError;

impl ApiKey {
    /// A new key.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let prefix = letters(entropy, BASE62, PREFIX_LENGTH);
        let whole = Secret::new(format!(
            "{MARK}{prefix}_{}",
            letters(entropy, BASE62, SECRET_LENGTH)
        ));
        Self { prefix, whole }
    }

    /// The key that a program sent.
    ///
    /// # Errors
    ///
    /// [`ParseApiKeyError`] if it cannot be one of ours.
    pub fn parse(text: &str) -> Result<Self, ParseApiKeyError> {
        let (prefix, secret) = text
            .strip_prefix(MARK)
            .and_then(|rest| rest.split_once('_'))
            .ok_or(ParseApiKeyError)?;
        let plain =
            |part: &str, length| part.len() == length && part.bytes().all(|c| c.is_ascii_alphanumeric());
        if plain(prefix, PREFIX_LENGTH) && plain(secret, SECRET_LENGTH) {
            Ok(Self {
                prefix: prefix.to_owned(),
                whole: Secret::new(text),
            })
        } else {
            Err(ParseApiKeyError)
        }
    }

    /// The public part, which finds the key.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The whole key, to show once.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.whole.expose()
    }

    /// What the store keeps: SHA-256 of the whole key, in hexadecimal digits.
    #[must_use]
    pub fn hash(&self) -> String {
        sha256_hex(self.whole.expose().as_bytes())
    }

    /// Whether this is the key that the store keeps the hash of. Takes as long for any wrong key.
    #[must_use]
    pub fn matches(&self, stored_hash: &str) -> bool {
        same(&self.hash(), stored_hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_key_reads_back_and_matches_its_own_hash_alone(seed: u64) {
            let key = ApiKey::generate(&SeededEntropy::new(seed));
            let read = ApiKey::parse(key.expose()).unwrap();
            prop_assert_eq!(read.prefix(), key.prefix());
            prop_assert!(read.matches(&key.hash()));
            let other = ApiKey::generate(&SeededEntropy::new(seed.wrapping_add(1)));
            prop_assert!(!other.matches(&key.hash()));
        }

        #[test]
        fn a_changed_key_is_refused_or_does_not_match(seed: u64, at in 0_usize..56, to: char) {
            let key = ApiKey::generate(&SeededEntropy::new(seed));
            let changed: String = key.expose().chars().enumerate().map(|(n, c)| if n == at { to } else { c }).collect();
            prop_assume!(changed != key.expose());
            prop_assert!(!ApiKey::parse(&changed).is_ok_and(|read| read.matches(&key.hash())));
        }

        #[test]
        fn any_text_is_read_without_a_crash(text in ".{0,80}") {
            if let Ok(key) = ApiKey::parse(&text) {
                prop_assert_eq!(key.expose(), text);
            }
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let key = ApiKey::generate(&SeededEntropy::new(1));
        let whole = key.expose();
        assert_eq!(whole.len(), 56);
        for text in [
            "",
            "acs_",
            "acs__",
            &whole[1..],
            &whole[..55],
            &format!("{whole}x"),
            &whole.replace("acs", "abc"),
        ] {
            assert_eq!(ApiKey::parse(text).err(), Some(ParseApiKeyError), "{text}");
        }
    }

    #[test]
    fn a_key_never_prints() {
        let key = ApiKey::generate(&SeededEntropy::new(1));
        assert!(!format!("{key:?}").contains(&key.expose()[13..]));
    }
}
