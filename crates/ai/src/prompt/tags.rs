//! What a template of an organization may hold: names and conditions. It puts each part of the prompt where it likes and may
//! leave some out, but can neither look into a part nor leave the rules and the sources away.

use acs_domain::port::prompt::TemplateFault;

/// The longest template, in bytes.
const MAX_BYTES: usize = 8 * 1024;
/// What begins a line that says where data begins or ends: only the finished parts hold such lines.
pub(super) const MARKER: &str = "-----";
/// The words that a template may put in and compare.
pub(super) const WORDS: [&str; 3] = ["agent_name", "organization", "language"];
/// The finished parts that no template may do without.
pub(super) const NEEDED: [&str; 2] = ["rules", "sources"];
/// The finished parts that a template may leave out.
pub(super) const PARTS: [&str; 4] = ["manner", "state", "summary", "profile"];
/// What stands in conditions besides names and texts in quotes.
const OPERATORS: [&str; 5] = ["and", "or", "not", "==", "!="];

/// What is wrong with a template, if anything is.
pub(super) fn check(template: &str) -> Result<(), TemplateFault> {
    if template.len() > MAX_BYTES {
        return Err(at(1, format!("is longer than {MAX_BYTES} bytes")));
    }
    let mut reading = Reading::default();
    for (line, text) in (1..).zip(template.lines()) {
        reading.read(text).map_err(|what| TemplateFault { line, what })?;
    }
    let last = template.lines().count().max(1);
    if reading.depth > 0 {
        return Err(at(last, "a condition is not ended: `{% endif %}` is missing"));
    }
    match NEEDED.iter().find(|part| !reading.put.contains(*part)) {
        Some(part) => Err(at(last, format!("`{{{{ {part} }}}}` is missing"))),
        None => Ok(()),
    }
}

fn at(line: usize, what: impl Into<String>) -> TemplateFault {
    TemplateFault {
        line,
        what: what.into(),
    }
}

#[derive(Default)]
struct Reading {
    /// How many conditions are open.
    depth: usize,
    /// The parts that were put in.
    put: Vec<&'static str>,
}

impl Reading {
    /// A tag stands on one line, so that a line can be read alone.
    fn read(&mut self, line: &str) -> Result<(), String> {
        if line.contains(MARKER) {
            return Err(format!("`{MARKER}` marks data, and only data"));
        }
        let mut rest = line;
        while let Some(start) = rest.find('{') {
            let (opening, closing) = match rest.get(start..start + 2) {
                Some("{{") => ("{{", "}}"),
                Some("{%") => ("{%", "%}"),
                Some("{#") => return Err("comments are not for prompts".to_owned()),
                _ => {
                    rest = &rest[start + 1..];
                    continue;
                }
            };
            let (inner, after) = rest[start + 2..]
                .split_once(closing)
                .ok_or_else(|| format!("`{opening}` is not ended by `{closing}` on its line"))?;
            if opening == "{{" {
                self.put_in(inner.trim(), line)?;
            } else {
                self.condition(inner)?;
            }
            rest = after;
        }
        Ok(())
    }

    fn put_in(&mut self, name: &str, line: &str) -> Result<(), String> {
        if WORDS.contains(&name) {
            return Ok(());
        }
        let part = NEEDED.iter().chain(&PARTS).find(|part| **part == name);
        let part = part.ok_or_else(|| unknown(name))?;
        if self.put.contains(part) {
            return Err(format!("`{part}` is put in twice"));
        }
        if line.trim() != format!("{{{{ {part} }}}}") {
            return Err(format!("`{{{{ {part} }}}}` needs a line of its own"));
        }
        if self.depth > 0 && NEEDED.contains(part) {
            return Err(format!("`{part}` cannot depend on a condition"));
        }
        self.put.push(part);
        Ok(())
    }

    fn condition(&mut self, inner: &str) -> Result<(), String> {
        let (keyword, condition) = inner
            .trim()
            .split_once(char::is_whitespace)
            .unwrap_or((inner.trim(), ""));
        match (keyword, condition.trim()) {
            ("if", condition) => {
                self.depth += 1;
                compared(condition)
            }
            ("elif", condition) if self.depth > 0 => compared(condition),
            ("else", "") if self.depth > 0 => Ok(()),
            ("endif", "") if self.depth > 0 => {
                self.depth -= 1;
                Ok(())
            }
            _ => Err(format!(
                "`{}` is none of if, elif, else and endif, or stands in the wrong place",
                inner.trim()
            )),
        }
    }
}

/// A condition out of names, texts in quotes and [`OPERATORS`].
fn compared(condition: &str) -> Result<(), String> {
    if condition.is_empty() {
        return Err("a condition is missing".to_owned());
    }
    if condition.contains('\\') || !condition.matches('"').count().is_multiple_of(2) {
        return Err("a text stands in quotes, without any in it".to_owned());
    }
    // Every other piece is a text.
    for piece in condition.split('"').step_by(2) {
        for token in piece.split_whitespace() {
            let is_name = WORDS
                .iter()
                .chain(&NEEDED)
                .chain(&PARTS)
                .any(|name| *name == token);
            if !is_name && !OPERATORS.contains(&token) {
                return Err(unknown(token));
            }
        }
    }
    Ok(())
}

fn unknown(name: &str) -> String {
    let shown: String = name.chars().take(40).collect();
    format!("`{shown}` is nothing that a prompt has")
}

#[cfg(test)]
mod tests;
