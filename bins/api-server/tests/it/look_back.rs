//! Turns of a server, looked at by `worker verify` and run again by `worker replay`.

use acs_testkit::Backend;
use acs_testkit::model_server::{ModelServer, Script};
use acs_testkit::process::Program;
use reqwest::Method;

use crate::client::{SENTENCE, text};
use crate::place::Place;

/// The worker, asked to run the organization's turns again.
fn replay(place: &Place) -> Program {
    let worker = place.other("worker").argument("replay");
    worker.argument("--organization").argument("acme")
}

#[tokio::test]
async fn other_settings_are_tried_on_the_turns_of_an_embedded_server_and_nothing_is_written() {
    let place = Place::new();
    let server = place.start().await;
    let talk = server.client.found().await;
    server.client.ask(&talk, "one").await.unwrap().expect(200);
    let before = server.client.transcript(&talk).await;
    server.running.terminate().await;
    server.running.ended().await.success();

    let verified = place.other("worker").argument("verify").run().await.success();
    assert!(
        verified.contains("acme: 1 records in 1 conversations"),
        "{verified}"
    );
    let report = replay(&place).run().await.success();
    assert!(
        report.contains("1 turns: 1 decided the same, 0 otherwise"),
        "{report}"
    );

    let model = ModelServer::start([Script::reply(&["Happy to help! ", SENTENCE], 10, 10)]);
    let model = model.await.unwrap();
    let other = place.folder().join("other.toml");
    let settings = format!("[ai]\nopenai_base_url = \"{}\"\n", model.base_url());
    std::fs::write(&other, settings).unwrap();
    let with = replay(&place).argument("--with").argument("other.toml");
    let report = with.run().await.success();
    assert!(
        report.contains("1 turns: 0 decided the same, 1 otherwise") && report.contains("replies changed: 1"),
        "{report}"
    );
    assert!(report.contains("says \"Happy to help! "), "{report}");
    assert_eq!(model.asked().len(), 1, "the other model is really asked");

    let server = place.start().await;
    let after = server.client.transcript(&talk).await;
    assert_eq!((after.messages, after.turns), (before.messages, before.turns));
}

#[tokio::test]
async fn the_knowledge_of_now_is_tried_on_the_turns_of_a_running_server() {
    let backend = Backend::postgres().await;
    let place = Place::new().on(backend.options().url.expose());
    let server = place.start().await;
    let talk = server.client.found().await;
    let turn = server.client.ask(&talk, "one").await.unwrap().expect(200);
    assert_eq!(turn["outcome"], "answered");
    let entries = server
        .client
        .get(&talk.admin, "/api/v1/knowledge")
        .await
        .expect(200);
    let entry = format!("/api/v1/knowledge/{}", text(&entries["items"][0], "id"));
    let gone = server
        .client
        .request(&talk.admin, Method::DELETE, &entry)
        .send()
        .await;
    assert_eq!(gone.unwrap().status().as_u16(), 204);

    let report = replay(&place).run().await.success();
    assert!(
        report.contains("1 turns: 1 decided the same, 0 otherwise"),
        "{report}"
    );
    let now = replay(&place).argument("--knowledge").argument("now");
    let report = now.run().await.success();
    assert!(report.contains("answered became unknown: 1"), "{report}");
}
