//! Encrypting long contents with AES-256-GCM under a key of their owner's, which is kept sealed itself.
//!
//! Whoever throws such a key away throws away all that it sealed, wherever it lies. The sealed content is a nonce of 96
//! random bits and the ciphertext; what it is bound to must be given again to open it. A key may seal 2³² contents.

use std::fmt;

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::digest::framed;
use super::seal::{Place, SealError, Sealer, decode_key};
use crate::entropy::Entropy;
use crate::secret::Secret;

const NONCE_BYTES: usize = 12;

/// A key that seals contents.
#[derive(Clone)]
pub struct ContentKey(Zeroizing<[u8; 32]>);

impl fmt::Debug for ContentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ContentKey(***)")
    }
}

impl ContentKey {
    /// A new key.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        entropy.fill(&mut *bytes);
        Self(bytes)
    }

    /// The key, sealed for its place: the only form in which it is kept.
    ///
    /// # Errors
    ///
    /// Those of [`Sealer::seal`].
    pub fn wrapped(
        &self,
        sealer: &Sealer,
        place: &Place<'_>,
        entropy: &dyn Entropy,
    ) -> Result<String, SealError> {
        sealer.seal(&Secret::new(STANDARD.encode(*self.0)), place, entropy)
    }

    /// The key that [`wrapped`](Self::wrapped) sealed for this place.
    ///
    /// # Errors
    ///
    /// Those of [`Sealer::open`].
    pub fn unwrapped(sealer: &Sealer, wrapped: &str, place: &Place<'_>) -> Result<Self, SealError> {
        let key = sealer.open(wrapped, place)?;
        decode_key(key.expose()).map(Self).ok_or(SealError::Malformed)
    }

    /// Seals a content that opens only with the same `bound`.
    ///
    /// # Errors
    ///
    /// [`SealError::TooLong`] past 64 GiB.
    pub fn seal(&self, content: &[u8], bound: &[&[u8]], entropy: &dyn Entropy) -> Result<Vec<u8>, SealError> {
        let mut nonce = [0u8; NONCE_BYTES];
        entropy.fill(&mut nonce);
        let payload = Payload {
            msg: content,
            aad: &framed(bound),
        };
        let ciphertext = Aes256Gcm::new(&(*self.0).into())
            .encrypt(&Nonce::from(nonce), payload)
            .map_err(|_| SealError::TooLong)?;
        Ok([nonce.as_slice(), &ciphertext].concat())
    }

    /// Opens what was sealed with the same `bound`.
    ///
    /// # Errors
    ///
    /// [`SealError::Malformed`] or [`SealError::NotAuthentic`].
    pub fn open(&self, sealed: &[u8], bound: &[&[u8]]) -> Result<Vec<u8>, SealError> {
        let (nonce, ciphertext) = sealed
            .split_first_chunk::<NONCE_BYTES>()
            .ok_or(SealError::Malformed)?;
        let payload = Payload {
            msg: ciphertext,
            aad: &framed(bound),
        };
        Aes256Gcm::new(&(*self.0).into())
            .decrypt(&Nonce::from(*nonce), payload)
            .map_err(|_| SealError::NotAuthentic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::NamedSecret;
    use crate::entropy::SeededEntropy;
    use uuid::Uuid;

    const BOUND: [&[u8]; 2] = [b"organization", b"7"];

    fn sealer(ids: &[&str]) -> Sealer {
        let keys: Vec<NamedSecret> = ids
            .iter()
            .map(|id| NamedSecret::new(id, Secret::new(STANDARD.encode([id.as_bytes()[0]; 32]))).unwrap())
            .collect();
        Sealer::new(&keys).unwrap()
    }

    fn place(row: u128) -> Place<'static> {
        Place {
            organization: Uuid::nil(),
            table: "customer_keys",
            column: "wrapped_key",
            row: Uuid::from_u128(row),
        }
    }

    #[test]
    fn a_content_opens_only_with_its_key_and_what_it_is_bound_to() {
        let entropy = SeededEntropy::new(1);
        let (key, other) = (ContentKey::generate(&entropy), ContentKey::generate(&entropy));
        let sealed = key.seal(b"a customer's words", &BOUND, &entropy).unwrap();
        assert_eq!(key.open(&sealed, &BOUND).unwrap(), b"a customer's words");
        assert_eq!(other.open(&sealed, &BOUND), Err(SealError::NotAuthentic));
        assert_eq!(
            key.open(&sealed, &[b"organization7"]),
            Err(SealError::NotAuthentic)
        );
        assert_eq!(key.open(&sealed[..11], &BOUND), Err(SealError::Malformed));
        for place in [0, NONCE_BYTES, sealed.len() - 1] {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert_eq!(
                key.open(&changed, &BOUND),
                Err(SealError::NotAuthentic),
                "{place}"
            );
        }
    }

    #[test]
    fn the_same_content_is_never_sealed_alike() {
        let entropy = SeededEntropy::new(2);
        let key = ContentKey::generate(&entropy);
        let sealed = || key.seal(b"yes", &BOUND, &entropy).unwrap();
        assert_ne!(sealed(), sealed());
    }

    #[test]
    fn a_wrapped_key_opens_in_its_place_under_every_key_of_the_ring() {
        let entropy = SeededEntropy::new(3);
        let key = ContentKey::generate(&entropy);
        let wrapped = key.wrapped(&sealer(&["old"]), &place(1), &entropy).unwrap();
        let sealed = key.seal(b"words", &BOUND, &entropy).unwrap();
        let opened = ContentKey::unwrapped(&sealer(&["new", "old"]), &wrapped, &place(1)).unwrap();
        assert_eq!(opened.open(&sealed, &BOUND).unwrap(), b"words");
        let moved = ContentKey::unwrapped(&sealer(&["old"]), &wrapped, &place(2));
        assert_eq!(moved.unwrap_err(), SealError::NotAuthentic);
        let lost = ContentKey::unwrapped(&sealer(&["new"]), &wrapped, &place(1));
        assert_eq!(lost.unwrap_err(), SealError::UnknownKey("old".to_owned()));
    }

    #[test]
    fn a_key_is_never_shown() {
        let key = ContentKey::generate(&SeededEntropy::new(4));
        assert_eq!(format!("{key:?}"), "ContentKey(***)");
    }
}
