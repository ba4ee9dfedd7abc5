//! Why it does not start: in words that say what to do, with an exit code, and never with a panic.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use acs_testkit::database::Database;
use acs_testkit::process::Program;

use crate::place::Place;

/// Runs it to its end and gives what it complained of, which must contain all of `words`.
#[track_caller]
fn says(refusal: &str, words: &[&str]) {
    for word in words {
        assert!(refusal.contains(word), "no {word:?} in: {refusal}");
    }
    let lines = refusal
        .lines()
        .filter(|line| line.starts_with("api-server: "))
        .count();
    assert_eq!(lines, 1, "told once, with its own name before it: {refusal}");
}

fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[tokio::test]
async fn every_setting_that_cannot_be_used_is_told_at_once() {
    let refusal = Program::new(env!("CARGO_BIN_EXE_api-server"), Place::new().folder())
        .set("ACS__SERVER__PORT", "none")
        .set("ACS__STORE__URL", "mysql://host/database")
        .set("ACS__SECURITY__SECRET_KEY", "short-secret")
        .set("ACS__SERVER__COLOUR", "green")
        .run()
        .await
        .refusal();
    says(
        &refusal,
        &[
            "4 problems",
            "server.port",
            "store.url",
            "security.secret_key",
            "server.colour",
        ],
    );
    assert!(!refusal.contains("short-secret"), "{refusal}");
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let port = taken.local_addr().unwrap().port().to_string();
    let refusal = Place::new()
        .program()
        .set("ACS__SERVER__PORT", &port)
        .run()
        .await
        .refusal();
    says(&refusal, &[&address, "ACS__SERVER__PORT", "in use"]);
}

#[tokio::test]
async fn a_folder_that_may_not_be_written_is_named() {
    let place = Place::new();
    allow(place.folder(), 0o555);
    let refusal = place.program().without_privileges().run().await.refusal();
    allow(place.folder(), 0o755);
    says(
        &refusal,
        &[
            &place.data().display().to_string(),
            "ACS__DATA_DIR",
            "ermission denied",
        ],
    );
}

#[tokio::test]
async fn a_data_folder_that_may_not_be_written_is_named() {
    let place = Place::new();
    fs::create_dir(place.data()).unwrap();
    allow(&place.data(), 0o555);
    let refusal = place.program().without_privileges().run().await.refusal();
    allow(&place.data(), 0o755);
    says(
        &refusal,
        &[
            &place.data().display().to_string(),
            "is not writable",
            "ACS__DATA_DIR",
        ],
    );
}

#[tokio::test]
async fn a_database_file_that_may_not_be_written_is_named() {
    let place = Place::new();
    place.start().await.running.kill().await;
    let database = place.data().join("acs.db");
    allow(&database, 0o444);
    let refusal = place.program().without_privileges().run().await.refusal();
    says(&refusal, &[&database.display().to_string(), "read-only"]);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_named_and_left_as_it_is() {
    let place = Place::new();
    fs::create_dir(place.data()).unwrap();
    let database = place.data().join("acs.db");
    let words = "these are somebody's notes, and no database at all; ".repeat(100);
    fs::write(&database, &words).unwrap();
    let refusal = place.program().run().await.refusal();
    says(
        &refusal,
        &[&database.display().to_string(), "not a sound SQLite database"],
    );
    assert_eq!(fs::read_to_string(&database).unwrap(), words);
}

#[tokio::test]
async fn damaged_keys_are_named_and_not_replaced() {
    let place = Place::new();
    fs::create_dir(place.data()).unwrap();
    let secrets = place.data().join("secrets.toml");
    fs::write(&secrets, "signing_key = 7").unwrap();
    let refusal = place.program().run().await.refusal();
    says(
        &refusal,
        &[&secrets.display().to_string(), "restore it from a backup"],
    );
    assert_eq!(fs::read_to_string(&secrets).unwrap(), "signing_key = 7");
}

#[tokio::test]
async fn a_disk_that_is_full_is_named() {
    let place = Place::new();
    fs::create_dir(place.data()).unwrap();
    let program = place.program().on_disk_of(128 * 1024, &place.data());
    let refusal = program.run().await.refusal();
    says(&refusal, &[&place.data().display().to_string(), "full"]);
}

#[tokio::test]
async fn a_database_server_that_is_away_is_told_as_that() {
    let place = Place::new().on("postgres://nobody:secret-word@127.0.0.1:9/acs");
    let refusal = place
        .program()
        .set("ACS__STORE__ACQUIRE_TIMEOUT_SECONDS", "0.5")
        .run()
        .await
        .refusal();
    says(&refusal, &["the database server cannot be reached"]);
    assert!(!refusal.contains("secret-word"), "{refusal}");
}

#[tokio::test]
async fn pending_migrations_are_not_run_but_told() {
    let database = Database::empty().await;
    let place = Place::new().on(database.app_url().expose());
    says(
        &place.program().run().await.refusal(),
        &["migrations are pending", "migrator"],
    );
}

#[tokio::test]
async fn keys_that_several_processes_must_share_are_asked_for() {
    let place = Place::new().set("ACS__STORE__URL", "postgres://acs@127.0.0.1/acs");
    let words = [
        "ACS__SECURITY__SECRET_KEY",
        "ACS__SECURITY__ENCRYPTION_KEYS",
        "openssl",
    ];
    says(&place.program().run().await.refusal(), &words);
}
