//! More requests at once than the server can serve well are turned away at once, so that the others are served well.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;
use crate::state::Api;

/// Holds a place while the request is worked on, or answers 503.
pub(crate) async fn crowd(State(api): State<Api>, request: Request, next: Next) -> Response {
    match api.places().try_acquire() {
        Ok(_place) => next.run(request).await,
        Err(_full) => Problem::overloaded().into_response(),
    }
}
