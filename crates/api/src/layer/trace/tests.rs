use std::io::{self, Write};
use std::sync::Mutex;

use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::Value;
use tracing_subscriber::fmt::MakeWriter;

use super::*;
use crate::settings::ApiSettings;
use crate::testing::{admin_token, app, post, request, send, with};

/// What was logged.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Paper {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Everything that is logged, at any level, while the request is answered.
async fn logged(request: Request) -> Vec<Value> {
    let paper = Paper::default();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(paper.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    send(app(ApiSettings::default()), request).await;
    drop(guard);
    let text = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn request_lines(lines: &[Value]) -> Vec<&Value> {
    lines
        .iter()
        .filter(|line| line["fields"]["message"] == "request done")
        .collect()
}

#[tokio::test]
async fn each_request_has_one_line_with_what_was_asked_and_how_it_ended() {
    let path = "/api/v1/conversations/018f4e7a-5b1c-7000-8000-0123456789ab";
    let lines = logged(with(request("GET", path), "x-request-id", "r1")).await;
    let [line] = request_lines(&lines)[..] else {
        panic!("{lines:?}")
    };
    let fields = &line["fields"];
    assert_eq!(fields["http.method"], "GET");
    assert_eq!(fields["http.route"], "/api/v1/conversations/{id}");
    assert_eq!(fields["http.status"], 401);
    assert_eq!(fields["requester"], "nobody");
    assert!(fields["duration_ms"].is_f64());
    assert_eq!(line["span"]["correlation_id"], "r1");
}

#[tokio::test]
async fn an_error_is_logged_once_with_its_causes_and_its_request() {
    let token = format!("Bearer {}", admin_token());
    let asked = with(request("GET", "/api/v1/me"), "authorization", &token);
    let lines = logged(with(asked, "x-request-id", "r2")).await;
    let errors: Vec<_> = lines.iter().filter(|line| line["level"] == "ERROR").collect();
    let [error] = errors[..] else { panic!("{lines:?}") };
    assert_eq!(error["fields"]["error.code"], "4002");
    assert_eq!(error["fields"]["correlation_id"], "r2");
    let text = error["fields"]["error"].as_str().unwrap();
    assert!(text.contains("connection refused"), "{text}");
}

#[tokio::test]
async fn nothing_that_a_client_wrote_is_logged() {
    let token = format!("Bearer {}x", admin_token());
    let body = r#"{"username": "needle@example.com", "password": 17, "needle": 1}"#;
    let requests = [
        request("GET", "/api/v1/conversations?q=needle"),
        request("GET", "/needle?needle=1"),
        with(
            request("GET", "/api/v1/me"),
            "authorization",
            &token.replace("Bearer ", "Bearer needle"),
        ),
        with(request("GET", "/api/v1/me"), "x-api-key", "needle"),
        post("/api/v1/auth/token", body),
    ];
    for request in requests {
        let lines = logged(request).await;
        assert_eq!(request_lines(&lines).len(), 1);
        assert!(!format!("{lines:?}").contains("needle"), "{lines:?}");
    }
}

#[tokio::test]
async fn a_client_that_goes_away_leaves_a_line_too() {
    let paper = Paper::default();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_writer(paper.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let app = axum::Router::new()
        .route("/", axum::routing::get(std::future::pending::<()>))
        .layer(axum::middleware::from_fn(trace));
    let gone = tokio::time::timeout(std::time::Duration::ZERO, send(app, request("GET", "/"))).await;
    drop(guard);
    assert!(gone.is_err());
    let line: Value = serde_json::from_slice(&paper.0.lock().unwrap()).unwrap();
    assert_eq!(line["fields"]["http.status"], 499);
}

#[test]
fn requests_are_counted_and_timed_by_route_never_by_path() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let page = recorder.handle();
    metrics::with_local_recorder(&recorder, || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            send(app(ApiSettings::default()), request("GET", "/health/live")).await;
            send(
                app(ApiSettings::default()),
                request("GET", "/one/that/nobody/knows"),
            )
            .await;
            send(app(ApiSettings::default()), request("BREW", "/health/live")).await;
        });
    });
    let page = page.render();
    for line in [
        r#"acs_http_requests_total{method="GET",route="/health/live",status="200"} 1"#,
        r#"acs_http_requests_total{method="GET",route="unmatched",status="404"} 1"#,
        r#"acs_http_requests_total{method="OTHER",route="/health/live",status="405"} 1"#,
        r#"acs_http_request_duration_seconds_count{method="GET",route="/health/live"} 1"#,
    ] {
        assert!(page.contains(line), "{line} in {page}");
    }
}
