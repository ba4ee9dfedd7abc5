use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::routing::{get, post as on_post};

use crate::settings::{ApiSettings, RateLimitSettings};
use crate::state::{Api, Check};
use crate::testing::{admin_token, app, from, post, request, send, state, with};

fn api(settings: ApiSettings) -> Api {
    Api::new(state(settings))
}

/// A router of one's own behind the layers of the contract.
fn behind_all(router: Router<Api>, settings: ApiSettings) -> Router {
    let api = api(settings);
    let (body, time) = (api.settings.max_body_bytes, api.settings.request_timeout);
    super::around(super::bounded(router, &api, body, time), &api).with_state(api)
}

fn strict(requests: u64) -> ApiSettings {
    let rate_limit = RateLimitSettings {
        requests,
        ..ApiSettings::default().rate_limit
    };
    ApiSettings {
        rate_limit,
        ..ApiSettings::default()
    }
}

#[tokio::test]
async fn an_unknown_path_is_told_in_the_envelope() {
    let answer = send(app(ApiSettings::default()), request("GET", "/api/v1/nothing")).await;
    assert_eq!(answer.error(), (404, "3004".to_owned()));
}

#[tokio::test]
async fn an_unknown_method_is_told_with_those_that_are_known() {
    for (path, allowed) in [
        ("/api/v1/conversations", "POST,GET,HEAD"),
        ("/api/v1/auth/token", "POST"),
    ] {
        let answer = send(app(ApiSettings::default()), request("DELETE", path)).await;
        assert_eq!(answer.error(), (405, "2002".to_owned()), "{path}");
        let mut known: Vec<_> = answer.header("allow").split(',').map(str::trim).collect();
        let mut expected: Vec<_> = allowed.split(',').collect();
        known.sort_unstable();
        expected.sort_unstable();
        assert_eq!(known, expected, "{path}");
    }
}

#[tokio::test]
async fn a_panic_fails_its_request_alone_and_tells_nothing() {
    let panics = get(|| async {
        if true {
            panic!("secret");
        }
    });
    let app = behind_all(Router::new().route("/", panics), ApiSettings::default());
    let answer = send(app, with(request("GET", "/"), "x-request-id", "r1")).await;
    assert_eq!(answer.error(), (500, "5001".to_owned()));
    assert_eq!(answer.json()["error"]["request_id"], "r1");
    assert!(!answer.text.contains("secret"));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_takes_too_long_is_given_up() {
    let slow = get(|| tokio::time::sleep(Duration::from_secs(31)));
    let app = behind_all(Router::new().route("/", slow), ApiSettings::default());
    assert_eq!(
        send(app, request("GET", "/")).await.error(),
        (504, "5003".to_owned())
    );
}

#[tokio::test(start_paused = true)]
async fn more_requests_at_once_than_places_are_turned_away() {
    let slow = get(|| tokio::time::sleep(Duration::from_secs(1)));
    let settings = ApiSettings {
        max_in_flight: 2,
        ..ApiSettings::default()
    };
    let app = behind_all(Router::new().route("/", slow), settings);
    let ask = || send(app.clone(), request("GET", "/"));
    let (one, two, three) = tokio::join!(ask(), ask(), ask());
    assert_eq!((one.status.as_u16(), two.status.as_u16()), (200, 200));
    assert_eq!(three.error(), (503, "5002".to_owned()));
    assert_eq!(three.header("retry-after"), "1");
    assert_eq!(ask().await.status, 200, "the places are free again");
}

#[tokio::test]
async fn a_large_body_is_refused_where_it_is_read() {
    let read = on_post(async |_: crate::extract::json::Body<serde_json::Value>| "");
    let settings = ApiSettings {
        max_body_bytes: 100,
        ..ApiSettings::default()
    };
    let app = behind_all(Router::new().route("/", read), settings);
    let answer = send(app, post("/", format!("\"{}\"", "a".repeat(100)))).await;
    assert_eq!(answer.error(), (413, "2001".to_owned()));
}

#[tokio::test]
async fn proofs_in_the_query_string_prove_nothing() {
    let path = format!("/api/v1/me?access_token={0}&token={0}&api_key={0}", admin_token());
    assert_eq!(
        send(app(ApiSettings::default()), request("GET", &path))
            .await
            .error(),
        (401, "1001".to_owned())
    );
}

#[tokio::test]
async fn a_forged_token_is_refused_before_anything_is_asked_of_the_store() {
    let forged = format!("Bearer {}x", admin_token());
    let answer = send(
        app(ApiSettings::default()),
        with(request("GET", "/api/v1/me"), "authorization", &forged),
    )
    .await;
    assert_eq!(answer.error(), (401, "1001".to_owned()));
}

#[tokio::test]
async fn a_store_that_is_away_says_so_without_its_address() {
    let token = format!("Bearer {}", admin_token());
    let answer = send(
        app(ApiSettings::default()),
        with(request("GET", "/api/v1/me"), "authorization", &token),
    )
    .await;
    assert_eq!(answer.error(), (503, "4002".to_owned()));
    assert!(!answer.header("retry-after").is_empty());
    assert!(!answer.text.contains("secret-host"));
}

#[tokio::test]
async fn sign_in_is_limited_by_address() {
    let app = app(strict(2));
    let ask = |address: &'static str| send(app.clone(), from(post("/api/v1/auth/token", "{}"), address));
    let first = ask("192.0.2.1:1").await;
    assert_eq!(first.status, 400);
    assert_eq!(
        [
            first.header("ratelimit-limit"),
            first.header("ratelimit-remaining")
        ],
        ["2", "1"]
    );
    assert_eq!(first.header("ratelimit-reset"), "60");
    ask("192.0.2.1:2").await;
    let limited = ask("192.0.2.1:3").await;
    assert_eq!(limited.error(), (429, "2005".to_owned()));
    assert_eq!(
        [
            limited.header("retry-after"),
            limited.header("ratelimit-remaining")
        ],
        ["60", "0"]
    );
    assert_eq!(
        ask("192.0.2.2:1").await.status,
        400,
        "another address is not concerned"
    );
}

#[tokio::test]
async fn who_fails_to_prove_who_they_are_is_limited_by_address() {
    let app = app(strict(1));
    let ask = || {
        let guess = with(request("GET", "/api/v1/me"), "x-api-key", "guess");
        send(app.clone(), from(guess, "192.0.2.1:1"))
    };
    assert_eq!(ask().await.status, 401);
    assert_eq!(ask().await.error(), (429, "2005".to_owned()));
}

#[tokio::test]
async fn a_client_cannot_choose_the_address_that_it_is_limited_by() {
    let app = app(strict(1));
    let ask = |claimed: &'static str| {
        let request = with(post("/api/v1/auth/token", "{}"), "x-forwarded-for", claimed);
        send(app.clone(), from(request, "192.0.2.1:1"))
    };
    assert_eq!(ask("198.51.100.1").await.status, 400);
    assert_eq!(ask("198.51.100.2").await.status, 429);
}

