//! How fast the workers get on: what a text at the end of the line has to expect.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What a text is taken to need before any was measured.
const FIRST_GUESS: Duration = Duration::from_millis(4);
/// The newest text counts this part of the mean: it follows a change within some dozen texts.
const SHARE: u64 = 8;

/// The mean time of a text, and how many are worked on at once.
#[derive(Debug)]
pub(super) struct Pace {
    /// In microseconds.
    mean: AtomicU64,
    workers: u64,
}

impl Pace {
    /// The pace of so many workers.
    pub(super) fn of(workers: usize) -> Self {
        Self {
            mean: AtomicU64::new(micros(FIRST_GUESS)),
            workers: workers.max(1) as u64,
        }
    }

    /// Notes how long a text took. Two notes at once may lose one: it is a mean of many.
    pub(super) fn note(&self, took: Duration) {
        let mean = self.mean.load(Ordering::Relaxed);
        let mean = mean - mean / SHARE + micros(took) / SHARE;
        self.mean.store(mean, Ordering::Relaxed);
    }

    /// How long a text waits for its turn behind so many others.
    pub(super) fn wait_behind(&self, waiting: usize) -> Duration {
        let mean = self.mean.load(Ordering::Relaxed);
        Duration::from_micros(mean.saturating_mul(waiting as u64) / self.workers)
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX / SHARE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_waits_behind_an_empty_line() {
        assert_eq!(Pace::of(1).wait_behind(0), Duration::ZERO);
    }

    #[test]
    fn the_wait_follows_the_time_of_texts_and_is_shared_by_the_workers() {
        let (one, two) = (Pace::of(1), Pace::of(2));
        for _ in 0..200 {
            one.note(Duration::from_millis(10));
            two.note(Duration::from_millis(10));
        }
        let expected = |wait: Duration, millis: u128| (millis - 2..=millis).contains(&wait.as_millis());
        assert!(expected(one.wait_behind(10), 100), "{:?}", one.wait_behind(10));
        assert!(expected(two.wait_behind(10), 50), "{:?}", two.wait_behind(10));
    }

    #[test]
    fn an_absurd_time_is_taken() {
        let pace = Pace::of(1);
        pace.note(Duration::MAX);
        assert!(pace.wait_behind(usize::MAX) > Duration::ZERO);
    }
}
