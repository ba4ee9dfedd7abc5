use acs_core::id::Id;
use acs_domain::access::{Actor, Caller};
use axum::body::Body;
use axum::routing::post as on_post;
use axum::{Extension, Router};
use serde_json::Value;
use uuid::Uuid;

use super::*;
use crate::testing::{Answer, clock, enveloped, post, send, with};

fn caller() -> Caller {
    let id = Id::from_uuid(Uuid::from_u128(7));
    Caller {
        organization_id: Id::from_uuid(Uuid::from_u128(1)),
        actor: Actor::ApiKey {
            id,
            scopes: Vec::new(),
        },
    }
}

async fn send_keyed(path: &str, key: Option<&str>, body: &str) -> Answer {
    let show = async |Claimed { claim, .. }: Claimed<Value>| format!("{claim:?}");
    let clock: Arc<dyn Clock> = Arc::new(clock());
    let app = Router::new()
        .route("/things/{id}", on_post(show))
        .layer(Extension(caller()))
        .with_state(clock);
    let request: Request<Body> = post(path, body.to_owned());
    let request = key.map_or_else(
        || post(path, body.to_owned()),
        |key| with(request, "idempotency-key", key),
    );
    send(enveloped(app), request).await
}

#[tokio::test]
async fn a_request_without_a_key_claims_nothing() {
    assert_eq!(send_keyed("/things/1", None, "{}").await.text, "None");
}

#[tokio::test]
async fn a_claim_names_caller_operation_key_and_content() {
    let text = send_keyed("/things/1", Some("abc"), "{}").await.text;
    assert!(
        text.contains(&format!("caller: \"key:{}\"", Uuid::from_u128(7))),
        "{text}"
    );
    assert!(text.contains("operation: \"POST /things/1\""), "{text}");
    assert!(text.contains("key: \"abc\""), "{text}");
    assert!(text.contains(&hash("application/json", b"{}")), "{text}");
}

#[tokio::test]
async fn the_path_with_its_ids_is_part_of_the_operation() {
    let one = send_keyed("/things/1", Some("abc"), "{}").await.text;
    assert_ne!(one, send_keyed("/things/2", Some("abc"), "{}").await.text);
    assert_eq!(one, send_keyed("/things/1?x=1", Some("abc"), "{}").await.text);
}

#[test]
fn another_body_or_another_form_has_another_hash() {
    let one = hash("application/json", b"{}");
    assert_eq!(one, hash("application/json", b"{}"));
    assert_ne!(one, hash("application/json", b"{ }"));
    assert_ne!(one, hash("text/csv", b"{}"));
    assert_ne!(hash("a", b"b"), hash("ab", b""));
    assert_eq!(one.len(), 64);
}

#[tokio::test]
async fn a_key_is_1_to_255_visible_characters() {
    let longest = "k".repeat(255);
    assert!(
        send_keyed("/things/1", Some(&longest), "{}")
            .await
            .text
            .contains(&longest)
    );
    for bad in ["", "a b", "\u{e9}", &"k".repeat(256)] {
        let answer = send_keyed("/things/1", Some(bad), "{}").await;
        assert_eq!(answer.error(), (400, "2002".to_owned()), "{bad:?}");
        assert!(answer.reasons("Idempotency-Key").is_array(), "{bad:?}");
    }
}
