//! A request that names itself takes effect once, however often it is sent.

use std::collections::BTreeSet;

use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use super::{each, items, names, text};
use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{Answer, App, As, PASSWORD, read};

/// Posts a request that names itself.
pub(super) async fn once(app: &App, caller: &As, path: &str, key: &str, body: &Value) -> Answer {
    read(
        app.request(caller, Method::POST, path)
            .header("Idempotency-Key", key)
            .json(body),
    )
    .await
}

/// The same answer, marked as an earlier one.
#[track_caller]
pub(super) fn replays(answer: &Answer, first: &Answer) {
    assert_eq!((answer.status, &answer.body), (first.status, &first.body));
    assert_eq!(first.header("idempotency-replayed"), None);
    assert_eq!(answer.header("idempotency-replayed"), Some("true"));
}

/// Every POST that takes effect, with two bodies that differ.
async fn effects(app: &App, admin: &As) -> Vec<(String, Value, Value)> {
    let conversation = app.conversation(admin, "customer-0").await;
    let act = |act: &str| format!("/conversations/{conversation}/{act}");
    let entry = |title: &str| json!({ "title": title, "content": "It says little.", "category": "general" });
    let intent = |name: &str| json!({ "name": name, "training_phrases": ["say it"] });
    let user = |email: &str| json!({ "email": email, "password": PASSWORD, "role": "agent" });
    let nothing = json!({});
    vec![
        (
            "/conversations".into(),
            json!({ "user_id": "a", "channel": "web" }),
            json!({ "user_id": "b", "channel": "web" }),
        ),
        (
            "/conversations".into(),
            json!({ "user_id": "c", "channel": "web", "initial_message": "Hello" }),
            json!({ "user_id": "c", "channel": "web", "initial_message": "Hello!" }),
        ),
        (act("satisfaction"), json!({ "score": 5 }), json!({ "score": 4 })),
        (
            act("messages"),
            json!({ "content": "Good morning" }),
            json!({ "content": "Good evening" }),
        ),
        (
            act("escalate"),
            json!({ "reason": "a" }),
            json!({ "reason": "b" }),
        ),
        (act("takeover"), nothing.clone(), nothing.clone()),
        (act("handback"), nothing.clone(), nothing.clone()),
        (act("resolve"), json!({ "summary": "a" }), nothing.clone()),
        (act("reopen"), nothing.clone(), nothing),
        ("/knowledge".into(), entry("a"), entry("b")),
        ("/intents".into(), intent("a"), intent("b")),
        (
            "/intents/import".into(),
            json!({ "intents": [intent("c")] }),
            json!({ "intents": [intent("d")] }),
        ),
        ("/admin/users".into(), user("a@b.example"), user("c@b.example")),
        (
            "/admin/api-keys".into(),
            json!({ "name": "a", "scopes": ["converse"] }),
            json!({ "name": "b", "scopes": ["converse"] }),
        ),
    ]
}

#[rstest]
#[tokio::test]
async fn the_same_request_again_gets_the_same_answer_and_another_is_told_apart(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    for (n, (path, body, other)) in effects(&app, &admin).await.into_iter().enumerate() {
        let key = format!("key-{n}");
        let first = once(&app, &admin, &path, &key, &body).await;
        assert!(first.status.is_success(), "{path}: {}", first.body);
        for _ in 0..2 {
            replays(&once(&app, &admin, &path, &key, &body).await, &first);
        }
        if other != body {
            once(&app, &admin, &path, &key, &other).await.refused(409, "2006");
        }
    }
    assert_eq!(
        each(&app.get(&admin, "/conversations").await.expect(200), "user_id"),
        ["c", "a", "customer-0"]
    );
    assert_eq!(
        each(&app.get(&admin, "/knowledge").await.expect(200), "title"),
        ["a"]
    );
    assert_eq!(
        each(&app.get(&admin, "/admin/api-keys").await.expect(200), "name"),
        ["a"]
    );
}

#[rstest]
#[tokio::test]
async fn an_organization_is_founded_once(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let operator = app.sign_in(acs_app::seed::OPERATOR).await;
    let body = json!({ "name": "Acme", "slug": "acme", "tier": "free", "admin": { "email": "a@b.example", "password": PASSWORD } });
    let first = once(&app, &operator, "/admin/organizations", "key", &body).await;
    assert_eq!(first.status, 201);
    replays(
        &once(&app, &operator, "/admin/organizations", "key", &body).await,
        &first,
    );
}

