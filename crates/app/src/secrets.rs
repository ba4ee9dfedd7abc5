//! The keys that sign tokens and seal secrets: from the settings, or generated once and kept in the data folder.

use std::path::Path;

use acs_core::config::{NamedSecret, Security};
use acs_core::entropy::Entropy;
use acs_core::secret::Secret;
use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::data_dir::read_or_make;

/// The file in the data folder that keeps generated keys.
const FILE: &str = "secrets.toml";
/// The id that a generated key goes by.
const GENERATED: &str = "generated";

/// The keys in force.
pub struct Keys {
    /// Sign tokens, the active one first.
    pub signing: Vec<NamedSecret>,
    /// Seal secrets at rest, the active one first.
    pub sealing: Vec<NamedSecret>,
}

/// What the file holds.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    signing_key: String,
    sealing_key: String,
}

impl Keys {
    /// The keys of the settings; those that are not set come from the data folder, where there is one.
    pub fn load(security: &Security, data_dir: Option<&Path>, entropy: &dyn Entropy) -> Result<Self> {
        let mut keys = Self {
            signing: security.signing_keys(),
            sealing: security.sealing_keys(),
        };
        let path = data_dir.map(|folder| folder.join(FILE));
        if !keys.signing.is_empty() && !keys.sealing.is_empty() {
            // What was sealed before the settings had keys stays open.
            if let Some(path) = path.filter(|path| path.exists()) {
                let text = std::fs::read_to_string(&path);
                let text = text.with_context(|| format!("{} cannot be read", path.display()))?;
                let kept = Kept::parse(&text, &path)?;
                keys.sealing.extend(named(kept.sealing_key));
            }
            return Ok(keys);
        }
        let path = path.context(
            "ACS__SECURITY__SECRET_KEY and ACS__SECURITY__ENCRYPTION_KEYS must be set where several processes share a \
             database: make them with `openssl rand -base64 48` and `openssl rand -base64 32`",
        )?;
        if !path.exists() && path.with_file_name(crate::data_dir::STORE).exists() {
            tracing::warn!(
                "{} is missing beside a store that was used before: new keys are made, and what was sealed under the \
                 old ones stays shut; put the file back from the backup",
                path.display()
            );
        }
        let kept = Kept::parse(&read_or_make(&path, || generate(entropy))?, &path)?;
        if keys.signing.is_empty() {
            keys.signing.extend(named(kept.signing_key));
        }
        keys.sealing.extend(named(kept.sealing_key));
        Ok(keys)
    }
}

impl Kept {
    fn parse(text: &str, path: &Path) -> Result<Self> {
        toml::from_str(text).with_context(|| {
            format!(
                "{} is damaged; restore it from a backup: it opens what is sealed in the database",
                path.display()
            )
        })
    }
}

fn named(value: String) -> Option<NamedSecret> {
    NamedSecret::new(GENERATED, Secret::new(value))
}

fn generate(entropy: &dyn Entropy) -> String {
    let key = |bytes: &mut [u8]| {
        entropy.fill(bytes);
        STANDARD.encode(bytes)
    };
    let kept = Kept {
        signing_key: key(&mut [0; 48]),
        sealing_key: key(&mut [0; 32]),
    };
    let comment =
        "# Generated at the first start. Whoever reads this file can sign in as anyone: keep it private.\n";
    format!(
        "{comment}signing_key = \"{}\"\nsealing_key = \"{}\"\n",
        kept.signing_key, kept.sealing_key
    )
}

/// A password that nobody has to remember: five groups of five letters and digits, 125 bits.
pub(crate) fn generate_password(entropy: &dyn Entropy) -> Secret {
    // Without 0, 1, l and o, which are read for one another.
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0u8; 25];
    entropy.fill(&mut bytes);
    let letters = bytes.map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
    let groups: Vec<String> = letters.chunks(5).map(|group| group.iter().collect()).collect();
    Secret::new(groups.join("-"))
}

/// The file in the data folder that keeps generated passwords until they have been shown.
const UNSHOWN: &str = "unshown-passwords.toml";

/// Passwords for the accounts of a first start. Where there is a data folder they are kept there until someone has been
/// told: a start that is cut off, or cannot listen, makes accounts that nobody could sign in to otherwise.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FirstPasswords {
    operator: String,
    demo: String,
    #[serde(skip)]
    kept: Option<std::path::PathBuf>,
}

