//! Deletes what is past its time.

use std::time::Duration;

use acs_engine::EngineError;
use acs_engine::usecase::housekeeping::Housekeeping;
use tokio_util::sync::CancellationToken;

use crate::runner::Job;

/// How many times a run deletes at the most: a large heap is worked off over several runs, and others get to write.
const MAX_STEPS: usize = 100;

/// Sweeps every five minutes, until nothing is left.
pub(super) fn job(housekeeping: Housekeeping) -> Job {
    Job {
        name: "sweep",
        every: Duration::from_mins(5),
        jitter: Duration::from_secs(30),
        run: Box::new(move |stop| {
            let housekeeping = housekeeping.clone();
            Box::pin(async move {
                let rows = until_clean(&stop, || housekeeping.sweep()).await?;
                if rows > 0 {
                    tracing::info!(rows, "what was past its time is deleted");
                }
                Ok(())
            })
        }),
    }
}

/// Repeats a step until it deletes nothing; gives the number of rows that were deleted.
async fn until_clean<F>(stop: &CancellationToken, mut step: impl FnMut() -> F) -> Result<u64, EngineError>
where
    F: Future<Output = Result<u64, EngineError>>,
{
    let mut rows = 0;
    for _ in 0..MAX_STEPS {
        let deleted = if stop.is_cancelled() { 0 } else { step().await? };
        if deleted == 0 {
            break;
        }
        rows += deleted;
        tokio::task::yield_now().await;
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many rows are deleted of heaps of these sizes, and how many steps it takes.
    async fn swept(stop: &CancellationToken, heaps: impl IntoIterator<Item = u64>) -> (u64, usize) {
        let (mut heaps, mut steps) = (heaps.into_iter(), 0);
        let step = || {
            steps += 1;
            std::future::ready(Ok(heaps.next().unwrap_or(0)))
        };
        let rows = until_clean(stop, step).await.unwrap();
        (rows, steps)
    }

    #[tokio::test]
    async fn it_goes_on_until_nothing_is_deleted() {
        assert_eq!(
            swept(&CancellationToken::new(), [1_000, 1_000, 7]).await,
            (2_007, 4)
        );
        assert_eq!(swept(&CancellationToken::new(), []).await, (0, 1));
    }

    #[tokio::test]
    async fn one_run_does_not_go_on_for_ever() {
        assert_eq!(
            swept(&CancellationToken::new(), std::iter::repeat(1)).await,
            (100, MAX_STEPS)
        );
    }

    #[tokio::test]
    async fn a_stop_ends_it_between_two_steps() {
        let stop = CancellationToken::new();
        stop.cancel();
        assert_eq!(swept(&stop, [1_000]).await, (0, 0));
    }

    #[tokio::test]
    async fn a_failing_step_fails_the_run() {
        let step = || std::future::ready(Err(EngineError::Unavailable("the store is away")));
        assert!(until_clean(&CancellationToken::new(), step).await.is_err());
    }
}
