//! What a password may be, after NIST SP 800-63B-4, section 3.1.1.2: long enough, not too common, and nothing else.
//! There are no rules of composition (digits, capitals, signs): they make passwords harder to remember, not to guess.

use super::predictable::{common, made_of, repetitive, sequential};
use super::prepared;
use crate::config::Security;

/// The longest password, in characters (NIST asks for at least 64). A bound, so that no one makes the server hash a
/// book.
pub const MAX_LENGTH: usize = 256;

/// What an account proves itself with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInWith {
    /// The password alone.
    Password,
    /// The password and a code.
    PasswordAndCode,
}

/// Words that others know of an account, and would try first.
#[derive(Debug, Clone, Copy, Default)]
pub struct PersonalWords<'a> {
    /// The account's e-mail address.
    pub email: Option<&'a str>,
    /// Names: the organization's, the person's, the product's.
    pub names: &'a [&'a str],
}

/// Why a password is not accepted. Reads after "the password".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Weakness {
    /// Too few characters.
    #[error("must have at least {0} characters")]
    TooShort(usize),
    /// More than [`MAX_LENGTH`] characters.
    #[error("must have at most {MAX_LENGTH} characters")]
    TooLong,
    /// Many people chose it.
    #[error("is one that many people use")]
    Common,
    /// It says the same over and over.
    #[error("repeats itself")]
    Repetitive,
    /// It follows the alphabet, the digits or the keyboard.
    #[error("is a simple sequence")]
    Sequential,
    /// It is the account's name, e-mail address or organization, perhaps with digits.
    #[error("is made of names that others know")]
    Personal,
}

/// What a password must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordPolicy {
    min_length: usize,
    min_length_with_code: usize,
}

impl PasswordPolicy {
    /// The policy of the settings.
    #[must_use]
    pub fn new(settings: &Security) -> Self {
        Self {
            min_length: settings.password_min_length,
            min_length_with_code: settings.password_min_length_with_mfa,
        }
    }

    /// Whether the password may be used. The whole of it is judged: a common word within a long one does no harm.
    ///
    /// # Errors
    ///
    /// The first [`Weakness`] found.
    pub fn check(&self, password: &str, with: SignInWith, words: PersonalWords<'_>) -> Result<(), Weakness> {
        let password = prepared(password);
        let length = password.chars().count();
        let min_length = match with {
            SignInWith::Password => self.min_length,
            SignInWith::PasswordAndCode => self.min_length_with_code,
        };
        if length < min_length {
            return Err(Weakness::TooShort(min_length));
        }
        if length > MAX_LENGTH {
            return Err(Weakness::TooLong);
        }
        let folded = zeroize::Zeroizing::new(password.to_lowercase());
        if common(&folded) {
            Err(Weakness::Common)
        } else if repetitive(&folded) {
            Err(Weakness::Repetitive)
        } else if sequential(&folded) {
            Err(Weakness::Sequential)
        } else if made_of(&folded, &personal(words)) {
            Err(Weakness::Personal)
        } else {
            Ok(())
        }
    }
}

/// The single words, in lower case, longest first: a short one may be part of a longer.
fn personal(words: PersonalWords<'_>) -> Vec<String> {
    const PRODUCT: &str = "acs customer service agent";
    const SHORTEST: usize = 3;
    let texts = words
        .email
        .into_iter()
        .chain(words.names.iter().copied())
        .chain([PRODUCT]);
    let mut parts: Vec<String> = texts
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
        .filter(|part| part.chars().count() >= SHORTEST)
        .map(|part| prepared(part).to_lowercase())
        .collect();
    parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(password: &str, with: SignInWith) -> Result<(), Weakness> {
        let words = PersonalWords {
            email: Some("ann.smith@lumina.example"),
            names: &["Lumina Home Ltd", "Ann Smith"],
        };
        PasswordPolicy::new(&Security::default()).check(password, with, words)
    }

    fn alone(password: &str) -> Result<(), Weakness> {
        check(password, SignInWith::Password)
    }

    #[test]
    fn a_long_phrase_is_enough_without_digits_or_signs() {
        for password in [
            "correct horse battery staple",
            "wir fahren morgen ans meer",
            "パスワードは長いほうがよいです。",
            "kjhsdfkjhweriuy",
        ] {
            assert_eq!(alone(password), Ok(()), "{password}");
        }
    }

    #[test]
    fn the_shortest_length_depends_on_the_second_factor() {
        assert_eq!(alone("vqzmtrplxwkjgh"), Err(Weakness::TooShort(15)));
        assert_eq!(alone("vqzmtrplxwkjghb"), Ok(()));
        assert_eq!(
            check("vqzmtrp", SignInWith::PasswordAndCode),
            Err(Weakness::TooShort(8))
        );
        assert_eq!(check("vqzmtrpl", SignInWith::PasswordAndCode), Ok(()));
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        assert_eq!(
            check("日本語日本語", SignInWith::PasswordAndCode),
            Err(Weakness::TooShort(8))
        );
        assert_eq!(alone(&"xqjzvb wkfmp tg".repeat(17)), Err(Weakness::Repetitive));
        assert_eq!(alone(&"é".repeat(257)), Err(Weakness::TooLong));
    }

    #[test]
    fn what_many_people_use_is_refused() {
        for password in [
            "password1",
            "Sunshine1",
            "QWERTYUIOP",
            "iloveyou!!",
            "trustno1trustno1",
            "!!Password2026!!",
        ] {
            let result = check(password, SignInWith::PasswordAndCode);
            assert!(
                matches!(result, Err(Weakness::Common | Weakness::Repetitive)),
                "{password}: {result:?}"
            );
        }
        assert_eq!(alone("Password1234567"), Err(Weakness::Common));
    }

    #[test]
    fn what_repeats_itself_is_refused() {
        for password in [
            "aaaaaaaaaaaaaaaa",
            "xyxyxyxyxyxyxyxy",
            "blue7 blue7 blue7 ",
            "horsehorsehorse",
            "ababbabaabbaabab",
        ] {
            assert_eq!(alone(password), Err(Weakness::Repetitive), "{password}");
        }
    }

    #[test]
    fn sequences_are_refused() {
        for password in [
            "abcdefghijklmnop",
            "zyxwvutsrqponmlkj",
            "1234567890123456",
            "qwertyuiopasdfgh",
            "abcdefgh87654321",
            "qwertzuiopasdfg",
        ] {
            assert_eq!(alone(password), Err(Weakness::Sequential), "{password}");
        }
    }

    #[test]
    fn names_that_others_know_are_refused() {
        for password in [
            "ann.smith@lumina.example",
            "AnnSmith-Lumina-2026",
            "LuminaHome1234567",
            "customer service agent 1",
            "ACS-Lumina-Home-2026",
        ] {
            assert_eq!(alone(password), Err(Weakness::Personal), "{password}");
        }
        assert_eq!(alone("lumina in the green meadow"), Ok(()));
    }

    proptest! {
        #[test]
        fn every_text_is_judged_without_a_crash(password in any::<String>()) {
            let result = alone(&password);
            if prepared(&password).chars().count() < 15 {
                prop_assert_eq!(result, Err(Weakness::TooShort(15)));
            }
        }

        #[test]
        fn random_passwords_pass(seed: u64) {
            let entropy = crate::entropy::SeededEntropy::new(seed);
            let key = crate::security::api_key::ApiKey::generate(&entropy);
            prop_assert_eq!(alone(&key.expose()[13..33]), Ok(()));
        }
    }
}
