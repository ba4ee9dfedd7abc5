//! Query parameters. One that an endpoint does not know is refused: a misspelt filter must not list everything.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use url::form_urlencoded;

use super::refusal::refusal;
use crate::problem::Problem;

/// Query parameters, as a `T` that denies unknown fields.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
        // No value has one, and PostgreSQL does not take it.
        if let Some((name, _)) = query.clone().find(|(_, value)| value.contains('\0')) {
            return Err(Problem::malformed(name, "must not contain NUL characters"));
        }
        serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(query))
            .map(Self)
            .map_err(|error| refusal(error.path(), &error.inner().to_string()))
    }
}

#[cfg(test)]
mod tests;
