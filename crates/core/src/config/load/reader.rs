//! Reads settings one by one, and collects every problem instead of stopping at the first.

use std::path::Path;

use figment::Figment;
use figment::value::Value;

use super::layer::Layer;
use super::{Sources, secret_file};
use crate::config::error::Problem;
use crate::config::schema::rule::Rule;
use crate::config::schema::setting::{Setting, shown};
use crate::config::schema::{path, variable};

/// A value and the source that it came from.
struct Found {
    value: Value,
    layer: usize,
    origin: String,
}

/// Reads settings from the merged sources.
pub(crate) struct Reader<'a> {
    layers: &'a [Layer],
    merged: Figment,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    /// A reader of these sources, weakest first, with the problems so far.
    pub(crate) fn new(layers: &'a [Layer], problems: Vec<Problem>) -> Self {
        let merged = layers
            .iter()
            .fold(Figment::new(), |merged, layer| merged.merge(layer));
        Self {
            layers,
            merged,
            problems,
        }
    }

    /// Every problem found.
    pub(crate) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    /// The setting's value, or its default. A value that cannot be used is a problem.
    pub(crate) fn field<T: Setting>(
        &mut self,
        section: &str,
        name: &str,
        default: T,
        rules: &[Rule<T>],
    ) -> T {
        let path = path(section, name);
        let Some(found) = self.find::<T>(&path) else {
            return default;
        };
        match T::read(&found.value) {
            Ok(value) => {
                let Some(broken) = rules.iter().find(|rule| !rule.holds(&value)) else {
                    return value;
                };
                self.misfit::<T>(path, &found, &format!("must be {}", broken.says()), rules);
            }
            Err(unfit) => self.misfit::<T>(path, &found, &unfit.0, rules),
        }
        default
    }

    /// Reports settings that do not go together, unless one of them is already known to be wrong.
    pub(crate) fn refuse(&mut self, settings: &[&str], message: impl Into<String>, fix: impl Into<String>) {
        let known = |setting: &&str| self.problems.iter().any(|problem| problem.setting == *setting);
        if settings.iter().any(known) {
            return;
        }
        let setting = settings.first().copied().unwrap_or_default();
        let found = self
            .lookup(setting)
            .or_else(|| self.lookup(&format!("{setting}_file")));
        self.problems.push(Problem {
            setting: setting.to_owned(),
            origin: found.map_or_else(|| "default".to_owned(), |found| found.origin),
            message: message.into(),
            fix: fix.into(),
        });
    }

    fn misfit<T: Setting>(&mut self, setting: String, found: &Found, must: &str, rules: &[Rule<T>]) {
        let value = if T::SHOWN {
            format!("; it {}", shown(&found.value))
        } else {
            String::new()
        };
        let accepts = std::iter::once(T::kind()).chain(rules.iter().map(|rule| rule.says().to_owned()));
        let name = self
            .layers
            .get(found.layer)
            .map_or_else(|| variable(&setting), |layer| layer.name_of(&setting));
        self.problems.push(Problem {
            origin: found.origin.clone(),
            message: format!("{must}{value}"),
            fix: format!("set `{name}` to {}", accepts.collect::<Vec<_>>().join(", ")),
            setting,
        });
    }

    /// The value of the strongest source that names the setting or, for a secret, its file.
    fn find<T: Setting>(&mut self, path: &str) -> Option<Found> {
        let plain = self.lookup(path);
        let named = if T::SECRET {
            self.lookup(&format!("{path}_file"))
        } else {
            None
        };
        let named = named.filter(|found| found.value.as_str().is_none_or(|name| !name.trim().is_empty()));
        match (plain, named) {
            (Some(plain), Some(named)) if plain.layer == named.layer => {
                let name = self
                    .layers
                    .get(plain.layer)
                    .map_or_else(|| variable(path), |layer| layer.name_of(path));
                self.problems.push(Problem {
                    setting: path.to_owned(),
                    origin: plain.origin,
                    message: "is given twice: as a value and as a file".to_owned(),
                    fix: format!("keep one of `{name}` and `{}`", suffixed(&name)),
                });
                None
            }
            (Some(plain), Some(named)) if plain.layer > named.layer => Some(plain),
            (_, Some(named)) => self.open(path, named),
            (plain, None) => plain,
        }
    }

    /// The text of the file that a `…_file` setting names.
    fn open(&mut self, path: &str, named: Found) -> Option<Found> {
        let text = named
            .value
            .as_str()
            .map(|name| secret_file::read(Path::new(name.trim())));
        match text {
            Some(Ok(secret)) => Some(Found {
                value: Value::from(secret.expose()),
                ..named
            }),
            other => {
                let message = match other {
                    Some(Err(message)) => message,
                    _ => "must be the path of a file".to_owned(),
                };
                self.problems.push(Problem {
                    setting: path.to_owned(),
                    origin: named.origin,
                    message,
                    fix: "name a file that this user can read, holding the secret alone".to_owned(),
                });
                None
            }
        }
    }

    fn lookup(&self, path: &str) -> Option<Found> {
        let value = self.merged.find_value(path).ok()?;
        let source = &self.merged.get_metadata(value.tag())?.name;
        let layer = self.layers.iter().position(|layer| layer.name() == source)?;
        Some(Found {
            origin: self.layers[layer].origin(path),
            value,
            layer,
        })
    }
}

/// The name of a secret's file setting, in the case of its source.
fn suffixed(name: &str) -> String {
    let upper = name.starts_with(char::is_uppercase);
    format!("{name}{}", if upper { "_FILE" } else { "_file" })
}

/// The layers of the sources and the problems in reading them.
pub(crate) fn gather(sources: &Sources) -> (Vec<Layer>, Vec<Problem>) {
    let mut problems = Vec::new();
    (sources.layers(&mut problems), problems)
}
