use axum::Router;
use axum::routing::get;

use super::*;
use crate::testing::{Answer, request, send, with};

async fn preflight(settings: &CorsSettings, origin: &str) -> Answer {
    let app = Router::new().route("/", get(async || "")).layer(layer(settings));
    let request = with(request("OPTIONS", "/"), "origin", origin);
    let request = with(request, "access-control-request-method", "PATCH");
    send(app, with(request, "access-control-request-headers", "x-api-key")).await
}

fn settings(origins: Option<&[&str]>) -> CorsSettings {
    let origins = origins.map(|origins| origins.iter().map(|origin| origin.parse().unwrap()).collect());
    CorsSettings {
        origins,
        allow_credentials: true,
        methods: None,
        headers: None,
    }
}

#[tokio::test]
async fn a_page_on_the_list_may_call_with_what_it_asks_for() {
    let answer = preflight(&settings(Some(&["https://shop.example"])), "https://shop.example").await;
    assert_eq!(
        answer.header("access-control-allow-origin"),
        "https://shop.example"
    );
    assert_eq!(answer.header("access-control-allow-credentials"), "true");
    assert_eq!(answer.header("access-control-allow-methods"), "PATCH");
    assert_eq!(answer.header("access-control-allow-headers"), "x-api-key");
}

#[tokio::test]
async fn a_page_that_is_not_on_the_list_may_not() {
    let answer = preflight(&settings(Some(&["https://shop.example"])), "https://evil.example").await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn everyone_may_call_only_without_credentials() {
    let answer = preflight(&settings(None), "https://any.example").await;
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("access-control-allow-credentials"), "");
}

#[tokio::test]
async fn a_list_of_methods_is_kept_to() {
    let only_get = CorsSettings {
        methods: Some(vec![axum::http::Method::GET]),
        ..settings(Some(&["https://shop.example"]))
    };
    let answer = preflight(&only_get, "https://shop.example").await;
    assert_eq!(answer.header("access-control-allow-methods"), "GET");
}
