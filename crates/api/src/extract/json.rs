//! JSON bodies, read with the path of whatever is wrong in them.

use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use bytes::Bytes;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::refusal::refusal;
use crate::problem::Problem;

/// A JSON body. An empty one reads as `{}`, so that an endpoint without required fields needs no body.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let headers = request.headers().clone();
        let body = buffered(request, state).await?;
        parse(&headers, &body).map(Self)
    }
}

/// The whole body, up to the limit of the route.
pub(super) async fn buffered<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state)
        .await
        .map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(),
            _ => Problem::malformed("body", "could not be read to its end"),
        })
}

/// The body as a `T`.
pub(crate) fn parse<T: DeserializeOwned>(headers: &HeaderMap, body: &[u8]) -> Result<T, Problem> {
    if !body.is_empty() && !is_json(headers) {
        return Err(Problem::unsupported_media("application/json"));
    }
    let body = if body.is_empty() { b"{}" } else { body };
    // serde would read an array as a struct's fields in order.
    if body.trim_ascii_start().starts_with(b"[") {
        return Err(Problem::malformed("body", "must be an object"));
    }
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let (line, column) = (error.inner().line(), error.inner().column());
        // A field is named only in a body that is JSON to its end: in a torn one, it is not the field that is wrong.
        if let Err(torn) = serde_json::from_slice::<IgnoredAny>(body) {
            not_json(&torn)
        } else if error.inner().is_data() {
            let position = format!(" at line {line} column {column}");
            let message = error.inner().to_string();
            refusal(error.path(), message.strip_suffix(&position).unwrap_or(&message))
        } else {
            not_json(error.inner())
        }
    })?;
    reader.end().map_err(|error| not_json(&error))?;
    Ok(value)
}

fn not_json(error: &serde_json::Error) -> Problem {
    Problem::malformed("body", format!("is not JSON: {error}"))
}

fn is_json(headers: &HeaderMap) -> bool {
    let essence = essence(headers);
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// The media type of the body without its parameters, in lower case; empty when none is named.
pub(crate) fn essence(headers: &HeaderMap) -> String {
    let value = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    value
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

#[cfg(test)]
mod tests;
