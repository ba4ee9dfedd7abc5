//! What operators see of jobs: `acs_job_runs_total{job,outcome}` and `acs_job_duration_seconds{job}`.

use std::time::Duration;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Done,
    Failed,
    Panicked,
    /// The process stopped, and the run did not end in time.
    Stopped,
}

impl Outcome {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Panicked => "panicked",
            Self::Stopped => "stopped",
        }
    }
}

/// Counts a run that has ended.
pub(crate) fn ran(job: &'static str, outcome: Outcome, took: Duration) {
    metrics::counter!("acs_job_runs_total", "job" => job, "outcome" => outcome.as_str()).increment(1);
    metrics::histogram!("acs_job_duration_seconds", "job" => job).record(took.as_secs_f64());
}
