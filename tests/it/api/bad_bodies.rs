//! Bodies that are refused: what is wrong is told, and where.

use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use super::names;
use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{Answer, App, As, read};

const JSON: &str = "application/json";

/// Posts bytes as they are.
async fn send(
    app: &App,
    caller: &As,
    path: &str,
    media_type: &str,
    body: impl Into<reqwest::Body>,
) -> Answer {
    read(
        app.request(caller, Method::POST, path)
            .header("Content-Type", media_type)
            .body(body),
    )
    .await
}

#[rstest]
#[tokio::test]
async fn what_is_not_json_is_malformed(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let deep = format!(
        "{{\"user_id\":\"a\",\"channel\":\"web\",\"metadata\":{}",
        "{\"a\":".repeat(100_000)
    );
    let arrays = format!(
        "{{\"user_id\":\"a\",\"channel\":\"web\",\"metadata\":{{\"a\":{}{}}}}}",
        "[".repeat(5_000),
        "]".repeat(5_000)
    );
    let bodies: [&[u8]; 14] = [
        b"{",
        b"{\"unheard_of\":",
        b"{\"user_id\":\"a\",\"channel\":\"web\"",
        b"{\"user_id\":\"a\",\"channel\":\"web\"} {}",
        b"{\"user_id\":\"a\",\"channel\":\"web\",}",
        b"{'user_id':'a','channel':'web'}",
        b"user_id=a&channel=web",
        b"{\"user_id\":\"\xff\xfe\",\"channel\":\"web\"}",
        b"{\"user_id\":\"\xed\xa0\x80\",\"channel\":\"web\"}",
        b"{\"user_id\":\"\\ud800\",\"channel\":\"web\"}",
        b"\xef\xbb\xbf{\"user_id\":\"a\",\"channel\":\"web\"}",
        b"{\"user_id\":\"a\",\"channel\":\"web\",\"metadata\":{\"a\":1e999}}",
        deep.as_bytes(),
        arrays.as_bytes(),
    ];
    for body in bodies {
        let shown = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
        let answer = send(&app, &admin, "/conversations", JSON, body.to_vec()).await;
        assert_eq!(answer.error(), (400, "2002"), "{shown}: {}", answer.body);
        assert_eq!(names(answer.enveloped()).len(), 1, "{shown}: {}", answer.body);
    }
    assert_eq!(
        app.get(&admin, "/conversations").await.expect(200)["items"],
        json!([])
    );
}

#[rstest]
#[tokio::test]
async fn a_field_that_is_not_known_is_named(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let operator = app.sign_in(acs_app::seed::OPERATOR).await;
    let conversation = app.conversation(&admin, "customer-1").await;
    let messages = format!("/conversations/{conversation}/messages");
    let cases = [
        (
            &admin,
            "/conversations",
            json!({ "user_id": "a", "channel": "web", "colour": "red" }),
            "colour",
        ),
        (
            &admin,
            &messages,
            json!({ "content": "Hello", "sender_type": "system" }),
            "sender_type",
        ),
        (
            &admin,
            "/knowledge",
            json!({ "title": "a", "content": "b", "category": "c", "id": 1 }),
            "id",
        ),
        (
            &admin,
            "/intents/import",
            json!({ "intents": [{ "name": "a", "training_phrases": [], "weight": 2 }] }),
            "intents[0].weight",
        ),
        (
            &operator,
            "/admin/organizations",
            json!({ "name": "B", "slug": "bb", "tier": "free", "limits": { "max_cars": 3 } }),
            "limits.max_cars",
        ),
        (
            &operator,
            "/admin/organizations",
            json!({ "name": "B", "slug": "bb", "tier": "free", "admin": { "email": "a@b.example", "password": "x", "role": "system" } }),
            "admin.role",
        ),
        (
            &admin,
            "/auth/token",
            json!({ "email": "a@b.example", "password": "x", "remember": true }),
            "remember",
        ),
    ];
    for (caller, path, body, field) in cases {
        let answer = app.post(caller, path, body).await;
        assert_eq!(names(answer.refused(400, "2002")), [field]);
    }
}

