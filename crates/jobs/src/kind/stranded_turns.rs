//! Takes up turns that nobody works on, so that no accepted message stays without a reply.

use std::time::Duration;

use acs_engine::turn::Turns;

use crate::runner::Job;

/// How many conversations are taken up at once. What is left comes at the next look, or to another process.
const LIMIT: u32 = 32;

/// Looks every second: a customer is waiting.
pub(super) fn job(turns: Turns) -> Job {
    Job {
        name: "stranded_turns",
        every: Duration::from_secs(1),
        jitter: Duration::from_millis(250),
        run: Box::new(move |_| {
            let turns = turns.clone();
            Box::pin(async move {
                let conversations = turns.take_up_stranded(LIMIT).await?;
                if conversations > 0 {
                    tracing::info!(
                        conversations,
                        "conversations whose turns nobody worked on are taken up"
                    );
                }
                Ok(())
            })
        }),
    }
}
