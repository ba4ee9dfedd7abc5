//! How large a body and a text may be.

use std::convert::Infallible;

use bytes::Bytes;
use futures::stream;
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use super::imports::multipart;
use super::names;
use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{Answer, App, As, read};

const MIB: usize = 1024 * 1024;

/// A body in pieces, whose length nobody announces.
fn in_pieces(bytes: Vec<u8>) -> reqwest::Body {
    let pieces: Vec<Result<Bytes, Infallible>> = bytes
        .chunks(64 * 1024)
        .map(|piece| Ok(Bytes::copy_from_slice(piece)))
        .collect();
    reqwest::Body::wrap_stream(stream::iter(pieces))
}

async fn post(app: &App, caller: &As, path: &str, media_type: &str, body: reqwest::Body) -> Answer {
    read(
        app.request(caller, Method::POST, path)
            .header("Content-Type", media_type)
            .body(body),
    )
    .await
}

/// A conversation in a body of this many bytes.
fn conversation_of(bytes: usize) -> Vec<u8> {
    let mut body = json!({ "user_id": "a", "channel": "web" })
        .to_string()
        .into_bytes();
    // White space between the parts of a body is part of it.
    body.resize(bytes, b' ');
    body
}

#[rstest]
#[tokio::test]
async fn a_body_over_a_mebibyte_is_too_large_with_and_without_an_announced_length(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    for bytes in [MIB + 1, 11 * MIB] {
        let body = conversation_of(bytes);
        post(
            &app,
            &admin,
            "/conversations",
            "application/json",
            body.clone().into(),
        )
        .await
        .refused(413, "2001");
        post(
            &app,
            &admin,
            "/conversations",
            "application/json",
            in_pieces(body),
        )
        .await
        .refused(413, "2001");
    }
    assert_eq!(
        app.get(&admin, "/conversations").await.expect(200)["items"],
        json!([])
    );
    post(
        &app,
        &admin,
        "/conversations",
        "application/json",
        conversation_of(MIB).into(),
    )
    .await
    .expect(201);
    post(
        &app,
        &admin,
        "/conversations",
        "application/json",
        in_pieces(conversation_of(MIB)),
    )
    .await
    .expect(200);
}

#[rstest]
#[tokio::test]
async fn a_file_over_ten_mebibytes_is_too_large(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    for size in [10 * MIB + 1, 11 * MIB] {
        let (media_type, body) = multipart("large.md", &"a".repeat(size));
        post(
            &app,
            &admin,
            "/knowledge/import",
            &media_type,
            body.clone().into(),
        )
        .await
        .refused(413, "2001");
        post(&app, &admin, "/knowledge/import", &media_type, in_pieces(body))
            .await
            .refused(413, "2001");
    }
}

#[rstest]
#[tokio::test]
async fn nobody_can_make_the_server_read_a_large_body_before_proving_who_they_are(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let endless = stream::repeat_with(|| Ok::<_, Infallible>(Bytes::from_static(&[b' '; 4096])));
    let body = reqwest::Body::wrap_stream(endless);
    post(&app, &As::Nobody, "/conversations", "application/json", body)
        .await
        .refused(401, "1001");
}

#[rstest]
#[tokio::test]
async fn a_message_has_at_most_five_thousand_characters(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let key = app.key(&admin, &["converse"]).await;
    let conversation = app.conversation(&key, "customer-1").await;
    for letter in ["a", "é", "字", "🦆"] {
        let answer = app.say(&key, &conversation, &letter.repeat(5_001)).await;
        assert_eq!(names(answer.refused(400, "2001")), ["content"]);
    }
    for letter in ["a", "🦆"] {
        let words = letter.repeat(5_000);
        app.say(&key, &conversation, &words).await.expect(200);
        // White space around it is not said, so it does not count.
        app.say(&key, &conversation, &format!("  {words}\n"))
            .await
            .expect(200);
    }
    let said: Vec<Value> = app
        .messages(&key, &conversation)
        .await
        .into_iter()
        .filter(|it| it["sender_type"] == "user")
        .collect();
    assert_eq!(said.len(), 4);
    assert!(
        said.iter()
            .all(|message| message["content"].as_str().unwrap().chars().count() == 5_000)
    );
    let body = json!({ "user_id": "b", "channel": "web", "initial_message": "a".repeat(5_001) });
    assert_eq!(
        names(app.post(&key, "/conversations", body).await.refused(400, "2001")),
        ["initial_message"]
    );
    let analyze = |chars| json!({ "text": "a".repeat(chars) });
    assert_eq!(
        names(
            app.post(&key, "/ai/analyze", analyze(5_001))
                .await
                .refused(400, "2001")
        ),
        ["text"]
    );
    app.post(&key, "/ai/analyze", analyze(5_000)).await.expect(200);
    let search = |chars| json!({ "query": "a".repeat(chars) });
    assert_eq!(
        names(
            app.post(&key, "/knowledge/search", search(10_001))
                .await
                .refused(400, "2001")
        ),
        ["query"]
    );
    app.post(&key, "/knowledge/search", search(10_000))
        .await
        .expect(200);
}

#[rstest]
#[tokio::test]
async fn a_message_that_says_nothing_is_refused(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let key = app.key(&admin, &["converse"]).await;
    let conversation = app.conversation(&key, "customer-1").await;
    for words in [
        "",
        " ",
        "\n\t \r\n",
        "\u{3000}\u{a0}",
        "\0\u{1}\u{7f}",
        "\u{202e}\u{200f}",
        "\u{e0041}\u{e0042}",
    ] {
        for speaker in [&key, &admin] {
            let answer = app.say(speaker, &conversation, words).await;
            assert_eq!(names(answer.refused(400, "2001")), ["content"], "{words:?}");
        }
        let body = json!({ "user_id": "customer-2", "channel": "web", "initial_message": words });
        let answer = app.post(&key, "/conversations", body).await;
        assert_eq!(
            names(answer.refused(400, "2001")),
            ["initial_message"],
            "{words:?}"
        );
        let answer = app
            .post(&key, "/knowledge/search", json!({ "query": words }))
            .await;
        assert_eq!(names(answer.refused(400, "2001")), ["query"], "{words:?}");
    }
    let conversations = app.get(&key, "/conversations").await.expect(200);
    assert_eq!(conversations["items"].as_array().unwrap().len(), 1);
    assert_eq!(app.read(&key, &conversation).await["message_count"], 0);
}

#[rstest]
#[tokio::test]
async fn attachments_are_at_most_five(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let conversation = app.conversation(&admin, "customer-1").await;
    let with =
        |count| json!({ "content": "See these", "attachments": vec![json!({ "name": "a.png" }); count] });
    let answer = app.act(&admin, &conversation, "messages", with(6)).await;
    assert_eq!(names(answer.refused(400, "2001")), ["attachments"]);
    app.act(&admin, &conversation, "messages", with(5))
        .await
        .expect(200);
    let messages = app.messages(&admin, &conversation).await;
    assert_eq!(messages[0]["attachments"].as_array().unwrap().len(), 5);
}

#[rstest]
#[tokio::test]
async fn attachments_are_at_most_16_kib_together(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let conversation = app.conversation(&admin, "customer-1").await;
    let with = |bytes: usize| {
        let attachment = json!({ "name": "a".repeat(bytes / 2) });
        json!({ "content": "See these", "attachments": [attachment, attachment] })
    };
    let answer = app.act(&admin, &conversation, "messages", with(16 * 1024)).await;
    assert_eq!(names(answer.refused(400, "2001")), ["attachments"]);
    app.act(&admin, &conversation, "messages", with(15 * 1024))
        .await
        .expect(200);
}
