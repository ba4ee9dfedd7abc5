//! A turn as a stream of events.

use reqwest::{Method, Response};
use rstest::rstest;
use serde_json::{Value, json};

use super::{eventually, names, text};
use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{App, As, read};

/// The events of a stream, to its end.
pub(super) async fn events(response: Response) -> Vec<(String, Value)> {
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let text = response.text().await.unwrap();
    assert!(text.ends_with("\n\n"), "{text}");
    text.split("\n\n").filter_map(event).collect()
}

/// One event; `None` for a sign of life.
fn event(block: &str) -> Option<(String, Value)> {
    let field = |name: &str| -> Vec<&str> {
        block
            .lines()
            .filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
            .collect()
    };
    let name = field("event").first().map(|name| (*name).to_owned())?;
    Some((name, serde_json::from_str(&field("data").join("\n")).unwrap()))
}

async fn ask(app: &App, caller: &As, conversation: &str, body: Value) -> Response {
    let request = app.request(
        caller,
        Method::POST,
        &format!("/conversations/{conversation}/messages"),
    );
    request
        .header("Accept", "text/event-stream")
        .json(&body)
        .send()
        .await
        .unwrap()
}

async fn scene(store: Store) -> (App, As, String) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    app.teach(&admin).await;
    let key = app.key(&admin, &["converse"]).await;
    let conversation = app.conversation(&key, "customer-1").await;
    (app, key, conversation)
}

#[rstest]
#[tokio::test]
async fn first_what_is_understood_then_the_words_then_the_turn(#[values(Sqlite, Postgres)] store: Store) {
    let (app, key, conversation) = scene(store).await;
    for words in ["I forgot my password", "What is the boiling point of tungsten?"] {
        let response = ask(&app, &key, &conversation, json!({ "content": words })).await;
        assert_eq!(response.headers()["cache-control"], "no-cache");
        assert!(response.headers().get("content-encoding").is_none());
        let events = events(response).await;
        let order: Vec<_> = events.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!((order[0], order[order.len() - 1]), ("analysis", "done"));
        assert!(
            order.len() > 2 && order[1..order.len() - 1].iter().all(|name| *name == "delta"),
            "{order:?}"
        );
        let fields = [
            "degraded",
            "emotion",
            "entities",
            "guard",
            "intents",
            "language",
            "out_of_scope",
            "sentiment",
        ];
        assert_eq!(names(&events[0].1), fields);
        let done = &events[events.len() - 1].1;
        let deltas: String = events[1..events.len() - 1]
            .iter()
            .map(|(_, delta)| text(delta, "text"))
            .collect();
        assert_eq!(deltas, text(done, "response"));
        let path = format!("/conversations/{conversation}/turns/{}", text(done, "message_id"));
        assert_eq!(&app.get(&key, &path).await.expect(200)["turn"], done);
        assert_eq!(
            app.messages(&key, &conversation).await.last().unwrap()["content"],
            done["response"]
        );
    }
}

#[rstest]
#[tokio::test]
async fn a_client_that_hangs_up_is_still_answered(#[values(Sqlite, Postgres)] store: Store) {
    let (app, key, conversation) = scene(store).await;
    let mut response = ask(
        &app,
        &key,
        &conversation,
        json!({ "content": "I forgot my password" }),
    )
    .await;
    let first = response.chunk().await.unwrap().unwrap();
    assert!(
        String::from_utf8_lossy(&first).starts_with("event: analysis\n"),
        "{first:?}"
    );
    drop(response);
    let messages = eventually(async || {
        Some(app.messages(&key, &conversation).await).filter(|messages| messages.len() > 1)
    })
    .await;
    assert_eq!(text(&messages[1], "sender_type"), "ai_agent");
    let path = format!("/conversations/{conversation}/turns/{}", text(&messages[0], "id"));
    assert_eq!(
        app.get(&key, &path).await.expect(200)["turn"]["outcome"],
        "answered"
    );
}

#[rstest]
#[tokio::test]
async fn a_client_that_hangs_up_before_the_first_event_is_still_answered(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let (app, key, conversation) = scene(store).await;
    drop(
        ask(
            &app,
            &key,
            &conversation,
            json!({ "content": "I forgot my password" }),
        )
        .await,
    );
    let messages = eventually(async || {
        Some(app.messages(&key, &conversation).await).filter(|messages| messages.len() > 1)
    })
    .await;
    assert_eq!(messages.len(), 2);
}

#[rstest]
#[tokio::test]
async fn an_error_before_the_stream_is_an_answer_like_any_other(#[values(Sqlite, Postgres)] store: Store) {
    let (app, key, conversation) = scene(store).await;
    let streamed = |caller: &As, conversation: &str| {
        let path = format!("/conversations/{conversation}/messages");
        app.request(caller, Method::POST, &path)
            .header("Accept", "text/event-stream")
    };
    read(streamed(&As::Nobody, &conversation).json(&json!({ "content": "Hello" })))
        .await
        .refused(401, "1001");
    read(streamed(&key, super::NOTHING).json(&json!({ "content": "Hello" })))
        .await
        .refused(404, "3001");
    read(streamed(&key, &conversation).json(&json!({ "content": "" })))
        .await
        .refused(400, "2001");
    read(streamed(&key, &conversation).json(&json!({ "words": "Hello" })))
        .await
        .refused(400, "2002");
    assert!(app.messages(&key, &conversation).await.is_empty());
}

#[rstest]
#[tokio::test]
async fn while_a_person_owns_the_conversation_no_words_are_streamed(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let (app, key, conversation) = scene(store).await;
    let admin = app.sign_in("admin@acme.example").await;
    app.act(&admin, &conversation, "takeover", json!({}))
        .await
        .expect(200);
    let events = events(
        ask(
            &app,
            &key,
            &conversation,
            json!({ "content": "I forgot my password" }),
        )
        .await,
    )
    .await;
    let order: Vec<_> = events.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(order, ["analysis", "done"]);
    assert_eq!(
        (&events[1].1["response"], &events[1].1["outcome"]),
        (&Value::Null, &json!("handed_over"))
    );
}

#[rstest]
#[tokio::test]
async fn a_person_of_the_staff_gets_a_receipt_whatever_they_accept(#[values(Sqlite, Postgres)] store: Store) {
    let (app, _, conversation) = scene(store).await;
    let admin = app.sign_in("admin@acme.example").await;
    let response = ask(&app, &admin, &conversation, json!({ "content": "Good morning" })).await;
    assert_eq!(response.headers()["content-type"], "application/json");
    let receipt: Value = response.json().await.unwrap();
    assert_eq!(names(&receipt), ["message_id", "status"]);
}

#[rstest]
#[tokio::test]
async fn a_stream_is_asked_for_by_its_media_type(#[values(Sqlite, Postgres)] store: Store) {
    let (app, key, conversation) = scene(store).await;
    let path = format!("/conversations/{conversation}/messages");
    for (accept, streams) in [
        ("application/json", false),
        ("*/*", false),
        ("text/html, text/event-stream;q=0.9", true),
        ("TEXT/EVENT-STREAM", true),
    ] {
        let request = app.request(&key, Method::POST, &path).header("Accept", accept);
        let response = request.json(&json!({ "content": "Hello" })).send().await.unwrap();
        let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
        assert_eq!(kind == "text/event-stream", streams, "{accept}: {kind}");
        response.bytes().await.unwrap();
    }
}
