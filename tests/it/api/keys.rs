//! Keys of programs.

use acs_core::clock::{Clock as _, SystemClock};
use rstest::rstest;
use serde_json::{Value, json};
use time::Duration;
use time::format_description::well_known::Rfc3339;

use super::{each, items, names, text};
use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{App, As};

#[rstest]
#[tokio::test]
async fn a_key_is_shown_once(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let made = app
        .post(
            &admin,
            "/admin/api-keys",
            json!({ "name": "shop", "scopes": ["converse", "knowledge:read"] }),
        )
        .await;
    let made = made.expect(201);
    let (key, prefix) = (text(&made, "key"), text(&made, "prefix"));
    assert!(key.starts_with(&format!("acs_{prefix}_")), "{prefix}");
    let list = app.get(&admin, "/admin/api-keys").await.expect(200);
    let fields = [
        "created_at",
        "created_by",
        "expires_at",
        "id",
        "last_used_at",
        "name",
        "prefix",
        "revoked_at",
        "scopes",
    ];
    assert_eq!(names(&items(&list)[0]), fields);
    assert!(!list.to_string().contains(key));
    assert_eq!(items(&list)[0]["scopes"], json!(["converse", "knowledge:read"]));
}

#[rstest]
#[tokio::test]
async fn a_revoked_key_opens_nothing_from_that_moment_on(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let made = app
        .post(
            &admin,
            "/admin/api-keys",
            json!({ "name": "shop", "scopes": ["converse"] }),
        )
        .await
        .expect(201);
    let key = As::Key(text(&made, "key").to_owned());
    app.get(&key, "/conversations").await.expect(200);
    let path = format!("/admin/api-keys/{}", text(&made, "id"));
    app.delete(&admin, &path).await.expect(204);
    app.get(&key, "/conversations").await.refused(401, "1001");
    // Once more changes nothing.
    app.delete(&admin, &path).await.expect(204);
    let list = app.get(&admin, "/admin/api-keys").await.expect(200);
    assert!(items(&list)[0]["revoked_at"].is_string());
}

#[rstest]
#[tokio::test]
async fn the_use_of_a_key_is_noted(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let key = app.key(&admin, &["converse"]).await;
    let last_use =
        async || items(&app.get(&admin, "/admin/api-keys").await.expect(200))[0]["last_used_at"].clone();
    assert_eq!(last_use().await, Value::Null);
    app.get(&key, "/conversations").await.expect(200);
    super::eventually(async || last_use().await.as_str().map(str::to_owned)).await;
}

#[rstest]
#[tokio::test]
async fn a_key_can_end_by_itself(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let end = (SystemClock.now() + Duration::seconds(2))
        .format(&Rfc3339)
        .unwrap();
    let body = json!({ "name": "short", "scopes": ["converse"], "expires_at": end });
    let made = app.post(&admin, "/admin/api-keys", body).await.expect(201);
    let key = As::Key(text(&made, "key").to_owned());
    let refused =
        super::eventually(async || Some(app.get(&key, "/me").await).filter(|answer| answer.status != 200))
            .await;
    refused.refused(401, "1001");
}

#[rstest]
#[tokio::test]
async fn keys_are_listed_newest_first_page_by_page(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    for name in ["one", "two", "three"] {
        app.post(
            &admin,
            "/admin/api-keys",
            json!({ "name": name, "scopes": ["converse"] }),
        )
        .await
        .expect(201);
    }
    let first = app.get(&admin, "/admin/api-keys?limit=2").await.expect(200);
    assert_eq!(each(&first, "name"), ["three", "two"]);
    let path = format!("/admin/api-keys?limit=2&cursor={}", text(&first, "next_cursor"));
    let second = app.get(&admin, &path).await.expect(200);
    assert_eq!(
        (each(&second, "name"), &second["next_cursor"]),
        (vec!["one"], &Value::Null)
    );
}
