//! Threads that run the model, with a bounded line before them.

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rten::ThreadPool;
use tokio::sync::oneshot;

use super::{PersonalData, PersonalDataModel};
use crate::Error;

/// How the model uses the machine.
#[derive(Debug, Clone, Copy)]
pub struct PersonalDataOptions {
    /// Threads that run it, each on one core.
    pub workers: usize,
    /// Texts that may wait; the next one goes without.
    pub queue: usize,
    /// How long a text waits for its turn and its answer together.
    pub within: Duration,
}

impl Default for PersonalDataOptions {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Self {
            workers: (cores / 2).max(1),
            queue: 16,
            within: Duration::from_millis(250),
        }
    }
}

/// Why a text went without the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Skipped {
    /// Too many texts waited already.
    #[error("too many texts waited")]
    Overload,
    /// The model did not get through the whole text in time.
    #[error("it took too long")]
    Late,
    /// The model failed on the text.
    #[error("it failed")]
    Failed,
}

/// Finds personal data on threads of its own; dropping it ends them.
#[derive(Debug)]
pub struct PersonalDataFinder {
    line: SyncSender<Job>,
    within: Duration,
}

/// A text on its way to a worker.
#[derive(Debug)]
struct Job {
    text: String,
    until: Instant,
    reply: oneshot::Sender<Answer>,
}

/// What was found, and whether the whole text was read in time.
type Answer = Result<(Vec<PersonalData>, bool), Error>;

/// A text that is being read.
#[derive(Debug)]
pub struct Reading {
    answer: Result<oneshot::Receiver<Answer>, Skipped>,
    until: Instant,
}

impl PersonalDataFinder {
    /// Starts the workers.
    pub fn start(model: &Arc<PersonalDataModel>, options: PersonalDataOptions) -> Result<Self, Error> {
        let (line, jobs) = sync_channel(options.queue.max(1));
        let jobs = Arc::new(Mutex::new(jobs));
        for number in 0..options.workers.max(1) {
            let (model, jobs) = (Arc::clone(model), Arc::clone(&jobs));
            std::thread::Builder::new()
                .name(format!("acs-personal-{number}"))
                .spawn(move || work(&model, &jobs))
                .map_err(Error::Thread)?;
        }
        Ok(Self {
            line,
            within: options.within,
        })
    }

    /// Hands a text to the workers and returns at once; [`Reading::finish`] waits for the answer.
    #[must_use]
    pub fn begin(&self, text: &str) -> Reading {
        let now = Instant::now();
        let (reply, answer) = oneshot::channel();
        let job = Job {
            text: text.to_owned(),
            // A part that has begun by then is read to its end, and what was found so far still arrives in time.
            until: now + self.within.mul_f32(0.7),
            reply,
        };
        let answer = self
            .line
            .try_send(job)
            .map(|()| answer)
            .map_err(|error| match error {
                TrySendError::Full(_) => Skipped::Overload,
                TrySendError::Disconnected(_) => Skipped::Failed,
            });
        Reading {
            answer,
            until: now + self.within,
        }
    }
}

impl Reading {
    /// What the model found, and why not all, if so.
    pub async fn finish(self) -> (Vec<PersonalData>, Option<Skipped>) {
        let answer = match self.answer {
            Ok(answer) => answer,
            Err(skipped) => return (Vec::new(), Some(skipped)),
        };
        match tokio::time::timeout_at(self.until.into(), answer).await {
            Ok(Ok(Ok((found, whole)))) => (found, (!whole).then_some(Skipped::Late)),
            Ok(Ok(Err(error))) => {
                tracing::warn!(error = %acs_core::error::Chain(&error), "the personal-data model failed");
                (Vec::new(), Some(Skipped::Failed))
            }
            Ok(Err(_gone)) => (Vec::new(), Some(Skipped::Failed)),
            Err(_late) => (Vec::new(), Some(Skipped::Late)),
        }
    }
}

/// What one thread does, until the line is closed.
fn work(model: &PersonalDataModel, jobs: &Mutex<Receiver<Job>>) {
    let threads = Arc::new(ThreadPool::with_num_threads(1));
    loop {
        // The lock is held while waiting: the next job goes to whoever holds it.
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Job { text, until, reply }) = job else {
            return;
        };
        let late = Instant::now() >= until;
        if reply.is_closed() {
            continue;
        }
        if late {
            // The caller may have left in the meantime.
            let _ = reply.send(Ok((Vec::new(), false)));
            continue;
        }
        let answer = catch_unwind(AssertUnwindSafe(|| model.find(&text, &threads, Some(until))))
            .unwrap_or_else(|_panic| Err(Error::Run("the model panicked".into())));
        let _ = reply.send(answer);
    }
}
