//! Trains on the organizations' phrases after they have changed.

use std::time::Duration;

use acs_engine::usecase::training::IntentTraining;

use crate::runner::Job;

/// Looks every two seconds. Trainings of a process follow one another: each takes a whole core.
pub(super) fn job(training: IntentTraining) -> Job {
    Job {
        name: "intent_training",
        every: Duration::from_secs(2),
        jitter: Duration::from_millis(500),
        run: Box::new(move |stop| {
            let training = training.clone();
            Box::pin(async move { training.train_due(&stop).await.map(|_| ()) })
        }),
    }
}
