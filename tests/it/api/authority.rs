//! Who may call what: every endpoint of the document, as nobody and as every role and scope there is.

use std::collections::BTreeSet;

use acs_app::seed::OPERATOR;
use reqwest::{Method, RequestBuilder};
use rstest::rstest;
use serde_json::{Value, json};

use super::endpoints::{ENDPOINTS, Open, about_nothing, documented};
use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{App, As, read};

const SCOPES: [&str; 6] = [
    "converse",
    "knowledge:read",
    "knowledge:write",
    "config:write",
    "analytics:read",
    "admin",
];

#[tokio::test]
async fn every_documented_endpoint_is_listed_and_every_listed_one_documented() {
    let app = App::unseeded(Sqlite, &[]).await;
    let (_, documented) = documented(&app).await;
    let listed: BTreeSet<String> = ENDPOINTS
        .iter()
        .map(|(operation, _)| (*operation).to_owned())
        .collect();
    assert_eq!(listed.len(), ENDPOINTS.len(), "an endpoint is listed twice");
    assert_eq!(listed, documented);
}

#[tokio::test]
async fn the_document_tells_which_endpoints_ask_who_is_calling() {
    let app = App::unseeded(Sqlite, &[]).await;
    let (document, _) = documented(&app).await;
    for (operation, open) in ENDPOINTS {
        let (method, path) = operation.split_once(' ').unwrap();
        let paths = &document["paths"];
        let item = paths.get(path).unwrap_or(&paths[format!("/api/v1{path}")]);
        let documented = &item[method.to_lowercase()];
        let asks = documented["security"]
            .as_array()
            .is_some_and(|schemes| !schemes.is_empty());
        assert_eq!(asks, *open != Open::ToAnyone, "{operation}");
        let refuses = documented["responses"].get("401").is_some();
        assert!(refuses || !asks, "{operation}");
    }
}

#[rstest]
#[tokio::test]
async fn nobody_is_let_in_but_where_everyone_is(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    for (operation, open) in ENDPOINTS {
        let answer = read(about(&app, &As::Nobody, operation)).await;
        if *open == Open::ToAnyone {
            assert!(
                ![401, 403].contains(&answer.status.as_u16()),
                "{operation}: {}",
                answer.body
            );
        } else {
            answer.refused(401, "1001");
        }
    }
}

/// Everyone who can prove who they are, by role or scope.
struct Known {
    people: Vec<(&'static str, As)>,
    keys: Vec<(&'static str, As)>,
}

async fn everyone(app: &App) -> Known {
    let admin = app.acme().await;
    let people = vec![
        ("system", app.sign_in(OPERATOR).await),
        ("supervisor", app.member(&admin, "supervisor").await),
        ("agent", app.member(&admin, "agent").await),
        ("customer", app.customer("acme", "customer-1").await),
        ("admin", admin.clone()),
    ];
    let mut keys = Vec::new();
    for scope in SCOPES {
        keys.push((scope, app.key(&admin, &[scope]).await));
    }
    Known { people, keys }
}

#[rstest]
#[tokio::test]
async fn each_role_and_each_scope_may_do_what_is_listed_and_nothing_else(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let known = everyone(&app).await;
    let mut wrong = Vec::new();
    for (operation, open) in ENDPOINTS {
        let Open::To { people, keys } = open else { continue };
        let callers = [
            (&known.people, people, "the role"),
            (&known.keys, keys, "a key for"),
        ];
        for (callers, allowed, kind) in callers {
            for (name, caller) in callers {
                // About nothing and with an empty body: it is found out who calls before it is found out that nothing is there.
                let answer = read(about(&app, caller, operation)).await;
                let refused = answer.error() == (403, "1002");
                let failed = answer.status.is_server_error() || answer.status == 401;
                if refused == allowed.split(' ').any(|allowed| allowed == *name) || failed {
                    wrong.push(format!(
                        "{operation} by {kind} {name}: {} {}",
                        answer.status, answer.body
                    ));
                }
                if refused {
                    answer.enveloped();
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[rstest]
#[tokio::test]
async fn whoever_is_known_may_ask_who_they_are(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let known = everyone(&app).await;
    for (role, person) in &known.people {
        let me = app.get(person, "/me").await.expect(200);
        assert_eq!(
            (&me["role"], &me["user"]["role"], &me["api_key"]),
            (&json!(role), &json!(role), &Value::Null)
        );
        let organization = if *role == "system" { "system" } else { "acme" };
        assert_eq!(me["organization"]["slug"], organization);
    }
    for (scope, key) in &known.keys {
        let me = app.get(key, "/me").await.expect(200);
        assert_eq!((&me["user"], &me["role"]), (&Value::Null, &Value::Null));
        assert_eq!(me["api_key"]["scopes"], json!([scope]));
    }
}

fn about(app: &App, caller: &As, operation: &str) -> RequestBuilder {
    let (method, address) = about_nothing(app, operation);
    let sends = [Method::POST, Method::PUT, Method::PATCH].contains(&method);
    let request = app.http.request(method, address);
    let request = if sends { request.json(&json!({})) } else { request };
    match caller {
        As::Nobody => request,
        As::Token(token) => request.bearer_auth(token),
        As::Key(key) => request.header("X-API-Key", key),
    }
}
