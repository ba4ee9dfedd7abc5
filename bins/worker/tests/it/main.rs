//! The program as its operators know it: started, stopped, refused. What it does for others is tested beside
//! `api-server`.

#![expect(clippy::unwrap_used, reason = "in a test, a surprise is a failure")]

mod erase;
mod look_back;

use acs_testkit::Backend;
use acs_testkit::database::Database;
use acs_testkit::process::Program;

/// The worker in a folder of its own; both are gone with the test.
fn worker() -> (Program, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::new(env!("CARGO_BIN_EXE_worker"), folder.path())
        .set(
            "ACS__SECURITY__SECRET_KEY",
            "a signing key of the tests, long enough",
        )
        .set(
            "ACS__SECURITY__ENCRYPTION_KEYS",
            "one:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        );
    (program, folder)
}

#[tokio::test]
async fn on_the_embedded_store_it_refuses_and_says_who_does_its_work() {
    let (worker, folder) = worker();
    let refusal = worker.run().await.refusal();
    assert!(refusal.starts_with("worker: "), "{refusal}");
    assert!(
        refusal.contains("api-server") && refusal.contains("ACS__STORE__URL"),
        "{refusal}"
    );
    assert_eq!(folder.path().read_dir().unwrap().count(), 0, "it makes nothing");
}

#[tokio::test]
async fn it_refuses_while_migrations_are_pending() {
    let database = Database::empty().await;
    let (worker, _folder) = worker();
    let refusal = worker
        .set("ACS__STORE__URL", database.app_url().expose())
        .run()
        .await
        .refusal();
    assert!(
        refusal.contains("migrations are pending") && refusal.contains("migrator"),
        "{refusal}"
    );
}

#[tokio::test]
async fn it_works_until_it_is_asked_to_stop() {
    let backend = Backend::postgres().await;
    let (worker, _folder) = worker();
    let worker = worker.set("ACS__STORE__URL", backend.options().url.expose());
    let running = worker.start().until_logged("worker is ready").await.unwrap();
    running.terminate().await;
    running.ended().await.success();
}
