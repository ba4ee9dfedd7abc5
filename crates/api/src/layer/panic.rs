//! A handler that panics fails its own request, and no other.

use std::any::Any;

use axum::response::{IntoResponse, Response};

use crate::problem::Problem;

/// Where it happened is in the log; what it said may quote a customer, and is kept nowhere.
#[derive(Debug, thiserror::Error)]
#[error("a handler panicked")]
struct Panicked;

/// The answer to a request whose handler panicked.
pub(crate) fn answer(_said: Box<dyn Any + Send>) -> Response {
    Problem::internal(Panicked).into_response()
}
