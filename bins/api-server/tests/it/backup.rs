//! Copies of the embedded store, and the way back.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::place::Place;

#[tokio::test]
async fn a_copy_made_under_writes_is_whole_and_comes_back() {
    let place = Place::new();
    let server = place.start().await;
    let talk = server.client.found().await;
    let copy = place.folder().join("copy.db").display().to_string();
    let migrator = |command: &str| place.other("migrator").argument(command).argument(&copy);
    let before = server.client.ask(&talk, "before").await.unwrap().expect(200);

    let done = AtomicBool::new(false);
    let write = async {
        let mut written = 0;
        while !done.load(Ordering::Relaxed) {
            server
                .client
                .ask(&talk, &format!("during-{written}"))
                .await
                .unwrap()
                .expect(200);
            written += 1;
        }
    };
    let copying = async {
        let said = migrator("backup").run().await.success();
        done.store(true, Ordering::Relaxed);
        said
    };
    let (said, ()) = tokio::join!(copying, write);
    assert!(said.contains("secrets.toml"), "{said}");
    let after = server.client.ask(&talk, "after").await.unwrap().expect(200);

    let refusal = migrator("restore").run().await.refusal();
    assert!(refusal.contains("in use by another process"), "{refusal}");
    let refusal = migrator("backup").run().await.refusal();
    assert!(refusal.contains("is there already"), "{refusal}");

    server.running.terminate().await;
    server.running.ended().await.success();
    migrator("restore").run().await.success();
    let server = place.start().await;
    let transcript = server.client.at_rest(&talk).await;
    transcript.check();
    let messages = transcript.ids_of("user");
    assert!(
        messages.contains(&before["message_id"].as_str().unwrap()),
        "what was there is there again"
    );
    assert!(
        !messages.contains(&after["message_id"].as_str().unwrap()),
        "what came later is not"
    );
    server.client.ask(&talk, "again").await.unwrap().expect(200);
    server.client.transcript(&talk).await.check();
}

#[tokio::test]
async fn what_is_no_copy_is_not_put_in_the_place_of_the_store() {
    let place = Place::new();
    let server = place.start().await;
    let talk = server.client.found().await;
    server.running.kill().await;
    std::fs::write(place.folder().join("copy.db"), "no database").unwrap();
    let refusal = place
        .other("migrator")
        .argument("restore")
        .argument("copy.db")
        .run()
        .await
        .refusal();
    assert!(
        refusal.contains("copy.db is not a sound SQLite database"),
        "{refusal}"
    );
    let server = place.start().await;
    server.client.transcript(&talk).await.check();
}
