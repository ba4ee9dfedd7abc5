//! Moves organizations to the configured embedding model.

use std::time::Duration;

use acs_engine::usecase::embedding::EmbeddingMoves;

use crate::runner::Job;

/// Looks every two seconds. Moves of a process follow one another: each keeps the model busy behind the questions.
pub(super) fn job(moves: EmbeddingMoves) -> Job {
    Job {
        name: "embedding_moves",
        every: Duration::from_secs(2),
        jitter: Duration::from_millis(500),
        run: Box::new(move |stop| {
            let moves = moves.clone();
            Box::pin(async move { moves.move_due(&stop).await.map(|_| ()) })
        }),
    }
}