#[rstest]
#[tokio::test]
async fn a_value_of_the_wrong_type_is_named_by_its_path(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let operator = app.sign_in(acs_app::seed::OPERATOR).await;
    let conversation = app.conversation(&admin, "customer-1").await;
    let satisfaction = format!("/conversations/{conversation}/satisfaction");
    let messages = format!("/conversations/{conversation}/messages");
    let organization = |limits: Value| json!({ "name": "B", "slug": "bb", "tier": "free", "limits": limits });
    let cases = [
        (
            &admin,
            "/conversations",
            json!({ "user_id": 7, "channel": "web" }),
            "user_id",
        ),
        (
            &admin,
            "/conversations",
            json!({ "user_id": null, "channel": "web" }),
            "user_id",
        ),
        (
            &admin,
            "/conversations",
            json!({ "user_id": "a", "channel": ["web"] }),
            "channel",
        ),
        (
            &admin,
            "/conversations",
            json!({ "user_id": "a", "channel": "web", "metadata": "none" }),
            "metadata",
        ),
        (
            &admin,
            "/conversations",
            json!({ "user_id": "a", "channel": "web", "priority": "high" }),
            "priority",
        ),
        (
            &admin,
            "/conversations",
            json!({ "user_id": "a", "channel": "web", "priority": 1e30 }),
            "priority",
        ),
        (&admin, "/conversations", json!([1, 2]), "body"),
        (&admin, "/conversations", json!("web"), "body"),
        (
            &admin,
            &messages,
            json!({ "content": { "text": "Hello" } }),
            "content",
        ),
        (
            &admin,
            &messages,
            json!({ "content": "Hello", "attachments": {} }),
            "attachments",
        ),
        (&admin, &satisfaction, json!({ "score": 4.5 }), "score"),
        (
            &admin,
            "/intents",
            json!({ "name": "a", "training_phrases": ["b", 3] }),
            "training_phrases[1]",
        ),
        (
            &admin,
            "/knowledge",
            json!({ "title": "a", "content": "b", "category": "c", "expires_at": "soon" }),
            "expires_at",
        ),
        (
            &admin,
            "/knowledge/search",
            json!({ "query": "a", "limit": "10" }),
            "limit",
        ),
        (
            &operator,
            "/admin/organizations",
            organization(json!({ "max_users": "many" })),
            "limits.max_users",
        ),
        (
            &operator,
            "/admin/organizations",
            organization(json!([3])),
            "limits",
        ),
    ];
    for (caller, path, body, field) in cases {
        let shown = body.to_string();
        let answer = app.post(caller, path, body).await;
        assert_eq!(answer.error(), (400, "2002"), "{shown}: {}", answer.body);
        assert_eq!(names(answer.enveloped()), [field], "{shown}: {}", answer.body);
        for word in ["struct", "i16", "i64", "u32"] {
            assert!(!answer.body.to_string().contains(word), "{}", answer.body);
        }
    }
}

#[rstest]
#[tokio::test]
async fn a_value_out_of_bounds_or_off_its_list_is_a_bad_value(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let conversation = app.conversation(&admin, "customer-1").await;
    let satisfaction = format!("/conversations/{conversation}/satisfaction");
    let messages = format!("/conversations/{conversation}/messages");
    let user =
        |role: &str| json!({ "email": "a@b.example", "password": "a long passage of words", "role": role });
    let cases = [
        (
            "/conversations",
            json!({ "user_id": "a", "channel": "pigeon" }),
            "channel",
        ),
        (
            "/conversations",
            json!({ "user_id": "a", "channel": "Web" }),
            "channel",
        ),
        (
            "/conversations",
            json!({ "user_id": "a", "channel": "web", "priority": 6 }),
            "priority",
        ),
        (
            "/conversations",
            json!({ "user_id": "a", "channel": "web", "priority": 100_000 }),
            "priority",
        ),
        (&satisfaction, json!({ "score": u64::MAX }), "score"),
        (
            "/conversations",
            json!({ "user_id": "a", "channel": "web", "priority": 0 }),
            "priority",
        ),
        (
            &messages,
            json!({ "content": "Hello", "content_type": "smoke" }),
            "content_type",
        ),
        ("/admin/users", user("owner"), "role"),
        ("/admin/users", user("system"), "role"),
        ("/admin/users", user("customer"), "role"),
        (
            "/admin/api-keys",
            json!({ "name": "a", "scopes": ["everything"] }),
            "scopes[0]",
        ),
        ("/admin/api-keys", json!({ "name": "a", "scopes": [] }), "scopes"),
        (
            "/admin/api-keys",
            json!({ "name": "a", "scopes": ["converse"], "expires_at": "2001-01-01T00:00:00Z" }),
            "expires_at",
        ),
    ];
    for (path, body, field) in cases {
        let shown = body.to_string();
        let answer = app.post(&admin, path, body).await;
        assert_eq!(answer.error(), (400, "2001"), "{shown}: {}", answer.body);
        assert_eq!(names(answer.enveloped()), [field], "{shown}: {}", answer.body);
        assert!(!answer.body.to_string().contains("i16"), "{}", answer.body);
    }
}

