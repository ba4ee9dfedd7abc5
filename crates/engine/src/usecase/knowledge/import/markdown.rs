//! Markdown: a file is an entry. A front matter between `---` lines may hold the other fields.

use std::borrow::Cow;

use acs_domain::knowledge::EntryText;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::Row;
use crate::usecase::import::Remark;

/// The subject of an entry that names none.
pub(super) const GENERAL: &str = "general";

/// The one entry of a file; none if the file is blank.
pub(super) fn parse(file_name: &str, text: &str) -> (Vec<Row>, Vec<Remark>) {
    if text.trim().is_empty() {
        return (Vec::new(), Vec::new());
    }
    match entry(file_name, text) {
        Ok(text) => (vec![Row { line: 1, text }], Vec::new()),
        Err(failed) => (Vec::new(), failed),
    }
}

/// A file's name without its folders and its ending: the title of an entry that has no other.
pub(super) fn file_title(file_name: &str) -> String {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    name.rsplit_once('.')
        .map_or(name, |(stem, _)| stem)
        .trim()
        .to_owned()
}

fn entry(file_name: &str, text: &str) -> Result<EntryText, Vec<Remark>> {
    let (mut entry, body) = front_matter(text)?;
    let mut content = Cow::Borrowed(body);
    if entry.title.is_empty() {
        if let Some((title, rest)) = without_heading(body) {
            entry.title = title;
            content = Cow::Owned(rest);
        } else {
            entry.title = file_title(file_name);
        }
    }
    content.trim().clone_into(&mut entry.content);
    if entry.category.is_empty() {
        GENERAL.clone_into(&mut entry.category);
    }
    Ok(entry)
}

/// The fields of the front matter, if there is one, and the text behind it. All bad lines are told at once.
fn front_matter(text: &str) -> Result<(EntryText, &str), Vec<Remark>> {
    let mut entry = EntryText {
        ..EntryText::default()
    };
    let mut lines = (1..).zip(text.split_inclusive('\n'));
    let Some((_, first)) = lines.next().filter(|(_, first)| first.trim_end() == "---") else {
        return Ok((entry, text));
    };
    let mut end = first.len();
    let mut seen = Vec::new();
    let mut failed = Vec::new();
    for (line, written) in lines {
        end += written.len();
        let written = written.trim();
        if written == "---" {
            return if failed.is_empty() {
                Ok((entry, &text[end..]))
            } else {
                Err(failed)
            };
        }
        if written.is_empty() || written.starts_with('#') {
            continue;
        }
        if let Err(message) = set(&mut entry, &mut seen, written) {
            failed.push(Remark { line, message });
        }
    }
    // Its other lines are then most likely the text, not fields: no use in telling what is wrong with each.
    Err(vec![Remark {
        line: 1,
        message: "the front matter has no closing `---`".into(),
    }])
}

/// Sets the field that a line of the front matter names.
fn set<'a>(entry: &mut EntryText, seen: &mut Vec<&'a str>, line: &'a str) -> Result<(), String> {
    let (key, value) = line.split_once(':').ok_or("must read `key: value`")?;
    let (key, value) = (key.trim(), value.trim());
    if seen.contains(&key) {
        return Err(format!("`{key}` stands there twice"));
    }
    let optional = || scalar(value).map(|value| Some(value).filter(|value| !value.is_empty()));
    let time = || {
        let at = optional()?.map(|at| OffsetDateTime::parse(&at, &Rfc3339));
        let at = at.transpose();
        at.map_err(|error| format!("{key}: must be a time by RFC 3339: {error}"))
    };
    match key {
        "title" => entry.title = scalar(value)?,
        "category" => entry.category = scalar(value)?,
        "subcategory" => entry.subcategory = optional()?,
        "tags" => entry.tags = list(value)?,
        "summary" => entry.summary = optional()?,
        "source" => entry.source = optional()?,
        "source_url" => entry.source_url = optional()?,
        "language" => entry.language = optional()?,
        "audience" => entry.audience = list(value)?,
        "valid_from" => entry.valid_from = time()?,
        "expires_at" => entry.expires_at = time()?,
        _ => return Err(format!("unknown key `{key:.40}`")),
    }
    seen.push(key);
    Ok(())
}

