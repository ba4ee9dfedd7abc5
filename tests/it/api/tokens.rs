//! Access tokens that are not, or no longer, good.

use acs_core::clock::{Clock as _, SystemClock};
use acs_core::config::{JwtAlgorithm, Security};
use acs_core::entropy::SystemEntropy;
use acs_core::secret::Secret;
use acs_core::security::token::{Subject, Tokens};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rstest::rstest;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::text;
use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{App, As};

const KEY: &str = "a signing key that is only for these tests";
const HALF_AN_HOUR: std::time::Duration = std::time::Duration::from_secs(30 * 60);

async fn start(store: Store) -> App {
    App::with(store, &[("ACS__SECURITY__SECRET_KEY", KEY)]).await
}

fn settings() -> Security {
    Security {
        secret_key: Some(Secret::new(KEY)),
        ..Security::default()
    }
}

fn now() -> OffsetDateTime {
    SystemClock.now()
}

/// What a token says.
fn payload(caller: &As) -> Value {
    let As::Token(token) = caller else { unreachable!() };
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

/// A token for the person of `me`, of the same sign-in, as a server with these settings would issue it.
fn issued(caller: &As, me: &Value, settings: &Security, at: OffsetDateTime) -> As {
    let id = |value: &Value| Uuid::parse_str(text(value, "id")).unwrap();
    let subject = Subject {
        user: id(&me["user"]),
        organization: id(&me["organization"]),
        role: text(me, "role").to_owned(),
        scopes: Vec::new(),
        session: Uuid::parse_str(text(&payload(caller), "sid")).unwrap(),
    };
    let tokens = Tokens::new(&settings.signing_keys(), settings).unwrap();
    As::Token(tokens.issue(&subject, HALF_AN_HOUR, at, &SystemEntropy).unwrap())
}

#[rstest]
#[tokio::test]
async fn a_token_is_good_until_its_end_and_expired_from_then_on(#[values(Sqlite, Postgres)] store: Store) {
    let app = start(store).await;
    let admin = app.acme().await;
    let me = app.get(&admin, "/me").await.expect(200);
    let almost = issued(
        &admin,
        &me,
        &settings(),
        now() - HALF_AN_HOUR + Duration::minutes(1),
    );
    app.get(&almost, "/me").await.expect(200);
    for age in [Duration::minutes(30), Duration::hours(1), Duration::days(400)] {
        app.get(&issued(&admin, &me, &settings(), now() - age), "/me")
            .await
            .refused(401, "1003");
    }
}

#[rstest]
#[tokio::test]
async fn a_token_that_another_server_would_issue_is_not_ours(#[values(Sqlite, Postgres)] store: Store) {
    let app = start(store).await;
    let admin = app.acme().await;
    let me = app.get(&admin, "/me").await.expect(200);
    let others = [
        Security {
            secret_key: Some(Secret::new("another key, of the same length as the first")),
            ..settings()
        },
        Security {
            jwt_algorithm: JwtAlgorithm::Hs512,
            ..settings()
        },
        Security {
            jwt_audience: "others".to_owned(),
            ..settings()
        },
        Security {
            jwt_issuer: "others".to_owned(),
            ..settings()
        },
    ];
    app.get(&issued(&admin, &me, &settings(), now()), "/me")
        .await
        .expect(200);
    for settings in others {
        app.get(&issued(&admin, &me, &settings, now()), "/me")
            .await
            .refused(401, "1001");
        // Not even that it has expired is told of a token that is not ours.
        app.get(&issued(&admin, &me, &settings, now() - Duration::days(1)), "/me")
            .await
            .refused(401, "1001");
    }
}

#[rstest]
#[tokio::test]
async fn a_token_that_was_tampered_with_opens_nothing(#[values(Sqlite, Postgres)] store: Store) {
    let app = start(store).await;
    let admin = app.acme().await;
    let agent = app.member(&admin, "agent").await;
    let As::Token(token) = &agent else { unreachable!() };
    let parts: Vec<&str> = token.split('.').collect();
    let [head, payload, signature] = parts[..] else {
        panic!("{token}")
    };
    let read =
        |part: &str| -> Value { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap() };
    let write = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let with = |part: &str, field: &str, value: Value| {
        let mut part = read(part);
        part[field] = value;
        write(&part)
    };
    let forged = [
        format!("{head}.{}.{signature}", with(payload, "role", json!("admin"))),
        format!(
            "{head}.{}.{signature}",
            with(payload, "exp", json!(4_000_000_000_u64))
        ),
        format!("{}.{payload}.", with(head, "alg", json!("none"))),
        format!("{}.{payload}.{signature}", with(head, "alg", json!("None"))),
        format!(
            "{}.{payload}.{signature}",
            with(head, "kid", json!("../../etc/passwd"))
        ),
        format!("{}.{payload}.{signature}", with(head, "typ", json!("JWT"))),
        format!("{head}.{payload}."),
        format!("{head}.{payload}"),
        format!("{head}..{signature}"),
        format!(".{payload}.{signature}"),
        format!("{token}.{signature}"),
        format!("{head}.{payload}.{}", &signature[1..]),
        "..".to_owned(),
        "a".repeat(8_000),
    ];
    for forged in forged {
        app.get(&As::Token(forged.clone()), "/me")
            .await
            .refused(401, "1001");
    }
    app.get(&agent, "/me").await.expect(200);
}

#[rstest]
#[tokio::test]
async fn a_token_for_someone_who_does_not_exist_opens_nothing(#[values(Sqlite, Postgres)] store: Store) {
    let app = start(store).await;
    let (admin, other) = (app.acme().await, app.organization("other", json!({})).await);
    let (acme, other) = (
        app.get(&admin, "/me").await.expect(200),
        app.get(&other, "/me").await.expect(200),
    );
    let mut nobody = acme.clone();
    nobody["user"]["id"] = json!(super::NOTHING);
    let mut nowhere = acme.clone();
    nowhere["organization"]["id"] = json!(super::NOTHING);
    let mut elsewhere = acme.clone();
    elsewhere["organization"]["id"] = other["organization"]["id"].clone();
    for me in [nobody, nowhere, elsewhere] {
        app.get(&issued(&admin, &me, &settings(), now()), "/me")
            .await
            .refused(401, "1001");
    }
}

#[rstest]
#[tokio::test]
async fn what_a_person_may_do_follows_from_the_account_not_from_the_token(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = start(store).await;
    let admin = app.acme().await;
    let agent = app.member(&admin, "agent").await;
    let mut me = app.get(&agent, "/me").await.expect(200);
    me["role"] = json!("admin");
    let token = issued(&agent, &me, &settings(), now());
    app.get(&token, "/admin/users").await.refused(403, "1002");
}
