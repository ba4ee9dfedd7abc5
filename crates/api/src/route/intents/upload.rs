//! Intents as JSON or as CSV.

use acs_core::error::FieldErrors;
use acs_engine::usecase::import::{MAX_ROWS, Remark, Table};
use acs_engine::usecase::intents::{IntentRow, IntentText};
use axum::http::HeaderMap;
use bytes::Bytes;
use serde::Deserialize;

use crate::extract::json::{essence, parse};
use crate::problem::Problem;
use crate::view::intent::{ImportIntents, WriteIntent};

/// The columns of a CSV, in any order.
const COLUMNS: [&str; 2] = ["name", "phrase"];

/// A list whose items are read one by one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Items {
    intents: Vec<serde_json::Value>,
}

/// What a body holds.
#[derive(Debug)]
pub(super) struct Upload {
    pub(super) rows: Vec<IntentRow>,
    /// Rows that cannot be read.
    pub(super) failed: Vec<Remark>,
}

/// Reads a body in the form that its headers tell, where it does not hold others up.
pub(super) async fn read(headers: HeaderMap, body: Bytes) -> Result<Upload, Problem> {
    let reading = tokio::task::spawn_blocking(move || upload(&headers, &body));
    reading.await.map_err(Problem::internal)?
}

fn upload(headers: &HeaderMap, body: &[u8]) -> Result<Upload, Problem> {
    let upload = if essence(headers) == "text/csv" {
        csv(body)?
    } else {
        json(headers, body)?
    };
    if upload.rows.len() + upload.failed.len() > MAX_ROWS {
        return Err(refused(&format!("must hold at most {MAX_ROWS} rows")));
    }
    Ok(upload)
}

/// The intents of a list; each is a row, and one that cannot be read leaves the others. A body in which none can be read is
/// not what it is meant to be: it is refused by its first mistake.
fn json(headers: &HeaderMap, body: &[u8]) -> Result<Upload, Problem> {
    let Items { intents } = parse(headers, body)?;
    let mut upload = Upload {
        rows: Vec::new(),
        failed: Vec::new(),
    };
    for (line, intent) in (1..).zip(intents) {
        let read: Result<WriteIntent, _> = serde_path_to_error::deserialize(intent);
        match read {
            Ok(intent) => upload.rows.push(IntentRow {
                line,
                text: intent.into(),
            }),
            Err(error) => upload.failed.push(Remark {
                line,
                message: told(&error),
            }),
        }
    }
    if upload.rows.is_empty() && !upload.failed.is_empty() {
        drop(parse::<ImportIntents>(headers, body)?.intents);
    }
    Ok(upload)
}

/// What is wrong with an item, and where, if a field can be named.
fn told(error: &serde_path_to_error::Error<serde_json::Error>) -> String {
    match error.path().to_string() {
        path if path == "." => error.inner().to_string(),
        path => format!("{path}: {}", error.inner()),
    }
}

/// The phrases of `name,phrase` rows.
fn csv(body: &[u8]) -> Result<Upload, Problem> {
    let table = Table::open(body).filter(|table| {
        let column = |name: &str| table.header.iter().position(|column| column == name);
        table.header.len() == COLUMNS.len() && COLUMNS.iter().all(|name| column(name).is_some())
    });
    let table = table.ok_or_else(|| refused("must begin with the header `name,phrase`"))?;
    let name = usize::from(table.header[0] != COLUMNS[0]);
    let (mut rows, mut failed) = (Vec::new(), Vec::new());
    // One more than may be is enough to see that there are too many.
    for (line, record) in table.take(MAX_ROWS + 1) {
        match record {
            Ok(record) => rows.push(IntentRow {
                line,
                text: IntentText {
                    name: record[name].to_owned(),
                    training_phrases: vec![record[1 - name].to_owned()],
                    enabled: true,
                    ..IntentText::default()
                },
            }),
            Err(why) => failed.push(Remark {
                line,
                message: why.into_owned(),
            }),
        }
    }
    if rows.is_empty() && failed.is_empty() {
        return Err(Problem::malformed(
            "body",
            "holds no row below its header `name,phrase`",
        ));
    }
    Ok(Upload { rows, failed })
}

fn refused(reason: &str) -> Problem {
    Problem::invalid(FieldErrors::one("body", reason))
}

#[cfg(test)]
mod tests;
