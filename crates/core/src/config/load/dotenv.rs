//! Files of `NAME=value` lines.
//!
//! Comments begin with `#` at the start of a line or after a blank; `export ` before a name is ignored; single quotes
//! keep everything, double quotes know `\n`, `\t`, `\"` and `\\`. Nothing is substituted, so a `$` in a password stays.

/// The variables in order, and the numbers of the lines that are not understood.
pub(crate) fn parse(text: &str) -> (Vec<(String, String)>, Vec<usize>) {
    let mut variables = Vec::new();
    let mut malformed = Vec::new();
    for (n, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match assignment(line) {
            Some(pair) => variables.push(pair),
            None => malformed.push(n + 1),
        }
    }
    (variables, malformed)
}

fn assignment(line: &str) -> Option<(String, String)> {
    let (name, value) = line.strip_prefix("export ").unwrap_or(line).split_once('=')?;
    let name = name.trim();
    let sane = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (!name.is_empty() && name.chars().all(sane)).then_some(())?;
    Some((name.to_owned(), unquote(value.trim())?))
}

fn unquote(value: &str) -> Option<String> {
    if let Some(rest) = value.strip_prefix('\'') {
        let (inner, after) = rest.split_once('\'')?;
        return comment(after).then(|| inner.to_owned());
    }
    if let Some(rest) = value.strip_prefix('"') {
        return double_quoted(rest);
    }
    let end = value
        .char_indices()
        .find(|&(at, c)| c == '#' && value[..at].ends_with([' ', '\t']));
    let bare = end.map_or(value, |(at, _)| &value[..at]);
    Some(if value.starts_with('#') {
        String::new()
    } else {
        bare.trim_end().to_owned()
    })
}

fn double_quoted(rest: &str) -> Option<String> {
    let mut inner = String::new();
    let mut chars = rest.chars();
    loop {
        match chars.next()? {
            '"' => return comment(chars.as_str()).then_some(inner),
            '\\' => inner.push(match chars.next()? {
                'n' => '\n',
                't' => '\t',
                c @ ('"' | '\\') => c,
                _ => return None,
            }),
            c => inner.push(c),
        }
    }
}

/// Whether what follows a closing quote is nothing or a comment.
fn comment(after: &str) -> bool {
    let trimmed = after.trim_start();
    trimmed.is_empty() || (trimmed.len() < after.len() && trimmed.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value(line: &str) -> Option<String> {
        parse(line).0.into_iter().next().map(|(_, value)| value)
    }

    #[test]
    fn values_are_read_bare_or_quoted() {
        for (line, expected) in [
            ("A=b", "b"),
            ("export A = b c ", "b c"),
            ("A=", ""),
            ("A=b # note", "b"),
            ("A=# note", ""),
            ("A=b#c", "b#c"),
            ("A='b # $c \\n'", "b # $c \\n"),
            (r#"A="b \"c\" \\ \n" # note"#, "b \"c\" \\ \n"),
            ("A=pa$$word", "pa$$word"),
            ("A=x=y", "x=y"),
        ] {
            assert_eq!(value(line).as_deref(), Some(expected), "{line}");
        }
    }

    #[test]
    fn a_line_that_is_no_assignment_is_told_by_its_number() {
        let text = "# fine\n\nA=1\nno assignment\n=x\nA B=1\nA='open\nA=\"open\nA=\"x\"y\nA=\"\\q\"\n";
        assert_eq!(parse(text).1, vec![4, 5, 6, 7, 8, 9, 10]);
        assert_eq!(parse(text).0, vec![("A".to_owned(), "1".to_owned())]);
    }

    proptest! {
        #[test]
        fn any_text_without_a_single_quote_survives_single_quotes(text in "[^'\\r\\n\u{85}\u{2028}\u{2029}]{0,40}") {
            prop_assert_eq!(value(&format!("A='{text}'")), Some(text));
        }

        #[test]
        fn no_text_breaks_the_parser(text in "\\PC{0,200}") {
            parse(&text);
        }
    }
}
