//! A model in this process: a GGUF file, run by llama.cpp on threads of its own.
//!
//! | file | one idea |
//! |---|---|
//! | `model` | a file that is loaded, and checked before anyone asks it |
//! | `prompt` | a request as tokens: marks are the template's, words are words |
//! | `threads` | the model's threads, from its loading until it is gone |
//! | `worker` | a thread that writes one reply at a time |
//! | `choice` | which token comes next |
//!
//! A request waits for a thread where it was made, so one that is given up leaves the line at once. The same request gets the
//! same reply, whatever was asked before.

use std::sync::Arc;
use std::time::Instant;

use acs_domain::port::chat::{ChatDelta, ChatModel, ChatRequest, ChatStream, Meter, ModelError};
use async_trait::async_trait;
use futures::stream::{self, StreamExt};
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tracing::{Instrument, Span, field::Empty};

use super::http::Deadlines;
use super::stream::{record, with_first_words};
use super::{ConnectError, ModelOptions};

mod choice;
mod model;
mod prompt;
mod threads;
mod worker;

use self::threads::Threads;
use self::worker::{Job, Room};

/// A model out of a file.
#[derive(Debug)]
pub(super) struct Gguf {
    options: ModelOptions,
    /// For each request that is written or waits.
    places: Arc<Semaphore>,
    /// For each request that is written.
    turns: Arc<Semaphore>,
    threads: Threads,
}

impl Gguf {
    /// Loads the file and starts the threads, each with memory for its context. Takes as long as reading the file does.
    pub(super) fn load(options: ModelOptions) -> Result<Self, ConnectError> {
        let file = options.file.clone().ok_or(ConnectError::NoFile)?;
        let began = Instant::now();
        let threads = Threads::start(&file).map_err(|source| ConnectError::File {
            path: file.path.clone(),
            source: Box::new(source),
        })?;
        tracing::info!(
            gen_ai.model = options.model,
            path = %file.path.display(),
            seconds = began.elapsed().as_secs_f64(),
            "the language model is loaded"
        );
        Ok(Self {
            options,
            places: Arc::new(Semaphore::new(file.concurrency + file.queue)),
            turns: Arc::new(Semaphore::new(file.concurrency)),
            threads,
        })
    }

    /// Room to write, once it is this request's turn.
    async fn room(&self, deadlines: Deadlines) -> Result<Room, ModelError> {
        let place = Arc::clone(&self.places)
            .try_acquire_owned()
            .map_err(|_full| ModelError::Busy)?;
        let turn = deadlines.first_words(Arc::clone(&self.turns).acquire_owned());
        Ok(Room {
            _place: place,
            _turn: turn
                .await
                .map_err(|_late| ModelError::Busy)?
                .map_err(ModelError::failed)?,
        })
    }

    async fn begin(&self, request: &ChatRequest, span: Span) -> Result<ChatStream, ModelError> {
        let options = &self.options;
        let within = (Instant::now(), options.timeout);
        let deadlines = Deadlines::from_now(options.first_token_timeout, options.timeout);
        let room = self.room(deadlines).await?;
        let (says, heard) = unbounded_channel();
        let job = Job {
            request: request.clone(),
            temperature: request.temperature.or(options.temperature).unwrap_or(0.0),
            max_tokens: request.max_tokens.or(options.max_tokens),
            within,
            says,
            room,
        };
        if !self.threads.take(job) {
            return Err(ModelError::failed("its threads have stopped"));
        }
        with_first_words(arriving(heard, deadlines, span), deadlines).await
    }
}

#[async_trait]
impl ChatModel for Gguf {
    fn name(&self) -> &str {
        &self.options.model
    }

    async fn reply_metered(&self, request: &ChatRequest, _meter: &Meter) -> Result<ChatStream, ModelError> {
        if !request.tools.is_empty() || !request.results.is_empty() {
            return Err(ModelError::Refused(
                "a model in this process calls no tools".to_owned(),
            ));
        }
        let span = tracing::info_span!(
            "model.reply.stream",
            gen_ai.operation.name = "chat",
            gen_ai.provider.name = super::IN_PROCESS,
            gen_ai.request.model = %self.options.model,
            gen_ai.usage.input_tokens = Empty,
            gen_ai.usage.output_tokens = Empty,
        );
        self.begin(request, span.clone()).instrument(span).await
    }
}

struct Arriving {
    heard: UnboundedReceiver<Result<ChatDelta, ModelError>>,
    deadlines: Deadlines,
    span: Span,
}

/// What a thread says, as a stream. When that is dropped, the thread writes no further.
fn arriving(
    heard: UnboundedReceiver<Result<ChatDelta, ModelError>>,
    deadlines: Deadlines,
    span: Span,
) -> ChatStream {
    let arriving = Arriving {
        heard,
        deadlines,
        span,
    };
    stream::try_unfold(Some(arriving), |arriving| async {
        let Some(mut arriving) = arriving else {
            return Ok(None);
        };
        let said = arriving.deadlines.whole(arriving.heard.recv()).await?;
        match said.unwrap_or_else(|| Err(ModelError::failed("its thread has stopped")))? {
            ChatDelta::End(end) => {
                record(&arriving.span, end);
                Ok(Some((ChatDelta::End(end), None)))
            }
            delta => Ok(Some((delta, Some(arriving)))),
        }
    })
    .boxed()
}
