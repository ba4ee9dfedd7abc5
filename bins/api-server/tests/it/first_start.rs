//! What a first start makes, and what the next one finds.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::client::{As, text};
use crate::place::{Place, Server};

#[tokio::test]
async fn keys_are_made_once_and_only_the_owner_can_read_them() {
    let place = Place::new();
    let server = place.start().await;
    let token = server
        .client
        .sign_in("system@acs.local", crate::place::PASSWORD)
        .await;
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(place.data()), 0o700);
    let secrets = place.data().join("secrets.toml");
    assert_eq!(mode(secrets.clone()), 0o600);
    for part in ["acs.db", "acs.db-wal"] {
        assert_eq!(mode(place.data().join(part)), 0o600, "{part}");
    }
    let kept = fs::read_to_string(&secrets).unwrap();
    server.running.kill().await;

    let server = place.start().await;
    assert_eq!(fs::read_to_string(&secrets).unwrap(), kept);
    let me = server.client.get(&token, "/api/v1/me").await.expect(200);
    assert_eq!(
        text(&me["user"], "email"),
        "system@acs.local",
        "a token of the first process is good in the second"
    );
}

#[tokio::test]
async fn one_data_folder_has_one_process_at_a_time() {
    let place = Place::new();
    let server = place.start().await;
    let refusal = place.program().run().await.refusal();
    assert!(refusal.contains("in use by another process"), "{refusal}");
    assert!(
        refusal.contains(&format!("process {}", server.running.id())),
        "{refusal}"
    );
    assert!(refusal.contains("ACS__DATA_DIR"), "{refusal}");
    server.client.get(&As::Nobody, "/health/ready").await.expect(200);
    // However it ends, the folder is free then.
    server.running.kill().await;
    place.start().await;
}

#[tokio::test]
async fn a_generated_password_is_shown_once_and_never_logged() {
    let place = Place::new().set("ACS__SYSTEM__PASSWORD", "");
    let Server { running, client } = place.start().await;
    let running = running.until_said("(shown this once)").await.unwrap();
    let said = running.stderr();
    for line in [
        "Chat       http://127.0.0.1:",
        "API        http://127.0.0.1:",
        "Health     http://127.0.0.1:",
    ] {
        assert!(said.contains(line), "{said}");
    }
    let password = between(&said, "Operator   system@acs.local with ", "   (shown this once)");
    client.sign_in("system@acs.local", password).await;
    running.terminate().await;
    let log = running.ended().await.success();
    assert!(log.contains("\"ready\"") && log.contains("\"stopped\""), "{log}");
    assert!(!log.contains(password), "{log}");

    let server = place.start().await;
    server.client.sign_in("system@acs.local", password).await;
    server.running.terminate().await;
    let said = server.running.ended().await.stderr;
    assert!(!said.contains("Operator") && !said.contains(password), "{said}");

    // As a start leaves it that made the accounts and was cut off before it could tell.
    let unshown = place.data().join("unshown-passwords.toml");
    fs::write(
        &unshown,
        format!("operator = \"{password}\"\ndemo = \"{password}\"\n"),
    )
    .unwrap();
    let Server { running, .. } = place.start().await;
    let running = running.until_said("(shown this once)").await.unwrap();
    assert!(running.stderr().contains(password), "{}", running.stderr());
    running.terminate().await;
    running.ended().await.success();
    assert!(!unshown.exists());
}

#[tokio::test]
async fn arguments_are_answered_or_refused_and_nothing_is_made() {
    let place = Place::new();
    let help = place.program().argument("--help").run().await;
    assert!(help.success().contains("Usage: api-server"));
    let refusal = place.program().argument("--bogus").run().await.refusal();
    assert!(refusal.contains("`--bogus`"), "{refusal}");
    assert!(!place.data().exists());
}

/// The words between two others.
#[track_caller]
pub(crate) fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let (_, rest) = text
        .split_once(before)
        .unwrap_or_else(|| panic!("no {before:?} in {text}"));
    let (words, _) = rest
        .split_once(after)
        .unwrap_or_else(|| panic!("no {after:?} in {text}"));
    words
}
