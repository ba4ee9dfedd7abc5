//! Why a body or a query was not read, in the contract's words.
//!
//! serde tells kinds of errors apart by the words that its `de::Error` methods begin with; this is the one place that
//! knows them. Domain types say what a value "must be", and everything else is a matter of form.

use acs_core::error::FieldErrors;
use serde_path_to_error::Path;

use crate::problem::Problem;

/// What the whole body is called where no field can be named.
const WHOLE: &str = "body";

/// The problem that serde's message about the value at `path` tells of.
pub(super) fn refusal(path: &Path, message: &str) -> Problem {
    if let Some(name) = quoted_after(message, "missing field ") {
        return Problem::missing(&child(&path.to_string(), name));
    }
    if let Some(name) = quoted_after(message, "unknown field ") {
        return Problem::malformed(named(path, name), "is not known here");
    }
    if let Some(name) = quoted_after(message, "duplicate field ") {
        return Problem::malformed(named(path, name), "must be given once");
    }
    let field = match path.to_string() {
        root if root == "." => WHOLE.to_owned(),
        field => field,
    };
    let reason = without_types(message);
    if message.starts_with("must be") || message.starts_with("invalid value") {
        return Problem::invalid(FieldErrors::one(field, reason));
    }
    Problem::malformed(field, reason)
}

/// The message with what our types are called in JSON: their own names are no one's business.
fn without_types(message: &str) -> String {
    let Some((found, expected)) = message.split_once(", expected ") else {
        return message.to_owned();
    };
    let expected = match expected {
        "i16" | "i32" | "i64" | "u16" | "u32" | "u64" | "usize" => {
            let another_size = found.starts_with("invalid value: integer");
            if another_size {
                "a whole number of another size"
            } else {
                "a whole number"
            }
        }
        "f32" | "f64" => "a number",
        name if name.starts_with("struct ") => "an object",
        other => other,
    };
    format!("{found}, expected {expected}")
}

/// The name in backquotes behind `words`, with which the message must begin.
fn quoted_after<'a>(message: &'a str, words: &str) -> Option<&'a str> {
    message.strip_prefix(words)?.strip_prefix('`')?.split('`').next()
}

fn child(parent: &str, name: &str) -> String {
    if parent == "." {
        name.to_owned()
    } else {
        format!("{parent}.{name}")
    }
}

/// The path of the field `name`, which may already be the path's last step.
fn named(path: &Path, name: &str) -> String {
    let path = path.to_string();
    if path == name || path.ends_with(&format!(".{name}")) {
        path
    } else {
        child(&path, name)
    }
}
