//! The threads of a model, from its loading until it is gone.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::{self, JoinHandle};

use super::model::{LoadError, Model};
use super::worker::{self, Job};
use crate::provider::FileOptions;

/// Threads that each write one reply at a time. Dropped, they are waited for: llama.cpp must not compute any more when the
/// process takes its libraries down.
#[derive(Debug)]
pub(super) struct Threads {
    /// `None` once they are to end.
    jobs: Option<mpsc::Sender<Job>>,
    line: Arc<Line>,
    running: Vec<JoinHandle<()>>,
}

/// Where the threads take their jobs from.
#[derive(Debug)]
pub(super) struct Line {
    jobs: Mutex<mpsc::Receiver<Job>>,
    ends: AtomicBool,
}

impl Threads {
    /// Loads a file and starts the threads for it, one after the other: contexts of one model must not be made side by side.
    pub(super) fn start(file: &FileOptions) -> Result<Self, LoadError> {
        let model = Arc::new(Model::load(file)?);
        let (sender, jobs) = mpsc::channel();
        let mut threads = Self {
            jobs: Some(sender),
            line: Arc::new(Line {
                jobs: Mutex::new(jobs),
                ends: AtomicBool::new(false),
            }),
            running: Vec::new(),
        };
        for number in 0..file.concurrency {
            let (ready, begun) = mpsc::channel();
            let (model, line) = (Arc::clone(&model), Arc::clone(&threads.line));
            let thread = thread::Builder::new()
                .name(format!("acs-gguf-{number}"))
                .spawn(move || worker::run(&model, &line, &ready))
                .map_err(LoadError::Thread)?;
            threads.running.push(thread);
            begun.recv().unwrap_or(Err(LoadError::Context))?;
        }
        Ok(threads)
    }

    /// Hands a job to the next thread that is free; `false`: none is left.
    pub(super) fn take(&self, job: Job) -> bool {
        self.jobs.as_ref().is_some_and(|jobs| jobs.send(job).is_ok())
    }
}

impl Line {
    /// The next job, once there is one; `None` once no other will come.
    pub(super) fn next(&self) -> Option<Job> {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.recv().ok()
    }

    /// Whether what is written is to be left where it is.
    pub(super) fn ends(&self) -> bool {
        self.ends.load(Ordering::Relaxed)
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.line.ends.store(true, Ordering::Relaxed);
        self.jobs = None;
        for thread in self.running.drain(..) {
            // A panic of it was told when it happened.
            let _ = thread.join();
        }
    }
}
