use super::*;
use acs_core::id::Id;
use acs_domain::access::{ManageUsers, ReadConversations, Role};
use axum::Router;
use axum::routing::get;
use uuid::Uuid;

use crate::testing::{enveloped, request, send};

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
        .collect()
}

fn refused(pairs: &[(&'static str, &str)]) -> u16 {
    credential(&headers(pairs)).unwrap_err().status().as_u16()
}

fn agent() -> Caller {
    let id = Id::from_uuid(Uuid::from_u128(7));
    Caller {
        organization_id: Id::from_uuid(Uuid::from_u128(1)),
        actor: Actor::User {
            id,
            role: Role::Agent,
        },
    }
}

fn app(caller: Option<Caller>) -> Router {
    let app = Router::new()
        .route("/users", get(async |_: Allowed<ManageUsers>| "in"))
        .route("/conversations", get(async |_: Allowed<ReadConversations>| "in"));
    enveloped(match caller {
        Some(caller) => app.layer(axum::Extension(caller)),
        None => app,
    })
}

#[test]
fn a_token_or_a_key_is_taken_from_its_header() {
    let token = headers(&[("authorization", "bearer abc")]);
    assert!(matches!(credential(&token), Ok(Some(Credential::Bearer("abc")))));
    let key = headers(&[("x-api-key", "acs_key")]);
    assert!(matches!(
        credential(&key),
        Ok(Some(Credential::ApiKey("acs_key")))
    ));
    assert!(matches!(credential(&HeaderMap::new()), Ok(None)));
}

#[test]
fn two_proofs_at_once_are_refused() {
    assert_eq!(
        refused(&[("authorization", "Bearer abc"), ("x-api-key", "acs_key")]),
        400
    );
    let mut twice = headers(&[("x-api-key", "one")]);
    twice.append(API_KEY, "two".parse().unwrap());
    assert_eq!(credential(&twice).unwrap_err().status().as_u16(), 400);
}

#[test]
fn another_scheme_or_an_empty_token_proves_nothing() {
    for header in ["Basic YWxpY2U6c2VjcmV0", "Bearer", "Bearer  ", "abc"] {
        assert_eq!(refused(&[("authorization", header)]), 401, "{header}");
    }
}

#[tokio::test]
async fn a_handler_runs_only_for_who_may() {
    assert_eq!(
        send(app(Some(agent())), request("GET", "/conversations"))
            .await
            .text,
        "in"
    );
    let forbidden = send(app(Some(agent())), request("GET", "/users")).await;
    assert_eq!(forbidden.error(), (403, "1002".to_owned()));
}

#[tokio::test]
async fn without_the_layer_that_finds_the_caller_nobody_is_let_in() {
    let answer = send(app(None), request("GET", "/conversations")).await;
    assert_eq!(answer.error(), (401, "1001".to_owned()));
}

#[test]
fn people_and_keys_have_different_names() {
    let key = Caller {
        actor: Actor::ApiKey {
            id: Id::from_uuid(Uuid::from_u128(7)),
            scopes: Vec::new(),
        },
        ..agent()
    };
    assert_eq!(name_of(&agent()), format!("user:{}", Uuid::from_u128(7)));
    assert_eq!(name_of(&key), format!("key:{}", Uuid::from_u128(7)));
}
