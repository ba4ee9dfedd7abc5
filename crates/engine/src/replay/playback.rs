//! Playback: a route whose models say again what they said.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use acs_domain::budget::Spending;
use acs_domain::port::chat::{ChatDelta, ChatRequest, ChatStream, ModelError, ReplyEnd, TokenUsage};
use acs_domain::port::route::{KeyRefused, Occasion, Opened, OwnKey, Route, RoutedModel, Router};
use acs_domain::record::{Call, CallEnd, Judged, Piece, Routed};
use acs_domain::turn::Attempt;
use async_trait::async_trait;
use futures::{StreamExt as _, stream};

/// Gives each turn the route that was recorded of it.
pub(super) struct Playback {
    route: Option<Routed>,
}

impl Playback {
    pub(super) fn new(route: Option<Routed>) -> Self {
        Self { route }
    }
}

impl Router for Playback {
    fn route(&self, _occasion: &Occasion<'_>, _within: Duration) -> Option<Box<dyn Route>> {
        let Routed {
            links,
            room,
            calls,
            mut attempts,
            used: _,
        } = self.route.clone()?;
        let then: Vec<String> = attempts.iter().map(|attempt| attempt.outcome.clone()).collect();
        // What the turn changed is as it was before: it is to be changed by the turn again.
        for judged in calls.iter().filter_map(|call| call.judged.as_ref()) {
            if let Some(attempt) = attempts.get_mut(judged.attempt) {
                attempt.outcome.clone_from(&judged.outcome);
            }
        }
        Some(Box::new(Played {
            links,
            room: room.unwrap_or(usize::MAX),
            calls: calls.into(),
            attempts,
            then,
            last: None,
        }))
    }

    fn models(&self, _organization: &str) -> Vec<RoutedModel> {
        Vec::new()
    }

    fn check(&self, _key: &OwnKey) -> Result<(), KeyRefused> {
        Err(KeyRefused::NoSuchModel)
    }

    fn with_keys(&self, _keys: Vec<OwnKey>) -> Arc<dyn Router> {
        Arc::new(Self::new(self.route.clone()))
    }
}

struct Played {
    links: u32,
    room: usize,
    /// The replies that are still to come.
    calls: VecDeque<Call>,
    attempts: Vec<Attempt>,
    /// Their outcomes in the end.
    then: Vec<String>,
    /// What the turn made of the reply that was given last.
    last: Option<Judged>,
}

#[async_trait]
impl Route for Played {
    async fn next(&mut self, _request: &ChatRequest) -> Option<Opened> {
        let call = self.calls.pop_front()?;
        self.last = call.judged;
        Some(Opened {
            model: call.model,
            level: call.level,
            stream: said(call.written, call.end),
        })
    }

    fn found_wanting(&mut self, reason: &str) {
        let Some(judged) = self.last.take() else { return };
        let then = self.then.get(judged.attempt).filter(|_| judged.reason == reason);
        if let Some(attempt) = self.attempts.get_mut(judged.attempt) {
            attempt.outcome = then.map_or(reason, String::as_str).to_owned();
        }
    }

    fn models(&self) -> Vec<String> {
        self.calls.iter().map(|call| call.model.clone()).collect()
    }

    fn links(&self) -> u32 {
        self.links
    }

    fn room(&self) -> usize {
        self.room
    }

    fn most(&self, _request: &ChatRequest) -> Spending {
        Spending::default()
    }

    fn attempts(&self) -> Vec<Attempt> {
        self.attempts.clone()
    }
}

fn said(written: Vec<Piece>, end: CallEnd) -> ChatStream {
    let end = match end {
        CallEnd::Done {
            reason,
            input,
            output,
        } => Some(Ok(ChatDelta::End(ReplyEnd {
            reason,
            usage: TokenUsage { input, output },
        }))),
        CallEnd::Failed(failure) => Some(Err(ModelError::from(failure))),
        CallEnd::Broke | CallEnd::CutOff => None,
    };
    let pieces = written.into_iter().map(|piece| match piece {
        Piece::Text(words) => Ok(ChatDelta::Text(words)),
        Piece::Call(asked) => Ok(ChatDelta::Call(asked)),
    });
    stream::iter(pieces.chain(end)).boxed()
}
