//! JSON Lines: one object a line, with the fields of the contract.

use acs_domain::knowledge::EntryText;
use serde::Deserialize;
use time::OffsetDateTime;

use super::Row;
use crate::usecase::import::{MAX_ROWS, Remark};

/// An entry as a client writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    title: String,
    content: String,
    category: String,
    #[serde(default)]
    subcategory: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    summary: Option<String>,
    #[serde(default)]
    source: Option<String>,
    #[serde(default)]
    source_url: Option<String>,
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    audience: Vec<String>,
    #[serde(default, with = "time::serde::rfc3339::option")]
    valid_from: Option<OffsetDateTime>,
    #[serde(default, with = "time::serde::rfc3339::option")]
    expires_at: Option<OffsetDateTime>,
}

impl From<Line> for EntryText {
    fn from(line: Line) -> Self {
        let Line {
            title,
            content,
            category,
            subcategory,
            tags,
            summary,
            source,
            source_url,
            language,
            audience,
            valid_from,
            expires_at,
        } = line;
        Self {
            title,
            content,
            category,
            subcategory,
            tags,
            summary,
            source,
            source_url,
            language,
            audience,
            valid_from,
            expires_at,
        }
    }
}

/// One entry for each line that holds an object; blank lines count as lines only.
pub(super) fn parse(text: &str) -> (Vec<Row>, Vec<Remark>) {
    let (mut rows, mut failed) = (Vec::new(), Vec::new());
    for (line, json) in (1..)
        .zip(text.lines())
        .filter(|(_, json)| !json.trim().is_empty())
        // One more than may be is enough to see that there are too many.
        .take(MAX_ROWS + 1)
    {
        match serde_json::from_str::<Line>(json) {
            Ok(read) => rows.push(Row {
                line,
                text: read.into(),
            }),
            Err(error) => failed.push(Remark {
                line,
                message: reason(&error),
            }),
        }
    }
    (rows, failed)
}

/// What is wrong, without the line that the parser counts: it sees one line only.
fn reason(error: &serde_json::Error) -> String {
    let place = format!(" at line {} column {}", error.line(), error.column());
    let message = error.to_string();
    match message.strip_suffix(&place) {
        // A message names what it found, however long that is.
        Some(message) => format!("{message:.200} at column {}", error.column()),
        None => format!("{message:.200}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_line_is_an_entry_with_every_field() {
        let line = json!({
            "title": "Refunds", "content": "Five days.\n\nSometimes ten.", "category": "billing", "subcategory": "refunds",
            "tags": ["refund", "bank"], "summary": "How long.", "source": "Help", "source_url": "https://h.example/r",
            "language": "de", "audience": ["premium"], "valid_from": "2029-01-01T00:00:00Z",
            "expires_at": "2030-01-02T03:04:05+01:00",
        });
        let (rows, failed) = parse(&line.to_string());
        let text = EntryText {
            title: "Refunds".into(),
            content: "Five days.\n\nSometimes ten.".into(),
            category: "billing".into(),
            subcategory: Some("refunds".into()),
            tags: vec!["refund".into(), "bank".into()],
            summary: Some("How long.".into()),
            source: Some("Help".into()),
            source_url: Some("https://h.example/r".into()),
            language: Some("de".into()),
            audience: vec!["premium".into()],
            valid_from: Some(datetime!(2029-01-01 00:00:00 UTC)),
            expires_at: Some(datetime!(2030-01-02 03:04:05 +01:00)),
        };
        assert_eq!((rows, failed), (vec![Row { line: 1, text }], vec![]));
    }

    #[test]
    fn bad_lines_are_told_by_number_and_reason_and_the_good_ones_stay() {
        let text = concat!(
            "{\"title\":\"A\",\"content\":\"a\",\"category\":\"x\"}\r\n",
            "\n",
            "{\"title\":\"B\"\n",
            "   \n",
            "{\"title\":\"C\",\"content\":\"c\",\"category\":\"x\",\"autor\":\"me\"}\n",
            "{\"title\":\"D\",\"content\":\"d\"}\n",
            "{\"title\":\"E\",\"content\":\"e\",\"category\":\"x\",\"expires_at\":\"tomorrow\"}\n",
            "[1, 2]\n",
            "{\"title\":\"F\",\"content\":\"f\",\"category\":\"x\"}",
        );
        let (rows, failed) = parse(text);
        let found: Vec<_> = rows
            .iter()
            .map(|row| (row.line, row.text.title.as_str()))
            .collect();
        assert_eq!(found, [(1, "A"), (9, "F")]);
        let lines: Vec<_> = failed.iter().map(|failed| failed.line).collect();
        assert_eq!(lines, [3, 5, 6, 7, 8]);
        assert_eq!(failed[0].message, "EOF while parsing an object at column 12");
        assert!(
            failed[1].message.starts_with("unknown field `autor`"),
            "{failed:?}"
        );
        assert!(
            failed[2].message.starts_with("missing field `category`"),
            "{failed:?}"
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_to_its_end(text in "([\\[\\]{}:,\"a-c \\\\]{0,30}\\r?\\n){0,8}") {
            let (rows, failed) = parse(&text);
            let said = text.lines().filter(|line| !line.trim().is_empty()).count();
            prop_assert_eq!(rows.len() + failed.len(), said);
        }

        #[test]
        fn what_was_written_is_read(title in any::<String>(), content in any::<String>(), tags in prop::collection::vec(any::<String>(), 0..4)) {
            let line = json!({ "title": title, "content": content, "category": "x", "tags": tags });
            let (rows, failed) = parse(&line.to_string());
            prop_assert_eq!(failed, vec![]);
            prop_assert_eq!(&rows[0].text.title, &title);
            prop_assert_eq!(&rows[0].text.content, &content);
            prop_assert_eq!(&rows[0].text.tags, &tags);
        }
    }
}
