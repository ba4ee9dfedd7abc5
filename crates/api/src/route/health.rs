//! What whoever runs the service asks of it.

use std::collections::BTreeMap;
use std::time::Duration;

use acs_core::error::Chain;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use futures::future::join_all;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::{Api, Check};

/// How long a dependency may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(2);
/// Prometheus' text format.
const METRICS_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(live))
        .routes(routes!(ready))
        .routes(routes!(metrics))
}

/// Whether the process runs.
#[derive(Debug, Serialize, ToSchema)]
struct Live {
    #[schema(example = "ok")]
    status: &'static str,
}

/// Whether requests may come.
#[derive(Debug, Serialize, ToSchema)]
struct Ready {
    /// `ready`, or `unready`.
    status: &'static str,
    /// Each dependency with its state.
    checks: BTreeMap<&'static str, Dependency>,
}

/// The state of a dependency.
#[derive(Debug, Serialize, ToSchema)]
struct Dependency {
    /// `ok`, or `failed`; the reason is in the log.
    status: &'static str,
}

/// Tell whether the process runs
#[utoipa::path(get, path = "/health/live", tag = "Operations", operation_id = "get_liveness",
    responses((status = 200, description = "It does.", body = Live)))]
async fn live() -> Json<Live> {
    Json(Live { status: "ok" })
}

/// Tell whether requests may come
#[utoipa::path(get, path = "/health/ready", tag = "Operations", operation_id = "get_readiness",
    responses((status = 200, description = "They may.", body = Ready),
              (status = 503, description = "A dependency does not answer.", body = Ready)))]
async fn ready(State(api): State<Api>) -> (StatusCode, Json<Ready>) {
    let housekeeping = api.engine.housekeeping.clone();
    let store = Check::new("store", move || {
        let housekeeping = housekeeping.clone();
        async move { housekeeping.store_answers().await.map_err(Into::into) }
    });
    let checks = std::iter::once(&store).chain(&api.checks);
    let checks: BTreeMap<_, _> = join_all(checks.map(probe)).await.into_iter().collect();
    let ready = checks.values().all(|state| state.status == "ok");
    let (code, status) = if ready {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "unready")
    };
    (code, Json(Ready { status, checks }))
}

async fn probe(check: &Check) -> (&'static str, Dependency) {
    let name = check.name();
    let status = match tokio::time::timeout(PATIENCE, check.run()).await {
        Ok(Ok(())) => "ok",
        Ok(Err(error)) => {
            tracing::warn!(dependency = name, error = %Chain(&*error), "a dependency failed its check");
            "failed"
        }
        Err(_elapsed) => {
            tracing::warn!(dependency = name, "a dependency did not answer its check in time");
            "failed"
        }
    };
    (name, Dependency { status })
}

/// Read the metrics
///
/// Counts and times only, in Prometheus' text format; no proof of who is asking is needed.
#[utoipa::path(get, path = "/metrics", tag = "Operations", operation_id = "get_metrics",
    responses((status = 200, description = "The metrics.", body = String, content_type = "text/plain")))]
async fn metrics(State(api): State<Api>) -> impl IntoResponse {
    ([(CONTENT_TYPE, METRICS_TYPE)], (api.metrics)())
}
