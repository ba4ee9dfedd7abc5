//! Signing in, and staying signed in.

use futures::future::join_all;
use rstest::rstest;
use serde_json::{Value, json};

use super::idempotency::{once, replays};
use super::text;
use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{Answer, App, As, PASSWORD};

async fn sign_in(app: &App, body: Value) -> Answer {
    app.post(&As::Nobody, "/auth/token", body).await
}

async fn refresh(app: &App, token: &str) -> Answer {
    app.post(&As::Nobody, "/auth/refresh", json!({ "refresh_token": token }))
        .await
}

/// The tokens of acme's admin.
async fn pair(app: &App) -> Value {
    sign_in(
        app,
        json!({ "email": "admin@acme.example", "password": PASSWORD }),
    )
    .await
    .expect(200)
}

fn access(pair: &Value) -> As {
    As::Token(text(pair, "access_token").to_owned())
}

#[rstest]
#[tokio::test]
async fn a_right_password_gives_tokens_that_open_the_api(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    app.acme().await;
    let logins = [
        json!({ "email": "admin@acme.example", "password": PASSWORD }),
        json!({ "username": "admin@acme.example", "password": PASSWORD }),
        json!({ "username": "admin@acme.example", "email": "admin@acme.example", "password": PASSWORD }),
        json!({ "email": " Admin@ACME.example ", "password": PASSWORD, "organization": "acme" }),
    ];
    for login in logins {
        let pair = sign_in(&app, login).await.expect(200);
        assert_eq!(
            super::names(&pair),
            ["access_token", "expires_in", "refresh_token", "token_type"]
        );
        assert_eq!(
            (&pair["token_type"], &pair["expires_in"]),
            (&json!("Bearer"), &json!(30 * 60))
        );
        let me = app.get(&access(&pair), "/me").await.expect(200);
        assert_eq!(
            (&me["user"]["email"], &me["role"]),
            (&json!("admin@acme.example"), &json!("admin"))
        );
        assert!(!me.to_string().contains("argon2"), "{me}");
    }
}

#[rstest]
#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_are_answered_alike(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    app.customer("acme", "customer-1").await;
    let wrong = json!({ "email": "admin@acme.example", "password": "violet harbour tuesday lanterns" });
    let unlike = [
        wrong.clone(),
        json!({ "email": "nobody@acme.example", "password": PASSWORD }),
        json!({ "email": "admin@acme.example", "password": PASSWORD, "organization": "system" }),
        json!({ "email": "admin@acme.example", "password": PASSWORD, "organization": "nowhere" }),
        json!({ "email": "customer-1", "password": PASSWORD }),
        json!({ "email": "admin@acme.example", "password": "" }),
        json!({ "email": "", "password": PASSWORD }),
        json!({ "email": "admin@acme.example", "password": PASSWORD.to_uppercase() }),
    ];
    let told = |answer: &Answer| {
        answer.refused(401, "1004");
        (
            answer.body["error"]["message"].clone(),
            answer.body["error"]["details"].clone(),
        )
    };
    let first = told(&sign_in(&app, wrong).await);
    for body in unlike {
        assert_eq!(told(&sign_in(&app, body).await), first);
    }
    app.get(&admin, "/me").await.expect(200);
}

#[rstest]
#[tokio::test]
async fn an_address_of_two_organizations_signs_in_to_the_one_it_names(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let user = |password: &str| json!({ "email": "ann@both.example", "password": password, "role": "agent" });
    let (one, two) = ("copper meadow sunday kettle", "linen window autumn ferry");
    for (slug, password) in [("first", one), ("second", two)] {
        let admin = app.organization(slug, json!({})).await;
        app.post(&admin, "/admin/users", user(password)).await.expect(201);
    }
    let login = |password: &str, organization: Option<&str>| json!({ "email": "ann@both.example", "password": password, "organization": organization });
    let unnamed = sign_in(&app, login(one, None)).await;
    unnamed.refused(401, "1004");
    assert!(text(&unnamed.body["error"], "message").contains("`organization`"));
    sign_in(&app, login(one, Some("second")))
        .await
        .refused(401, "1004");
    for (slug, password) in [("first", one), ("second", two)] {
        let pair = sign_in(&app, login(password, Some(slug))).await.expect(200);
        let me = app.get(&access(&pair), "/me").await.expect(200);
        assert_eq!(me["organization"]["slug"], slug);
    }
}

#[rstest]
#[tokio::test]
async fn two_names_for_one_account_must_agree(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let body = json!({ "username": "a@b.example", "email": "c@d.example", "password": PASSWORD });
    assert_eq!(
        super::names(sign_in(&app, body).await.refused(400, "2002")),
        ["email"]
    );
}

#[rstest]
#[tokio::test]
async fn a_refresh_token_is_good_for_one_new_pair(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    app.acme().await;
    let first = pair(&app).await;
    let second = refresh(&app, text(&first, "refresh_token")).await.expect(200);
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    assert_ne!(first["access_token"], second["access_token"]);
    app.get(&access(&second), "/me").await.expect(200);
    let third = refresh(&app, text(&second, "refresh_token")).await.expect(200);
    app.get(&access(&third), "/me").await.expect(200);
}

