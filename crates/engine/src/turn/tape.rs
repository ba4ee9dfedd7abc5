//! Tape: what language models write, taken down as it comes, for the turn's record.

use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use acs_domain::budget::Spending;
use acs_domain::port::chat::{ChatDelta, ChatRequest, ChatStream, ModelError};
use acs_domain::port::route::{Opened, Route};
use acs_domain::record::{Call, CallEnd, Failure, Judged, Piece, Routed};
use acs_domain::turn::Attempt;
use async_trait::async_trait;
use futures::StreamExt as _;
use futures::stream;

/// How many bytes of models' words are kept for one turn.
const MAX_BYTES: usize = 128 * 1024;

#[derive(Default)]
struct Taken {
    route: Option<Routed>,
    bytes: usize,
}

/// Takes down what models write in one turn.
#[derive(Clone, Default)]
pub(super) struct Tape(Arc<Mutex<Taken>>);

impl Tape {
    /// Notes that there is a route, whether or not it is gone.
    pub(super) fn begin(&self, route: &dyn Route) {
        self.with(|taken| {
            taken.route = Some(Routed {
                links: route.links(),
                room: Some(route.room()),
                ..Routed::default()
            });
        });
    }

    /// Notes what of the month's budget counted as used when the route was to be gone.
    pub(super) fn note_used(&self, used: &Result<Spending, String>) {
        self.with_route(|route| route.used = Some(used.clone()));
    }

    /// The route, with everything that its models write taken down.
    pub(super) fn along(&self, route: Box<dyn Route>) -> Box<dyn Route> {
        Box::new(Taped {
            route,
            tape: self.clone(),
        })
    }

    /// What was taken down, and whether more was written than is kept.
    pub(super) fn read(&self) -> (Option<Routed>, bool) {
        self.with(|taken| (taken.route.take(), taken.bytes > MAX_BYTES))
    }

    fn with<T>(&self, look: impl FnOnce(&mut Taken) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn with_route(&self, look: impl FnOnce(&mut Routed)) {
        self.with(|taken| {
            if let Some(route) = &mut taken.route {
                look(route);
            }
        });
    }

    /// Takes down a reply to its end. It is cut off until its end is known.
    fn listening(&self, opened: Opened) -> Opened {
        self.with_route(|route| {
            route.calls.push(Call {
                model: opened.model.clone(),
                level: opened.level,
                written: Vec::new(),
                end: CallEnd::CutOff,
                judged: None,
            });
        });
        Opened {
            stream: self.taped(opened.stream),
            ..opened
        }
    }

    fn taped(&self, stream: ChatStream) -> ChatStream {
        let (tape, at_end) = (self.clone(), self.clone());
        let end = stream::poll_fn(move |_| {
            at_end.over();
            Poll::Ready(None)
        });
        stream
            .inspect(move |heard| tape.take_down(heard))
            .chain(end)
            .boxed()
    }

    /// Takes down a piece of the last reply: there is only one at a time.
    fn take_down(&self, heard: &Result<ChatDelta, ModelError>) {
        self.with(|taken| {
            let Some(call) = taken.route.as_mut().and_then(|route| route.calls.last_mut()) else {
                return;
            };
            let (piece, bytes) = match heard {
                Ok(ChatDelta::Text(words)) => (Piece::Text(words.clone()), words.len()),
                Ok(ChatDelta::Call(asked)) => {
                    let arguments = serde_json::to_vec(&asked.arguments).map_or(0, |json| json.len());
                    (Piece::Call(asked.clone()), arguments)
                }
                Ok(ChatDelta::End(end)) => {
                    call.end = CallEnd::Done {
                        reason: end.reason,
                        input: end.usage.input,
                        output: end.usage.output,
                    };
                    return;
                }
                Err(error) => {
                    call.end = CallEnd::Failed(Failure::from(error));
                    return;
                }
            };
            taken.bytes += bytes;
            if taken.bytes <= MAX_BYTES {
                call.written.push(piece);
            }
        });
    }

    /// The last reply's stream is over: if nothing has ended the reply before, it broke.
    fn over(&self) {
        self.with_route(|route| {
            if let Some(call) = route.calls.last_mut().filter(|call| call.end == CallEnd::CutOff) {
                call.end = CallEnd::Broke;
            }
        });
    }
}

/// A route whose models are listened to.
struct Taped {
    route: Box<dyn Route>,
    tape: Tape,
}

#[async_trait]
impl Route for Taped {
    async fn next(&mut self, request: &ChatRequest) -> Option<Opened> {
        let opened = self.route.next(request).await?;
        Some(self.tape.listening(opened))
    }

    fn found_wanting(&mut self, reason: &str) {
        let before = self.route.attempts();
        self.route.found_wanting(reason);
        let after = self.route.attempts();
        let changed = before.into_iter().zip(&after).enumerate();
        let mut changed = changed.filter(|(_, (before, after))| before.outcome != after.outcome);
        let judged = changed.next().map(|(attempt, (before, _))| Judged {
            attempt,
            outcome: before.outcome,
            reason: reason.to_owned(),
        });
        self.tape.with_route(|route| {
            if let Some(call) = route.calls.last_mut() {
                call.judged = judged;
            }
        });
    }

    fn models(&self) -> Vec<String> {
        self.route.models()
    }

    fn links(&self) -> u32 {
        self.route.links()
    }

    fn room(&self) -> usize {
        self.route.room()
    }

    fn most(&self, request: &ChatRequest) -> Spending {
        self.route.most(request)
    }

    fn attempts(&self) -> Vec<Attempt> {
        let attempts = self.route.attempts();
        self.tape.with_route(|route| route.attempts.clone_from(&attempts));
        attempts
    }
}
