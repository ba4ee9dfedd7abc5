//! Requests that are refused for their path, method, query or credentials.

use reqwest::Method;
use reqwest::header::HeaderValue;
use rstest::rstest;
use serde_json::json;

use super::{NOTHING, names, text};
use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{App, As, read};

#[rstest]
#[tokio::test]
async fn a_path_that_no_endpoint_has_is_not_found(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    for path in [
        "/nothing",
        "/conversation",
        "/me/",
        "/conversations/a/b/c",
        "/",
        "",
        "/../metrics",
    ] {
        for caller in [&As::Nobody, &admin] {
            app.get(caller, path).await.refused(404, "3004");
        }
    }
    for address in ["/api", "/api/v2/me", "/favicon.ico", "/.env", "/docs/nothing.js"] {
        read(app.http.get(format!("{}{address}", app.base)))
            .await
            .refused(404, "3004");
    }
}

#[rstest]
#[tokio::test]
async fn a_method_that_the_endpoint_does_not_know_is_told_the_ones_it_knows(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let cases = [
        (Method::DELETE, "/me", "GET,HEAD"),
        (Method::PUT, "/conversations", "GET,HEAD,POST"),
        (Method::GET, "/auth/token", "POST"),
        (Method::GET, "/ai/analyze", "POST"),
        (Method::POST, "/intents/status", "GET,HEAD"),
    ];
    for (method, path, allowed) in cases {
        let answer = app.call(&admin, method, path, None).await;
        answer.refused(405, "2002");
        let mut known: Vec<_> = answer
            .header("allow")
            .unwrap()
            .split(',')
            .map(str::trim)
            .collect();
        known.sort_unstable();
        assert_eq!(known.join(","), allowed, "{path}");
    }
}

#[rstest]
#[tokio::test]
async fn what_is_no_id_is_refused_before_it_is_looked_for(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let long = "a".repeat(4_000);
    for id in [
        "1",
        "abc",
        "null",
        "%20",
        "%FF",
        "%00",
        "..%2F..",
        "018f4e7a5b1c70008000012345678",
        &long,
        "{id}",
        "'%20OR%201=1--",
    ] {
        for path in [
            format!("/conversations/{id}"),
            format!("/knowledge/{id}"),
            format!("/intents/{id}"),
            format!("/admin/users/{id}"),
        ] {
            let answer = app.get(&admin, &path).await;
            let fields = answer.refused(400, "2002");
            assert!(
                names(fields) == ["id"] || names(fields) == ["path"],
                "{path}: {fields}"
            );
        }
    }
    let answer = app
        .get(&admin, &format!("/conversations/{NOTHING}/turns/7"))
        .await;
    assert_eq!(names(answer.refused(400, "2002")), ["message_id"]);
}

#[rstest]
#[tokio::test]
async fn an_id_of_nothing_is_not_found_with_the_code_of_its_kind(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    for id in [
        NOTHING,
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
    ] {
        app.get(&admin, &format!("/conversations/{id}"))
            .await
            .refused(404, "3001");
        app.get(&admin, &format!("/conversations/{id}/messages"))
            .await
            .refused(404, "3001");
        app.get(&admin, &format!("/admin/users/{id}"))
            .await
            .refused(404, "3002");
        app.get(&admin, &format!("/knowledge/{id}"))
            .await
            .refused(404, "3004");
        app.get(&admin, &format!("/knowledge/{id}/versions"))
            .await
            .refused(404, "3004");
        app.get(&admin, &format!("/intents/{id}"))
            .await
            .refused(404, "3004");
        app.delete(&admin, &format!("/admin/api-keys/{id}"))
            .await
            .refused(404, "3004");
    }
}

#[rstest]
#[tokio::test]
async fn a_page_has_bounds_and_a_cursor_of_ours(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    for list in [
        "/conversations",
        "/knowledge",
        "/intents",
        "/admin/users",
        "/admin/api-keys",
    ] {
        for limit in ["0", "101", "-1", "4294967297", "9223372036854775807"] {
            let answer = app.get(&admin, &format!("{list}?limit={limit}")).await;
            assert_eq!(names(answer.refused(400, "2001")), ["limit"]);
        }
        for limit in ["", "ten", "1.5", "%31%30%00", "99999999999999999999"] {
            let answer = app.get(&admin, &format!("{list}?limit={limit}")).await;
            assert_eq!(names(answer.refused(400, "2002")), ["limit"], "{limit}");
        }
        for cursor in ["", "abc", "%FF", "AAAA", "1", "eyJrIjoxfQ"] {
            let answer = app.get(&admin, &format!("{list}?cursor={cursor}")).await;
            assert_eq!(names(answer.refused(400, "2002")), ["cursor"], "{cursor}");
        }
        for limit in ["1", "100"] {
            app.get(&admin, &format!("{list}?limit={limit}"))
                .await
                .expect(200);
        }
    }
}

