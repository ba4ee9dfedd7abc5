//! Intents as JSON or as CSV.

use acs_core::error::FieldErrors;
use acs_engine::usecase::import::{MAX_ROWS, Remark};
use acs_engine::usecase::intents::{IntentRow, IntentText};
use axum::http::HeaderMap;
use bytes::Bytes;
use serde::Deserialize;

use crate::extract::json::{essence, parse};
use crate::problem::Problem;
use crate::view::intent::ImportIntents;

/// The columns of a CSV, in any order.
const COLUMNS: [&str; 2] = ["name", "phrase"];

/// One row of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    phrase: String,
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

/// The intents of a list; each is a row.
fn json(headers: &HeaderMap, body: &[u8]) -> Result<Upload, Problem> {
    let ImportIntents { intents } = parse(headers, body)?;
    let texts = intents.into_iter().map(Into::into);
    let rows = (1..).zip(texts).map(|(line, text)| IntentRow { line, text });
    Ok(Upload {
        rows: rows.collect(),
        failed: Vec::new(),
    })
}

/// The phrases of `name,phrase` rows.
fn csv(body: &[u8]) -> Result<Upload, Problem> {
    let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(body);
    let header = reader
        .headers()
        .map_err(|error| refused(&reason(&error)))?
        .clone();
    if !header.iter().all(|name| COLUMNS.contains(&name)) || header.len() != COLUMNS.len() {
        return Err(refused("must begin with the header `name,phrase`"));
    }
    let (mut rows, mut failed) = (Vec::new(), Vec::new());
    // One more than may be is enough to see that there are too many.
    for record in reader.records().take(MAX_ROWS + 1) {
        let at = match &record {
            Ok(record) => record.position(),
            Err(error) => error.position(),
        };
        let line = at.map_or(0, |at| line_of(body, at));
        match record.and_then(|record| record.deserialize::<Row>(Some(&header))) {
            Ok(Row { name, phrase }) => rows.push(IntentRow {
                line,
                text: IntentText {
                    name,
                    training_phrases: vec![phrase],
                    enabled: true,
                    ..IntentText::default()
                },
            }),
            Err(error) => failed.push(Remark {
                line,
                message: reason(&error),
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

/// The line that a record begins on. The reader counts from the end of the one before, so empty lines come between.
fn line_of(body: &[u8], at: &csv::Position) -> usize {
    let start = usize::try_from(at.byte()).unwrap_or(usize::MAX).min(body.len());
    let empty = body[start..]
        .iter()
        .take_while(|byte| matches!(byte, b'\n' | b'\r'));
    let lines = empty.filter(|byte| **byte == b'\n').count();
    usize::try_from(at.line())
        .unwrap_or(usize::MAX)
        .saturating_add(lines)
}

fn refused(reason: &str) -> Problem {
    Problem::invalid(FieldErrors::one("body", reason))
}

fn reason(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Deserialize { err, .. } => err.to_string(),
        csv::ErrorKind::UnequalLengths { .. } => "has more or fewer columns than the header".to_owned(),
        csv::ErrorKind::Utf8 { .. } => "is not UTF-8".to_owned(),
        _ => "cannot be read".to_owned(),
    }
}

#[cfg(test)]
mod tests;
