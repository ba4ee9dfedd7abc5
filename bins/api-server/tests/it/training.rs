//! Intents are trained by the processes that do background work, in the background.

use acs_testkit::Backend;
use serde_json::json;

use crate::client::{As, Client, until};
use crate::place::Place;

/// Starts to train soon after a change, and takes over soon from a process that died.
fn eager(place: Place) -> Place {
    place
        .set("ACS__AI__TRAINING_DELAY_SECONDS", "0.2")
        .set("ACS__TURN__LEASE_SECONDS", "1")
}

/// Teaches an organization as many intents, of twelve phrases each.
async fn teach(client: &Client, admin: &As, intents: usize) {
    let intent = |n: usize| {
        let phrases = (0..12).map(|m| format!("please do number {n} in the way {m}"));
        json!({ "name": format!("intent_{n}"), "training_phrases": phrases.collect::<Vec<_>>() })
    };
    let intents: Vec<_> = (0..intents).map(intent).collect();
    let body = json!({ "intents": intents });
    client
        .post(admin, "/api/v1/intents/import", body)
        .await
        .expect(200);
}

/// Waits until everything that was taught is trained.
async fn trained(client: &Client, admin: &As) {
    until("the intents are trained", async || {
        let status = client.get(admin, "/api/v1/intents/status").await.expect(200);
        status["version"] == status["trained_version"]
    })
    .await;
}

#[tokio::test]
async fn the_embedded_server_trains_by_itself_and_stops_in_the_middle_of_it() {
    let place = eager(Place::new());
    let server = place.start().await;
    let talk = server.client.found().await;
    teach(&server.client, &talk.admin, 3).await;
    trained(&server.client, &talk.admin).await;
    teach(&server.client, &talk.admin, 12).await;
    // It has read the phrases, and says so before it trains on them.
    let running = server.running.until_logged("\"phrases\":144").await.unwrap();
    running.terminate().await;
    running.ended().await.success();
    let server = place.start().await;
    trained(&server.client, &talk.admin).await;
    server.running.terminate().await;
    server.running.ended().await.success();
}

#[tokio::test]
async fn what_a_worker_that_was_killed_began_to_train_is_trained_by_another() {
    let backend = Backend::postgres().await;
    let place = eager(Place::new()).on(backend.options().url.expose());
    let server = place.start().await;
    let talk = server.client.found().await;
    let worker = async || {
        let worker = place.other("worker").start();
        worker.until_logged("worker is ready").await.unwrap()
    };
    let killed = worker().await;
    teach(&server.client, &talk.admin, 12).await;
    // It has read the phrases, and says so before it trains on them.
    let killed = killed.until_logged("\"phrases\":144").await.unwrap();
    killed.kill().await;
    let status = server
        .client
        .get(&talk.admin, "/api/v1/intents/status")
        .await
        .expect(200);
    assert_ne!(
        status["version"], status["trained_version"],
        "it was killed in the middle: {status}"
    );
    let other = worker().await;
    trained(&server.client, &talk.admin).await;
    other.terminate().await;
    other.ended().await.success();
}
