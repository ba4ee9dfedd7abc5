//! The id of a request: the client's own if it is sane, else a new one; in the answer, the logs and the error bodies.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use crate::state::Api;

pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// How many characters an id of a client's own holds at the most.
const MAX_CHARS: usize = 128;

/// The id of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestId(Arc<str>);

impl RequestId {
    /// The id as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The client's own id, if it is sane: visible ASCII characters, at most 128, given once.
    fn given(request: &Request) -> Option<Self> {
        let mut values = request.headers().get_all(X_REQUEST_ID).iter();
        let value = values.next().filter(|_| values.next().is_none())?;
        let sane =
            (1..=MAX_CHARS).contains(&value.len()) && value.as_bytes().iter().all(u8::is_ascii_graphic);
        sane.then(|| value.to_str().ok())?.map(|id| Self(id.into()))
    }

    fn made(api: &Api) -> Self {
        Self(api.entropy.uuid(api.clock.now()).to_string().into())
    }

    /// The id of a request that is under way; empty outside of the layer that gives it.
    pub(crate) fn of(extensions: &axum::http::Extensions) -> Self {
        extensions.get().cloned().unwrap_or_else(|| Self("".into()))
    }
}

/// Gives each request its id, and each answer the id of its request.
pub(crate) async fn request_id(State(api): State<Api>, mut request: Request, next: Next) -> Response {
    let id = RequestId::given(&request).unwrap_or_else(|| RequestId::made(&api));
    request.extensions_mut().insert(id.clone());
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(X_REQUEST_ID, value);
    }
    response
}

#[cfg(test)]
mod tests;
