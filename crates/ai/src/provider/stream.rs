//! A reply as it arrives: bytes to events to words, within the deadlines.

use std::collections::VecDeque;

use acs_domain::port::chat::{ChatDelta, ChatStream, ModelError, TokenUsage};
use futures::stream::{self, StreamExt, TryStreamExt};
use reqwest::Response;
use tracing::Span;

use super::http::Deadlines;
use super::sse::Events;

/// Reads the events of one provider's wire format.
pub(super) trait Decoder: Send + 'static {
    /// What an event says, if anything that matters.
    fn event(&mut self, data: &str) -> Result<Option<ChatDelta>, ModelError>;

    /// What it means that nothing more comes.
    fn end(&mut self) -> Result<TokenUsage, ModelError>;
}

/// The reply in `response`, once its first words are there: so that a failure before them is told at once, and another
/// model can be asked.
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
    let mut reply = Box::pin(stream::try_unfold(Some(arriving), |arriving| async {
        let Some(arriving) = arriving else { return Ok(None) };
        arriving.next().await.map(Some)
    }));
    match deadlines.first_words(reply.try_next()).await?? {
        Some(ChatDelta::Text(words)) => Ok(stream::once(async { Ok(ChatDelta::Text(words)) })
            .chain(reply)
            .boxed()),
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
                Some(ChatDelta::Text(words)) => return Ok((ChatDelta::Text(words), Some(self))),
                Some(ChatDelta::End(usage)) => return Ok((self.ended(usage), None)),
                None => {}
            }
            let piece = self.deadlines.whole(self.response.chunk()).await?;
            let Some(piece) = piece.map_err(|_| ModelError::Broken("the connection was cut".to_owned()))?
            else {
                let usage = self.decoder.end()?;
                return Ok((self.ended(usage), None));
            };
            self.read(&piece);
        }
    }

    fn read(&mut self, piece: &[u8]) {
        match self.events.push(piece) {
            Ok(events) => {
                let deltas = events
                    .iter()
                    .filter_map(|data| self.decoder.event(data).transpose());
                self.ready.extend(deltas);
            }
            Err(error) => self.ready.push_back(Err(ModelError::Broken(error.to_string()))),
        }
    }

    fn ended(&self, usage: TokenUsage) -> ChatDelta {
        self.span.record("gen_ai.usage.input_tokens", usage.input);
        self.span.record("gen_ai.usage.output_tokens", usage.output);
        ChatDelta::End(usage)
    }
}
