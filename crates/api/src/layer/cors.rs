//! Which web pages may call from a browser.

use std::time::Duration;

use axum::http::header::RETRY_AFTER;
use tower_http::cors::{AllowHeaders, AllowMethods, AllowOrigin, CorsLayer};

use super::limit::{LIMIT, REMAINING, RESET};
use super::request_id::X_REQUEST_ID;
use crate::answer::IDEMPOTENCY_REPLAYED;
use crate::settings::CorsSettings;

/// How long a browser may remember what it was allowed.
const MAX_AGE: Duration = Duration::from_secs(600);

/// The layer for these settings.
pub(crate) fn layer(settings: &CorsSettings) -> CorsLayer {
    let origins = settings
        .origins
        .clone()
        .map_or_else(AllowOrigin::any, AllowOrigin::list);
    // Browsers refuse `*` for methods and headers with credentials, so what is asked for is named.
    let methods = settings
        .methods
        .clone()
        .map_or_else(AllowMethods::mirror_request, AllowMethods::list);
    let headers = settings
        .headers
        .clone()
        .map_or_else(AllowHeaders::mirror_request, AllowHeaders::list);
    CorsLayer::new()
        .allow_origin(origins)
        .allow_credentials(settings.allow_credentials && settings.origins.is_some())
        .allow_methods(methods)
        .allow_headers(headers)
        .expose_headers([
            X_REQUEST_ID,
            RETRY_AFTER,
            LIMIT,
            REMAINING,
            RESET,
            IDEMPOTENCY_REPLAYED,
        ])
        .max_age(MAX_AGE)
}

#[cfg(test)]
mod tests;
