//! Comma-separated values (RFC 4180): a header that names the fields of the contract, then one entry a row.

use acs_core::error::FieldErrors;
use acs_domain::knowledge::EntryText;
use csv::StringRecord;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::Row;
use crate::usecase::import::{MAX_ROWS, Remark, Table};

/// What a column may be called.
const COLUMNS: [&str; 12] = [
    "title",
    "content",
    "category",
    "subcategory",
    "tags",
    "summary",
    "source",
    "source_url",
    "language",
    "audience",
    "valid_from",
    "expires_at",
];
/// The columns that every file has.
const REQUIRED: [&str; 3] = ["title", "content", "category"];

/// One entry for each row under the header. An error means that the header is not one of ours.
pub(super) fn parse(text: &str) -> Result<(Vec<Row>, Vec<Remark>), FieldErrors> {
    let (mut rows, mut failed) = (Vec::new(), Vec::new());
    let Some(table) = Table::open(text.as_bytes()).filter(|_| !text.trim().is_empty()) else {
        return Ok((rows, failed));
    };
    check(&table.header)?;
    let columns = table.header.clone();
    // One more than may be is enough to see that there are too many.
    for (line, record) in table.take(MAX_ROWS + 1) {
        match record {
            Ok(record) if record.iter().all(str::is_empty) => {}
            Ok(record) => match entry(&columns, &record) {
                Ok(text) => rows.push(Row { line, text }),
                Err(message) => failed.push(Remark { line, message }),
            },
            Err(why) => failed.push(Remark {
                line,
                message: why.into_owned(),
            }),
        }
    }
    Ok((rows, failed))
}

