//! Answers to requests that take effect once.

use acs_engine::once::Once;
use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

pub(crate) const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// 201, or what an earlier request with the same key made.
pub(crate) struct Created<T>(pub(crate) Once<T>);

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        once(StatusCode::CREATED, self.0)
    }
}

/// 200, or what an earlier request with the same key answered.
pub(crate) struct Done<T>(pub(crate) Once<T>);

impl<T: Serialize> IntoResponse for Done<T> {
    fn into_response(self) -> Response {
        once(StatusCode::OK, self.0)
    }
}

/// An answer that tells whether it is an earlier one.
pub(crate) fn once<T: Serialize>(status: StatusCode, once: Once<T>) -> Response {
    marked(once.replayed, (status, Json(once.value)))
}

/// The answer, marked if it is an earlier one.
pub(crate) fn marked(replayed: bool, answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    if replayed {
        response
            .headers_mut()
            .insert(IDEMPOTENCY_REPLAYED, HeaderValue::from_static("true"));
    }
    response
}
