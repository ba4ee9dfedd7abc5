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

/// The rule, for a value that may be absent.
pub(crate) fn when_set<T: 'static>(rule: Rule<T>) -> Rule<Option<T>> {
    Rule::new(rule.says.clone(), move |value: &Option<T>| {
        value.as_ref().is_none_or(|value| rule.holds(value))
    })
}
