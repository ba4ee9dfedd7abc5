//! Templates: MiniJinja without its loops, calls and files, so that what a template can cost is known from its length.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::Arc;

use acs_core::security::digest::sha256_hex;
use acs_domain::port::prompt::TemplateFault;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Object, ObjectRepr, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};

/// What a template may do at the most: a few steps for each of its tags.
const FUEL: u64 = 20_000;
/// How long the text may become, in bytes.
const MAX_BYTES: usize = 1024 * 1024;
/// How many digits of a template's digest are its version.
const DIGITS: usize = 12;

/// A text with tags in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Template<'a> {
    pub(super) name: &'a str,
    pub(crate) source: &'a str,
}

impl Template<'_> {
    /// The name and the version, which is the beginning of the digest: a change cannot forget to raise it.
    pub(super) fn version(&self) -> String {
        let digest = sha256_hex(self.source.as_bytes());
        format!("{}@{}", self.name, digest.get(..DIGITS).unwrap_or(&digest))
    }

    /// The text with the values in place of their names. What is put in is never read again: a value that holds a tag itself
    /// stays as it is.
    pub(super) fn render<'v>(
        &self,
        values: impl IntoIterator<Item = (&'static str, Put<'v>)>,
    ) -> Result<String, TemplateFault> {
        let mut environment = Environment::empty();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.set_fuel(Some(FUEL));
        environment.set_syntax(syntax().map_err(|error| fault(&error))?);
        let template = environment
            .template_from_named_str(self.name, self.source)
            .map_err(|error| fault(&error))?;
        let values = values.into_iter().map(|(name, value)| (name, Value::from(value)));
        let values: BTreeMap<&'static str, Value> = values.collect();
        let mut text = Bounded(Vec::new());
        template
            .render_captured_to(Value::from_object(values), &mut text)
            .map_err(|error| fault(&error))?;
        Ok(String::from_utf8_lossy(&text.0).trim_end().to_owned())
    }
}

/// A line that holds only a statement leaves none behind.
fn syntax() -> Result<SyntaxConfig, Error> {
    SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()
}

/// A value of a template.
#[derive(Debug, Clone, Copy)]
pub(super) enum Put<'v> {
    /// A word of the organization's, on one line: it can be compared.
    Word(&'v str),
    /// A finished part of the prompt: it can be put in or left out, and not looked into.
    Part(&'v str),
}

impl From<Put<'_>> for Value {
    fn from(put: Put<'_>) -> Self {
        match put {
            Put::Word(word) => Self::from(one_line(word)),
            Put::Part("") => Self::from(""),
            Put::Part(part) => Self::from_object(Part(part.to_owned())),
        }
    }
}

/// A name that cannot add a line to the policy.
fn one_line(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A finished part: templates see that it is there, and no more.
#[derive(Debug)]
struct Part(String);

impl Object for Part {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Text up to a length.
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MAX_BYTES {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn fault(error: &Error) -> TemplateFault {
    let what = match (error.kind(), error.detail()) {
        (ErrorKind::OutOfFuel, _) => "does too much".to_owned(),
        (ErrorKind::WriteFailure, _) => "makes too long a text".to_owned(),
        (_, Some(detail)) => detail.to_owned(),
        (kind, None) => kind.to_string(),
    };
    TemplateFault {
        line: error.line().unwrap_or(1),
        what,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(source: &str, values: &[(&'static str, Put<'_>)]) -> Result<String, TemplateFault> {
        let template = Template { name: "test", source };
        template.render(values.iter().copied())
    }

    #[test]
    fn values_are_put_in_and_never_read_again() {
        let values = [("a", Put::Part("{{ b }}")), ("b", Put::Word("2 \n - 3"))];
        assert_eq!(render("{{ a }}-{{ b }}", &values).unwrap(), "{{ b }}-2 - 3");
    }

    #[test]
    fn a_name_that_is_not_there_is_a_fault_with_its_line() {
        let fault = render("one\n{{ two }}", &[]).unwrap_err();
        assert_eq!(fault.line, 2);
    }

    #[test]
    fn a_part_is_there_or_not_and_cannot_be_looked_into() {
        let source = "{% if a %}\nthere\n{% endif %}\n{% if a == \"secret\" %}\nread\n{% endif %}\nend";
        assert_eq!(
            render(source, &[("a", Put::Part("secret"))]).unwrap(),
            "there\nend"
        );
        assert_eq!(render(source, &[("a", Put::Part(""))]).unwrap(), "end");
        let within = "{% if \"e\" in a %}\nread\n{% endif %}\nend";
        assert_eq!(render(within, &[("a", Put::Part("secret"))]).unwrap(), "end");
    }

    #[test]
    fn a_text_that_becomes_too_long_is_a_fault() {
        let long = "x".repeat(MAX_BYTES / 2);
        let fault = render("{{ a }}\n{{ a }}\n{{ a }}", &[("a", Put::Part(&long))]).unwrap_err();
        assert_eq!(fault.what, "makes too long a text");
    }

    #[test]
    fn nothing_but_a_change_makes_another_version() {
        let version = |source| Template { name: "own", source }.version();
        assert_eq!(version("a"), "own@ca978112ca1b");
        assert_ne!(version("a"), version("b"));
    }
}
