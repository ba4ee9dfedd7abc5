//! Several processes on one PostgreSQL.

use std::time::Instant;

use acs_testkit::Backend;
use acs_testkit::model_server::{ModelServer, Script};

use crate::client::{SENTENCE, until};
use crate::place::Place;

#[tokio::test]
async fn a_turn_whose_server_was_killed_is_answered_once_by_the_worker() {
    let reply = Script::reply(&[SENTENCE], 10, 10);
    let model = ModelServer::start([Script::silence(), reply]).await.unwrap();
    let backend = Backend::postgres().await;
    let place = Place::new()
        .asking(&model)
        .on(backend.options().url.expose())
        .set("ACS__TURN__LEASE_SECONDS", "1");
    let (server, other) = (place.start().await, place.start().await);
    let talk = server.client.found().await;
    let worker = place
        .other("worker")
        .start()
        .until_logged("worker is ready")
        .await
        .unwrap();

    let kill = async {
        until("the model is asked", async || !model.asked().is_empty()).await;
        server.running.kill().await;
        Instant::now()
    };
    let (answer, killed_at) = tokio::join!(server.client.ask(&talk, "key"), kill);
    assert!(answer.is_err(), "{answer:?}");
    let transcript = other.client.at_rest(&talk).await;
    transcript.check();
    assert!(
        killed_at.elapsed().as_secs() < 10,
        "the lease of a second is over: {:?}",
        killed_at.elapsed()
    );
    assert_eq!(
        (
            transcript.ids_of("user").len(),
            transcript.ids_of("ai_agent").len()
        ),
        (1, 1)
    );
    assert_eq!(transcript.turns[0]["attempts"], 2);

    let again = other.client.ask(&talk, "key").await.unwrap().expect(200);
    assert_eq!(
        again["reply_id"], transcript.turns[0]["turn"]["reply_id"],
        "any server knows it"
    );
    worker.terminate().await;
    worker.ended().await.success();
}
