//! Counters in the process.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use acs_core::clock::Clock;
use acs_domain::port::counter::{Count, CounterError, Counters};
use async_trait::async_trait;
use time::OffsetDateTime;

/// How many keys are counted at once unless another number is given: some tens of megabytes with keys of usual length.
pub const MAX_KEYS: usize = 100_000;

/// Into how many parts the keys are divided, so that callers seldom wait for each other.
const SHARDS: usize = 16;

/// Counts in this process. Keys are bounded: when there are too many, the windows that were opened first are forgotten.
pub struct LocalCounters {
    clock: Arc<dyn Clock>,
    /// Its secret keeps others from choosing keys that fall into one part.
    hasher: RandomState,
    shards: [Mutex<Shard>; SHARDS],
    max_keys_of_shard: usize,
}

impl LocalCounters {
    /// Counters that tell the time by `clock` and keep about `max_keys` windows: each of sixteen parts keeps its share.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, max_keys: usize) -> Self {
        Self {
            clock,
            hasher: RandomState::new(),
            shards: Default::default(),
            max_keys_of_shard: max_keys.div_ceil(SHARDS).max(1),
        }
    }

    /// The part that a key is in, without windows whose time is over.
    fn shard(&self, key: &str, now: OffsetDateTime) -> MutexGuard<'_, Shard> {
        let hash = usize::try_from(self.hasher.hash_one(key) % SHARDS as u64).unwrap_or_default();
        // No part is left half changed by a panic: what is done under the lock cannot panic.
        let mut shard = self.shards[hash].lock().unwrap_or_else(PoisonError::into_inner);
        shard.forget_ended(now);
        shard
    }
}

#[async_trait]
impl Counters for LocalCounters {
    async fn add(&self, key: &str, cost: u64, window: Duration) -> Result<Count, CounterError> {
        let now = self.clock.now();
        let mut shard = self.shard(key, now);
        if let Some(open) = shard.windows.get_mut(key) {
            open.used = open.used.saturating_add(cost);
            return Ok(open.count(now));
        }
        if shard.windows.len() >= self.max_keys_of_shard {
            shard.forget_oldest();
        }
        let ends_at = now.saturating_add(time::Duration::try_from(window).unwrap_or(time::Duration::MAX));
        Ok(shard.open(key, cost, ends_at).count(now))
    }

    async fn peek(&self, key: &str, _window: Duration) -> Result<Option<Count>, CounterError> {
        let now = self.clock.now();
        Ok(self.shard(key, now).windows.get(key).map(|open| open.count(now)))
    }

    async fn reset(&self, key: &str) -> Result<(), CounterError> {
        self.shard(key, self.clock.now()).forget(key);
        Ok(())
    }
}

#[derive(Clone, Copy)]
struct Window {
    used: u64,
    ends_at: OffsetDateTime,
    /// Counts the windows of a part, in the order in which they were opened.
    number: u64,
}

impl Window {
    fn count(self, now: OffsetDateTime) -> Count {
        Count {
            used: self.used,
            resets_in: (self.ends_at - now).try_into().unwrap_or_default(),
        }
    }
}

/// A part of the keys. All three collections hold the same windows.
#[derive(Default)]
struct Shard {
    windows: HashMap<Arc<str>, Window>,
    by_end: BTreeSet<(OffsetDateTime, u64)>,
    by_number: BTreeMap<u64, Arc<str>>,
    opened: u64,
}

impl Shard {
    fn open(&mut self, key: &str, used: u64, ends_at: OffsetDateTime) -> Window {
        self.opened += 1;
        let window = Window {
            used,
            ends_at,
            number: self.opened,
        };
        let key: Arc<str> = key.into();
        self.by_end.insert((ends_at, window.number));
        self.by_number.insert(window.number, key.clone());
        self.windows.insert(key, window);
        window
    }

    fn forget(&mut self, key: &str) {
        if let Some(window) = self.windows.remove(key) {
            self.by_end.remove(&(window.ends_at, window.number));
            self.by_number.remove(&window.number);
        }
    }

    fn forget_oldest(&mut self) {
        if let Some((_, key)) = self.by_number.pop_first() {
            self.forget(&key);
        }
    }

