//! The way of the README: start it, sign in, ask.

use serde_json::{Value, json};

use crate::client::{As, Client, text};
use crate::first_start::between;
use crate::place::{Place, Server};

const ADMIN: &str = "admin@demo.example";
const CHOSEN: &str = "copper meadow thursday compass";

#[tokio::test]
async fn the_demonstration_answers_from_its_knowledge_and_says_when_it_does_not_know() {
    let place = Place::new().set("ACS__DEMO__ENABLED", "true");
    let Server { running, client } = place.start().await;
    let running = running.until_said("Password   ").await.unwrap();
    let said = running.stderr();
    assert!(said.contains(ADMIN), "{said}");
    let generated = between(&said, "Password   ", "   (shown this once").to_owned();
    let admin = client.sign_in(ADMIN, &generated).await;
    converse(&client, &admin).await;
    running.terminate().await;
    running.ended().await.success();

    let place = place.set("ACS__DEMO__PASSWORD", CHOSEN);
    let Server { running, client } = place.start().await;
    let running = running.until_said("as set in ACS__DEMO__PASSWORD").await.unwrap();
    client.sign_in(ADMIN, CHOSEN).await;
    let old = json!({ "email": ADMIN, "password": generated });
    let refused = client.post(&As::Nobody, "/api/v1/auth/token", old).await;
    assert_eq!(
        (refused.status, &refused.body["error"]["code"]),
        (401, &json!("1004"))
    );
    running.terminate().await;
    let ended = running.ended().await;
    assert!(
        !ended.stderr.contains(CHOSEN) && !ended.stdout.contains(CHOSEN),
        "{ended:?}"
    );
}

async fn converse(client: &Client, admin: &As) {
    let key = client.key(admin).await;
    let body = json!({ "user_id": "test-user-123", "channel": "web" });
    let conversation = client.post(&key, "/api/v1/conversations", body).await.expect(201);
    assert_eq!(conversation["user_id"], "test-user-123");
    let path = format!("/api/v1/conversations/{}", text(&conversation, "id"));
    let say = async |words: &str| -> Value {
        client
            .post(&key, &format!("{path}/messages"), json!({ "content": words }))
            .await
            .expect(200)
    };

    let turn = say("I forgot my password for my account").await;
    assert_eq!(turn["outcome"], "answered", "{turn}");
    assert!(
        text(&turn, "response").to_lowercase().contains("password"),
        "{turn}"
    );
    assert!(!turn["citations"].as_array().unwrap().is_empty(), "{turn}");

    let satisfaction = client
        .post(&key, &format!("{path}/satisfaction"), json!({ "score": 5 }))
        .await;
    satisfaction.expect(200);
    let conversation = client.get(&key, &path).await.expect(200);
    assert_eq!(conversation["satisfaction_score"], 5);

    let turn = say("What is the boiling point of tungsten?").await;
    assert_eq!(turn["outcome"], "unknown", "{turn}");
    assert_eq!(turn["citations"], json!([]));
    assert_eq!(turn["offers_person"], true);
    assert!(turn["confidence"].as_f64().unwrap() < 0.3, "{turn}");
}