#[tokio::test]
async fn an_answer_is_compressed_for_who_can_read_it() {
    let request: Request<Body> = with(request("GET", "/openapi.json"), "accept-encoding", "gzip");
    let answer = send(app(ApiSettings::default()), request).await;
    assert_eq!(answer.header("content-encoding"), "gzip");
}

#[tokio::test]
async fn events_are_not_compressed() {
    let events = get(|| async { ([("content-type", "text/event-stream")], "data: ".repeat(100)) });
    let app = behind_all(Router::new().route("/", events), ApiSettings::default());
    let answer = send(app, with(request("GET", "/"), "accept-encoding", "gzip")).await;
    assert_eq!(answer.header("content-encoding"), "");
}

#[tokio::test]
async fn readiness_names_each_dependency_with_its_state() {
    let mut state = state(ApiSettings::default());
    state.checks = vec![
        Check::new("models", || async { Ok(()) }),
        Check::new("cache", || async { Err("refused by secret-host".into()) }),
    ];
    let answer = send(crate::router(state), request("GET", "/health/ready")).await;
    assert_eq!(answer.status, 503);
    let body = answer.json();
    assert_eq!(body["status"], "unready");
    assert_eq!(body["checks"]["models"]["status"], "ok");
    assert_eq!(body["checks"]["cache"]["status"], "failed");
    assert_eq!(body["checks"]["store"]["status"], "failed");
    assert!(!answer.text.contains("secret-host"));
}

#[tokio::test(start_paused = true)]
async fn a_dependency_that_hangs_is_not_waited_for() {
    let mut state = state(ApiSettings::default());
    state.checks = vec![Check::new("hanging", std::future::pending)];
    let answer = send(crate::router(state), request("GET", "/health/ready")).await;
    assert_eq!(answer.json()["checks"]["hanging"]["status"], "failed");
}

#[tokio::test]
async fn liveness_and_metrics_need_nothing_and_nobody() {
    let live = send(app(ApiSettings::default()), request("GET", "/health/live")).await;
    assert_eq!(
        (live.status.as_u16(), live.json()["status"].clone()),
        (200, "ok".into())
    );
    let metrics = send(app(ApiSettings::default()), request("GET", "/metrics")).await;
    assert_eq!(metrics.text, "acs_up 1\n");
    assert!(
        metrics
            .header("content-type")
            .starts_with("text/plain; version=0.0.4")
    );
}
