//! Tape: what language models write, taken down as it comes, for the turn's record.

use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use acs_domain::port::chat::{ChatDelta, ChatModel, ChatRequest, ChatStream, ModelError};
use acs_domain::record::{Call, CallEnd, Failure};
use async_trait::async_trait;
use futures::StreamExt as _;
use futures::stream;

/// How many bytes of models' words are kept for one turn.
const MAX_BYTES: usize = 128 * 1024;

#[derive(Default)]
struct Taken {
    calls: Vec<Call>,
    bytes: usize,
}

/// Takes down what models write in one turn.
#[derive(Clone, Default)]
pub(super) struct Tape(Arc<Mutex<Taken>>);

impl Tape {
    /// The model, with everything that it writes taken down.
    pub(super) fn listening<'m>(&self, model: &'m dyn ChatModel) -> Taped<'m> {
        Taped {
            model,
            tape: self.clone(),
        }
    }

    /// What was taken down, and whether more was written than is kept.
    pub(super) fn read(&self) -> (Vec<Call>, bool) {
        self.with(|taken| (std::mem::take(&mut taken.calls), taken.bytes > MAX_BYTES))
    }

    fn with<T>(&self, look: impl FnOnce(&mut Taken) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The place of a new call, which is cut off until its end is known.
    fn begin(&self, model: &str) -> usize {
        self.with(|taken| {
            taken.calls.push(Call {
                model: model.to_owned(),
                written: Vec::new(),
                end: CallEnd::CutOff,
            });
            taken.calls.len() - 1
        })
    }

    fn take_down(&self, call: usize, heard: &Result<ChatDelta, ModelError>) {
        self.with(|taken| {
            let Some(call) = taken.calls.get_mut(call) else {
                return;
            };
            match heard {
                Ok(ChatDelta::Text(words)) => {
                    taken.bytes += words.len();
                    if taken.bytes <= MAX_BYTES {
                        call.written.push(words.clone());
                    }
                }
                Ok(ChatDelta::End(tokens)) => {
                    let (input, output) = (tokens.input, tokens.output);
                    call.end = CallEnd::Done { input, output };
                }
                Err(error) => call.end = CallEnd::Failed(Failure::from(error)),
            }
        });
    }

    /// The stream is over: if nothing has ended the call before, it broke.
    fn over(&self, call: usize) {
        self.with(|taken| {
            if let Some(call) = taken.calls.get_mut(call)
                && call.end == CallEnd::CutOff
            {
                call.end = CallEnd::Broke;
            }
        });
    }
}

/// A model that is listened to.
pub(super) struct Taped<'m> {
    model: &'m dyn ChatModel,
    tape: Tape,
}

#[async_trait]
impl ChatModel for Taped<'_> {
    fn name(&self) -> &str {
        self.model.name()
    }

    async fn reply(&self, request: &ChatRequest) -> Result<ChatStream, ModelError> {
        let call = self.tape.begin(self.model.name());
        let stream = self.model.reply(request).await.inspect_err(|error| {
            let end = CallEnd::Failed(Failure::from(error));
            self.tape.with(|taken| {
                if let Some(call) = taken.calls.get_mut(call) {
                    call.end = end;
                }
            });
        })?;
        let (tape, at_end) = (self.tape.clone(), self.tape.clone());
        let end = stream::poll_fn(move |_| {
            at_end.over(call);
            Poll::Ready(None)
        });
        Ok(stream
            .inspect(move |heard| tape.take_down(call, heard))
            .chain(end)
            .boxed())
    }
}
