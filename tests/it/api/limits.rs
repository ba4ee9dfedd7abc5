//! The limits of an organization hold, also for requests at once.

use futures::future::join_all;
use rstest::rstest;
use serde_json::{Value, json};

use super::imports::upload;
use super::text;
use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{Answer, App, As, PASSWORD, read};

/// How many succeeded; the others were told that the limit is reached.
fn let_through(answers: &[Answer]) -> usize {
    let (through, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status.is_success());
    refused
        .iter()
        .for_each(|answer| drop(answer.refused(403, "3003").clone()));
    through.len()
}

async fn usage(app: &App, admin: &As) -> Value {
    app.get(admin, "/admin/organization").await.expect(200)["usage"].clone()
}

#[rstest]
#[tokio::test]
async fn no_more_conversations_begin_in_a_month_than_allowed(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app
        .organization("acme", json!({ "max_conversations_per_month": 3 }))
        .await;
    let bodies: Vec<_> = (0..8)
        .map(|n| json!({ "user_id": format!("customer-{n}"), "channel": "web" }))
        .collect();
    let answers = join_all(
        bodies
            .iter()
            .map(|body| app.post(&admin, "/conversations", body.clone())),
    )
    .await;
    assert_eq!(let_through(&answers), 3);
    // Those that are open go on.
    let (body, opened) = bodies
        .iter()
        .zip(&answers)
        .find(|(_, answer)| answer.status == 201)
        .unwrap();
    let resumed = app.post(&admin, "/conversations", body.clone()).await.expect(200);
    assert_eq!(resumed["id"], opened.body["id"]);
    assert_eq!(usage(&app, &admin).await["conversations_this_month"], 3);
    // Another organization has limits of its own.
    let other = app.organization("other", json!({})).await;
    app.conversation(&other, "customer-1").await;
}

#[rstest]
#[tokio::test]
async fn no_more_staff_is_added_than_allowed_and_customers_do_not_count(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let admin = app.organization("acme", json!({ "max_users": 3 })).await;
    app.customer("acme", "customer-1").await;
    let user =
        |n| json!({ "email": format!("user-{n}@acme.example"), "password": PASSWORD, "role": "agent" });
    let answers = join_all((0..6).map(|n| app.post(&admin, "/admin/users", user(n)))).await;
    assert_eq!(let_through(&answers), 2);
    assert_eq!(usage(&app, &admin).await["users"], 3);
    app.customer("acme", "customer-2").await;
}

#[rstest]
#[tokio::test]
async fn a_full_conversation_takes_no_more_messages_of_anyone(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app
        .organization("acme", json!({ "max_messages_per_conversation": 4 }))
        .await;
    let key = app.key(&admin, &["converse"]).await;
    let conversation = app.conversation(&key, "customer-1").await;
    for _ in 0..2 {
        app.say(&key, &conversation, "Hello").await.expect(200);
    }
    for caller in [&key, &admin] {
        app.say(caller, &conversation, "Hello").await.refused(403, "3003");
    }
    let first = json!({ "user_id": "customer-1", "channel": "web", "initial_message": "Hello" });
    app.post(&key, "/conversations", first).await.refused(403, "3003");
    assert_eq!(app.messages(&key, &conversation).await.len(), 4);
    assert_eq!(app.read(&key, &conversation).await["message_count"], 4);
}

#[rstest]
#[tokio::test]
async fn no_more_knowledge_is_kept_than_allowed(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app
        .organization("acme", json!({ "max_knowledge_entries": 3 }))
        .await;
    let entry =
        |n| json!({ "title": format!("Entry {n}"), "content": "It says little.", "category": "general" });
    let answers = join_all((0..5).map(|n| app.post(&admin, "/knowledge", entry(n)))).await;
    assert_eq!(let_through(&answers), 3);
    read(upload(&app, &admin, "more.md", "# More\n\nIt says more."))
        .await
        .refused(403, "3003");
    let kept = answers.iter().find(|answer| answer.status == 201).unwrap();
    let path = format!("/knowledge/{}", text(&kept.body, "id"));
    app.put(&admin, &path, entry(9)).await.expect(200);
    assert_eq!(usage(&app, &admin).await["knowledge_entries"], 3);
    // What is removed makes room.
    app.delete(&admin, &path).await.expect(204);
    app.post(&admin, "/knowledge", entry(10)).await.expect(201);
    app.post(&admin, "/knowledge", entry(11))
        .await
        .refused(403, "3003");
}

#[rstest]
#[tokio::test]
async fn an_organization_has_the_limits_of_its_tier_unless_given_others(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let admin = app.organization("acme", json!({ "max_users": 7 })).await;
    let organization = app.get(&admin, "/admin/organization").await.expect(200);
    let expected = json!({ "max_users": 7, "max_conversations_per_month": 100_000, "max_messages_per_conversation": 1_000,
        "max_knowledge_entries": 20_000, "max_api_calls_per_hour": 500_000, "storage_quota_gb": 250 });
    assert_eq!(
        (&organization["tier"], &organization["limits"]),
        (&json!("professional"), &expected)
    );
}

#[rstest]
#[tokio::test]
async fn a_short_name_belongs_to_one_organization(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    app.acme().await;
    let operator = app.sign_in(acs_app::seed::OPERATOR).await;
    let body = |slug: &str| json!({ "name": "Acme", "slug": slug, "tier": "free" });
    for taken in ["acme", "system"] {
        app.post(&operator, "/admin/organizations", body(taken))
            .await
            .refused(409, "2004");
    }
    for wrong in ["", "a", "-ab", "ab-", "Acme", "a b", "ä1", "a/b", &"a".repeat(64)] {
        let answer = app.post(&operator, "/admin/organizations", body(wrong)).await;
        assert_eq!(super::names(answer.refused(400, "2001")), ["slug"]);
    }
    let created = app
        .post(&operator, "/admin/organizations", body("acme-2"))
        .await
        .expect(201);
    assert_eq!(created["admin"], Value::Null);
    let read = app
        .get(
            &operator,
            &format!("/admin/organizations/{}", text(&created, "id")),
        )
        .await
        .expect(200);
    assert_eq!((&read["slug"], &read["name"]), (&json!("acme-2"), &json!("Acme")));
    let weak = json!({ "name": "Acme", "slug": "acme-3", "tier": "free", "admin": { "email": "nobody", "password": "x" } });
    let answer = app.post(&operator, "/admin/organizations", weak).await;
    assert_eq!(
        super::names(answer.refused(400, "2001")),
        ["admin.email", "admin.password"]
    );
}
