//! Reminds customers who have gone silent, and ends their conversations in time.

use std::time::Duration;

use acs_engine::usecase::silence::SilenceWatch;

use crate::runner::Job;

/// Looks every half minute: nobody waits for it.
pub(super) fn job(silence: SilenceWatch) -> Job {
    Job {
        name: "silence",
        every: Duration::from_secs(30),
        jitter: Duration::from_secs(5),
        run: Box::new(move |_| {
            let silence = silence.clone();
            Box::pin(async move { silence.look().await.map(|_| ()) })
        }),
    }
}
