//! Finds settings that nobody knows: mostly misspelt ones, which would otherwise be ignored in silence.

use figment::value::{Dict, Value};

use super::layer::Layer;
use crate::config::error::Problem;
use crate::config::schema::Field;

/// Every name that a setting may be given by.
pub(crate) struct Known {
    names: Vec<String>,
}

impl Known {
    pub(crate) fn new(fields: &[Field]) -> Self {
        let own = fields.iter().map(|field| field.path.clone());
        let files = fields
            .iter()
            .filter(|field| field.secret)
            .map(|field| format!("{}_file", field.path));
        Self {
            names: own.chain(files).collect(),
        }
    }

    /// What the source sets that is not a setting.
    pub(crate) fn unknown_in(&self, layer: &Layer) -> Vec<Problem> {
        let mut problems = Vec::new();
        self.walk(layer, "", &layer.values, &mut problems);
        problems
    }

    fn walk(&self, layer: &Layer, section: &str, values: &Dict, problems: &mut Vec<Problem>) {
        for (key, value) in values {
            let path = if section.is_empty() {
                key.clone()
            } else {
                format!("{section}.{key}")
            };
            // A dot within a key of the file is no border between sections, and names no setting.
            let dotted = key.contains('.');
            if !dotted && self.names.contains(&path) {
                continue;
            }
            let inside = self
                .names
                .iter()
                .find(|name| name.strip_prefix(&path).is_some_and(|s| s.starts_with('.')));
            match (inside, value) {
                (Some(_), Value::Dict(_, inner)) => self.walk(layer, &path, inner, problems),
                (Some(example), _) => problems.push(Problem {
                    origin: layer.origin(&path),
                    setting: path,
                    message: "is a group of settings, not a setting".to_owned(),
                    fix: format!("set one of them, such as `{}`", layer.name_of(example)),
                }),
                (None, Value::Dict(_, inner)) if !inner.is_empty() => {
                    // Each name inside, so that a misspelt section still leads to the setting that was meant.
                    self.walk(layer, &path, inner, problems);
                }
                (None, _) => problems.push(self.problem(layer, path)),
            }
        }
    }

    fn problem(&self, layer: &Layer, path: String) -> Problem {
        let fix = match self.nearest(&path) {
            Some(name) => format!("did you mean `{}`? Otherwise remove it", layer.name_of(name)),
            None => "remove it; docs/reference/config.md lists every setting".to_owned(),
        };
        Problem {
            origin: layer.origin(&path),
            setting: path,
            message: "is not a setting".to_owned(),
            fix,
        }
    }

    /// The setting that was probably meant: at most a third of the name mistyped, or the same name elsewhere.
    fn nearest(&self, path: &str) -> Option<&str> {
        let (distance, name) = self.names.iter().map(|name| (distance(path, name), name)).min()?;
        if distance <= path.chars().count() / 3 {
            return Some(name);
        }
        let last = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
        let namesake = self
            .names
            .iter()
            .find(|name| last(name) == last(path) || name.replace('.', "_") == path);
        namesake.map(String::as_str)
    }
}

/// How many letters must be put in, taken out or exchanged to turn one text into the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let exchanged = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = exchanged.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_the_edits() {
        for (a, b, edits) in [
            ("", "abc", 3),
            ("port", "port", 0),
            ("prot", "port", 2),
            ("hots", "host", 2),
            ("a", "", 1),
        ] {
            assert_eq!(distance(a, b), edits, "{a} {b}");
        }
    }
}
