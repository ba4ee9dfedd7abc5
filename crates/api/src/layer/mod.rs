//! What requests pass through. Around everything, outermost first: the request's id, the client's address, the one
//! line and the metrics, security headers, cross-origin rules, compression, the error's envelope, panics. Around the
//! endpoints of the contract besides: bounded concurrency, a deadline, who is asking and how often, the body's limit.

pub(crate) mod admit;
mod cors;
mod crowd;
mod deadline;
mod envelope;
pub(crate) mod limit;
mod panic;
pub(crate) mod request_id;
pub(crate) mod security;
pub(crate) mod trace;

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

#[cfg(test)]
pub(crate) use self::envelope::envelope;
use crate::problem::Problem;
use crate::state::Api;

/// Everything that every request passes through. The last layer added is the outermost.
pub(crate) fn around(router: Router<Api>, api: &Api) -> Router<Api> {
    router
        .fallback(|| async { Problem::unknown_path() })
        .method_not_allowed_fallback(|| async { Problem::unknown_method() })
        .layer(CatchPanicLayer::custom(panic::answer))
        .layer(from_fn(envelope::envelope))
        // Event streams and pictures are left as they are.
        .layer(CompressionLayer::new())
        .layer(cors::layer(&api.settings.cors))
        .layer(from_fn(security::headers))
        .layer(from_fn(trace::trace))
        .layer(from_fn_with_state(api.clone(), trace::locate))
        .layer(from_fn_with_state(api.clone(), request_id::request_id))
}

/// What the endpoints of the contract share, whoever may call them.
pub(crate) fn bounded(router: Router<Api>, api: &Api, body: usize, time: Duration) -> Router<Api> {
    router
        .layer(DefaultBodyLimit::max(body))
        .layer(from_fn_with_state(time, deadline::deadline))
        .layer(from_fn_with_state(api.clone(), crowd::crowd))
}

#[cfg(test)]
mod tests;
