//! One source of settings, as a tree of values.

use figment::value::{Dict, Map, Value};
use figment::{Metadata, Profile, Provider};

use super::dotenv;
use crate::config::error::Problem;
use crate::config::schema::{PREFIX, variable};

/// How a source names its settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Toml,
    Dotenv,
    Environment,
}

/// One source of settings.
#[derive(Debug)]
pub(crate) struct Layer {
    form: Form,
    name: String,
    /// The values by section.
    pub(crate) values: Dict,
}

impl Layer {
    /// The settings of a TOML file, if it is one.
    pub(crate) fn from_toml(name: &str, text: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        let values = toml::from_str::<Dict>(text).map_err(|error| {
            // The parser's own text quotes the line, which may hold a secret: say only where and what.
            let before = error.span().map_or(0, |span| span.start).min(text.len());
            let line = text.as_bytes()[..before]
                .iter()
                .filter(|&&byte| byte == b'\n')
                .count()
                + 1;
            (
                line,
                error.message().lines().next().unwrap_or("malformed").to_owned(),
            )
        });
        match values {
            Ok(values) => Some(Self {
                form: Form::Toml,
                name: name.to_owned(),
                values,
            }),
            Err((line, what)) => {
                problems.push(Problem {
                    setting: name.to_owned(),
                    origin: format!("line {line}"),
                    message: format!("is not TOML: {what}"),
                    fix: "mend the line, for example `port = 8000` under `[server]`".to_owned(),
                });
                None
            }
        }
    }

    /// The settings of a file of `NAME=value` lines.
    pub(crate) fn from_dotenv(name: &str, text: &str, problems: &mut Vec<Problem>) -> Self {
        let (variables, malformed) = dotenv::parse(text);
        problems.extend(malformed.into_iter().map(|line| {
            Problem {
                setting: name.to_owned(),
                origin: format!("line {line}"),
                message: "is not `NAME=value`".to_owned(),
                fix:
                    "write `NAME=value`, quote a value that holds blanks or `#`, or begin a comment with `#`"
                        .to_owned(),
            }
        }));
        Self::from_variables(Form::Dotenv, name, &variables, problems)
    }

    /// The settings of the environment.
    pub(crate) fn from_env(variables: &[(String, String)], problems: &mut Vec<Problem>) -> Self {
        Self::from_variables(Form::Environment, "environment", variables, problems)
    }

    fn from_variables(
        form: Form,
        name: &str,
        variables: &[(String, String)],
        problems: &mut Vec<Problem>,
    ) -> Self {
        let mut layer = Self {
            form,
            name: name.to_owned(),
            values: Dict::new(),
        };
        for (variable, value) in variables {
            let Some(path) = setting_of(variable) else {
                continue;
            };
            if value.contains(char::REPLACEMENT_CHARACTER) {
                problems.push(Problem {
                    origin: layer.origin(&path),
                    setting: path,
                    message: "is not valid UTF-8".to_owned(),
                    fix: format!("write {variable} in UTF-8, or in base64 where it is a key"),
                });
                continue;
            }
            insert(&mut layer.values, &path, value);
        }
        layer
    }

    /// Where this source says the setting, in words.
    pub(crate) fn origin(&self, path: &str) -> String {
        match self.form {
            Form::Toml => self.name.clone(),
            Form::Dotenv => format!("{} in {}", variable(path), self.name),
            Form::Environment => format!("environment variable {}", variable(path)),
        }
    }

    /// How this source names the setting.
    pub(crate) fn name_of(&self, path: &str) -> String {
        if self.form == Form::Toml {
            path.to_owned()
        } else {
            variable(path)
        }
    }

    /// The source's name, which no other source of the same load has.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name.clone())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Map::from([(Profile::Default, self.values.clone())]))
    }
}

/// `server.port` for `ACS__SERVER__PORT`; `None` for a variable that is not ours.
fn setting_of(variable: &str) -> Option<String> {
    let begins = variable
        .get(..PREFIX.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(PREFIX));
    begins.then(|| variable[PREFIX.len()..].to_lowercase().replace("__", "."))
}

/// Puts a text at a path. A value in the way gives way: it is not a known setting, and is reported as such.
fn insert(tree: &mut Dict, path: &str, text: &str) {
    match path.split_once('.') {
        None => {
            tree.insert(path.to_owned(), Value::from(text));
        }
        Some((section, rest)) => {
            let entry = tree
                .entry(section.to_owned())
                .or_insert_with(|| Value::from(Dict::new()));
            if let Value::Dict(_, inner) = entry {
                insert(inner, rest, text);
            }
        }
    }
}