#[rstest]
#[tokio::test]
async fn a_spent_refresh_token_ends_its_own_sign_in_and_no_other(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    app.acme().await;
    let (stolen, other) = (pair(&app).await, pair(&app).await);
    let renewed = refresh(&app, text(&stolen, "refresh_token")).await.expect(200);
    refresh(&app, text(&stolen, "refresh_token"))
        .await
        .refused(401, "1001");
    refresh(&app, text(&renewed, "refresh_token"))
        .await
        .refused(401, "1001");
    refresh(&app, text(&other, "refresh_token")).await.expect(200);
    app.sign_in("admin@acme.example").await;
}

#[rstest]
#[tokio::test]
async fn a_refresh_whose_answer_was_lost_is_sent_again_with_its_key(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::on(store).await;
    app.acme().await;
    let (mine, other) = (pair(&app).await, pair(&app).await);
    let refresh = async |pair: &Value, key: &str| {
        let body = json!({ "refresh_token": pair["refresh_token"] });
        once(&app, &As::Nobody, "/auth/refresh", key, &body).await
    };
    let first = refresh(&mine, "one").await;
    assert_eq!(first.status, 200);
    replays(&refresh(&mine, "one").await, &first);
    // Another's key of the same name is another key.
    assert_eq!(refresh(&other, "one").await.header("idempotency-replayed"), None);
    // Another key is another request, and the token is spent.
    refresh(&mine, "two").await.refused(401, "1001");
    refresh(&mine, "one").await.refused(401, "1001");
}

#[rstest]
#[tokio::test]
async fn of_refreshes_at_once_one_succeeds_at_the_most(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    app.acme().await;
    let pair = pair(&app).await;
    let token = text(&pair, "refresh_token");
    let answers = join_all((0..8).map(|_| refresh(&app, token))).await;
    let (good, bad): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!(good.len(), 1);
    bad.iter()
        .for_each(|answer| drop(answer.refused(401, "1001").clone()));
    refresh(&app, text(&good[0].body, "refresh_token"))
        .await
        .refused(401, "1001");
}

#[rstest]
#[tokio::test]
async fn what_is_no_refresh_token_opens_nothing(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    app.acme().await;
    let pair = pair(&app).await;
    let token = text(&pair, "refresh_token");
    for wrong in [
        "",
        "x",
        &token[1..],
        &format!("{token}A"),
        &token.replace(|c: char| c.is_ascii_digit(), "x"),
        text(&pair, "access_token"),
    ] {
        if wrong != token {
            refresh(&app, wrong).await.refused(401, "1001");
        }
    }
    app.get(&As::Token(token.to_owned()), "/me")
        .await
        .refused(401, "1001");
    refresh(&app, token).await.expect(200);
}

#[rstest]
#[tokio::test]
async fn signing_out_ends_the_sign_in_and_says_nothing_of_unknown_tokens(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::on(store).await;
    app.acme().await;
    let first = pair(&app).await;
    let second = refresh(&app, text(&first, "refresh_token")).await.expect(200);
    for token in [
        text(&second, "refresh_token"),
        text(&second, "refresh_token"),
        "nonsense",
        "",
    ] {
        app.post(&As::Nobody, "/auth/logout", json!({ "refresh_token": token }))
            .await
            .expect(204);
    }
    refresh(&app, text(&second, "refresh_token"))
        .await
        .refused(401, "1001");
}

#[rstest]
#[tokio::test]
async fn a_sign_out_ends_the_access_token_of_that_sign_in_alone(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    app.acme().await;
    let (mine, other) = (pair(&app).await, pair(&app).await);
    app.get(&access(&mine), "/me").await.expect(200);
    let body = json!({ "refresh_token": mine["refresh_token"] });
    app.post(&As::Nobody, "/auth/logout", body).await.expect(204);
    app.get(&access(&mine), "/me").await.refused(401, "1001");
    app.get(&access(&other), "/me").await.expect(200);
}

/// How often a password was put to the proof, by the server's own count.
async fn proofs(app: &App) -> u64 {
    let page = app
        .http
        .get(format!("{}/metrics", app.base))
        .send()
        .await
        .unwrap();
    let page = page.text().await.unwrap();
    let line = page
        .lines()
        .find_map(|line| line.strip_prefix("acs_password_proofs_total "));
    line.map_or(0, |count| count.parse().unwrap())
}

#[tokio::test]
async fn an_account_that_does_not_exist_costs_a_proof_like_any_other() {
    let app = App::on(Sqlite).await;
    app.acme().await;
    for email in ["admin@acme.example", "nobody@acme.example", "no address at all"] {
        let before = proofs(&app).await;
        let body = json!({ "email": email, "password": "not the password of anyone" });
        sign_in(&app, body).await.refused(401, "1004");
        assert_eq!(proofs(&app).await, before + 1, "{email}");
    }
}
