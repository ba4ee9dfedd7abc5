//! Files that bring knowledge in. One file for each format; a format is one line in [`parse`].

mod csv;
mod html;
mod json_lines;
mod markdown;

use acs_core::error::FieldErrors;
use acs_domain::knowledge::EntryText;
use acs_domain::text_enum;
use serde::{Deserialize, Serialize};

use crate::usecase::import::{MAX_ROWS, Remark};

text_enum! {
    /// How an imported file is written.
    pub enum Format {
        /// Markdown, one entry; a front matter holds the other fields.
        Markdown = "markdown",
        /// HTML, one entry.
        Html = "html",
        /// Comma-separated values with a header, one entry a row.
        Csv = "csv",
        /// One JSON object a line, one entry each.
        JsonLines = "jsonl",
    }
}

impl Format {
    /// The format that a file's name tells.
    #[must_use]
    pub fn of_file(name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            "md" | "markdown" => Some(Self::Markdown),
            "html" | "htm" => Some(Self::Html),
            "csv" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            _ => None,
        }
    }
}

/// An entry of a file, before it is checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Where it begins, counted from 1.
    pub line: usize,
    /// What it says.
    pub text: EntryText,
}

/// What became of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// Entries that are new.
    pub created: usize,
    /// Entries that have a new version.
    pub updated: usize,
    /// Entries that said the same already.
    pub unchanged: usize,
    /// Rows that were not taken, in the order of their lines.
    pub failed: Vec<Remark>,
}

/// The entries of a file, and its rows that cannot be read. An error means that nothing of it can be.
pub fn parse(format: Format, file_name: &str, bytes: &[u8]) -> Result<(Vec<Row>, Vec<Remark>), FieldErrors> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        FieldErrors::one(
            "file",
            format!("must be UTF-8; byte {} is not", error.valid_up_to() + 1),
        )
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (rows, failed) = match format {
        Format::Markdown => markdown::parse(file_name, text),
        Format::Html => html::parse(file_name, text),
        Format::Csv => csv::parse(text)?,
        Format::JsonLines => json_lines::parse(text),
    };
    match rows.len() + failed.len() {
        0 => return Err(FieldErrors::one("file", "holds no entry")),
        1..=MAX_ROWS => {}
        _ => {
            return Err(FieldErrors::one(
                "file",
                format!("must hold at most {MAX_ROWS} entries"),
            ));
        }
    }
    Ok((rows, failed))
}
