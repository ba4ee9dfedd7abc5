//! Intents as JSON or as CSV.

use std::collections::HashMap;

use acs_core::error::FieldErrors;
use acs_engine::usecase::intents::IntentText;
use axum::http::HeaderMap;
use serde::Deserialize;

use crate::extract::json::{essence, parse};
use crate::problem::Problem;
use crate::view::intent::ImportIntents;

/// One row of a CSV.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    phrase: String,
}

/// The intents of a body, in the form that its headers tell.
pub(super) fn texts(headers: &HeaderMap, body: &[u8]) -> Result<Vec<IntentText>, Problem> {
    if essence(headers) == "text/csv" {
        return csv(body);
    }
    let ImportIntents { intents } = parse(headers, body)?;
    Ok(intents.into_iter().map(Into::into).collect())
}

/// The intents of `name,phrase` rows, in the order of their first row. Every bad row is named.
fn csv(body: &[u8]) -> Result<Vec<IntentText>, Problem> {
    let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(body);
    let mut texts: Vec<IntentText> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut errors = FieldErrors::default();
    for (n, row) in reader.deserialize::<Row>().enumerate() {
        match row {
            Ok(Row { name, phrase }) => {
                let place = *places.entry(name.clone()).or_insert_with(|| {
                    texts.push(IntentText {
                        name,
                        enabled: true,
                        ..IntentText::default()
                    });
                    texts.len() - 1
                });
                texts[place].training_phrases.push(phrase);
            }
            Err(error) => errors.add(format!("rows.{n}"), reason(&error)),
        }
    }
    if !errors.is_empty() {
        return Err(Problem::invalid(errors));
    }
    if texts.is_empty() {
        return Err(Problem::malformed(
            "body",
            "holds no row below its header `name,phrase`",
        ));
    }
    Ok(texts)
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
