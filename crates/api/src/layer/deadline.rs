//! No request waits for ever.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;

/// Answers 504 when the time is over. Dropped work rolls back; a turn that was accepted goes on.
pub(crate) async fn deadline(State(time): State<Duration>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(time, next.run(request)).await {
        Ok(response) => response,
        Err(_elapsed) => Problem::timeout().into_response(),
    }
}
