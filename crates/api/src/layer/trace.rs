//! One line and one measurement for each request: what was asked, by whom, how it ended and how long it took. Never a
//! query string, an address, a body or a header.

use std::sync::{Arc, OnceLock};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Extensions, Method};
use axum::middleware::Next;
use axum::response::Response;
use tokio::time::Instant;
use tracing::Instrument as _;

use super::request_id::RequestId;
use crate::extract::client::Client;
use crate::state::Api;

/// The route of a request that no endpoint matched: its path is whatever the client wrote.
const UNMATCHED: &str = "unmatched";
/// What is told of a request whose client went away before the answer: nginx's number for it.
const CLIENT_GONE: u16 = 499;
/// The routes that machines ask every few seconds: their lines are at level `debug`.
const QUIET: [&str; 3] = ["/health/live", "/health/ready", "/metrics"];

/// Where the layer that finds out who is asking notes it for the line.
#[derive(Debug, Clone, Default)]
pub(crate) struct Requester(Arc<OnceLock<String>>);

impl Requester {
    /// Notes who is asking.
    pub(crate) fn note(extensions: &Extensions, name: String) {
        if let Some(Self(place)) = extensions.get() {
            let _noted_before = place.set(name);
        }
    }
}

/// Finds out where the request comes from.
pub(crate) async fn locate(State(api): State<Api>, mut request: Request, next: Next) -> Response {
    let client = Client::find(
        request.extensions(),
        request.headers(),
        &api.settings.trusted_proxies,
    );
    request.extensions_mut().insert(client);
    next.run(request).await
}

/// Writes the line and measures, also when the client goes away before the answer.
pub(crate) async fn trace(mut request: Request, next: Next) -> Response {
    let requester = Requester::default();
    request.extensions_mut().insert(requester.clone());
    let matched = request.extensions().get::<MatchedPath>();
    let route = matched.map_or(UNMATCHED, MatchedPath::as_str).to_owned();
    let id = RequestId::of(request.extensions());
    let method = method_name(request.method());
    let span = tracing::info_span!(
        "http.request",
        correlation_id = id.as_str(),
        http.method = method,
        http.route = route
    );
    let line = Line {
        began: Instant::now(),
        method,
        route,
        requester,
        status: CLIENT_GONE,
    };
    async move {
        let mut line = line;
        let response = next.run(request).await;
        line.status = response.status().as_u16();
        response
    }
    .instrument(span)
    .await
}

/// The method, out of a closed list: it is a label of metrics.
fn method_name(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN
        .into_iter()
        .find(|known| *known == method.as_str())
        .unwrap_or("OTHER")
}

/// The line of one request, written when it is dropped.
struct Line {
    began: Instant,
    method: &'static str,
    route: String,
    requester: Requester,
    status: u16,
}

impl Drop for Line {
    fn drop(&mut self) {
        let (method, route, status) = (self.method, self.route.as_str(), self.status);
        let took = self.began.elapsed();
        let duration_ms = took.as_secs_f64() * 1_000.0;
        let requester = self.requester.0.get().map_or("nobody", String::as_str);
        if QUIET.contains(&route) {
            tracing::debug!(
                http.method = method,
                http.route = route,
                http.status = status,
                duration_ms,
                requester,
                "request done"
            );
        } else {
            tracing::info!(
                http.method = method,
                http.route = route,
                http.status = status,
                duration_ms,
                requester,
                "request done"
            );
        }
        let route = self.route.clone();
        metrics::counter!("acs_http_requests_total", "method" => method, "route" => route.clone(), "status" => status.to_string())
            .increment(1);
        metrics::histogram!("acs_http_request_duration_seconds", "method" => method, "route" => route)
            .record(took.as_secs_f64());
    }
}

#[cfg(test)]
mod tests;
