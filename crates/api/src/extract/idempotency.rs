//! Requests that name themselves, so that sending them twice is as good as once.

use std::fmt::Write as _;
use std::sync::Arc;

use acs_core::clock::Clock;
use acs_domain::idempotency::{Claim, MAX_KEY_CHARS};
use axum::extract::{FromRef, FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use utoipa::IntoParams;

use super::caller::{Known, name_of};
use super::json::{buffered, essence, parse};
use crate::problem::Problem;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The parameter of every endpoint that takes effect once.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct IdempotencyKey {
    /// Names the request: sent again with the same key and body within 24 hours, it gets the first answer, and takes
    /// no effect again.
    #[param(rename = "Idempotency-Key", required = false, max_length = 255)]
    #[expect(dead_code, reason = "only the document reads it")]
    key: String,
}

/// A key, and everything of its claim that is known before the body.
pub(crate) struct Keyed {
    caller: String,
    operation: String,
    key: String,
    at: OffsetDateTime,
}

impl Keyed {
    /// The key of a request, if it has one.
    pub(crate) async fn of<S>(parts: &mut Parts, state: &S) -> Result<Option<Self>, Problem>
    where
        S: Send + Sync,
        Arc<dyn Clock>: FromRef<S>,
    {
        let caller = Known::from_request_parts(parts, state).await;
        Self::by(parts, state, || Ok(name_of(&caller?.0)))
    }

    fn by<S>(
        parts: &Parts,
        state: &S,
        caller: impl FnOnce() -> Result<String, Problem>,
    ) -> Result<Option<Self>, Problem>
    where
        Arc<dyn Clock>: FromRef<S>,
    {
        let key = key(&parts.headers)?;
        let caller = caller()?;
        Ok(key.map(|key| Self {
            caller,
            operation: format!("{} {}", parts.method, parts.uri.path()),
            key,
            at: Arc::<dyn Clock>::from_ref(state).now(),
        }))
    }

    /// The claim over a content of this kind.
    pub(crate) fn claim(self, kind: &str, content: &[u8]) -> Claim {
        Claim {
            caller: self.caller,
            operation: self.operation,
            key: self.key,
            request_hash: hash(kind, content),
            at: self.at,
        }
    }
}

/// The whole body as it came, with the claim of its key if it has one.
pub(crate) struct ClaimedBytes {
    pub(crate) claim: Option<Claim>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl<S> FromRequest<S> for ClaimedBytes
where
    S: Send + Sync,
    Arc<dyn Clock>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let keyed = Keyed::of(&mut parts, state).await?;
        let headers = parts.headers.clone();
        let body = buffered(Request::from_parts(parts, body), state).await?;
        let claim = keyed.map(|keyed| keyed.claim(&essence(&headers), &body));
        Ok(Self { claim, headers, body })
    }
}

/// A JSON body, with the claim of its key if it has one.
pub(crate) struct Claimed<T> {
    pub(crate) claim: Option<Claim>,
    pub(crate) body: T,
}

impl<T, S> FromRequest<S> for Claimed<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
    Arc<dyn Clock>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let ClaimedBytes { claim, headers, body } = ClaimedBytes::from_request(request, state).await?;
        Ok(Self {
            claim,
            body: parse(&headers, &body)?,
        })
    }
}

/// A JSON body that itself proves who is asking, with the claim of its key if it has one. Keys with different bodies never
/// meet: nobody else knows this one.
pub(crate) struct ClaimedByBody<T> {
    pub(crate) claim: Option<Claim>,
    pub(crate) body: T,
}

impl<T, S> FromRequest<S> for ClaimedByBody<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
    Arc<dyn Clock>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let body = buffered(Request::from_parts(parts.clone(), body), state).await?;
        let kind = essence(&parts.headers);
        let keyed = Keyed::by(&parts, state, || Ok(format!("body:{}", hash(&kind, &body))))?;
        Ok(Self {
            claim: keyed.map(|keyed| keyed.claim(&kind, &body)),
            body: parse(&parts.headers, &body)?,
        })
    }
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut values = headers.get_all(&IDEMPOTENCY_KEY).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let visible = value.as_bytes().iter().all(u8::is_ascii_graphic);
    let fits = (1..=MAX_KEY_CHARS).contains(&value.len());
    match value.to_str() {
        Ok(key) if visible && fits && values.next().is_none() => Ok(Some(key.to_owned())),
        _ => {
            let reason = format!("must be one value of 1 to {MAX_KEY_CHARS} visible ASCII characters");
            Err(Problem::malformed("Idempotency-Key", reason))
        }
    }
}

/// SHA-256 over the kind of content and the content, in hex. The kind's end is marked: no content looks like another's
/// kind.
fn hash(kind: &str, content: &[u8]) -> String {
    let digest = Sha256::new()
        .chain_update(kind)
        .chain_update([0])
        .chain_update(content)
        .finalize();
    digest.iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _infallible = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests;
