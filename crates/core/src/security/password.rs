//! Passwords: what one may be, its hash, and proving it.

mod hash;
mod policy;
mod predictable;

pub use hash::{HashError, PasswordHasher};
pub use policy::{MAX_LENGTH, PasswordPolicy, PersonalWords, SignInWith, Weakness};

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// The password as it is compared and hashed: one spelling for the same characters, as in the OpaqueString profile of
/// RFC 8265: any blank is a plain blank, and NFC.
fn prepared(password: &str) -> Zeroizing<String> {
    let blank = |c: char| {
        if c.is_whitespace() && !c.is_control() {
            ' '
        } else {
            c
        }
    };
    Zeroizing::new(password.chars().map(blank).nfc().collect())
}
