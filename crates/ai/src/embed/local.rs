//! The adapter: worker threads with a cache before them.

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use acs_domain::knowledge::Vector;
use acs_domain::port::embed::{EmbedError, Embedder, Role};
use async_trait::async_trait;
use futures::stream::{self, StreamExt, TryStreamExt};
use moka::future::Cache;
use sha2::{Digest, Sha256};
use tokio::sync::{oneshot, watch};
use tokio_util::task::TaskTracker;

use super::pace::Pace;
use super::queue::{Lane, Queue};
use super::{Encoder, QUESTION_TEXTS, SentenceModel};
use crate::Error;

/// How many texts of one call wait at the same time: enough to keep every worker busy.
const IN_FLIGHT: usize = 64;

/// How the embedder uses the machine.
#[derive(Debug, Clone, Copy)]
pub struct EmbedOptions {
    /// Threads that run the model, each on one core; one for each core by default, since the model takes most of a turn's
    /// time.
    pub workers: usize,
    /// Texts that may wait, questions and imports apart; more make their callers wait.
    pub queue: usize,
    /// Vectors that are remembered; one takes about 1.7 kB.
    pub cache: u64,
}

impl Default for EmbedOptions {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Self {
            workers: cores,
            queue: 256,
            cache: 16_384,
        }
    }
}

/// Embeds with a model in this process, on threads of its own.
///
/// Texts that were embedded before come from the cache; equal texts that are asked for at the same time are computed
/// once. A caller that goes away takes its waiting texts with it; a text that was only foreseen stays.
#[derive(Debug)]
pub struct LocalEmbedder {
    model: Arc<SentenceModel>,
    line: Line,
    pace: Arc<Pace>,
    foreseen: TaskTracker,
    working: watch::Receiver<usize>,
}

/// The way to the workers, past what is remembered.
#[derive(Debug, Clone)]
struct Line {
    queue: Arc<Queue<Job>>,
    cache: Cache<[u8; 32], Vector>,
}

/// What a text is remembered by.
fn key(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

/// A text with its prompt on its way to a worker.
#[derive(Debug)]
struct Job {
    text: String,
    reply: oneshot::Sender<Result<Vector, Error>>,
}

/// Why a text has no vector. Shared by all that asked for the same text.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("the workers have stopped")]
    Stopped,
    #[error(transparent)]
    Model(#[from] Error),
}

impl LocalEmbedder {
    /// Starts the workers.
    pub fn start(model: Arc<SentenceModel>, options: EmbedOptions) -> Result<Self, Error> {
        let queue = Arc::new(Queue::new(options.queue));
        let (living, working) = watch::channel(0);
        let embedder = Self {
            model: Arc::clone(&model),
            line: Line {
                queue: Arc::clone(&queue),
                cache: Cache::new(options.cache),
            },
            pace: Arc::new(Pace::of(options.workers)),
            foreseen: TaskTracker::new(),
            working,
        };
        let living = Arc::new(living);
        for number in 0..options.workers.max(1) {
            let worker = Worker::enter(
                Encoder::new(Arc::clone(&model)),
                Arc::clone(&queue),
                Arc::clone(&embedder.pace),
                Arc::clone(&living),
            );
            // On failure `embedder` is dropped, which ends the workers that have started.
            std::thread::Builder::new()
                .name(format!("acs-embed-{number}"))
                .spawn(move || worker.run())
                .map_err(Error::Thread)?;
        }
        Ok(embedder)
    }
}

impl Line {
    /// The vector of a text with its prompt: to a model without prompts a question and a passage are one.
    async fn embed_one(&self, text: String, lane: Lane) -> Result<Vector, EmbedError> {
        let computed = self.cache.try_get_with(key(&text), async {
            let (reply, vector) = oneshot::channel();
            self.queue
                .push(lane, Job { text, reply })
                .await
                .map_err(|_closed| Failure::Stopped)?;
            Ok::<_, Failure>(vector.await.map_err(|_gone| Failure::Stopped)??)
        });
        computed.await.map_err(|failure: Arc<Failure>| match *failure {
            Failure::Stopped => EmbedError::Stopped,
            Failure::Model(_) => EmbedError::Failed(failure.into()),
        })
    }
}

#[async_trait]
impl Embedder for LocalEmbedder {
    fn model(&self) -> &str {
        self.model.name()
    }

    fn dimensions(&self) -> usize {
        self.model.dimensions()
    }

    fn strangers(&self) -> f32 {
        self.model.strangers()
    }

    async fn embed(&self, texts: Vec<String>, role: Role) -> Result<Vec<Vector>, EmbedError> {
        let lane = if texts.len() <= QUESTION_TEXTS {
            Lane::Question
        } else {
            Lane::Bulk
        };
        stream::iter(texts)
            .map(|text| self.line.embed_one(self.model.prompted(text, role), lane))
            .buffered(IN_FLIGHT)
            .try_collect()
            .await
    }

    async fn embed_soon(&self, text: String, role: Role, within: Duration) -> Result<Vector, EmbedError> {
        let text = self.model.prompted(text, role);
        if let Some(vector) = self.line.cache.get(&key(&text)).await {
            return Ok(vector);
        }
        if self.pace.wait_behind(self.line.queue.questions()) > within {
            return Err(EmbedError::Busy);
        }
        self.line.embed_one(text, Lane::Question).await
    }

    fn foresee(&self, text: String, role: Role) {
        let (line, text) = (self.line.clone(), self.model.prompted(text, role));
        self.foreseen.spawn(async move {
            if line.queue.questions() == 0 {
                // Whoever asks for the text hears what became of it.
                let _vector = line.embed_one(text, Lane::Question).await;
            }
        });
    }

    async fn stop(&self) {
        self.line.queue.close();
        self.foreseen.close();
        self.foreseen.wait().await;
        // An error means that the last sender is gone, and with it the last worker.
        let _ = self.working.clone().wait_for(|&living| living == 0).await;
    }
}

impl Drop for LocalEmbedder {
    fn drop(&mut self) {
        self.line.queue.close();
        self.line.queue.clear();
    }
}

/// What one thread does; counted among the living from its making to its end, whichever way it ends.
struct Worker {
    encoder: Encoder,
    queue: Arc<Queue<Job>>,
    pace: Arc<Pace>,
    living: Arc<watch::Sender<usize>>,
}

impl Worker {
    fn enter(
        encoder: Encoder,
        queue: Arc<Queue<Job>>,
        pace: Arc<Pace>,
        living: Arc<watch::Sender<usize>>,
    ) -> Self {
        living.send_modify(|living| *living += 1);
        Self {
            encoder,
            queue,
            pace,
            living,
        }
    }

    fn run(self) {
        while let Some(Job { text, reply }) = self.queue.pop() {
            if reply.is_closed() {
                continue;
            }
            let began = Instant::now();
            let vector = catch_unwind(AssertUnwindSafe(|| self.encoder.encode_prompted(&text)))
                .unwrap_or_else(|_panic| Err(Error::Run("the model panicked".into())));
            self.pace.note(began.elapsed());
            // The caller may have left in the meantime.
            let _ = reply.send(vector);
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.living.send_modify(|living| *living -= 1);
    }
}