/// A value on its own: in quotes, or as it stands.
fn scalar(value: &str) -> Result<String, String> {
    match quoted(value)? {
        Some((inner, "")) => Ok(inner),
        Some((_, rest)) => Err(format!("`{rest:.40}` stands behind the closing quote")),
        None => Ok(value.to_owned()),
    }
}

/// Values between commas, with or without brackets around them. Empty ones do not count.
fn list(value: &str) -> Result<Vec<String>, String> {
    let mut rest = match value.strip_prefix('[') {
        Some(inner) => inner.strip_suffix(']').ok_or("the list has no closing `]`")?,
        None => value,
    };
    let mut items = Vec::new();
    loop {
        rest = rest.trim_start();
        let (item, behind) = match quoted(rest)? {
            Some(found) => found,
            None => {
                let end = rest.find(',').unwrap_or(rest.len());
                (rest[..end].trim_end().to_owned(), &rest[end..])
            }
        };
        if !item.is_empty() {
            items.push(item);
        }
        rest = match behind.strip_prefix(',') {
            Some(next) => next,
            None if behind.is_empty() => return Ok(items),
            None => return Err(format!("`{behind:.40}` stands behind the closing quote")),
        };
    }
}

/// What stands in quotes at the beginning, and what follows: `"` with the escapes `\"` and `\\`, or `'` with `''` for
/// itself. `None` if the text begins otherwise.
fn quoted(text: &str) -> Result<Option<(String, &str)>, String> {
    let Some(quote @ ('"' | '\'')) = text.chars().next() else {
        return Ok(None);
    };
    let mut inner = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        match (c, next) {
            ('\'', Some('\'')) if quote == '\'' => {
                inner.push(c);
                chars.next();
            }
            ('\\', Some(escaped)) if quote == '"' => {
                if !matches!(escaped, '"' | '\\') {
                    return Err(format!("`\\{escaped}` is no escape: only `\\\"` and `\\\\` are"));
                }
                inner.push(escaped);
                chars.next();
            }
            _ if c == quote => return Ok(Some((inner, text[at + 1..].trim_start()))),
            _ => inner.push(c),
        }
    }
    Err(format!("a closing {quote} is missing"))
}

/// The first heading of the first level that says something, and the text without its line.
fn without_heading(content: &str) -> Option<(String, String)> {
    let mut fence: Option<&str> = None;
    let mut start = 0;
    for line in content.split_inclusive('\n') {
        let end = start + line.len();
        match (fence, fence_of(line)) {
            (None, Some(opening)) => fence = Some(opening),
            (Some(opening), Some(closing)) if closes(opening, closing, line) => fence = None,
            (None, None) => {
                if let Some(title) = heading(line) {
                    let before = content[..start].trim_end();
                    let behind = content[end..].trim_start_matches(['\r', '\n']);
                    return Some((title.to_owned(), format!("{before}\n\n{behind}")));
                }
            }
            _ => {}
        }
        start = end;
    }
    None
}

/// What a line says as a heading of the first level (CommonMark 0.31, section 4.2).
fn heading(line: &str) -> Option<&str> {
    let text = flush(line)?.strip_prefix('#')?;
    if !text.starts_with([' ', '\t']) {
        return None;
    }
    let text = text.trim();
    let bare = text.trim_end_matches('#');
    let text = if bare.ends_with([' ', '\t']) || bare.is_empty() {
        bare.trim_end()
    } else {
        text
    };
    Some(text).filter(|text| !text.is_empty())
}

/// The marks with which a line opens or closes fenced code (CommonMark 0.31, section 4.5).
fn fence_of(line: &str) -> Option<&str> {
    let line = flush(line)?;
    let mark = line.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let (marks, info) = line.split_at(line.len() - line.trim_start_matches(mark).len());
    (marks.len() >= 3 && !(mark == '`' && info.contains('`'))).then_some(marks)
}

fn closes(opening: &str, closing: &str, line: &str) -> bool {
    closing.starts_with(opening) && line.trim() == closing
}

/// The line without its indent; `None` if that is deep enough to make it code.
fn flush(line: &str) -> Option<&str> {
    let text = line.trim_start_matches(' ');
    (line.len() - text.len() < 4).then_some(text)
}

#[cfg(test)]
mod tests;
