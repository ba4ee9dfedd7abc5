//! The document, for programs and for people.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use bytes::Bytes;
use utoipa_swagger_ui::Config;

use crate::layer::security::REFERENCE_PAGE;
use crate::openapi;
use crate::problem::Problem;
use crate::settings::ApiSettings;
use crate::state::Api;

/// Where the document is.
const DOCUMENT: &str = "/openapi.json";

/// Where the pages are.
const PAGES: &str = "/docs/";

pub(crate) fn routes(settings: &ApiSettings) -> Router<Api> {
    let document = Bytes::from(openapi::document(&settings.prefix));
    let config = Arc::new(Config::from(DOCUMENT).persist_authorization(false));
    let index = config.clone();
    Router::new()
        .route(
            DOCUMENT,
            get(async move || ([(CONTENT_TYPE, "application/json")], document)),
        )
        .route("/docs", get(async || Redirect::permanent(PAGES)))
        .route(PAGES, get(async move || file("", index)))
        .route(
            "/docs/{*path}",
            get(async move |Path(path): Path<String>| file(&path, config)),
        )
}

/// A file of Swagger UI, which comes with the program.
fn file(path: &str, config: Arc<Config<'static>>) -> Result<Response, Problem> {
    let file =
        utoipa_swagger_ui::serve(path, config).map_err(|error| Problem::internal(error.to_string()))?;
    let file = file.ok_or_else(Problem::unknown_path)?;
    let mut response = file.bytes.into_owned().into_response();
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        file.content_type.parse().map_err(Problem::internal)?,
    );
    headers.insert(CONTENT_SECURITY_POLICY, REFERENCE_PAGE);
    headers.insert(CACHE_CONTROL, axum::http::HeaderValue::from_static("no-cache"));
    Ok(response)
}
