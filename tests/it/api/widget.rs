//! Customers of the chat widget: they see and do what is theirs, and nothing else.

use acs_app::seed::OPERATOR;
use rstest::rstest;
use serde_json::json;

use super::{each, items, names, text};
use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{App, As};

#[rstest]
#[tokio::test]
async fn a_visitor_gets_a_token_without_a_refresh_token(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    app.acme().await;
    let visitor = json!({ "organization": "acme", "user_id": "customer-1", "name": "Ann", "email": "ann@mail.example" });
    let token = app.post(&As::Nobody, "/auth/widget", visitor).await.expect(200);
    assert_eq!(names(&token), ["access_token", "expires_in", "token_type"]);
    let me = app
        .get(&As::Token(text(&token, "access_token").to_owned()), "/me")
        .await
        .expect(200);
    assert_eq!(
        (&me["role"], &me["user"]["external_id"]),
        (&json!("customer"), &json!("customer-1"))
    );
    assert_eq!(
        (&me["user"]["display_name"], &me["user"]["email"]),
        (&json!("Ann"), &json!(null))
    );
}

#[rstest]
#[tokio::test]
async fn the_same_visitor_stays_the_same_customer(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let visits = futures::future::join_all((0..8).map(|_| app.customer("acme", "customer-1"))).await;
    let conversation = app.conversation(&visits[0], "customer-1").await;
    for visit in &visits {
        app.read(visit, &conversation).await;
    }
    // A program that speaks for the customer meets the same one.
    assert_eq!(app.conversation(&admin, "customer-1").await, conversation);
    let people = app.get(&admin, "/admin/users?role=customer").await.expect(200);
    assert_eq!(each(&people, "external_id"), ["customer-1"]);
}

#[rstest]
#[tokio::test]
async fn a_customer_sees_their_own_conversations_only(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    app.acme().await;
    let (ann, bob) = (
        app.customer("acme", "ann").await,
        app.customer("acme", "bob").await,
    );
    let (of_ann, of_bob) = (
        app.conversation(&ann, "ann").await,
        app.conversation(&bob, "bob").await,
    );
    app.say(&ann, &of_ann, "Where is my parcel?").await.expect(200);
    for (caller, own, other) in [(&ann, &of_ann, &of_bob), (&bob, &of_bob, &of_ann)] {
        assert_eq!(
            each(&app.get(caller, "/conversations").await.expect(200), "id"),
            [own]
        );
        app.read(caller, own).await;
        app.get(caller, &format!("/conversations/{other}"))
            .await
            .refused(404, "3001");
        app.get(caller, &format!("/conversations/{other}/messages"))
            .await
            .refused(404, "3001");
        app.say(caller, other, "Hello").await.refused(404, "3001");
        app.act(caller, other, "satisfaction", json!({ "score": 1 }))
            .await
            .refused(404, "3001");
        app.act(caller, other, "escalate", json!({ "reason": "now" }))
            .await
            .refused(404, "3001");
    }
    let filtered = app.get(&bob, "/conversations?user_id=ann").await.expect(200);
    assert!(items(&filtered).is_empty());
    assert_eq!(app.messages(&ann, &of_ann).await.len(), 2);
}

#[rstest]
#[tokio::test]
async fn a_customer_opens_no_conversation_in_another_name(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    app.acme().await;
    let ann = app.customer("acme", "ann").await;
    let answer = app
        .post(
            &ann,
            "/conversations",
            json!({ "user_id": "bob", "channel": "web" }),
        )
        .await;
    assert_eq!(names(answer.refused(400, "2001")), ["user_id"]);
}

#[rstest]
#[tokio::test]
async fn a_customer_may_do_none_of_what_the_staff_does(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    app.acme().await;
    let ann = app.customer("acme", "ann").await;
    let conversation = app.conversation(&ann, "ann").await;
    let turn = app
        .say(&ann, &conversation, "Where is my parcel?")
        .await
        .expect(200);
    for act in ["takeover", "handback", "resolve", "reopen"] {
        app.act(&ann, &conversation, act, json!({}))
            .await
            .refused(403, "1002");
    }
    app.patch(
        &ann,
        &format!("/conversations/{conversation}"),
        json!({ "priority": 5 }),
    )
    .await
    .refused(403, "1002");
    let evidence = format!(
        "/conversations/{conversation}/turns/{}",
        text(&turn, "message_id")
    );
    app.get(&ann, &evidence).await.refused(403, "1002");
    app.post(&ann, "/knowledge/search", json!({ "query": "parcel" }))
        .await
        .refused(403, "1002");
}

#[rstest]
#[tokio::test]
async fn the_widget_is_for_customers_of_organizations_that_exist(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    app.acme().await;
    let visit = async |organization: &str, user_id: &str| {
        app.post(
            &As::Nobody,
            "/auth/widget",
            json!({ "organization": organization, "user_id": user_id }),
        )
        .await
    };
    visit("nowhere", "ann").await.refused(404, "3004");
    for user_id in ["", " ann", "ann\n", &"a".repeat(256)] {
        assert_eq!(
            names(visit("acme", user_id).await.refused(400, "2001")),
            ["user_id"]
        );
    }
    visit("acme", &"é".repeat(255)).await.expect(200);
    let body = json!({ "organization": "acme", "user_id": "ann", "email": "no address" });
    assert_eq!(
        names(
            app.post(&As::Nobody, "/auth/widget", body)
                .await
                .refused(400, "2001")
        ),
        ["email"]
    );
    app.sign_in(OPERATOR).await;
}

#[rstest]
#[tokio::test]
async fn a_switched_off_customer_is_not_let_in_again(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    app.customer("acme", "ann").await;
    let people = app.get(&admin, "/admin/users?role=customer").await.expect(200);
    let path = format!("/admin/users/{}", each(&people, "id")[0]);
    app.patch(&admin, &path, json!({ "status": "inactive" }))
        .await
        .expect(200);
    let body = json!({ "organization": "acme", "user_id": "ann" });
    app.post(&As::Nobody, "/auth/widget", body)
        .await
        .refused(401, "1001");
}

#[rstest]
#[tokio::test]
async fn the_operators_have_no_customers(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    for organization in ["system", "nobody"] {
        let visitor = json!({ "organization": organization, "user_id": "customer-1" });
        let answer = app.post(&As::Nobody, "/auth/widget", visitor).await;
        assert_eq!(answer.error(), (404, "3004"), "{organization}");
    }
}
