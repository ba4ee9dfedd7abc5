//! Conversations: begun, resumed, listed, read, changed.

use futures::future::join_all;
use rstest::rstest;
use serde_json::{Value, json};

use super::{each, items, names, text};
use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{App, As};

async fn open(app: &App, caller: &As, user_id: &str, channel: &str) -> Value {
    let answer = app
        .post(
            caller,
            "/conversations",
            json!({ "user_id": user_id, "channel": channel }),
        )
        .await;
    answer.expect(201)
}

#[rstest]
#[tokio::test]
async fn a_conversation_begins_with_nothing_said(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let key = app.key(&admin, &["converse"]).await;
    let body = json!({ "user_id": "customer-1", "channel": "mobile", "metadata": { "cart": [1, { "sku": "é" }] }, "priority": 4 });
    let opened = app.post(&key, "/conversations", body).await.expect(201);
    let fields = [
        "agent_message_count",
        "ai_confidence_avg",
        "ai_message_count",
        "assigned_agent_id",
        "channel",
        "current_topic",
        "emotion_trajectory",
        "ended_at",
        "escalated",
        "escalation_reason",
        "id",
        "last_activity_at",
        "message_count",
        "metadata",
        "number",
        "priority",
        "resolution_type",
        "resolved",
        "salesforce_case_id",
        "satisfaction_score",
        "sentiment_current",
        "started_at",
        "status",
        "tags",
        "title",
        "topic_stack",
        "user_id",
        "user_message_count",
    ];
    assert_eq!(names(&opened), fields);
    let expected = json!({ "number": 1, "user_id": "customer-1", "channel": "mobile", "status": "initialized", "priority": 4,
        "message_count": 0, "escalated": false, "resolved": false, "ai_confidence_avg": null, "ended_at": null,
        "metadata": { "cart": [1, { "sku": "é" }] } });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&opened[field], value, "{field}");
    }
    assert!(text(&opened, "started_at").ends_with('Z'));
    assert_eq!(app.read(&admin, text(&opened, "id")).await, opened);
}

#[rstest]
#[tokio::test]
async fn the_open_conversation_of_a_customer_on_a_channel_goes_on(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let first = open(&app, &admin, "customer-1", "web").await;
    let other_words =
        json!({ "user_id": "customer-1", "channel": "web", "metadata": { "late": true }, "priority": 5 });
    let resumed = app.post(&admin, "/conversations", other_words).await.expect(200);
    assert_eq!(resumed, first);
    let on_email = open(&app, &admin, "customer-1", "email").await;
    let of_another = open(&app, &admin, "customer-2", "web").await;
    assert_eq!(
        (&on_email["number"], &of_another["number"]),
        (&json!(2), &json!(3))
    );
    app.act(&admin, text(&first, "id"), "resolve", json!({}))
        .await
        .expect(200);
    let next = open(&app, &admin, "customer-1", "web").await;
    assert_eq!(next["number"], 4);
}

#[rstest]
#[tokio::test]
async fn twenty_requests_at_once_begin_one_conversation(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let body = json!({ "user_id": "customer-1", "channel": "web" });
    let answers = join_all((0..20).map(|_| app.post(&admin, "/conversations", body.clone()))).await;
    let begun = answers.iter().filter(|answer| answer.status == 201).count();
    let resumed = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!((begun, resumed), (1, 19));
    assert!(
        answers
            .iter()
            .all(|answer| answer.body["id"] == answers[0].body["id"])
    );
}

