//! Encrypting a field of the database with AES-256-GCM (NIST SP 800-38D), bound to its place.
//!
//! The sealed text is `v1.<key id>.<nonce>.<ciphertext>`, the last two in base64url. The organization, table, column
//! and row are authenticated with it, so that a sealed value moved to another place does not open. The first key of
//! the ring seals; every key opens what it sealed, so a key is replaced by putting another before it and sealing anew
//! what [`Sealer::needs_reseal`] names.
//!
//! A nonce is 96 random bits: one key may seal 2³² values, after which a repeated nonce is no longer out of the
//! question.

use std::fmt;

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _, Nonce};
use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::config::NamedSecret;
use crate::entropy::Entropy;
use crate::secret::Secret;
use crate::security::digest::framed;

const VERSION: &str = "v1";
const NONCE_BYTES: usize = 12;

/// Where a sealed value belongs. It opens nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// The organization whose value it is.
    pub organization: Uuid,
    /// The table.
    pub table: &'a str,
    /// The column.
    pub column: &'a str,
    /// The id of the row.
    pub row: Uuid,
}

/// Why a value cannot be sealed or opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// There is no key to seal with.
    #[error("no encryption key is configured")]
    NoKey,
    /// A key is not 32 bytes in base64.
    #[error("the encryption key `{0}` is not 32 bytes in base64")]
    BadKey(String),
    /// The value was sealed with a key that is not in the ring.
    #[error("the encryption key `{0}` is not configured")]
    UnknownKey(String),
    /// The value is no sealed text.
    #[error("not a sealed value")]
    Malformed,
    /// The value was changed, or belongs to another place or another key.
    #[error("the sealed value is not authentic for its place")]
    NotAuthentic,
    /// The value is too long to seal.
    #[error("the value is too long to seal")]
    TooLong,
}

/// Seals and opens values with a ring of keys.
pub struct Sealer {
    /// The first seals, all open.
    keys: Vec<(String, Aes256Gcm)>,
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.keys.iter().map(|(id, _)| id))
            .finish()
    }
}

impl Sealer {
    /// A sealer with these keys, the sealing one first.
    ///
    /// # Errors
    ///
    /// [`SealError::NoKey`] without any, [`SealError::BadKey`] for one that is not 32 bytes in base64.
    pub fn new(keys: &[NamedSecret]) -> Result<Self, SealError> {
        let cipher = |key: &NamedSecret| {
            let bytes = decode_key(key.secret.expose()).ok_or_else(|| SealError::BadKey(key.id.clone()))?;
            Ok((key.id.clone(), Aes256Gcm::new(&(*bytes).into())))
        };
        let keys = keys.iter().map(cipher).collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() {
            Err(SealError::NoKey)
        } else {
            Ok(Self { keys })
        }
    }

    /// Seals a value for its place.
    ///
    /// # Errors
    ///
    /// [`SealError::TooLong`] past 64 GiB.
    pub fn seal(
        &self,
        value: &Secret,
        place: &Place<'_>,
        entropy: &dyn Entropy,
    ) -> Result<String, SealError> {
        let (id, cipher) = self.keys.first().ok_or(SealError::NoKey)?;
        let mut nonce = [0u8; NONCE_BYTES];
        entropy.fill(&mut nonce);
        let payload = Payload {
            msg: value.expose().as_bytes(),
            aad: &bound(id, place),
        };
        let sealed = cipher
            .encrypt(&Nonce::from(nonce), payload)
            .map_err(|_| SealError::TooLong)?;
        Ok(format!(
            "{VERSION}.{id}.{}.{}",
            URL_SAFE_NO_PAD.encode(nonce),
            URL_SAFE_NO_PAD.encode(sealed)
        ))
    }

    /// Opens a value that was sealed for this place.
    ///
    /// # Errors
    ///
    /// [`SealError::Malformed`], [`SealError::UnknownKey`], or [`SealError::NotAuthentic`].
    pub fn open(&self, sealed: &str, place: &Place<'_>) -> Result<Secret, SealError> {
        let parts: Vec<&str> = sealed.split('.').collect();
        let [VERSION, id, nonce, ciphertext] = parts[..] else {
            return Err(SealError::Malformed);
        };
        let (_, cipher) = self
            .keys
            .iter()
            .find(|(key, _)| key == id)
            .ok_or_else(|| SealError::UnknownKey(id.to_owned()))?;
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| SealError::Malformed);
        let nonce: [u8; NONCE_BYTES] = decode(nonce)?.try_into().map_err(|_| SealError::Malformed)?;
        let payload = Payload {
            msg: &decode(ciphertext)?,
            aad: &bound(id, place),
        };
        let opened = cipher
            .decrypt(&Nonce::from(nonce), payload)
            .map_err(|_| SealError::NotAuthentic)?;
        let opened = Zeroizing::new(opened);
        std::str::from_utf8(&opened)
            .map(Secret::new)
            .map_err(|_| SealError::NotAuthentic)
    }

    /// Whether a value was sealed with another key than the one that seals now.
    #[must_use]
    pub fn needs_reseal(&self, sealed: &str) -> bool {
        let id = sealed.split('.').nth(1);
        self.keys
            .first()
            .is_none_or(|(active, _)| Some(active.as_str()) != id)
    }
}

/// The key that base64 text stands for, if it is 32 bytes: standard or URL-safe letters, padded or not.
#[must_use]
pub fn decode_key(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    const ANY_PADDING: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, ANY_PADDING);
    const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, ANY_PADDING);
    let bytes = STANDARD
        .decode(text)
        .or_else(|_| URL_SAFE.decode(text))
        .map(Zeroizing::new)
        .ok()?;
    <[u8; 32]>::try_from(bytes.as_slice()).map(Zeroizing::new).ok()
}

/// What is authenticated with a value.
fn bound(key_id: &str, place: &Place<'_>) -> Vec<u8> {
    framed(&[
        VERSION.as_bytes(),
        key_id.as_bytes(),
        place.organization.as_bytes(),
        place.table.as_bytes(),
        place.column.as_bytes(),
        place.row.as_bytes(),
    ])
}

#[cfg(test)]
mod tests;
