//! A turn as server-sent events (HTML standard, section 9.2): `analysis`, `delta`, then `done` or `error`.

use std::convert::Infallible;
use std::time::Duration;

use acs_engine::EngineError;
use acs_engine::turn::{Spoken, TurnEvent};
use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream;
use serde::Serialize;

use crate::layer::request_id::RequestId;
use crate::problem::Problem;
use crate::view::analysis::Analysis;
use crate::view::turn::Turn;

/// How often a silent stream gives a sign of life: more often than proxies cut silent connections.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Tells nginx and its kin to pass events on as they come.
const UNBUFFERED: (HeaderName, HeaderValue) = (
    HeaderName::from_static("x-accel-buffering"),
    HeaderValue::from_static("no"),
);

/// In which form the client wants a turn.
pub(crate) enum Wanted {
    /// In one piece, at its end.
    Json,
    /// As events; errors among them name the request.
    Events(RequestId),
}

impl<S: Sync> FromRequestParts<S> for Wanted {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let accepted = parts
            .headers
            .get_all(ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok());
        let mut types = accepted
            .flat_map(|value| value.split(','))
            .filter_map(|kind| kind.split(';').next());
        let events = types.any(|kind| kind.trim().eq_ignore_ascii_case("text/event-stream"));
        Ok(if events {
            Self::Events(RequestId::of(&parts.extensions))
        } else {
            Self::Json
        })
    }
}

/// The events of a turn. A client that goes away drops the stream, not the turn.
pub(crate) fn events(spoken: Spoken, request_id: RequestId) -> Response {
    let events = stream::unfold(Some(spoken), move |spoken| {
        let request_id = request_id.clone();
        async move {
            let mut spoken = spoken?;
            let heard = spoken.next().await;
            let (event, goes_on) = event(heard, &request_id);
            Some((Ok::<_, Infallible>(event), goes_on.then_some(spoken)))
        }
    });
    let stream = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    ([UNBUFFERED], stream).into_response()
}

/// The event on the wire, and whether more may come.
fn event(heard: Option<TurnEvent>, request_id: &RequestId) -> (Event, bool) {
    match heard {
        Some(TurnEvent::Analysis(analysis)) => (named("analysis", &Analysis::from(*analysis)), true),
        Some(TurnEvent::Delta(text)) => (named("delta", &Delta { text }), true),
        Some(TurnEvent::Done(done)) => (named("done", &Turn::from(*done)), false),
        Some(TurnEvent::Failed(error)) => (failed(error, request_id), false),
        None => (
            failed(EngineError::Unavailable("the server is stopping"), request_id),
            false,
        ),
    }
}

#[derive(Serialize)]
struct Delta {
    text: String,
}

fn failed(error: EngineError, request_id: &RequestId) -> Event {
    let problem = Problem::from(error);
    problem.log(request_id.as_str());
    named("error", &problem.envelope(request_id.as_str()))
}

fn named(name: &str, data: &impl Serialize) -> Event {
    // The bodies are plain structures: they can always be written.
    Event::default()
        .event(name)
        .json_data(data)
        .unwrap_or_else(|_| Event::default().event(name))
}

#[cfg(test)]
mod tests;
