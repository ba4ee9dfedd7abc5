//! A handler that panics fails its own request, and no other.

use std::any::Any;

use axum::response::{IntoResponse, Response};

use crate::problem::Problem;

#[derive(Debug, thiserror::Error)]
#[error("a handler panicked: {0}")]
struct Panicked(String);

/// The answer to a request whose handler panicked.
pub(crate) fn answer(panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<&str>().copied().map(str::to_owned);
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    let text = text.unwrap_or_else(|| "it said nothing readable".to_owned());
    Problem::internal(Panicked(text)).into_response()
}
