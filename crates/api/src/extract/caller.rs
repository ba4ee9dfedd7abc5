//! Who is asking, and with what authority. Neither is ever taken from a query string.

use acs_domain::access::{Actor, Caller, Grant, Permission};
use acs_engine::EngineError;
use acs_engine::usecase::access::Credential;
use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};

use crate::problem::Problem;

/// The header of an API key.
pub(crate) const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// What the request brings to prove who is asking; `None` when it brings nothing.
pub(crate) fn credential(headers: &HeaderMap) -> Result<Option<Credential<'_>>, Problem> {
    let bearer = single(headers, &AUTHORIZATION)?.map(bearer).transpose()?;
    let key = single(headers, &API_KEY)?;
    match (bearer, key) {
        (None, None) => Ok(None),
        (Some(token), None) => Ok(Some(Credential::Bearer(token))),
        (None, Some(key)) => Ok(Some(Credential::ApiKey(key))),
        (Some(_), Some(_)) => Err(Problem::malformed(
            API_KEY.as_str(),
            "must not be sent together with Authorization",
        )),
    }
}

/// The header's one value.
fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Problem> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(Problem::malformed(name.as_str(), "must be sent once"));
    }
    let text = value
        .to_str()
        .map_err(|_| Problem::malformed(name.as_str(), "must be visible ASCII characters"))?;
    Ok(Some(text))
}

/// The token of a `Bearer` header (RFC 6750, section 2.1); the scheme's case does not matter.
fn bearer(header: &str) -> Result<&str, Problem> {
    match header.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() => {
            Ok(token.trim())
        }
        _ => Err(Problem::unauthorized()),
    }
}

/// The caller's name in logs, counters and idempotency keys.
pub(crate) fn name_of(caller: &Caller) -> String {
    match &caller.actor {
        Actor::User { id, .. } => format!("user:{id}"),
        Actor::ApiKey { id, .. } => format!("key:{id}"),
    }
}

/// A known caller, whatever they may do. The layer [`admit`](crate::layer::admit) finds out who it is.
pub(crate) struct Known(pub(crate) Caller);

impl<S: Sync> FromRequestParts<S> for Known {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts
            .extensions
            .get::<Caller>()
            .cloned()
            .map(Self)
            .ok_or_else(Problem::unauthorized)
    }
}

/// A caller who may do `P`: a handler that takes it cannot run for anyone else.
pub(crate) struct Allowed<P: Permission>(pub(crate) Grant<P>);

impl<S: Sync, P: Permission> FromRequestParts<S> for Allowed<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Known(caller) = Known::from_request_parts(parts, state).await?;
        caller
            .grant::<P>()
            .map(Self)
            .map_err(|forbidden| EngineError::from(forbidden).into())
    }
}

#[cfg(test)]
mod tests;
