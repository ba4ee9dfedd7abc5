//! What a setting's value must fulfil beyond its type. A rule's words appear in the reference and in the refusal.

use std::fmt::Display;
use std::time::Duration;

use crate::secret::Secret;

/// A condition on a value, and its words.
pub(crate) struct Rule<T> {
    says: String,
    holds: Box<dyn Fn(&T) -> bool>,
}

impl<T> Rule<T> {
    /// A condition in words that follow "must be".
    pub(crate) fn new(says: impl Into<String>, holds: impl Fn(&T) -> bool + 'static) -> Self {
        Self {
            says: says.into(),
            holds: Box::new(holds),
        }
    }

    pub(crate) fn says(&self) -> &str {
        &self.says
    }

    pub(crate) fn holds(&self, value: &T) -> bool {
        (self.holds)(value)
    }
}

/// Between two values, both included.
pub(crate) fn between<T: PartialOrd + Display + 'static>(low: T, high: T) -> Rule<T> {
    Rule::new(format!("between {low} and {high}"), move |value| {
        (&low..=&high).contains(&value)
    })
}

/// Between two numbers of seconds, both included.
pub(crate) fn seconds(low: f64, high: f64) -> Rule<Duration> {
    Rule::new(format!("between {low} and {high}"), move |value: &Duration| {
        (low..=high).contains(&value.as_secs_f64())
    })
}

/// Some visible text.
pub(crate) fn not_blank() -> Rule<String> {
    Rule::new("not blank", |value: &String| !value.trim().is_empty())
}

/// A secret of at least so many bytes.
pub(crate) fn min_bytes(n: usize) -> Rule<Secret> {
    Rule::new(format!("at least {n} bytes long"), move |value: &Secret| {
        value.expose().len() >= n
    })
}

/// A list of `*` or of names as HTTP has them: methods, headers (tokens of RFC 9110, section 5.6.2).
pub(crate) fn http_names() -> Rule<Vec<String>> {
    let is_name = |name: &String| {
        !name.is_empty()
            && name
                .bytes()
                .all(|c| c.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&c))
    };
    Rule::new("`*`, or names without spaces", move |names: &Vec<String>| {
        names.iter().all(is_name)
    })
}

/// A list of parts of the program with a level each.
pub(crate) fn log_filter() -> Rule<String> {
    const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
    let is_directive = |directive: &str| {
        let Some((part, level)) = directive.trim().split_once('=') else {
            return false;
        };
        let is_part = |c: char| c.is_ascii_alphanumeric() || "_:-".contains(c);
        !part.is_empty() && part.chars().all(is_part) && LEVELS.contains(&level)
    };
    Rule::new(
        "parts of the program with a level each (off, error, warn, info, debug, trace), such as `acs_api=debug,sqlx=warn`",
        move |filter: &String| filter.split(',').all(is_directive),
    )
}

/// The rule, for a value that may be absent.
pub(crate) fn when_set<T: 'static>(rule: Rule<T>) -> Rule<Option<T>> {
    Rule::new(rule.says.clone(), move |value: &Option<T>| {
        value.as_ref().is_none_or(|value| rule.holds(value))
    })
}