impl FirstPasswords {
    /// Those that an earlier start made and did not come to show.
    pub(crate) fn unshown(data_dir: Option<&Path>) -> Result<Option<Self>> {
        let Some(path) = data_dir.map(|folder| folder.join(UNSHOWN)) else {
            return Ok(None);
        };
        if !path.exists() {
            return Ok(None);
        }
        Self::read(path, String::new).map(Some)
    }

    /// New ones.
    pub(crate) fn make(data_dir: Option<&Path>, entropy: &dyn Entropy) -> Result<Self> {
        let password = || generate_password(entropy).expose().to_owned();
        let (operator, demo) = (password(), password());
        match data_dir.map(|folder| folder.join(UNSHOWN)) {
            Some(path) => Self::read(path, || format!("operator = \"{operator}\"\ndemo = \"{demo}\"\n")),
            None => Ok(Self {
                operator,
                demo,
                kept: None,
            }),
        }
    }

    fn read(path: std::path::PathBuf, make: impl FnOnce() -> String) -> Result<Self> {
        let text = read_or_make(&path, make)?;
        let found: Self = toml::from_str(&text)
            .with_context(|| format!("{} is damaged; remove it, and set the passwords", path.display()))?;
        Ok(Self {
            kept: Some(path),
            ..found
        })
    }

    pub(crate) fn operator(&self) -> Secret {
        Secret::new(self.operator.clone())
    }

    pub(crate) fn demo(&self) -> Secret {
        Secret::new(self.demo.clone())
    }

    /// Forgets them, now that they have been shown.
    pub(crate) fn shown(&self) {
        if let Some(path) = &self.kept
            && let Err(error) = std::fs::remove_file(path)
        {
            tracing::warn!(path = %path.display(), %error, "passwords that were shown are still kept; remove the file");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use acs_core::entropy::SeededEntropy;

    #[test]
    fn generated_keys_are_kept_for_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        let load = |seed| {
            Keys::load(
                &Security::default(),
                Some(folder.path()),
                &SeededEntropy::new(seed),
            )
            .unwrap()
        };
        let (first, second) = (load(1), load(2));
        assert_eq!(
            first.signing[0].secret.expose(),
            second.signing[0].secret.expose()
        );
        assert_eq!(
            first.sealing[0].secret.expose(),
            second.sealing[0].secret.expose()
        );
        acs_core::security::seal::Sealer::new(&first.sealing).unwrap();
    }

    #[test]
    fn what_was_sealed_under_a_generated_key_opens_when_keys_are_set() {
        let folder = tempfile::tempdir().unwrap();
        let load =
            |security: &Security| Keys::load(security, Some(folder.path()), &SeededEntropy::new(1)).unwrap();
        let generated = load(&Security::default()).sealing;
        let key = |id: &str, value: &str| NamedSecret::new(id, Secret::new(value.to_owned())).unwrap();
        let set = Security {
            secret_key: Some(Secret::new(STANDARD.encode([7; 48]))),
            encryption_keys: vec![key("new", &STANDARD.encode([8; 32]))],
            ..Security::default()
        };
        let keys = load(&set).sealing;
        let ids: Vec<&str> = keys.iter().map(|key| key.id.as_str()).collect();
        assert_eq!(ids, ["new", GENERATED]);
        assert_eq!(keys[1].secret.expose(), generated[0].secret.expose());
    }

    #[test]
    fn without_a_data_folder_keys_must_be_set() {
        let refused = Keys::load(&Security::default(), None, &SeededEntropy::new(1))
            .err()
            .unwrap()
            .to_string();
        assert!(refused.contains("ACS__SECURITY__SECRET_KEY"), "{refused}");
    }

    #[test]
    fn first_passwords_are_the_same_until_they_are_shown() {
        let folder = tempfile::tempdir().unwrap();
        let made = |seed| FirstPasswords::make(Some(folder.path()), &SeededEntropy::new(seed)).unwrap();
        let first = made(1);
        assert_eq!(first.demo().expose(), made(2).demo().expose());
        let unshown = FirstPasswords::unshown(Some(folder.path())).unwrap().unwrap();
        assert_eq!(unshown.operator().expose(), first.operator().expose());
        first.shown();
        assert!(FirstPasswords::unshown(Some(folder.path())).unwrap().is_none());
        assert_ne!(first.demo().expose(), made(2).demo().expose());
    }

    #[test]
    fn passwords_differ_and_are_long() {
        let password = |seed| generate_password(&SeededEntropy::new(seed)).expose().to_owned();
        assert_eq!(password(1).len(), 29);
        assert_ne!(password(1), password(2));
    }
}
