//! Secrets with ids, so that one can be replaced while the older ones still read what they wrote.

use std::path::PathBuf;

use figment::value::{Dict, Value};

use super::setting::{Setting, Unfit};
use crate::config::load::secret_file;
use crate::secret::Secret;

/// A secret with an id. The id is public: it travels with what the secret signed or sealed.
#[derive(Debug, Clone)]
pub struct NamedSecret {
    /// At most 32 letters, digits, `-` and `_`.
    pub id: String,
    /// The secret itself.
    pub secret: Secret,
}

impl NamedSecret {
    /// The secret with its id, if the id is one.
    #[must_use]
    pub fn new(id: &str, secret: Secret) -> Option<Self> {
        let sane = |c: u8| c.is_ascii_alphanumeric() || c == b'-' || c == b'_';
        ((1..=32).contains(&id.len()) && id.bytes().all(sane)).then(|| Self {
            id: id.to_owned(),
            secret,
        })
    }

    fn from_table(table: &Dict) -> Result<Self, Unfit> {
        let text = |key: &str| table.get(key).and_then(Value::as_str);
        let unknown = table
            .keys()
            .any(|key| !matches!(key.as_str(), "id" | "secret" | "secret_file"));
        let secret = match (text("secret"), text("secret_file")) {
            (Some(secret), None) => Secret::new(secret),
            (None, Some(path)) => secret_file::read(&PathBuf::from(path)).map_err(Unfit)?,
            _ => return Err(Self::unfit()),
        };
        let id = text("id").filter(|_| !unknown).ok_or_else(Self::unfit)?;
        Self::new(id, secret).ok_or_else(Self::unfit)
    }
}

impl Setting for NamedSecret {
    const SECRET: bool = true;

    fn kind() -> String {
        "`id:secret` (in the file also `{ id, secret }` or `{ id, secret_file }`)".to_owned()
    }

    fn read(value: &Value) -> Result<Self, Unfit> {
        if let Some(table) = value.as_dict() {
            return Self::from_table(table);
        }
        let pair = value.as_str().and_then(|text| text.split_once(':'));
        pair.and_then(|(id, secret)| Self::new(id.trim(), Secret::new(secret.trim())))
            .ok_or_else(Self::unfit)
    }

    fn show(&self) -> Option<String> {
        None
    }
}
