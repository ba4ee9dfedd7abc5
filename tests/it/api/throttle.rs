//! Guessing passwords: an account, and an address, pause after too many wrong ones.

use rstest::rstest;
use serde_json::json;

use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{Answer, App, As, PASSWORD, read};

const WRONG: &str = "a wrong password of several words";

async fn try_password(app: &App, email: &str, password: &str) -> Answer {
    app.post(
        &As::Nobody,
        "/auth/token",
        json!({ "email": email, "password": password }),
    )
    .await
}

/// A try that says where it comes from.
async fn from(app: &App, forwarded: (&str, &str), email: &str) -> Answer {
    let body = json!({ "email": email, "password": WRONG });
    let (header, value) = forwarded;
    read(
        app.request(&As::Nobody, reqwest::Method::POST, "/auth/token")
            .header(header, value)
            .json(&body),
    )
    .await
}

#[rstest]
#[tokio::test]
async fn after_ten_wrong_passwords_not_even_the_right_one_is_taken(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    for _ in 0..10 {
        try_password(&app, "admin@acme.example", WRONG)
            .await
            .refused(401, "1004");
    }
    for password in [PASSWORD, WRONG] {
        let answer = try_password(&app, "admin@acme.example", password).await;
        answer.refused(429, "2005");
        assert!((1..=900).contains(&answer.seconds("retry-after")));
    }
    // In other letters it is the same account; others, and whoever is signed in, are not touched.
    try_password(&app, "ADMIN@acme.example", PASSWORD)
        .await
        .refused(429, "2005");
    app.sign_in(acs_app::seed::OPERATOR).await;
    app.get(&admin, "/me").await.expect(200);
}

#[rstest]
#[tokio::test]
async fn an_account_that_does_not_exist_pauses_too(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    for _ in 0..10 {
        try_password(&app, "nobody@acme.example", WRONG)
            .await
            .refused(401, "1004");
    }
    try_password(&app, "nobody@acme.example", WRONG)
        .await
        .refused(429, "2005");
}

#[rstest]
#[tokio::test]
async fn many_tries_at_once_are_no_way_round(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    app.acme().await;
    let tries = (0..30).map(|_| try_password(&app, "admin@acme.example", WRONG));
    let answers = futures::future::join_all(tries).await;
    let looked_at = answers
        .iter()
        .filter(|answer| answer.error() == (401, "1004"))
        .count();
    let paused = answers
        .iter()
        .filter(|answer| answer.error() == (429, "2005"))
        .count();
    assert_eq!((looked_at, paused), (10, 20));
}

#[rstest]
#[tokio::test]
async fn signing_in_forgives_the_wrong_passwords_before_it(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    app.acme().await;
    for _ in 0..3 {
        for _ in 0..9 {
            try_password(&app, "admin@acme.example", WRONG)
                .await
                .refused(401, "1004");
        }
        try_password(&app, "admin@acme.example", PASSWORD)
            .await
            .expect(200);
    }
}

/// One wrong password pauses an account, so ten pause an address.
const STRICT: (&str, &str) = ("ACS__SECURITY__SIGN_IN_MAX_FAILURES", "1");
const BEHIND_PROXY: (&str, &str) = ("ACS__SERVER__TRUSTED_PROXIES", "127.0.0.0/8");

#[rstest]
#[tokio::test]
async fn an_address_that_fails_with_many_accounts_pauses(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::with(store, &[STRICT]).await;
    for n in 0..10 {
        try_password(&app, &format!("user-{n}@acme.example"), WRONG)
            .await
            .refused(401, "1004");
    }
    try_password(&app, "user-10@acme.example", WRONG)
        .await
        .refused(429, "2005");
    try_password(&app, acs_app::seed::OPERATOR, PASSWORD)
        .await
        .refused(429, "2005");
}

#[rstest]
#[tokio::test]
async fn where_a_client_says_it_comes_from_is_not_believed(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::with(store, &[STRICT]).await;
    for n in 0..10 {
        let header = if n % 2 == 0 {
            "X-Forwarded-For"
        } else {
            "Forwarded"
        };
        let address = if n % 2 == 0 {
            format!("203.0.113.{n}")
        } else {
            format!("for=203.0.113.{n}")
        };
        from(&app, (header, &address), &format!("user-{n}@acme.example"))
            .await
            .refused(401, "1004");
    }
    from(&app, ("X-Forwarded-For", "203.0.113.99"), "user-99@acme.example")
        .await
        .refused(429, "2005");
}

#[rstest]
#[tokio::test]
async fn a_trusted_proxy_is_believed_as_far_as_it_can_know(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::with(store, &[STRICT, BEHIND_PROXY]).await;
    for n in 0..10 {
        // What the client itself wrote stands on the left, and changes nothing.
        let hops = format!("198.51.100.{n}, 203.0.113.1");
        from(
            &app,
            ("X-Forwarded-For", &hops),
            &format!("user-{n}@acme.example"),
        )
        .await
        .refused(401, "1004");
    }
    from(&app, ("X-Forwarded-For", "203.0.113.1"), "user-10@acme.example")
        .await
        .refused(429, "2005");
    from(
        &app,
        ("X-Forwarded-For", "198.51.100.77, 203.0.113.1, 127.0.0.9"),
        "user-11@acme.example",
    )
    .await
    .refused(429, "2005");
    from(
        &app,
        ("Forwarded", "for=203.0.113.1;proto=https"),
        "user-12@acme.example",
    )
    .await
    .refused(429, "2005");
    from(&app, ("X-Forwarded-For", "203.0.113.2"), "user-13@acme.example")
        .await
        .refused(401, "1004");
}