    /// Each window ends once, so that this costs no more than opening it did.
    fn forget_ended(&mut self, now: OffsetDateTime) {
        while let Some((_, number)) = self
            .by_end
            .first()
            .copied()
            .filter(|(ends_at, _)| *ends_at <= now)
        {
            match self.by_number.remove(&number) {
                Some(key) => self.forget(&key),
                None => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use acs_core::clock::ManualClock;
    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn counters(max_keys: usize) -> (Arc<ManualClock>, LocalCounters) {
        let clock = Arc::new(ManualClock::new(datetime!(2026-01-01 0:00 UTC)));
        (clock.clone(), LocalCounters::new(clock, max_keys))
    }

    fn kept(counters: &LocalCounters) -> usize {
        let count = |shard: &Mutex<Shard>| {
            let shard = shard.lock().unwrap();
            assert_eq!(shard.windows.len(), shard.by_end.len());
            assert_eq!(shard.windows.len(), shard.by_number.len());
            shard.windows.len()
        };
        counters.shards.iter().map(count).sum()
    }

    #[tokio::test]
    async fn keys_are_bounded_and_the_windows_opened_first_go_first() {
        let (_, counters) = counters(SHARDS);
        for n in 0..1_000 {
            counters.add(&n.to_string(), 1, MINUTE).await.unwrap();
            let count = counters.peek(&n.to_string(), MINUTE).await.unwrap();
            assert_eq!(
                count.map(|count| count.used),
                Some(1),
                "the newest window is never the one that goes"
            );
        }
        assert!(kept(&counters) <= SHARDS);
    }

    #[tokio::test]
    async fn windows_that_have_ended_make_room_before_any_other_goes() {
        let (clock, counters) = counters(2 * SHARDS);
        let shard = |key: &str| counters.hasher.hash_one(key) % SHARDS as u64;
        let mut together = (0..).map(|n| n.to_string()).filter(|key| shard(key) == 0);
        let [long, short, new] = std::array::from_fn(|_| together.next().unwrap());
        counters.add(&long, 7, 10 * MINUTE).await.unwrap();
        counters.add(&short, 1, MINUTE).await.unwrap();
        clock.advance(MINUTE);
        counters.add(&new, 1, MINUTE).await.unwrap();
        assert_eq!(counters.peek(&long, MINUTE).await.unwrap().unwrap().used, 7);
    }

    #[tokio::test]
    async fn what_has_ended_is_forgotten_without_anyone_asking_for_it() {
        let (clock, counters) = counters(MAX_KEYS);
        for n in 0..500 {
            counters.add(&n.to_string(), 1, MINUTE).await.unwrap();
        }
        clock.advance(MINUTE);
        for n in 500..1_000 {
            counters.add(&n.to_string(), 1, MINUTE).await.unwrap();
        }
        assert_eq!(kept(&counters), 500);
    }

    #[tokio::test]
    async fn neither_counts_nor_windows_overflow() {
        let (_, counters) = counters(MAX_KEYS);
        counters.add("a", u64::MAX, Duration::MAX).await.unwrap();
        let count = counters.add("a", 2, MINUTE).await.unwrap();
        assert_eq!(count.used, u64::MAX);
        assert!(count.resets_in > 1_000 * MINUTE);
    }

    #[derive(Debug, Clone)]
    enum Step {
        Add(u8, u64, u64),
        Peek(u8),
        Reset(u8),
        Pass(u64),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (0..6u8, 0..4u64, 0..5u64).prop_map(|(key, cost, seconds)| Step::Add(key, cost, seconds)),
            (0..6u8).prop_map(Step::Peek),
            (0..6u8).prop_map(Step::Reset),
            (0..3u64).prop_map(Step::Pass),
        ]
    }

    proptest! {
        #[test]
        fn any_steps_count_as_a_list_of_windows_would(steps in prop::collection::vec(step(), 0..60)) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let (clock, counters) = counters(MAX_KEYS);
            let mut now = 0;
            let mut model: BTreeMap<u8, (u64, u64)> = BTreeMap::new();
            for step in steps {
                model.retain(|_, (_, end)| *end > now);
                match step {
                    Step::Add(key, cost, seconds) => {
                        let window = Duration::from_secs(seconds);
                        let count = runtime.block_on(counters.add(&key.to_string(), cost, window)).unwrap();
                        let (used, end) = model.entry(key).or_insert((0, now + seconds));
                        *used += cost;
                        prop_assert_eq!(count, Count { used: *used, resets_in: Duration::from_secs(*end - now) });
                    }
                    Step::Peek(key) => {
                        let count = runtime.block_on(counters.peek(&key.to_string(), MINUTE)).unwrap();
                        let expected = model.get(&key).map(|(used, end)| {
                            Count { used: *used, resets_in: Duration::from_secs(*end - now) }
                        });
                        prop_assert_eq!(count, expected);
                    }
                    Step::Reset(key) => {
                        runtime.block_on(counters.reset(&key.to_string())).unwrap();
                        model.remove(&key);
                    }
                    Step::Pass(seconds) => {
                        clock.advance(Duration::from_secs(seconds));
                        now += seconds;
                    }
                }
            }
            kept(&counters);
        }
    }
}
