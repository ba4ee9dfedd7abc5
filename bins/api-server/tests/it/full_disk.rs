//! The disk is full for a while.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use crate::place::Place;

const DISK_BYTES: u64 = 24 * 1024 * 1024;
/// Room that the database has already taken on the disk may still serve for some messages.
const TRIES: usize = 50;

#[tokio::test]
async fn while_the_disk_is_full_messages_are_refused_and_afterwards_taken_again() {
    let place = Place::new();
    fs::create_dir(place.data()).unwrap();
    let server = place
        .start_as(|program| program.on_disk_of(DISK_BYTES, &place.data()))
        .await;
    let talk = server.client.found().await;
    let disk = PathBuf::from(format!(
        "/proc/{}/root{}",
        server.running.id(),
        place.data().display()
    ));
    fill(&disk);

    let mut accepted = 0;
    let refused = loop {
        let answer = server
            .client
            .ask(&talk, &format!("key-{accepted}"))
            .await
            .unwrap();
        if answer.status != 200 {
            break answer;
        }
        accepted += 1;
        assert!(accepted < TRIES, "messages are taken that cannot be kept");
    };
    assert!(refused.retry_after.is_some(), "{refused:?}");
    assert_eq!(refused.body["error"]["code"], "4002");
    refused.expect(503);
    server.client.transcript(&talk).await;

    fs::remove_file(disk.join("filler")).unwrap();
    server
        .client
        .ask(&talk, &format!("key-{accepted}"))
        .await
        .unwrap()
        .expect(200);
    let transcript = server.client.at_rest(&talk).await;
    transcript.check();
    assert_eq!(transcript.ids_of("user").len(), accepted + 1);
}

/// Writes until nothing more fits.
fn fill(disk: &Path) {
    let mut filler = File::create(disk.join("filler")).unwrap();
    let piece = [7; 1024];
    let end = loop {
        if let Err(error) = filler.write_all(&piece) {
            break error;
        }
    };
    assert_eq!(end.kind(), ErrorKind::StorageFull);
}
