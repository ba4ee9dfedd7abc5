//! Twins: twenty identical requests at the same moment have one effect, and all get its answer.

use std::collections::BTreeSet;

use futures::future::join_all;
use rstest::rstest;
use serde_json::{Value, json};

use super::idempotency::once;
use super::{each, items, text};
use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{Answer, App, As, PASSWORD};

/// Twenty twins; their one answer.
async fn twins(app: &App, caller: &As, path: &str, body: Value) -> Answer {
    let mut answers = join_all((0..20).map(|_| once(app, caller, path, "twin", &body))).await;
    let different: BTreeSet<String> = answers
        .iter()
        .map(|answer| format!("{} {}", answer.status, answer.body))
        .collect();
    assert_eq!(different.len(), 1, "{different:#?}");
    let fresh = answers
        .iter()
        .filter(|answer| answer.header("idempotency-replayed").is_none())
        .count();
    assert_eq!(fresh, 1, "the work was done {fresh} times");
    answers.swap_remove(0)
}

#[rstest]
#[tokio::test]
async fn one_conversation_is_begun(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let body = json!({ "user_id": "customer-1", "channel": "web", "initial_message": "Hello" });
    let opened = twins(&app, &admin, "/conversations", body).await.expect(201);
    assert_eq!(
        each(&app.get(&admin, "/conversations").await.expect(200), "id"),
        [text(&opened, "id")]
    );
    assert_eq!(app.messages(&admin, text(&opened, "id")).await.len(), 2);
}

#[rstest]
#[tokio::test]
async fn one_message_is_said_and_answered(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    app.teach(&admin).await;
    let key = app.key(&admin, &["converse"]).await;
    let conversation = app.conversation(&key, "customer-1").await;
    let path = format!("/conversations/{conversation}/messages");
    let turn = twins(&app, &key, &path, json!({ "content": "I forgot my password" }))
        .await
        .expect(200);
    let messages = app.messages(&key, &conversation).await;
    let ids: Vec<_> = messages.iter().map(|message| &message["id"]).collect();
    assert_eq!(ids, [&turn["message_id"], &turn["reply_id"]]);
}

#[rstest]
#[tokio::test]
async fn one_key_is_made(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let made = twins(
        &app,
        &admin,
        "/admin/api-keys",
        json!({ "name": "shop", "scopes": ["converse"] }),
    )
    .await
    .expect(201);
    app.get(&As::Key(text(&made, "key").to_owned()), "/me")
        .await
        .expect(200);
    assert_eq!(
        each(&app.get(&admin, "/admin/api-keys").await.expect(200), "id"),
        [text(&made, "id")]
    );
}

#[rstest]
#[tokio::test]
async fn one_member_is_added(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let body = json!({ "email": "ann@staff.example", "password": PASSWORD, "role": "agent" });
    let user = twins(&app, &admin, "/admin/users", body).await.expect(201);
    let users = app.get(&admin, "/admin/users?role=agent").await.expect(200);
    assert_eq!(each(&users, "id"), [text(&user, "id")]);
}

#[rstest]
#[tokio::test]
async fn one_entry_is_written(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let body = json!({ "title": "a", "content": "It says little.", "category": "general" });
    let entry = twins(&app, &admin, "/knowledge", body).await.expect(201);
    assert_eq!(
        each(&app.get(&admin, "/knowledge").await.expect(200), "id"),
        [text(&entry, "id")]
    );
}

#[rstest]
#[tokio::test]
async fn one_intent_is_taught(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let body = json!({ "name": "refund", "training_phrases": ["I want my money back"] });
    let intent = twins(&app, &admin, "/intents", body).await.expect(201);
    assert_eq!(
        each(&app.get(&admin, "/intents").await.expect(200), "id"),
        [text(&intent, "id")]
    );
}

#[rstest]
#[tokio::test]
async fn one_organization_is_founded(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let operator = app.sign_in(acs_app::seed::OPERATOR).await;
    let body = json!({ "name": "Acme", "slug": "acme", "tier": "free", "admin": { "email": "a@b.example", "password": PASSWORD } });
    twins(&app, &operator, "/admin/organizations", body)
        .await
        .expect(201);
    let organizations = app.get(&operator, "/admin/organizations").await.expect(200);
    assert_eq!(each(&organizations, "slug"), ["acme", "system"]);
}

#[rstest]
#[tokio::test]
async fn without_a_key_every_message_is_its_own(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let key = app.key(&admin, &["converse"]).await;
    let conversation = app.conversation(&key, "customer-1").await;
    let answers = join_all((0..6).map(|_| app.say(&key, &conversation, "Hello"))).await;
    let ids: BTreeSet<String> = answers
        .into_iter()
        .map(|answer| text(&answer.expect(200), "message_id").to_owned())
        .collect();
    assert_eq!(ids.len(), 6);
    let list = app
        .get(&key, &format!("/conversations/{conversation}/messages?limit=100"))
        .await
        .expect(200);
    assert_eq!(items(&list).len(), 12);
}

#[rstest]
#[tokio::test]
async fn one_person_signs_in_in_ten_places(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let person = json!({ "email": "zoe@acme.example", "password": PASSWORD, "role": "agent" });
    app.post(&admin, "/admin/users", person).await.expect(201);
    let body = json!({ "email": "zoe@acme.example", "password": PASSWORD });
    let answers = join_all((0..10).map(|_| app.post(&As::Nobody, "/auth/token", body.clone()))).await;
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    assert_eq!(statuses, [200; 10]);
}
