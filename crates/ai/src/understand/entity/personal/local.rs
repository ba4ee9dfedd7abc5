//! Threads that run the model, with a bounded line before them.

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use moka::sync::Cache;
use rten::ThreadPool;
use sha2::{Digest as _, Sha256};
use tokio::sync::oneshot;

use super::{PersonalData, PersonalDataModel};
use crate::Error;

/// Of how many texts it is remembered what was found: places and kinds, none of the words.
const REMEMBERED: u64 = 8_192;

/// What was found in texts that were read whole, by the texts' SHA-256.
type Known = Cache<[u8; 32], Arc<[PersonalData]>>;

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
    known: Known,
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
type Answer = Result<(Arc<[PersonalData]>, bool), Error>;

/// A text that is being read.
#[derive(Debug)]
pub struct Reading {
    answer: Answering,
    until: Instant,
}

#[derive(Debug)]
enum Answering {
    Known(Arc<[PersonalData]>),
    Awaited(oneshot::Receiver<Answer>),
    Skipped(Skipped),
}

impl PersonalDataFinder {
    /// Starts the workers.
    pub fn start(model: &Arc<PersonalDataModel>, options: PersonalDataOptions) -> Result<Self, Error> {
        let (line, jobs) = sync_channel(options.queue.max(1));
        let jobs = Arc::new(Mutex::new(jobs));
        let known = Known::new(REMEMBERED);
        for number in 0..options.workers.max(1) {
            let (model, jobs, known) = (Arc::clone(model), Arc::clone(&jobs), known.clone());
            std::thread::Builder::new()
                .name(format!("acs-personal-{number}"))
                .spawn(move || work(&model, &jobs, &known))
                .map_err(Error::Thread)?;
        }
        Ok(Self {
            line,
            known,
            within: options.within,
        })
    }

    /// Hands a text to the workers and returns at once; [`Reading::finish`] waits for the answer.
    #[must_use]
    pub fn begin(&self, text: &str) -> Reading {
        let now = Instant::now();
        let until = now + self.within;
        if let Some(known) = self.known.get(&key(text)) {
            let answer = Answering::Known(known);
            return Reading { answer, until };
        }
        let (reply, answer) = oneshot::channel();
        let job = Job {
            text: text.to_owned(),
            // A part that has begun by then is read to its end, and what was found so far still arrives in time.
            until: now + self.within.mul_f32(0.7),
            reply,
        };
        let answer = match self.line.try_send(job) {
            Ok(()) => Answering::Awaited(answer),
            Err(TrySendError::Full(_)) => Answering::Skipped(Skipped::Overload),
            Err(TrySendError::Disconnected(_)) => Answering::Skipped(Skipped::Failed),
        };
        Reading { answer, until }
    }

    /// All that the model finds in a text; `None` where it does not get through it in time. Blocks the thread, which must be one of
    /// a runtime's for that.
    #[must_use]
    pub fn find_whole(&self, text: &str) -> Option<Arc<[PersonalData]>> {
        let reading = self.begin(text).finish();
        let (found, skipped) = tokio::runtime::Handle::current().block_on(reading);
        skipped.is_none().then_some(found)
    }
}

impl Reading {
    /// What the model found, and why not all, if so.
    pub async fn finish(self) -> (Arc<[PersonalData]>, Option<Skipped>) {
        let nothing = Arc::default;
        let answer = match self.answer {
            Answering::Known(found) => return (found, None),
            Answering::Awaited(answer) => answer,
            Answering::Skipped(why) => return (nothing(), Some(why)),
        };
        match tokio::time::timeout_at(self.until.into(), answer).await {
            Ok(Ok(Ok((found, whole)))) => (found, (!whole).then_some(Skipped::Late)),
            Ok(Ok(Err(error))) => {
                tracing::warn!(error = %acs_core::error::Chain(&error), "the personal-data model failed");
                (nothing(), Some(Skipped::Failed))
            }
            Ok(Err(_gone)) => (nothing(), Some(Skipped::Failed)),
            Err(_late) => (nothing(), Some(Skipped::Late)),
        }
    }
}

/// What a text is remembered by.
fn key(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

/// What one thread does, until the line is closed.
fn work(model: &PersonalDataModel, jobs: &Mutex<Receiver<Job>>, known: &Known) {
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
            let _ = reply.send(Ok((Arc::default(), false)));
            continue;
        }
        let answer = catch_unwind(AssertUnwindSafe(|| model.find(&text, &threads, Some(until))))
            .unwrap_or_else(|_panic| Err(Error::Run("the model panicked".into())))
            .map(|(found, whole)| (Arc::from(found), whole));
        if let Ok((found, true)) = &answer {
            known.insert(key(&text), Arc::clone(found));
        }
        let _ = reply.send(answer);
    }
}
