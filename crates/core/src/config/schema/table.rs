//! A table of the file as one setting: read field by field, every problem told by its name.

use std::path::Path;

use figment::value::{Dict, Value};

use super::rule::Rule;
use super::setting::Setting;
use crate::config::load::secret_file;
use crate::secret::Secret;

/// Reads the fields of one table.
pub(crate) struct Table<'a> {
    name: &'a str,
    values: &'a Dict,
    known: Vec<String>,
    problems: Vec<String>,
}

impl<'a> Table<'a> {
    /// The table that the problems call `name`.
    pub(crate) fn new(name: &'a str, values: &'a Dict) -> Self {
        Self {
            name,
            values,
            known: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// The field's value, or its default.
    pub(crate) fn field<T: Setting>(&mut self, key: &str, default: T, rules: &[Rule<T>]) -> T {
        self.known.push(key.to_owned());
        let Some(value) = self.values.get(key) else {
            return default;
        };
        match T::read(value) {
            Ok(value) => match rules.iter().find(|rule| !rule.holds(&value)) {
                None => return value,
                Some(broken) => self.problem(key, &format!("must be {}", broken.says())),
            },
            Err(unfit) => self.problem(key, &unfit.0),
        }
        default
    }

    /// The field's secret, given as it is or as the file that holds it.
    pub(crate) fn secret(&mut self, key: &str) -> Option<Secret> {
        let file_key = format!("{key}_file");
        let plain: Option<Secret> = self.field(key, None, &[]);
        let file: Option<String> = self.field(&file_key, None, &[]);
        match (plain, file) {
            (Some(_), Some(_)) => {
                self.problem(key, "is given twice: as a value and as a file");
                None
            }
            (plain, None) => plain,
            (None, Some(file)) => secret_file::read(Path::new(&file))
                .map_err(|problem| self.problem(&file_key, &problem))
                .ok(),
        }
    }

    /// Notes what is wrong with a field.
    pub(crate) fn problem(&mut self, key: &str, what: &str) {
        self.problems.push(format!("`{}.{key}` {what}", self.name));
    }

    /// What was wrong, once every field has been read; a field that nobody asked for is wrong too.
    pub(crate) fn finish(mut self) -> Vec<String> {
        let unknown: Vec<&String> = self
            .values
            .keys()
            .filter(|key| !self.known.contains(key))
            .collect();
        for key in unknown {
            let known = self.known.join("`, `");
            self.problems.push(format!(
                "`{}.{key}` is not a setting; there are `{known}`",
                self.name
            ));
        }
        self.problems
    }
}

/// The tables in a value, by name; `None` when it is something else.
pub(crate) fn tables(value: &Value) -> Option<Vec<(&str, &Dict)>> {
    let named = value.as_dict()?.iter();
    named
        .map(|(name, value)| Some((name.as_str(), value.as_dict()?)))
        .collect()
}
