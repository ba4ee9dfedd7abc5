//! How the process stops when it is asked to.

use std::time::{Duration, Instant};

use acs_testkit::model_server::{ModelServer, Script};
use serde_json::json;
use tokio::net::TcpStream;

use crate::client::{SENTENCE, until};
use crate::place::Place;

#[tokio::test]
async fn a_stop_finishes_the_turn_under_way_and_takes_no_new_work() {
    let slow = Script::stream()
        .pause(Duration::from_secs(1))
        .words(SENTENCE)
        .data("[DONE]");
    let model = ModelServer::start([slow]).await.unwrap();
    let place = Place::new().asking(&model);
    let server = place.start().await;
    let talk = server.client.found().await;

    let stop = async {
        until("the model is asked", async || !model.asked().is_empty()).await;
        server.running.terminate().await;
        until("new connections are refused", async || {
            TcpStream::connect(server.client.address()).await.is_err()
        })
        .await;
    };
    let asked_at = Instant::now();
    let (answer, refused_at) = tokio::join!(server.client.ask(&talk, "key"), async {
        stop.await;
        Instant::now()
    });
    let turn = answer.unwrap().expect(200);
    assert_eq!(turn["response"], format!("{SENTENCE} [1]"));
    assert!(
        refused_at - asked_at < Duration::from_secs(1),
        "refused while the turn was under way"
    );
    server.running.ended().await.success();

    let server = place.start().await;
    server.client.transcript(&talk).await.check();
}

#[tokio::test]
async fn what_cannot_be_finished_is_handed_back_and_answered_once_by_the_next_start() {
    let reply = Script::reply(&[SENTENCE], 10, 10);
    let model = ModelServer::start([Script::silence(), reply]).await.unwrap();
    let place = Place::new()
        .asking(&model)
        .set("ACS__SERVER__SHUTDOWN_GRACE_SECONDS", "0.5");
    let server = place.start().await;
    let talk = server.client.found().await;

    let stop = async {
        until("the model is asked", async || !model.asked().is_empty()).await;
        server.running.terminate().await;
        Instant::now()
    };
    let (answer, stopped_at) = tokio::join!(server.client.ask(&talk, "key"), stop);
    server.running.ended().await.success();
    assert!(
        stopped_at.elapsed() < Duration::from_secs(3),
        "the model is not waited for: {:?}",
        stopped_at.elapsed()
    );
    let answer = answer.unwrap();
    assert_eq!(
        (answer.status, &answer.body["error"]["code"]),
        (503, &json!("5002")),
        "told that it is not answered yet"
    );

    let server = place.start().await;
    let transcript = server.client.at_rest(&talk).await;
    transcript.check();
    assert_eq!(
        (
            transcript.ids_of("user").len(),
            transcript.ids_of("ai_agent").len()
        ),
        (1, 1)
    );
    assert_eq!(transcript.turns[0]["attempts"], 2);
    let again = server.client.ask(&talk, "key").await.unwrap().expect(200);
    assert_eq!(again["reply_id"], transcript.turns[0]["turn"]["reply_id"]);
}
