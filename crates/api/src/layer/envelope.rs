//! Where an error stops: it is logged, and becomes the body that the contract shows.

use std::sync::Arc;

use axum::Json;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::request_id::RequestId;
use crate::problem::Problem;

/// Writes the envelope of an error around its answer; the answer's own headers stay.
pub(crate) async fn envelope(request: Request, next: Next) -> Response {
    let id = RequestId::of(request.extensions());
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Arc<Problem>>() else {
        return response;
    };
    problem.log(id.as_str());
    let enveloped = (problem.status(), Json(problem.envelope(id.as_str()))).into_response();
    let (parts, body) = enveloped.into_parts();
    *response.body_mut() = body;
    response.headers_mut().extend(parts.headers);
    response
}
