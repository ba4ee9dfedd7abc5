//! Runs jobs again and again, each in a task of its own, and stops them.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use acs_core::entropy::Entropy;
use acs_core::error::Chain;
use acs_engine::EngineError;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::time::{Instant, sleep};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

use crate::metrics::{self, Outcome};

/// Work that is done again and again.
pub struct Job {
    /// What it is called in logs and metrics.
    pub name: &'static str,
    /// How long to rest between the end of a run and the next one.
    pub every: Duration,
    /// Up to how much longer to rest, drawn anew each time: processes that started together do not come together.
    pub jitter: Duration,
    /// Does the work once. A run of several steps takes none after the token is cancelled.
    pub run: Box<dyn Fn(CancellationToken) -> BoxFuture<'static, Result<(), EngineError>> + Send + Sync>,
}

/// Jobs that are running. Dropping it ends them at once; [`Runner::stop`] lets them finish.
pub struct Runner {
    tasks: TaskTracker,
    soft_stop: CancellationToken,
    hard_stop: DropGuard,
}

impl Runner {
    /// Starts the jobs: each for the first time within its jitter, then in its rhythm. Must be called within a tokio
    /// runtime.
    #[must_use]
    pub fn start(jobs: Vec<Job>, entropy: &Arc<dyn Entropy>) -> Self {
        let (tasks, soft_stop, hard_stop) = (
            TaskTracker::new(),
            CancellationToken::new(),
            CancellationToken::new(),
        );
        for job in jobs {
            let rhythm = Rhythm {
                job,
                entropy: entropy.clone(),
                soft_stop: soft_stop.clone(),
                hard_stop: hard_stop.clone(),
            };
            tasks.spawn(rhythm.keep());
        }
        Self {
            tasks,
            soft_stop,
            hard_stop: hard_stop.drop_guard(),
        }
    }

    /// Starts no more runs, and waits for those under way until `grace` is over; then ends them where they stand.
    pub async fn stop(self, grace: Duration) {
        self.soft_stop.cancel();
        self.tasks.close();
        if tokio::time::timeout(grace, self.tasks.wait()).await.is_err() {
            tracing::warn!(
                jobs = self.tasks.len(),
                "jobs are cut short: the time to stop is over"
            );
            drop(self.hard_stop);
            self.tasks.wait().await;
        }
    }
}

/// A job with all that its task needs.
struct Rhythm {
    job: Job,
    entropy: Arc<dyn Entropy>,
    soft_stop: CancellationToken,
    hard_stop: CancellationToken,
}

impl Rhythm {
    async fn keep(self) {
        let mut rest = self.jitter();
        loop {
            tokio::select! {
                biased;
                () = self.hard_stop.cancelled() => return,
                () = self.soft_stop.cancelled() => return,
                () = sleep(rest) => {}
            }
            self.run()
                .instrument(tracing::info_span!("job.run", job.name = self.job.name))
                .await;
            rest = self.job.every + self.jitter();
        }
    }

    /// One run, to whatever end.
    async fn run(&self) {
        let begun = Instant::now();
        // What a run has left half done is in the store, which is safe from panics; the job itself is never changed.
        let work = AssertUnwindSafe(async { (self.job.run)(self.soft_stop.clone()).await }).catch_unwind();
        let outcome = tokio::select! {
            biased;
            () = self.hard_stop.cancelled() => Outcome::Stopped,
            ended = work => match ended {
                Ok(Ok(())) => Outcome::Done,
                Ok(Err(error)) => {
                    tracing::error!(job.name = self.job.name, error = %Chain(&error), "a job failed");
                    Outcome::Failed
                }
                // What it says may quote a customer; the process's hook logs where it was.
                Err(_panic) => {
                    tracing::error!(job.name = self.job.name, "a job panicked");
                    Outcome::Panicked
                }
            },
        };
        metrics::ran(self.job.name, outcome, begun.elapsed());
    }

    fn jitter(&self) -> Duration {
        let mut drawn = [0; 4];
        self.entropy.fill(&mut drawn);
        self.job
            .jitter
            .mul_f64(f64::from(u32::from_be_bytes(drawn)) / f64::from(u32::MAX))
    }
}

#[cfg(test)]
mod tests;
