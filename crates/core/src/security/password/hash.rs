//! The hash of a password: Argon2id (RFC 9106) as a PHC string.

use std::fmt;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};

use super::prepared;
use crate::config::Security;
use crate::entropy::Entropy;

/// How many random bytes salt a hash (RFC 9106, section 3.1).
const SALT_BYTES: usize = 16;

/// Passwords cannot be hashed, or not at this cost.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// The three costs do not go together: the memory must be at least eight times the lanes.
    #[error("the costs of password hashing do not go together")]
    Cost(#[source] argon2::Error),
    /// A password could not be hashed.
    #[error("the password could not be hashed")]
    Hash(#[source] argon2::password_hash::Error),
}

/// Hashes passwords and proves them. One hash takes tens of milliseconds and 19 MiB at the default cost: call it where blocking
/// is allowed.
#[derive(Clone)]
pub struct PasswordHasher {
    argon2: Argon2<'static>,
    dummy: String,
}

impl fmt::Debug for PasswordHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordHasher")
            .field("params", self.argon2.params())
            .finish_non_exhaustive()
    }
}

impl PasswordHasher {
    /// A hasher with the settings' cost. It hashes once, for [`Self::dummy_hash`].
    ///
    /// # Errors
    ///
    /// [`HashError::Cost`] if the costs do not go together.
    pub fn new(settings: &Security, entropy: &dyn Entropy) -> Result<Self, HashError> {
        let costs = (
            settings.argon2_memory_kib,
            settings.argon2_iterations,
            settings.argon2_parallelism,
        );
        let params = Params::new(costs.0, costs.1, costs.2, None).map_err(HashError::Cost)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut hasher = Self {
            argon2,
            dummy: String::new(),
        };
        hasher.dummy = hasher.hash("", entropy)?;
        Ok(hasher)
    }

    /// The hash of a password under a new salt, as `$argon2id$v=19$m=…,t=…,p=…$salt$hash`.
    ///
    /// # Errors
    ///
    /// [`HashError::Hash`] if there is not enough memory.
    pub fn hash(&self, password: &str, entropy: &dyn Entropy) -> Result<String, HashError> {
        let mut salt = [0u8; SALT_BYTES];
        entropy.fill(&mut salt);
        let hash: PasswordHash = self
            .argon2
            .hash_password_with_salt(prepared(password).as_bytes(), &salt)
            .map_err(HashError::Hash)?;
        Ok(hash.to_string())
    }

    /// Whether the password is the one of the hash, at the cost that the hash names. What is no hash fits no password.
    #[must_use]
    pub fn verify(&self, password: &str, hash: &str) -> bool {
        let verify = |hash: PasswordHash| {
            self.argon2
                .verify_password(prepared(password).as_bytes(), &hash)
                .is_ok()
        };
        PasswordHash::new(hash).is_ok_and(verify)
    }

    /// Whether a hash was made at another cost than today's, so that it should be replaced at the next sign-in.
    #[must_use]
    pub fn needs_rehash(&self, hash: &str) -> bool {
        let params = PasswordHash::new(hash)
            .ok()
            .filter(|hash| hash.algorithm == argon2::ARGON2ID_IDENT);
        let params = params.and_then(|hash| Params::try_from(&hash).ok());
        let costs = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
        params.is_none_or(|params| costs(&params) != costs(self.argon2.params()))
    }

    /// A hash to verify against when there is no such account, so that it takes as long as a wrong password. Refuse
    /// the sign-in whatever the answer.
    #[must_use]
    pub fn dummy_hash(&self) -> &str {
        &self.dummy
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;
    use proptest::prelude::*;

    fn cheap() -> Security {
        Security {
            argon2_memory_kib: 8,
            argon2_iterations: 1,
            ..Security::default()
        }
    }

    fn hasher(settings: &Security) -> PasswordHasher {
        PasswordHasher::new(settings, &SeededEntropy::new(1)).unwrap()
    }

    #[test]
    fn the_default_cost_is_owasps() {
        let hash = hasher(&Security::default())
            .hash("correct horse battery staple", &SeededEntropy::new(2))
            .unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    }

    #[test]
    fn the_same_password_has_another_hash_each_time() {
        let (hasher, entropy) = (hasher(&cheap()), SeededEntropy::new(3));
        assert_ne!(
            hasher.hash("x", &entropy).unwrap(),
            hasher.hash("x", &entropy).unwrap()
        );
    }

    #[test]
    fn spellings_of_the_same_characters_are_the_same_password() {
        let hasher = hasher(&cheap());
        let hash = hasher
            .hash("Caf\u{e9}\u{a0}Zürich", &SeededEntropy::new(3))
            .unwrap();
        assert!(hasher.verify("Cafe\u{301} Zu\u{308}rich", &hash));
        assert!(!hasher.verify("Cafe Zurich", &hash));
    }

    #[test]
    fn a_hash_of_another_cost_still_verifies_and_asks_to_be_replaced() {
        let (old, new) = (
            hasher(&cheap()),
            hasher(&Security {
                argon2_iterations: 2,
                ..cheap()
            }),
        );
        let hash = old.hash("secret", &SeededEntropy::new(3)).unwrap();
        assert!(new.verify("secret", &hash));
        assert!(new.needs_rehash(&hash));
        assert!(!old.needs_rehash(&hash));
        assert!(old.needs_rehash("$2b$12$not.one.of.ours"));
    }

    #[test]
    fn what_is_no_hash_fits_no_password() {
        let hasher = hasher(&cheap());
        for hash in [
            "",
            "$argon2id$",
            "plain",
            "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ",
        ] {
            assert!(!hasher.verify("", hash), "{hash}");
        }
    }

    #[test]
    fn the_dummy_hash_costs_what_a_real_one_costs() {
        let hasher = hasher(&cheap());
        assert!(!hasher.needs_rehash(hasher.dummy_hash()));
        assert!(!hasher.verify("anything", hasher.dummy_hash()));
    }

    #[test]
    fn costs_that_do_not_go_together_are_refused() {
        let settings = Security {
            argon2_memory_kib: 8,
            argon2_parallelism: 4,
            ..Security::default()
        };
        assert!(matches!(
            PasswordHasher::new(&settings, &SeededEntropy::new(1)),
            Err(HashError::Cost(_))
        ));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_password_verifies_against_its_own_hash_alone(password in ".{0,40}", other in ".{0,40}", seed: u64) {
            let hasher = hasher(&cheap());
            let hash = hasher.hash(&password, &SeededEntropy::new(seed)).unwrap();
            prop_assert!(hasher.verify(&password, &hash));
            if prepared(&password) != prepared(&other) {
                prop_assert!(!hasher.verify(&other, &hash));
            }
        }
    }
}
