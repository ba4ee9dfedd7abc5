//! Compares entries of the knowledge with each other after they were written.

use std::time::Duration;

use acs_engine::usecase::comparing::Comparing;

use crate::runner::Job;

/// Looks every five seconds: an editor who has just written is told soon. Organizations follow one another.
pub(super) fn job(comparing: Comparing) -> Job {
    Job {
        name: "knowledge_conflicts",
        every: Duration::from_secs(5),
        jitter: Duration::from_secs(1),
        run: Box::new(move |stop| {
            let comparing = comparing.clone();
            Box::pin(async move { comparing.compare_due(&stop).await.map(|_| ()) })
        }),
    }
}
