//! The types that a setting may have, and how each is read from text (a variable) or a typed value (the file).

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use figment::value::Value;
use ipnet::IpNet;

use crate::secret::Secret;

/// The value is not of the setting's type. Says what it must be, never what it is.
#[derive(Debug)]
pub(crate) struct Unfit(pub(crate) String);

/// A type that a setting may have.
pub(crate) trait Setting: Sized {
    /// Whether the value is a secret: then it may also be given as the name of a file, and is never shown.
    const SECRET: bool = false;
    /// Whether a refused value may be shown in the refusal.
    const SHOWN: bool = !Self::SECRET;

    /// What it accepts, in words that follow "must be".
    fn kind() -> String;

    /// Reads the value.
    fn read(value: &Value) -> Result<Self, Unfit>;

    /// The value as it would be written; `None` when there is none.
    fn show(&self) -> Option<String>;

    /// The refusal of a value that is not of this type.
    fn unfit() -> Unfit {
        Unfit(format!("must be {}", Self::kind()))
    }
}

/// The text of a value, or how the file would write the plain value.
pub(crate) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(_, text) => Some(text.trim().to_owned()),
        Value::Bool(_, on) => Some(on.to_string()),
        Value::Num(_, number) => number
            .to_i128()
            .map(|n| n.to_string())
            .or_else(|| number.to_u128().map(|n| n.to_string()))
            .or_else(|| number.to_f64().map(|n| n.to_string())),
        _ => None,
    }
}

/// A value as a refusal shows it: short, on one line.
pub(crate) fn shown(value: &Value) -> String {
    const LONGEST: usize = 60;
    match (plain(value), value) {
        (Some(text), _) if text.is_empty() => "is empty".to_owned(),
        (Some(text), _) => {
            let cut: String = text
                .chars()
                .map(|c| if c.is_control() { ' ' } else { c })
                .take(LONGEST)
                .collect();
            format!(
                "is `{cut}{}`",
                if text.chars().nth(LONGEST).is_some() {
                    "…"
                } else {
                    ""
                }
            )
        }
        (None, Value::Array(..)) => "is a list".to_owned(),
        (None, _) => "is a table".to_owned(),
    }
}

macro_rules! whole_number {
    ($($type:ty),+) => { $(
        impl Setting for $type {
            fn kind() -> String {
                "a whole number".to_owned()
            }

            fn read(value: &Value) -> Result<Self, Unfit> {
                let refusal = || Unfit(format!("must be a whole number from {} to {}", <$type>::MIN, <$type>::MAX));
                plain(value).and_then(|text| text.parse().ok()).ok_or_else(refusal)
            }

            fn show(&self) -> Option<String> {
                Some(self.to_string())
            }
        }
    )+ };
}
whole_number!(u8, u16, u32, u64, usize);

impl Setting for f64 {
    fn kind() -> String {
        "a number".to_owned()
    }

    fn read(value: &Value) -> Result<Self, Unfit> {
        let number = plain(value).and_then(|text| text.parse::<f64>().ok());
        number.filter(|number| number.is_finite()).ok_or_else(Self::unfit)
    }

    fn show(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl Setting for bool {
    fn kind() -> String {
        "`true` or `false`".to_owned()
    }

    fn read(value: &Value) -> Result<Self, Unfit> {
        match plain(value).map(|text| text.to_lowercase()).as_deref() {
            Some("true" | "1" | "yes" | "on") => Ok(true),
            Some("false" | "0" | "no" | "off") => Ok(false),
            _ => Err(Self::unfit()),
        }
    }

    fn show(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl Setting for Duration {
    fn kind() -> String {
        "a number of seconds".to_owned()
    }

    fn read(value: &Value) -> Result<Self, Unfit> {
        f64::read(value)
            .ok()
            .and_then(|number| Self::try_from_secs_f64(number).ok())
            .ok_or_else(Self::unfit)
    }

    fn show(&self) -> Option<String> {
        Some(self.as_secs_f64().to_string())
    }
}

impl Setting for String {
    fn kind() -> String {
        "text".to_owned()
    }

    fn read(value: &Value) -> Result<Self, Unfit> {
        value
            .as_str()
            .map(|text| text.trim().to_owned())
            .ok_or_else(Self::unfit)
    }

    fn show(&self) -> Option<String> {
        Some(self.clone())
    }
}

impl Setting for PathBuf {
    fn kind() -> String {
        "a path".to_owned()
    }

    fn read(value: &Value) -> Result<Self, Unfit> {
        value
            .as_str()
            .filter(|text| !text.trim().is_empty())
            .map(Self::from)
            .ok_or_else(Self::unfit)
    }

    fn show(&self) -> Option<String> {
        Some(Path::display(self).to_string())
    }
}

macro_rules! parsed {
    ($($type:ty: $kind:literal),+ $(,)?) => { $(
        impl Setting for $type {
            fn kind() -> String {
                $kind.to_owned()
            }

            fn read(value: &Value) -> Result<Self, Unfit> {
                plain(value).and_then(|text| text.parse().ok()).ok_or_else(Self::unfit)
            }

            fn show(&self) -> Option<String> {
                Some(self.to_string())
            }
        }
    )+ };
}
parsed! {
    IpAddr: "an IP address",
    IpNet: "a network such as `10.0.0.0/8`",
}

impl Setting for Secret {
    const SECRET: bool = true;

    fn kind() -> String {
        "a secret".to_owned()
    }

    fn read(value: &Value) -> Result<Self, Unfit> {
        value
            .as_str()
            .map(Self::new)
            .ok_or_else(|| Unfit("must be a secret, written as text".to_owned()))
    }

    fn show(&self) -> Option<String> {
        None
    }
}

/// Empty text means: not set.
impl<T: Setting> Setting for Option<T> {
    const SECRET: bool = T::SECRET;
    const SHOWN: bool = T::SHOWN;

    fn kind() -> String {
        T::kind()
    }

    fn read(value: &Value) -> Result<Self, Unfit> {
        if value.as_str().is_some_and(|text| text.trim().is_empty()) {
            Ok(None)
        } else {
            T::read(value).map(Some)
        }
    }

    fn show(&self) -> Option<String> {
        self.as_ref().and_then(T::show)
    }
}

/// A list in the file; in a variable or a secret's file its items stand apart by commas or line ends.
impl<T: Setting> Setting for Vec<T> {
    const SECRET: bool = T::SECRET;
    const SHOWN: bool = T::SHOWN;

    fn kind() -> String {
        format!("a list, each {}", T::kind())
    }

    fn read(value: &Value) -> Result<Self, Unfit> {
        if let Some(items) = value.as_array() {
            return items.iter().map(T::read).collect();
        }
        let text = value.as_str().ok_or_else(Self::unfit)?;
        let items = text
            .split([',', '\n'])
            .map(str::trim)
            .filter(|item| !item.is_empty());
        items.map(|item| T::read(&Value::from(item))).collect()
    }

    fn show(&self) -> Option<String> {
        let items: Vec<String> = self.iter().filter_map(T::show).collect();
        (!items.is_empty()).then(|| items.join(","))
    }
}