#[rstest]
#[tokio::test]
async fn a_cursor_that_leads_nowhere_gives_an_empty_or_whole_page_but_never_fails(
    #[values(Sqlite, Postgres)] store: Store,
) {
    use base64::Engine as _;
    let app = App::on(store).await;
    let admin = app.acme().await;
    app.conversation(&admin, "customer-1").await;
    for key in [i64::MIN, -1, 0, 1, i64::MAX] {
        let bytes: Vec<u8> = [&[1][..], &key.to_be_bytes(), &[0; 16]].concat();
        let cursor = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
        for list in [
            "/conversations",
            "/knowledge",
            "/intents",
            "/admin/users",
            "/admin/api-keys",
        ] {
            app.get(&admin, &format!("{list}?cursor={cursor}"))
                .await
                .expect(200);
        }
    }
}

#[rstest]
#[tokio::test]
async fn a_query_parameter_that_is_not_known_is_refused(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let cases = [
        ("/conversations?stauts=active", "2002", "stauts"),
        ("/conversations?limit=1&limit=2", "2002", "limit"),
        ("/conversations?status=happy", "2001", "status"),
        ("/conversations?escalated=maybe", "2002", "escalated"),
        ("/conversations?assigned_agent_id=me", "2002", "assigned_agent_id"),
        ("/conversations?created_after=yesterday", "2002", "created_after"),
        ("/knowledge?q=refund", "2002", "q"),
        ("/intents?category=a", "2002", "category"),
        ("/admin/users?role=king", "2001", "role"),
    ];
    for (path, code, field) in cases {
        let answer = app.get(&admin, path).await;
        assert_eq!(names(answer.refused(400, code)), [field], "{path}");
    }
}

#[rstest]
#[tokio::test]
async fn a_credential_counts_in_its_header_alone(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let key = app.key(&admin, &["converse"]).await;
    let (As::Token(token), As::Key(key)) = (admin, key) else {
        unreachable!()
    };
    for query in [
        "access_token",
        "token",
        "authorization",
        "api_key",
        "x-api-key",
        "X-API-Key",
    ] {
        for credential in [&token, &key] {
            app.get(&As::Nobody, &format!("/me?{query}={credential}"))
                .await
                .refused(401, "1001");
        }
    }
    let cookie = app
        .request(&As::Nobody, Method::GET, "/me")
        .header("Cookie", format!("access_token={token}"));
    read(cookie).await.refused(401, "1001");
}

#[rstest]
#[tokio::test]
async fn a_request_that_proves_two_callers_or_none_rightly_is_refused(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let key = app.key(&admin, &["converse"]).await;
    let (As::Token(token), As::Key(key)) = (admin, key) else {
        unreachable!()
    };
    let me = || app.request(&As::Nobody, Method::GET, "/me");
    let bearer = format!("Bearer {token}");
    let answer = read(me().header("Authorization", &bearer).header("X-API-Key", &key)).await;
    assert_eq!(names(answer.refused(400, "2002")), ["x-api-key"]);
    let answer = read(
        me().header("Authorization", &bearer)
            .header("Authorization", &bearer),
    )
    .await;
    assert_eq!(names(answer.refused(400, "2002")), ["authorization"]);
    let answer = read(me().header("X-API-Key", HeaderValue::from_bytes(b"acs_\xff").unwrap())).await;
    assert_eq!(names(answer.refused(400, "2002")), ["x-api-key"]);
    for wrong in [
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        &token,
        &format!("Token {token}"),
        &format!("Bearer {key}"),
    ] {
        read(me().header("Authorization", wrong))
            .await
            .refused(401, "1001");
    }
    for wrong in [
        "",
        "acs_",
        "acs_abcdefgh_",
        &token,
        &key[..55],
        &format!("{key}x"),
        &key.to_uppercase(),
    ] {
        read(me().header("X-API-Key", wrong)).await.refused(401, "1001");
    }
    for right in [
        bearer.replace("Bearer", "bearer"),
        bearer.replace("Bearer", "BEARER"),
        bearer,
    ] {
        read(me().header("Authorization", right)).await.expect(200);
    }
}

#[rstest]
#[tokio::test]
async fn head_answers_like_get_without_the_body(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let answer = app.call(&admin, Method::HEAD, "/me", None).await;
    assert_eq!((answer.status.as_u16(), &answer.body), (200, &json!("")));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let refused = app.call(&As::Nobody, Method::HEAD, "/me", None).await;
    assert_eq!(refused.status.as_u16(), 401);
    let me = app.get(&admin, "/me").await.expect(200);
    assert!(!text(&me["user"], "id").is_empty());
}
