//! A thread that writes one reply at a time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use acs_domain::port::chat::{ChatDelta, ChatRequest, ModelError, ReplyEnd, StopReason, TokenUsage};
use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::token::LlamaToken;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::mpsc::UnboundedSender;

use super::choice::Choice;
use super::model::{BATCH, LoadError, Model};
use super::threads::Line;
use crate::provider::text::Text;

/// A prompt that leaves less room than this for the reply is too long, unless less is asked for.
const SHORTEST_REPLY: usize = 32;

/// A request whose turn it is.
pub(super) struct Job {
    pub(super) request: ChatRequest,
    pub(super) temperature: f64,
    pub(super) max_tokens: Option<u32>,
    /// How long the reply may take, and since when.
    pub(super) within: (Instant, Duration),
    /// Takes a piece for each token at the most, so no more than a context holds.
    pub(super) says: UnboundedSender<Result<ChatDelta, ModelError>>,
    pub(super) room: Room,
}

/// The right to a place and to a thread.
pub(super) struct Room {
    pub(super) _place: OwnedSemaphorePermit,
    pub(super) _turn: OwnedSemaphorePermit,
}

/// Why a reply has no end.
enum Stop {
    /// Nobody listens any more.
    Left,
    Failed(ModelError),
}

impl From<ModelError> for Stop {
    fn from(error: ModelError) -> Self {
        Self::Failed(error)
    }
}

/// Writes replies until nobody can ask for one any more. Says first whether it can.
pub(super) fn run(model: &Model, line: &Line, ready: &Sender<Result<(), LoadError>>) {
    let mut writer = match model.context() {
        Ok(context) => Writer {
            model,
            line,
            context,
            batch: LlamaBatch::new(BATCH as usize, 1),
        },
        Err(error) => {
            // Who started the thread waits for this.
            let _ = ready.send(Err(error));
            return;
        }
    };
    if ready.send(Ok(())).is_err() {
        return;
    }
    while let Some(job) = line.next() {
        let end = catch_unwind(AssertUnwindSafe(|| writer.write(&job)))
            .unwrap_or_else(|_panic| Err(ModelError::failed("the model panicked").into()));
        // Whoever hears the end may ask again at once.
        drop(job.room);
        let last = match end {
            Ok(end) => Ok(ChatDelta::End(end)),
            Err(Stop::Failed(error)) => Err(error),
            Err(Stop::Left) => continue,
        };
        // The listener may have left in the meantime.
        let _ = job.says.send(last);
    }
}

struct Writer<'m> {
    model: &'m Model,
    line: &'m Line,
    context: LlamaContext<'m>,
    batch: LlamaBatch<'static>,
}

impl Writer<'_> {
    fn write(&mut self, job: &Job) -> Result<ReplyEnd, Stop> {
        self.check(job)?;
        let prompt = self
            .model
            .prompt(&job.request)
            .map_err(|untold| ModelError::Refused(untold.to_string()))?;
        let limit = self.limit(&prompt, job)?;
        let vocab = self.model.llama.vocab();
        let mut choice = Choice::new(&self.model.llama, job.request.schema.as_ref(), job.temperature)?;
        self.forget()?;
        self.read(&prompt, 0, job)?;
        let mut text = Text::default();
        let mut written = 0;
        let reason = loop {
            let token = choice.next(&self.context)?;
            if vocab.is_eog(token) {
                break StopReason::Finished;
            }
            job.say(text.push(&vocab.token_to_piece(token, false, None)))?;
            written += 1;
            if written == limit {
                break StopReason::Length;
            }
            self.read(&[token], prompt.len() + written - 1, job)?;
        };
        job.say(text.finish())?;
        Ok(ReplyEnd {
            reason,
            usage: TokenUsage {
                input: prompt.len() as u64,
                output: written as u64,
            },
        })
    }

    /// Whether the reply is still wanted.
    fn check(&self, job: &Job) -> Result<(), Stop> {
        let (began, limit) = job.within;
        if job.says.is_closed() {
            Err(Stop::Left)
        } else if self.line.ends() {
            Err(ModelError::failed("its threads have stopped").into())
        } else if began.elapsed() >= limit {
            Err(ModelError::Timeout(limit).into())
        } else {
            Ok(())
        }
    }

    /// How many tokens the reply may have.
    fn limit(&self, prompt: &[LlamaToken], job: &Job) -> Result<usize, ModelError> {
        let window = self.model.window_tokens as usize;
        let room = window.saturating_sub(prompt.len());
        let wanted = job.max_tokens.map_or(window, |most| most.max(1) as usize);
        if room < wanted.min(SHORTEST_REPLY) {
            return Err(ModelError::ContextTooLong);
        }
        Ok(wanted.min(room))
    }

    /// Forgets all that was read and written before.
    fn forget(&mut self) -> Result<(), ModelError> {
        let forgotten = self.context.clear_kv_cache_seq(None, None, None);
        forgotten.map(drop).map_err(ModelError::failed)
    }

    /// Has the model read on from a place.
    fn read(&mut self, tokens: &[LlamaToken], from: usize, job: &Job) -> Result<(), Stop> {
        let mut place = i32::try_from(from).map_err(ModelError::failed)?;
        let mut pieces = tokens.chunks(BATCH as usize).peekable();
        while let Some(piece) = pieces.next() {
            self.check(job)?;
            self.batch.clear();
            for (number, token) in piece.iter().enumerate() {
                let last = number + 1 == piece.len() && pieces.peek().is_none();
                let added = self.batch.add(*token, place, &[0], last);
                added.map_err(ModelError::failed)?;
                place += 1;
            }
            self.context.decode(&mut self.batch).map_err(ModelError::failed)?;
        }
        Ok(())
    }
}

impl Job {
    fn say(&self, words: String) -> Result<(), Stop> {
        if words.is_empty() {
            return Ok(());
        }
        let said = self.says.send(Ok(ChatDelta::Text(words)));
        said.map_err(|_gone| Stop::Left)
    }
}
