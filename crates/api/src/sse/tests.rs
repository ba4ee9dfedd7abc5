use axum::Router;
use axum::routing::get;
use futures::stream;

use super::*;
use crate::testing::{request, send, with};

/// The event as it goes over the wire, and whether more may come.
async fn wire(heard: Option<TurnEvent>) -> (String, bool) {
    let (event, goes_on) = event(heard, &RequestId::of(&axum::http::Extensions::new()));
    let mut event = Some(event);
    let app = Router::new().route(
        "/",
        get(move || std::future::ready(Sse::new(stream::iter(event.take().map(Ok::<_, Infallible>))))),
    );
    (send(app, request("GET", "/")).await.text, goes_on)
}

#[tokio::test]
async fn words_come_as_deltas() {
    let (text, goes_on) = wire(Some(TurnEvent::Delta("Hello\nthere".to_owned()))).await;
    assert_eq!(text, "event: delta\ndata: {\"text\":\"Hello\\nthere\"}\n\n");
    assert!(goes_on);
}

#[tokio::test]
async fn the_analysis_comes_in_the_contracts_words() {
    let (text, goes_on) = wire(Some(TurnEvent::Analysis(Box::default()))).await;
    assert!(
        text.starts_with("event: analysis\ndata: {\"language\":{\"code\":\"und\""),
        "{text}"
    );
    assert!(goes_on);
}

#[tokio::test]
async fn a_failure_comes_as_the_envelope_and_ends_the_stream() {
    for heard in [Some(TurnEvent::Failed(EngineError::Unavailable("secret"))), None] {
        let (text, goes_on) = wire(heard).await;
        assert!(
            text.starts_with("event: error\ndata: {\"error\":{\"code\":\"5002\""),
            "{text}"
        );
        assert!(!text.contains("secret"));
        assert!(!goes_on);
    }
}

#[tokio::test]
async fn events_are_sent_to_who_asks_for_them() {
    let show = async |wanted: Wanted| matches!(wanted, Wanted::Events(_)).to_string();
    let app = Router::new().route("/", get(show));
    for (accept, expected) in [
        ("text/event-stream", "true"),
        ("application/json, Text/Event-Stream;q=0.9", "true"),
        ("application/json", "false"),
        ("*/*", "false"),
    ] {
        assert_eq!(
            send(app.clone(), with(request("GET", "/"), "accept", accept))
                .await
                .text,
            expected,
            "{accept}"
        );
    }
    assert_eq!(send(app, request("GET", "/")).await.text, "false");
}
