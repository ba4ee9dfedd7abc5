//! The id of a request, and the headers that every answer has.

use reqwest::Method;
use reqwest::header::HeaderValue;
use rstest::rstest;
use uuid::Uuid;

use super::text;
use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{App, As, read};

#[tokio::test]
async fn a_sane_request_id_comes_back_in_header_and_body() {
    let app = App::unseeded(Sqlite, &[]).await;
    let longest = "x".repeat(128);
    for id in ["a", "req-1/2:3~!", "\"quoted\"", "<b>", longest.as_str()] {
        let answer = read(
            app.request(&As::Nobody, Method::GET, "/me")
                .header("X-Request-ID", id),
        )
        .await;
        answer.refused(401, "1001");
        assert_eq!(answer.header("x-request-id"), Some(id));
        let fine = read(
            app.http
                .get(format!("{}/health/live", app.base))
                .header("X-Request-ID", id),
        )
        .await;
        assert_eq!(
            (fine.status.as_u16(), fine.header("x-request-id")),
            (200, Some(id))
        );
    }
}

#[tokio::test]
async fn any_other_request_id_is_replaced() {
    let app = App::unseeded(Sqlite, &[]).await;
    let long = "x".repeat(129);
    let insane: [&[u8]; 6] = [
        b"",
        b"two words",
        b"tab\there",
        b"caf\xc3\xa9",
        b"\xff",
        long.as_bytes(),
    ];
    for id in insane {
        let id = HeaderValue::from_bytes(id).unwrap();
        let answer = read(
            app.request(&As::Nobody, Method::GET, "/me")
                .header("X-Request-ID", &id),
        )
        .await;
        answer.refused(401, "1001");
        let made = answer.header("x-request-id").unwrap();
        assert!(Uuid::parse_str(made).is_ok(), "{made}");
    }
    let twice = app
        .request(&As::Nobody, Method::GET, "/me")
        .header("X-Request-ID", "a")
        .header("X-Request-ID", "b");
    let answer = read(twice).await;
    answer.refused(401, "1001");
    assert!(Uuid::parse_str(answer.header("x-request-id").unwrap()).is_ok());
}

#[tokio::test]
async fn requests_without_an_id_get_ids_of_their_own() {
    let app = App::unseeded(Sqlite, &[]).await;
    let first = app.get(&As::Nobody, "/me").await;
    let second = app.get(&As::Nobody, "/me").await;
    assert_ne!(first.header("x-request-id"), second.header("x-request-id"));
}

#[rstest]
#[tokio::test]
async fn every_answer_forbids_to_guess_frame_and_keep_it(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let unknown = app.get(&admin, "/nothing").await;
    for answer in [
        app.get(&admin, "/me").await,
        app.get(&As::Nobody, "/me").await,
        unknown,
    ] {
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert!(
            answer
                .header("content-security-policy")
                .unwrap()
                .starts_with("default-src 'none'")
        );
        assert!(answer.header("server").is_none() && answer.header("x-powered-by").is_none());
    }
}

#[rstest]
#[tokio::test]
async fn an_error_says_nothing_of_the_inside(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let refused = [
        app.get(&admin, "/conversations/x").await,
        app.get(&admin, "/conversations?cursor=x").await,
        app.post(&admin, "/conversations", serde_json::json!({ "user_id": 1 }))
            .await,
        app.post(&admin, "/admin/users", serde_json::json!({ "email": 1 }))
            .await,
        app.get(&As::Token("a.b.c".to_owned()), "/me").await,
    ];
    for answer in refused {
        answer.enveloped();
        let message = text(&answer.body["error"], "message").to_lowercase();
        for word in ["sql", "acs_", "::", "panic", "struct", "/src", "postgres"] {
            assert!(!message.contains(word), "{message}");
        }
    }
}
