use axum::Router;
use axum::routing::get;

use super::*;
use crate::testing::{enveloped, request, send};

struct Thing;

fn app() -> Router {
    let show = async |PathId(id): PathId<Thing>| id.to_string();
    let show_turn = async |TurnPath {
                               conversation,
                               message,
                           }: TurnPath| format!("{conversation} {message}");
    enveloped(
        Router::new()
            .route("/{id}", get(show))
            .route("/{id}/turns/{message_id}", get(show_turn)),
    )
}

#[tokio::test]
async fn ids_are_read() {
    let id = "018f4e7a-5b1c-7000-8000-0123456789ab";
    assert_eq!(send(app(), request("GET", &format!("/{id}"))).await.text, id);
    let turn = send(app(), request("GET", &format!("/{id}/turns/{id}"))).await;
    assert_eq!(turn.text, format!("{id} {id}"));
}

#[tokio::test]
async fn what_is_no_id_names_its_parameter() {
    for bad in ["1", "018f4e7a5b1c700080000123456789ab", "%00", "%F0%9F%98%80"] {
        let answer = send(app(), request("GET", &format!("/{bad}"))).await;
        assert_eq!(answer.error(), (400, "2002".to_owned()), "{bad}");
        assert!(answer.reasons("id").is_array(), "{bad}");
    }
    let id = "018f4e7a-5b1c-7000-8000-0123456789ab";
    let answer = send(app(), request("GET", &format!("/{id}/turns/x"))).await;
    assert!(answer.reasons("message_id").is_array(), "{}", answer.text);
}

#[tokio::test]
async fn a_path_that_is_not_utf8_is_refused() {
    assert_eq!(
        send(app(), request("GET", "/%FF")).await.error(),
        (400, "2002".to_owned())
    );
}
