//! HMAC-SHA256 signatures (RFC 2104) of messages between programs, such as webhooks.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::digest::{from_hex, hex};
use crate::secret::Secret;

/// The signature of a message, as 64 lower-case hexadecimal digits.
#[must_use]
pub fn sign(secret: &Secret, message: &[u8]) -> String {
    keyed(secret, message)
        .map(|mac| hex(&mac.finalize().into_bytes()))
        .unwrap_or_default()
}

/// Whether a signature is that of the message. Takes as long for any wrong signature.
#[must_use]
pub fn verify(secret: &Secret, message: &[u8], signature: &str) -> bool {
    let given = from_hex(signature).unwrap_or_default();
    keyed(secret, message).is_some_and(|mac| mac.verify_slice(&given).is_ok())
}

/// HMAC takes a key of any length, so there always is one.
fn keyed(secret: &Secret, message: &[u8]) -> Option<Hmac<Sha256>> {
    let mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()).ok()?;
    Some(mac.chain_update(message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_signature_is_that_of_the_standard() {
        // RFC 4231, test case 2.
        let signature = sign(&Secret::new("Jefe"), b"what do ya want for nothing?");
        assert_eq!(
            signature,
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn what_is_no_signature_is_refused() {
        let secret = Secret::new("Jefe");
        for signature in ["", "zz", "5bdc", &"0".repeat(64), &"0".repeat(128)] {
            assert!(!verify(&secret, b"message", signature), "{signature}");
        }
    }

    proptest! {
        #[test]
        fn a_signature_holds_for_its_message_and_secret_alone(
            secret in ".{1,20}", other in ".{1,20}", message: Vec<u8>, at: usize,
        ) {
            let (key, signature) = (Secret::new(secret.clone()), sign(&Secret::new(secret.clone()), &message));
            prop_assert!(verify(&key, &message, &signature));
            prop_assert!(verify(&key, &message, &signature.to_uppercase()));
            // HMAC pads a short key with zero bytes, so those two alone are the same key.
            if other.trim_end_matches('\0') != secret.trim_end_matches('\0') {
                prop_assert!(!verify(&Secret::new(other), &message, &signature));
            }
            let mut changed = message.clone();
            changed.push(0);
            prop_assert!(!verify(&key, &changed, &signature));
            let mut forged = signature.into_bytes();
            let at = at % forged.len();
            forged[at] = if forged[at] == b'0' { b'1' } else { b'0' };
            prop_assert!(!verify(&key, &message, &String::from_utf8(forged).unwrap()));
        }
    }
}
