//! Where two decisions differ first.

use acs_domain::record::Decided;
use serde_json::Value;

/// How many characters of a value are shown.
const SHOWN: usize = 200;

/// A place in which two decisions differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Where: `citations[1].quote`.
    pub place: String,
    /// What stood there then, as JSON, shortened.
    pub then: String,
    /// What stands there now.
    pub now: String,
}

/// Where two decisions that are not the same differ first.
pub(super) fn first_difference(then: &Decided, now: &Decided) -> Difference {
    let json = |decided: &Decided| serde_json::to_value(decided).unwrap_or_default();
    let (then, now) = (json(then), json(now));
    let mut place = String::new();
    let (then, now) = descend(&then, &now, &mut place);
    Difference {
        place,
        then: shown(then),
        now: shown(now),
    }
}

/// Goes down to the first place in which two values differ.
fn descend<'v>(then: &'v Value, now: &'v Value, place: &mut String) -> (&'v Value, &'v Value) {
    const NOTHING: &Value = &Value::Null;
    let step = match (then, now) {
        (Value::Object(a), Value::Object(b)) => {
            let names = a.keys().chain(b.keys().filter(|name| !a.contains_key(*name)));
            let different = names.filter(|name| a.get(*name) != b.get(*name));
            different
                .map(|name| (format!(".{name}"), a.get(name), b.get(name)))
                .next()
        }
        (Value::Array(a), Value::Array(b)) => (0..a.len().max(b.len()))
            .map(|index| (format!("[{index}]"), a.get(index), b.get(index)))
            .find(|(_, a, b)| a != b),
        _ => None,
    };
    match step {
        None => (then, now),
        Some((step, then, now)) => {
            place.push_str(if place.is_empty() {
                step.trim_start_matches('.')
            } else {
                &step
            });
            descend(then.unwrap_or(NOTHING), now.unwrap_or(NOTHING), place)
        }
    }
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN) {
        None => text,
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_first_difference_is_found_and_named() {
        let cases = [
            (
                json!({"a": 1, "b": [1, 2]}),
                json!({"a": 1, "b": [1, 3]}),
                "b[1]",
                "2",
                "3",
            ),
            (
                json!({"a": {"b": null}}),
                json!({"a": {"b": "x"}}),
                "a.b",
                "null",
                "\"x\"",
            ),
            (json!({"a": [1]}), json!({"a": [1, 2]}), "a[1]", "null", "2"),
            (json!({"a": 1}), json!({"b": 1}), "a", "1", "null"),
            (
                json!([{"q": "x"}]),
                json!([{"q": "y"}]),
                "[0].q",
                "\"x\"",
                "\"y\"",
            ),
        ];
        for (then, now, expected, old, new) in cases {
            let mut place = String::new();
            let (then, now) = descend(&then, &now, &mut place);
            assert_eq!(
                (place.as_str(), shown(then), shown(now)),
                (expected, old.to_owned(), new.to_owned())
            );
        }
    }

    #[test]
    fn long_values_are_shortened() {
        assert_eq!(shown(&json!("ü".repeat(500))).chars().count(), SHOWN + 1);
    }
}