#[rstest]
#[tokio::test]
async fn a_field_that_is_missing_is_named(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let operator = app.sign_in(acs_app::seed::OPERATOR).await;
    let conversation = app.conversation(&admin, "customer-1").await;
    let act = |act: &str| format!("/conversations/{conversation}/{act}");
    let cases = [
        (&admin, "/conversations", json!({ "channel": "web" }), "user_id"),
        (&admin, "/conversations", json!({ "user_id": "a" }), "channel"),
        (&admin, &act("messages"), json!({}), "content"),
        (
            &admin,
            &act("satisfaction"),
            json!({ "feedback": "Fine" }),
            "score",
        ),
        (&admin, &act("escalate"), json!({ "priority": 3 }), "reason"),
        (&admin, "/ai/analyze", json!({}), "text"),
        (
            &admin,
            "/knowledge",
            json!({ "title": "a", "category": "b" }),
            "content",
        ),
        (&admin, "/knowledge/search", json!({ "limit": 3 }), "query"),
        (&admin, "/intents", json!({ "name": "a" }), "training_phrases"),
        (
            &admin,
            "/intents/import",
            json!({ "intents": [{ "training_phrases": [] }] }),
            "intents[0].name",
        ),
        (
            &admin,
            "/admin/users",
            json!({ "email": "a@b.example", "role": "agent" }),
            "password",
        ),
        (
            &admin,
            "/admin/api-keys",
            json!({ "scopes": ["converse"] }),
            "name",
        ),
        (
            &operator,
            "/admin/organizations",
            json!({ "name": "B", "slug": "bb", "tier": "free", "admin": { "email": "a@b.example" } }),
            "admin.password",
        ),
        (
            &As::Nobody,
            "/auth/token",
            json!({ "email": "a@b.example" }),
            "password",
        ),
        (&As::Nobody, "/auth/token", json!({ "password": "x" }), "username"),
        (&As::Nobody, "/auth/refresh", json!({}), "refresh_token"),
        (
            &As::Nobody,
            "/auth/widget",
            json!({ "user_id": "a" }),
            "organization",
        ),
    ];
    for (caller, path, body, field) in cases {
        let answer = app.post(caller, path, body).await;
        assert_eq!(names(answer.refused(400, "2003")), [field]);
    }
    // No body at all is a body without fields.
    let answer = read(app.request(&admin, Method::POST, "/conversations")).await;
    assert_eq!(names(answer.refused(400, "2003")), ["user_id"]);
}

#[rstest]
#[tokio::test]
async fn a_body_in_another_form_than_json_is_not_taken(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let body = r#"{"user_id":"a","channel":"web"}"#;
    for media_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "text/json",
        "application/jsonx",
        "",
    ] {
        send(&app, &admin, "/conversations", media_type, body)
            .await
            .refused(415, "2002");
    }
    read(app.request(&admin, Method::POST, "/conversations").body(body))
        .await
        .refused(415, "2002");
    for media_type in [
        "application/json; charset=utf-8",
        "APPLICATION/JSON",
        "application/vnd.acme+json",
    ] {
        let answer = send(&app, &admin, "/conversations", media_type, body).await;
        assert!(answer.status.is_success(), "{media_type}: {}", answer.body);
    }
}

#[rstest]
#[tokio::test]
async fn a_field_that_is_given_twice_is_refused(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let body = r#"{"user_id":"a","channel":"web","user_id":"b"}"#;
    let answer = send(&app, &admin, "/conversations", JSON, body).await;
    assert_eq!(names(answer.refused(400, "2002")), ["user_id"]);
}

#[rstest]
#[tokio::test]
async fn of_a_text_that_says_nothing_nothing_is_understood(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    for blank in ["", "   ", " \t\n\u{a0}\u{3000}", "\u{200b}\u{feff}"] {
        let answer = app.post(&admin, "/ai/analyze", json!({ "text": blank })).await;
        assert_eq!(names(answer.refused(400, "2001")), ["text"], "{blank:?}");
    }
}

#[rstest]
#[tokio::test]
async fn a_time_zone_that_does_not_exist_is_not_taken_for_another(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    for zone in ["Mars/Olympus", "", "+02:00"] {
        let asked = json!({ "text": "Call me tomorrow.", "time_zone": zone });
        let answer = app.post(&admin, "/ai/analyze", asked).await;
        assert_eq!(names(answer.refused(400, "2001")), ["time_zone"], "{zone}");
    }
}
