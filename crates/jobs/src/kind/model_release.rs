//! Lets go of the embedding model before, once it answers for nobody.

use std::time::Duration;

use acs_engine::usecase::embedding::EmbeddingMoves;

use crate::runner::Job;

/// Looks every half minute; two looks must agree, so that turns that began before have ended.
pub(super) fn job(moves: EmbeddingMoves) -> Job {
    Job {
        name: "model_release",
        every: Duration::from_secs(30),
        jitter: Duration::from_secs(5),
        run: Box::new(move |_| {
            let moves = moves.clone();
            Box::pin(async move { moves.release_unused().await })
        }),
    }
}
