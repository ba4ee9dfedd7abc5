//! Secrets, tokens, passwords.

use std::time::Duration;

use super::schema::choice::choice;
use super::schema::ring::NamedSecret;
use super::schema::rule::{Rule, between, min_bytes, not_blank, seconds, when_set};
use super::schema::section;
use crate::secret::Secret;
use crate::security::seal;

choice! {
    /// How access tokens are signed (RFC 7518, section 3.2).
    JwtAlgorithm {
        /// HMAC with SHA-256.
        Hs256 = "hs256";
        /// HMAC with SHA-384.
        Hs384 = "hs384";
        /// HMAC with SHA-512.
        Hs512 = "hs512";
    }
}

/// The id that the key of `secret_key` goes by.
const SINGLE_KEY_ID: &str = "default";

fn long_keys() -> Rule<Vec<NamedSecret>> {
    let long = |key: &NamedSecret| key.secret.expose().len() >= 32;
    Rule::new(
        "each secret at least 32 bytes long",
        move |keys: &Vec<NamedSecret>| keys.iter().all(long),
    )
}

fn sealing_keys() -> Rule<Vec<NamedSecret>> {
    let fits = |key: &NamedSecret| seal::decode_key(key.secret.expose()).is_some();
    Rule::new(
        "each secret 32 bytes in base64",
        move |keys: &Vec<NamedSecret>| keys.iter().all(fits),
    )
}

fn different_ids() -> Rule<Vec<NamedSecret>> {
    Rule::new("each with another id", |keys: &Vec<NamedSecret>| {
        keys.iter()
            .enumerate()
            .all(|(n, key)| keys[..n].iter().all(|earlier| earlier.id != key.id))
    })
}

section! {
    /// Secrets, tokens, passwords. On the embedded default the program generates the secrets that are not set and
    /// keeps them in the data folder.
    Security = "security" {
        /// The secret that signs access tokens, instead of `keys`. Make one with `openssl rand -base64 48`.
        secret_key: Option<Secret> = None, when_set(min_bytes(32));
        /// Several signing secrets with ids, so that one can be replaced: the active one signs, all verify.
        keys: Vec<NamedSecret> = Vec::new(), long_keys(), different_ids();
        /// The id of the key in `keys` that signs; the first unless set.
        active_key: Option<String> = None;
        /// How access tokens are signed.
        jwt_algorithm: JwtAlgorithm = JwtAlgorithm::Hs256;
        /// The issuer that tokens name, and that is demanded of them.
        jwt_issuer: String = "acs".to_owned(), not_blank();
        /// The audience that tokens name, and that is demanded of them.
        jwt_audience: String = "acs".to_owned(), not_blank();
        /// How long past its end a token is still taken, for clocks that differ.
        jwt_leeway_seconds: Duration = Duration::ZERO, seconds(0.0, 60.0);
        /// For how many minutes an access token is good.
        access_minutes: u32 = 30, between(1, 1440);
        /// For how many days a refresh token is good.
        refresh_days: u32 = 7, between(1, 365);
        /// Secrets with ids that encrypt other secrets in the database: the active one encrypts, all decrypt. Make one
        /// with `openssl rand -base64 32`.
        encryption_keys: Vec<NamedSecret> = Vec::new(), sealing_keys(), different_ids();
        /// The id of the key in `encryption_keys` that encrypts; the first unless set.
        active_encryption_key: Option<String> = None;
        /// The memory that hashing one password takes, in KiB. The three costs follow OWASP's advice for Argon2id.
        argon2_memory_kib: u32 = 19_456, between(8, 4_194_304);
        /// How often hashing a password goes over that memory.
        argon2_iterations: u32 = 2, between(1, 100);
        /// How many lanes hashing a password uses.
        argon2_parallelism: u32 = 1, between(1, 64);
        /// The shortest password of an account that signs in with nothing else (NIST SP 800-63B-4: 15).
        password_min_length: usize = 15, between(15, 128);
        /// The shortest password of an account that also needs a code (NIST SP 800-63B-4: 8).
        password_min_length_with_mfa: usize = 8, between(8, 128);
        /// After how many wrong passwords signing in to an account pauses for the rest of the window (NIST allows at most 100).
        sign_in_max_failures: u32 = 10, between(1, 100);
        /// The window in which wrong passwords are counted.
        sign_in_window_seconds: Duration = Duration::from_secs(900), seconds(1.0, 86_400.0);
    }
}

impl Security {
    /// The keys that sign tokens, the active one first; empty when none is set.
    #[must_use]
    pub fn signing_keys(&self) -> Vec<NamedSecret> {
        let single = self
            .secret_key
            .iter()
            .filter_map(|key| NamedSecret::new(SINGLE_KEY_ID, key.clone()));
        if self.keys.is_empty() {
            single.collect()
        } else {
            active_first(&self.keys, self.active_key.as_deref())
        }
    }

    /// The keys that encrypt secrets in the database, the active one first; empty when none is set.
    #[must_use]
    pub fn sealing_keys(&self) -> Vec<NamedSecret> {
        active_first(&self.encryption_keys, self.active_encryption_key.as_deref())
    }

    /// How long an access token is good.
    #[must_use]
    pub fn access_lifetime(&self) -> Duration {
        Duration::from_secs(u64::from(self.access_minutes) * 60)
    }

    /// How long a refresh token is good.
    #[must_use]
    pub fn refresh_lifetime(&self) -> Duration {
        Duration::from_secs(u64::from(self.refresh_days) * 24 * 60 * 60)
    }
}

fn active_first(keys: &[NamedSecret], active: Option<&str>) -> Vec<NamedSecret> {
    let (mut first, rest): (Vec<_>, Vec<_>) = keys
        .iter()
        .cloned()
        .partition(|key| Some(key.id.as_str()) == active);
    first.extend(rest);
    first
}
