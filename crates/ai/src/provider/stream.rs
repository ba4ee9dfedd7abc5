//! A reply as it arrives: bytes to events to words, within the deadlines.

use std::collections::VecDeque;

use acs_domain::port::chat::{ChatDelta, ChatStream, ModelError, ReplyEnd, StopReason};
use futures::stream::{self, StreamExt, TryStreamExt};
use reqwest::Response;
use serde::de::DeserializeOwned;
use tracing::Span;

use super::http::Deadlines;
use super::sse::Events;

/// Reads the events of one provider's wire format.
pub(super) trait Decoder: Send + 'static {
    /// Adds what an event says, if anything that matters.
    fn event(&mut self, data: &str, says: &mut Vec<ChatDelta>) -> Result<(), ModelError>;

    /// What it means that nothing more comes.
    fn end(&mut self) -> Result<ReplyEnd, ModelError>;
}

/// The reply in `response`, once its first words are there.
pub(super) async fn begin(
    response: Response,
    deadlines: Deadlines,
    decoder: impl Decoder,
    span: Span,
) -> Result<ChatStream, ModelError> {
    let arriving = Arriving {
        response,
        deadlines,
        decoder,
        events: Events::default(),
        ready: VecDeque::new(),
        span,
    };
    let reply = stream::try_unfold(Some(arriving), |arriving| async {
        let Some(arriving) = arriving else { return Ok(None) };
        arriving.next().await.map(Some)
    });
    with_first_words(reply.boxed(), deadlines).await
}

/// The same reply, once its first words are there: so that a failure before them is told at once, and another model can be
/// asked.
pub(super) async fn with_first_words(
    mut reply: ChatStream,
    deadlines: Deadlines,
) -> Result<ChatStream, ModelError> {
    match deadlines.first_words(reply.try_next()).await?? {
        Some(first @ (ChatDelta::Text(_) | ChatDelta::Call(_))) => {
            Ok(stream::once(async { Ok(first) }).chain(reply).boxed())
        }
        Some(ChatDelta::End(end)) if end.reason == StopReason::Filtered => Err(ModelError::Filtered),
        Some(ChatDelta::End(_)) | None => Err(ModelError::Broken("it has no words".to_owned())),
    }
}

struct Arriving<D> {
    response: Response,
    deadlines: Deadlines,
    decoder: D,
    events: Events,
    /// Read but not yet given; an error is the last.
    ready: VecDeque<Result<ChatDelta, ModelError>>,
    span: Span,
}

impl<D: Decoder> Arriving<D> {
    /// The next piece, and what is still to come.
    async fn next(mut self) -> Result<(ChatDelta, Option<Self>), ModelError> {
        loop {
            match self.ready.pop_front().transpose()? {
                Some(ChatDelta::End(end)) => return Ok((self.ended(end), None)),
                Some(delta) => return Ok((delta, Some(self))),
                None => {}
            }
            let piece = self.deadlines.whole(self.response.chunk()).await?;
            let Some(piece) = piece.map_err(|_| ModelError::Broken("the connection was cut".to_owned()))?
            else {
                let end = self.decoder.end()?;
                return Ok((self.ended(end), None));
            };
            self.read(&piece);
        }
    }

    fn read(&mut self, piece: &[u8]) {
        let events = match self.events.push(piece) {
            Ok(events) => events,
            Err(error) => return self.ready.push_back(Err(ModelError::Broken(error.to_string()))),
        };
        let mut says = Vec::new();
        for data in &events {
            let read = self.decoder.event(data, &mut says);
            self.ready.extend(says.drain(..).map(Ok));
            if let Err(error) = read {
                return self.ready.push_back(Err(error));
            }
        }
    }

    fn ended(&self, end: ReplyEnd) -> ChatDelta {
        record(&self.span, end);
        ChatDelta::End(end)
    }
}

/// Notes what a reply cost.
pub(super) fn record(span: &Span, end: ReplyEnd) {
    span.record("gen_ai.usage.input_tokens", end.usage.input);
    span.record("gen_ai.usage.output_tokens", end.usage.output);
}

/// An event's data, in the agreed form.
pub(super) fn parsed<T: DeserializeOwned>(data: &str) -> Result<T, ModelError> {
    serde_json::from_str(data).map_err(|error| {
        ModelError::Broken(format!(
            "a chunk is not in the agreed form: {:?}",
            error.classify()
        ))
    })
}