#[rstest]
#[tokio::test]
async fn the_same_key_on_another_endpoint_is_another_request(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let talk = json!({ "user_id": "customer-1", "channel": "web" });
    once(&app, &admin, "/conversations", "same", &talk)
        .await
        .expect(201);
    let key = json!({ "name": "a", "scopes": ["converse"] });
    once(&app, &admin, "/admin/api-keys", "same", &key)
        .await
        .expect(201);
    let (one, two) = (
        app.conversation(&admin, "customer-2").await,
        app.conversation(&admin, "customer-3").await,
    );
    for conversation in [one, two] {
        let path = format!("/conversations/{conversation}/satisfaction");
        let judged = once(&app, &admin, &path, "same", &json!({ "score": 5 })).await;
        assert_eq!(judged.header("idempotency-replayed"), None);
        assert_eq!(judged.expect(200)["id"], conversation);
    }
}

#[rstest]
#[tokio::test]
async fn keys_of_different_callers_never_meet(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let elsewhere = app.organization("elsewhere", json!({})).await;
    let (shop, till) = (
        app.key(&admin, &["converse"]).await,
        app.key(&admin, &["converse"]).await,
    );
    let mut seen = BTreeSet::new();
    for (n, caller) in [&admin, &shop, &till, &elsewhere].into_iter().enumerate() {
        let body = json!({ "user_id": format!("customer-{n}"), "channel": "web" });
        let answer = once(&app, caller, "/conversations", "same", &body).await;
        assert_eq!(answer.header("idempotency-replayed"), None);
        seen.insert(text(&answer.expect(201), "id").to_owned());
    }
    assert_eq!(seen.len(), 4);
}

#[rstest]
#[tokio::test]
async fn a_request_that_was_refused_leaves_its_key_free(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.organization("acme", json!({ "max_users": 1 })).await;
    let good = json!({ "user_id": "customer-1", "channel": "web" });
    once(
        &app,
        &admin,
        "/conversations",
        "key",
        &json!({ "user_id": "", "channel": "web" }),
    )
    .await
    .refused(400, "2001");
    once(&app, &admin, "/conversations", "key", &good)
        .await
        .expect(201);
    let conversation = app.conversation(&admin, "customer-1").await;
    let reopen = format!("/conversations/{conversation}/reopen");
    once(&app, &admin, &reopen, "key", &json!({}))
        .await
        .refused(409, "2004");
    app.act(&admin, &conversation, "resolve", json!({}))
        .await
        .expect(200);
    once(&app, &admin, &reopen, "key", &json!({})).await.expect(200);
}

#[rstest]
#[tokio::test]
async fn the_answer_stays_what_it_was_when_the_thing_has_changed(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let body = json!({ "title": "a", "content": "It says little.", "category": "general" });
    let first = once(&app, &admin, "/knowledge", "key", &body).await;
    let path = format!("/knowledge/{}", text(&first.body, "id"));
    app.delete(&admin, &path).await.expect(204);
    replays(&once(&app, &admin, "/knowledge", "key", &body).await, &first);
    app.get(&admin, &path).await.refused(404, "3004");

    let shop = app.key(&admin, &["converse"]).await;
    let conversation = app.conversation(&shop, "customer-1").await;
    let messages = format!("/conversations/{conversation}/messages");
    let said = json!({ "content": "Hello" });
    app.act(&shop, &conversation, "escalate", json!({ "reason": "a refund" }))
        .await
        .expect(200);
    let first = once(&app, &shop, &messages, "key", &said).await;
    app.act(&admin, &conversation, "takeover", json!({}))
        .await
        .expect(200);
    replays(&once(&app, &shop, &messages, "key", &said).await, &first);
}

#[rstest]
#[tokio::test]
async fn a_key_is_one_value_of_visible_characters(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let body = json!({ "user_id": "customer-1", "channel": "web" });
    for wrong in ["", "two words", &"k".repeat(256)] {
        let answer = once(&app, &admin, "/conversations", wrong, &body).await;
        assert_eq!(names(answer.refused(400, "2002")), ["Idempotency-Key"]);
    }
    let twice = app
        .request(&admin, Method::POST, "/conversations")
        .header("Idempotency-Key", "a")
        .header("Idempotency-Key", "b");
    read(twice.json(&body)).await.refused(400, "2002");
    assert!(items(&app.get(&admin, "/conversations").await.expect(200)).is_empty());
    once(&app, &admin, "/conversations", &"k".repeat(255), &body)
        .await
        .expect(201);
}

#[rstest]
#[tokio::test]
async fn a_message_that_is_sent_again_as_a_stream_ends_with_the_same_turn(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let shop = app.key(&admin, &["converse"]).await;
    let conversation = app.conversation(&shop, "customer-1").await;
    let path = format!("/conversations/{conversation}/messages");
    let body = json!({ "content": "Hello" });
    let first = once(&app, &shop, &path, "key", &body).await;
    let again = app
        .request(&shop, Method::POST, &path)
        .header("Idempotency-Key", "key")
        .header("Accept", "text/event-stream");
    let events = super::sse::events(again.json(&body).send().await.unwrap()).await;
    assert_eq!(events.last(), Some(&("done".to_owned(), first.body)));
    assert_eq!(app.messages(&shop, &conversation).await.len(), 2);
}