fn check(header: &[String]) -> Result<(), FieldErrors> {
    if header.len() > COLUMNS.len() {
        return Err(FieldErrors::one(
            "file",
            format!("has {} columns, there are {}", header.len(), COLUMNS.len()),
        ));
    }
    let mut errors = FieldErrors::default();
    for (place, column) in header.iter().enumerate() {
        if !COLUMNS.contains(&&**column) {
            let known = COLUMNS.join(", ");
            errors.add(
                "file",
                format!("unknown column `{column:.40}`; the columns are {known}"),
            );
        } else if header.iter().take(place).any(|earlier| earlier == column) {
            errors.add("file", format!("column `{column}` stands there twice"));
        }
    }
    for column in REQUIRED {
        if !header.iter().any(|known| known == column) {
            errors.add("file", format!("column `{column}` is missing"));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

fn entry(columns: &[String], record: &StringRecord) -> Result<EntryText, String> {
    let value = |name: &str| {
        let named = columns.iter().zip(record).find(|(column, _)| *column == name);
        named.map_or("", |(_, value)| value)
    };
    let optional = |name: &str| Some(value(name).to_owned()).filter(|value| !value.is_empty());
    let several = |name: &str| {
        let names = value(name).split(';').map(str::trim);
        names.filter(|one| !one.is_empty()).map(str::to_owned).collect()
    };
    let time = |name: &str| {
        let time = optional(name).map(|at| OffsetDateTime::parse(&at, &Rfc3339));
        let time = time.transpose();
        time.map_err(|error| format!("{name}: must be a time by RFC 3339: {error}"))
    };
    Ok(EntryText {
        title: value("title").to_owned(),
        content: value("content").to_owned(),
        category: value("category").to_owned(),
        subcategory: optional("subcategory"),
        tags: several("tags"),
        summary: optional("summary"),
        source: optional("source"),
        source_url: optional("source_url"),
        language: optional("language"),
        audience: several("audience"),
        valid_from: time("valid_from")?,
        expires_at: time("expires_at")?,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;

    fn titles(rows: &[Row]) -> Vec<(usize, &str)> {
        rows.iter()
            .map(|row| (row.line, row.text.title.as_str()))
            .collect()
    }

    #[test]
    fn a_row_is_an_entry_with_every_field_in_any_order() {
        let text = "\
category,title,content,tags,expires_at,valid_from,audience,language,subcategory,summary,source,source_url
billing,Refunds,\"Five days, \"\"at most\"\".\n\nSometimes ten.\",refund; money back ;,2030-01-02T03:04:05Z,2029-01-01T00:00:00Z,premium;staff,de,refunds,How long.,Help,https://h.example/r
";
        let (rows, failed) = parse(text).unwrap();
        let text = EntryText {
            title: "Refunds".into(),
            content: "Five days, \"at most\".\n\nSometimes ten.".into(),
            category: "billing".into(),
            subcategory: Some("refunds".into()),
            tags: vec!["refund".into(), "money back".into()],
            summary: Some("How long.".into()),
            source: Some("Help".into()),
            source_url: Some("https://h.example/r".into()),
            language: Some("de".into()),
            audience: vec!["premium".into(), "staff".into()],
            valid_from: Some(datetime!(2029-01-01 00:00:00 UTC)),
            expires_at: Some(datetime!(2030-01-02 03:04:05 UTC)),
        };
        assert_eq!((rows, failed), (vec![Row { line: 2, text }], vec![]));
    }

    #[test]
    fn a_header_that_is_not_ours_refuses_the_file() {
        for (header, reasons) in [
            ("title,content\n", vec!["column `category` is missing"]),
            (&"title,".repeat(12), vec!["has 13 columns, there are 12"]),
            (
                "title,content,category,title\n",
                vec!["column `title` stands there twice"],
            ),
            (
                "Title;Body\nA;a\n",
                vec!["unknown column `body`", "`content` is missing", "`category`"],
            ),
        ] {
            let errors = parse(header).unwrap_err();
            let found: Vec<_> = errors
                .iter()
                .flat_map(|(field, reasons)| {
                    assert_eq!(field, "file");
                    reasons
                })
                .collect();
            assert_eq!(found.len(), reasons.len(), "{errors}");
            for (found, reason) in found.iter().zip(reasons) {
                assert!(found.contains(reason), "{found}");
            }
        }
    }

    #[test]
    fn bad_rows_are_told_by_line_and_the_good_ones_stay() {
        for end in ["\n", "\r\n"] {
            let text = [
                "title,content,category,expires_at",
                "A,\"two",
                "lines\",x,",
                "",
                "B,b,x",
                "",
                "",
                "C,c,x,tomorrow",
                ",,,",
                "D,d,x,",
            ]
            .join(end);
            let (rows, failed) = parse(&text).unwrap();
            assert_eq!(titles(&rows), [(2, "A"), (10, "D")]);
            assert_eq!(failed.len(), 2, "{failed:?}");
            assert_eq!(
                failed[0],
                Remark {
                    line: 5,
                    message: "has 3 values, the header has 4".into()
                }
            );
            assert_eq!(failed[1].line, 8);
            assert!(
                failed[1]
                    .message
                    .starts_with("expires_at: must be a time by RFC 3339"),
                "{failed:?}"
            );
        }
    }

    #[test]
    fn a_file_without_rows_holds_no_entry() {
        for text in ["", " \n\n", "title,content,category\n"] {
            assert_eq!(parse(text), Ok((vec![], vec![])), "{text:?}");
        }
    }

    fn quoted(value: &str) -> String {
        format!("\"{}\"", value.replace('"', "\"\""))
    }

    proptest! {
        #[test]
        fn any_text_is_read_to_its_end(body in "[a-c,;\"\r\n ]{0,60}") {
            let _garbage_has_no_header = parse(&body);
            let text = format!("title,content,category\n{body}");
            prop_assert!(parse(&text).is_ok());
        }

        #[test]
        fn what_was_written_is_read(values in prop::collection::vec("[a-c,;\"\r\n]{0,8}z", 3..=3)) {
            let row: Vec<_> = values.iter().map(|value| quoted(value)).collect();
            let (rows, failed) = parse(&format!("title,content,category\n{}", row.join(","))).unwrap();
            prop_assert_eq!(failed, vec![]);
            prop_assert_eq!(&rows[0].text.title, values[0].trim());
            prop_assert_eq!(&rows[0].text.content, values[1].trim());
            prop_assert_eq!(&rows[0].text.category, values[2].trim());
        }
    }
}
