//! How a section of settings is declared: name, type, default, rules and meaning of a setting in one place.

pub(crate) mod choice;
pub(crate) mod ring;
pub(crate) mod rule;
pub(crate) mod setting;
pub(crate) mod table;
pub(crate) mod url;

use rule::Rule;
use setting::Setting;

use super::load::reader::Reader;

/// What each environment variable begins with.
pub(crate) const PREFIX: &str = "ACS__";

/// A group of settings with a name of its own.
pub(crate) trait Section: Default {
    /// The section's name; empty for settings outside any section.
    const NAME: &'static str;
    /// The section's meaning, as lines of text.
    const MEANING: &'static [&'static str];

    /// The settings, for the reference.
    fn fields() -> Vec<Field>;

    /// Reads the settings. What cannot be used is reported to the reader, and the default stands in for it.
    fn read(reader: &mut Reader<'_>) -> Self;
}

/// A setting, as the reference shows it.
#[derive(Debug)]
pub(crate) struct Field {
    /// The full name: `server.port`.
    pub(crate) path: String,
    /// What it accepts: type and rules.
    pub(crate) accepts: String,
    /// The default as it would be written; `None` when there is none.
    pub(crate) default: Option<String>,
    /// Whether it may also be given as the name of a file (`…_file`).
    pub(crate) secret: bool,
    /// What it is for.
    pub(crate) meaning: String,
}

impl Field {
    pub(crate) fn new<T: Setting>(
        section: &str,
        name: &str,
        meaning: &[&str],
        default: &T,
        rules: &[Rule<T>],
    ) -> Self {
        let accepts = std::iter::once(T::kind()).chain(rules.iter().map(|rule| rule.says().to_owned()));
        Self {
            path: path(section, name),
            accepts: accepts.collect::<Vec<_>>().join(", "),
            default: default.show(),
            secret: T::SECRET,
            meaning: prose(meaning),
        }
    }
}

/// The full name of a setting.
pub(crate) fn path(section: &str, name: &str) -> String {
    if section.is_empty() {
        name.to_owned()
    } else {
        format!("{section}.{name}")
    }
}

/// The environment variable of a setting: `ACS__SERVER__PORT` for `server.port`.
pub(crate) fn variable(path: &str) -> String {
    format!("{PREFIX}{}", path.replace('.', "__").to_uppercase())
}

/// Lines of a doc comment as one paragraph.
pub(crate) fn prose(lines: &[&str]) -> String {
    lines
        .iter()
        .map(|line| line.trim())
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Declares a section:
///
/// ```text
/// section! {
///     /// What the section is about.
///     Server = "server" {
///         /// What the setting is for.
///         port: u16 = 8000, between(1, 65_535);
///     }
/// }
/// ```
///
/// A setting is one such line with its doc comment: it becomes a public field, is read, checked by its rules, and
/// listed in the reference.
macro_rules! section {
    (
        $(#[doc = $meaning:literal])+
        $section:ident = $name:literal {
            $( $(#[doc = $doc:literal])+ $field:ident: $type:ty = $default:expr $(, $rule:expr)*; )+
        }
    ) => {
        $(#[doc = $meaning])+
        #[derive(Debug, Clone)]
        pub struct $section {
            $( $(#[doc = $doc])+ pub $field: $type, )+
        }

        impl Default for $section {
            fn default() -> Self {
                Self { $( $field: $default, )+ }
            }
        }

        impl $crate::config::schema::Section for $section {
            const NAME: &'static str = $name;
            const MEANING: &'static [&'static str] = &[$($meaning),+];

            fn fields() -> Vec<$crate::config::schema::Field> {
                let default = Self::default();
                vec![$( $crate::config::schema::Field::new::<$type>(
                    $name, stringify!($field), &[$($doc),+], &default.$field, &[$($rule),*],
                ) ),+]
            }

            fn read(reader: &mut $crate::config::load::reader::Reader<'_>) -> Self {
                let default = Self::default();
                Self { $( $field: reader.field::<$type>($name, stringify!($field), default.$field, &[$($rule),*]), )+ }
            }
        }
    };
}
pub(crate) use section;