#[rstest]
#[tokio::test]
async fn conversations_begun_at_once_are_numbered_without_gaps(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let customers: Vec<String> = (0..20).map(|n| format!("customer-{n}")).collect();
    let opened = join_all(
        customers
            .iter()
            .map(|customer| open(&app, &admin, customer, "web")),
    )
    .await;
    let mut numbers: Vec<_> = opened.iter().map(|it| it["number"].as_i64().unwrap()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
}

#[rstest]
#[tokio::test]
async fn the_first_message_can_come_with_the_conversation(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    app.teach(&admin).await;
    let body =
        json!({ "user_id": "customer-1", "channel": "web", "initial_message": "I forgot my password" });
    let opened = app.post(&admin, "/conversations", body.clone()).await.expect(201);
    let turn = &opened["turn"];
    assert_eq!(
        (&turn["outcome"], &turn["conversation_id"]),
        (&json!("answered"), &opened["id"])
    );
    assert_eq!(
        (&opened["status"], &turn["status"]),
        (&json!("processing"), &json!("waiting_for_user"))
    );
    let again = app.post(&admin, "/conversations", body).await.expect(200);
    assert_eq!(again["id"], opened["id"]);
    let messages = app.messages(&admin, text(&opened, "id")).await;
    let senders: Vec<_> = messages
        .iter()
        .map(|message| text(message, "sender_type"))
        .collect();
    assert_eq!(senders, ["user", "ai_agent", "user", "ai_agent"]);
}

#[rstest]
#[tokio::test]
async fn the_list_can_be_filtered(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let agent = app.member(&admin, "agent").await;
    let me = app.get(&agent, "/me").await.expect(200);
    let agent_id = text(&me["user"], "id");
    let (one, two, three) = (
        open(&app, &admin, "customer-1", "web").await,
        open(&app, &admin, "customer-2", "email").await,
        open(&app, &admin, "customer-3", "web").await,
    );
    let path = |conversation: &Value| format!("/conversations/{}", text(conversation, "id"));
    app.patch(
        &admin,
        &path(&one),
        json!({ "title": "Broken LAMP, 100% dark_red" }),
    )
    .await
    .expect(200);
    app.act(
        &admin,
        text(&two, "id"),
        "escalate",
        json!({ "reason": "a refund" }),
    )
    .await
    .expect(200);
    app.act(&agent, text(&three, "id"), "takeover", json!({}))
        .await
        .expect(200);
    let began = text(&two, "started_at");
    let cases: [(String, &[i64]); 18] = [
        (String::new(), &[3, 2, 1]),
        ("status=initialized".into(), &[1]),
        ("status=escalated".into(), &[2]),
        ("channel=web".into(), &[3, 1]),
        ("channel=web&status=waiting_for_agent".into(), &[3]),
        (format!("assigned_agent_id={agent_id}"), &[3]),
        ("escalated=true".into(), &[2]),
        ("escalated=false".into(), &[3, 1]),
        ("user_id=customer-2".into(), &[2]),
        ("user_id=customer".into(), &[]),
        ("q=lamp".into(), &[1]),
        ("q=dark%20BROKEN".into(), &[1]),
        ("q=100%25".into(), &[1]),
        ("q=k_r".into(), &[1]),
        ("q=%25x".into(), &[]),
        ("q=nothing".into(), &[]),
        (format!("created_after={began}"), &[3]),
        (format!("created_before={began}"), &[1]),
    ];
    for (query, expected) in cases {
        let list = app
            .get(&admin, &format!("/conversations?{query}"))
            .await
            .expect(200);
        let numbers: Vec<_> = items(&list)
            .iter()
            .map(|it| it["number"].as_i64().unwrap())
            .collect();
        assert_eq!(numbers, expected, "{query}");
    }
}

#[rstest]
#[tokio::test]
async fn pages_follow_each_other_whatever_begins_meanwhile(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    for n in 0..7 {
        open(&app, &admin, &format!("customer-{n}"), "web").await;
    }
    let (mut seen, mut path, mut pages) = (Vec::new(), "/conversations?limit=3".to_owned(), 0);
    loop {
        let page = app.get(&admin, &path).await.expect(200);
        seen.extend(each(&page, "user_id").into_iter().map(str::to_owned));
        pages += 1;
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        open(&app, &admin, &format!("late-{pages}"), "web").await;
        path = format!("/conversations?limit=3&cursor={cursor}");
    }
    let expected: Vec<_> = (0..7).rev().map(|n| format!("customer-{n}")).collect();
    assert_eq!((seen, pages), (expected, 3));
    // Exactly a full page has no next one.
    let page = app.get(&admin, "/conversations?limit=9").await.expect(200);
    assert_eq!((items(&page).len(), &page["next_cursor"]), (9, &Value::Null));
    let default = app.get(&admin, "/conversations").await.expect(200);
    assert_eq!(items(&default).len(), 9);
}

#[rstest]
#[tokio::test]
async fn messages_are_listed_oldest_first_page_by_page(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let conversation = app.conversation(&admin, "customer-1").await;
    for n in 1..=5 {
        app.say(&admin, &conversation, &format!("message {n}"))
            .await
            .expect(200);
    }
    let first = app
        .get(&admin, &format!("/conversations/{conversation}/messages?limit=3"))
        .await
        .expect(200);
    assert_eq!(each(&first, "content"), ["message 1", "message 2", "message 3"]);
    app.say(&admin, &conversation, "message 6").await.expect(200);
    let path = format!(
        "/conversations/{conversation}/messages?limit=3&cursor={}",
        text(&first, "next_cursor")
    );
    let second = app.get(&admin, &path).await.expect(200);
    assert_eq!(each(&second, "content"), ["message 4", "message 5", "message 6"]);
    assert_eq!(second["next_cursor"], Value::Null);
}

#[rstest]
#[tokio::test]
async fn a_change_leaves_what_is_left_out_sets_what_is_given_and_removes_what_is_null(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let conversation = app.conversation(&admin, "customer-1").await;
    let path = format!("/conversations/{conversation}");
    let all = json!({ "title": " A headline ", "tags": ["a", "b"], "priority": 5, "metadata": { "x": { "y": null } } });
    let changed = app.patch(&admin, &path, all).await.expect(200);
    assert_eq!(
        (&changed["title"], &changed["tags"]),
        (&json!("A headline"), &json!(["a", "b"]))
    );
    assert_eq!(
        (&changed["priority"], &changed["metadata"]),
        (&json!(5), &json!({ "x": { "y": null } }))
    );
    let untouched = app.patch(&admin, &path, json!({})).await.expect(200);
    for field in [
        "title",
        "tags",
        "priority",
        "metadata",
        "status",
        "assigned_agent_id",
    ] {
        assert_eq!(untouched[field], changed[field], "{field}");
    }
    let removed = app
        .patch(
            &admin,
            &path,
            json!({ "title": null, "tags": null, "metadata": null }),
        )
        .await
        .expect(200);
    assert_eq!(
        (&removed["title"], &removed["tags"], &removed["metadata"]),
        (&Value::Null, &json!([]), &json!({}))
    );
    assert_eq!(removed["priority"], 5);
    assert_eq!(app.read(&admin, &conversation).await, removed);
    assert_eq!(
        names(
            app.patch(&admin, &path, json!({ "priority": null }))
                .await
                .refused(400, "2002")
        ),
        ["priority"]
    );
    for fixed in ["status", "user_id", "channel", "number", "escalated"] {
        assert_eq!(
            names(
                app.patch(&admin, &path, json!({ fixed: 1 }))
                    .await
                    .refused(400, "2002")
            ),
            [fixed]
        );
    }
    let long = json!({ "title": "t".repeat(501) });
    assert_eq!(
        names(app.patch(&admin, &path, long).await.refused(400, "2001")),
        ["title"]
    );
}

#[rstest]
#[tokio::test]
async fn changes_at_once_are_all_made_or_told_to_be_repeated(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let conversation = app.conversation(&admin, "customer-1").await;
    let path = format!("/conversations/{conversation}");
    let fields = [
        json!({ "title": "t" }),
        json!({ "priority": 5 }),
        json!({ "tags": ["a"] }),
        json!({ "metadata": { "m": 1 } }),
    ];
    let answers = join_all(fields.iter().map(|field| app.patch(&admin, &path, field.clone()))).await;
    for answer in answers {
        answer.expect(200);
    }
    let now = app.read(&admin, &conversation).await;
    assert_eq!((&now["title"], &now["priority"]), (&json!("t"), &json!(5)));
    assert_eq!(
        (&now["tags"], &now["metadata"]),
        (&json!(["a"]), &json!({ "m": 1 }))
    );
}
