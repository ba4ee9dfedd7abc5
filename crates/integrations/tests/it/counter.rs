//! The contract of `port::counter`, run on every adapter.

use std::sync::Arc;
use std::time::Duration;

use acs_core::clock::ManualClock;
use acs_core::entropy::{Entropy as _, SystemEntropy};
use acs_domain::port::counter::Counters;
use acs_integrations::counter::{LocalCounters, MAX_KEYS, RedisCounters};
use async_trait::async_trait;
use deadpool_redis::redis::cmd;
use futures::future::join_all;
use time::macros::datetime;

use crate::redis;

const MINUTE: Duration = Duration::from_secs(60);

/// Counters of which the test owns the time.
#[async_trait]
trait Place: Sync {
    fn counters(&self) -> &dyn Counters;

    /// Lets time pass for a key.
    async fn pass(&self, key: &str, time: Duration);
}

struct Local {
    clock: Arc<ManualClock>,
    counters: LocalCounters,
}

impl Local {
    fn new() -> Self {
        let clock = Arc::new(ManualClock::new(datetime!(2026-01-01 0:00 UTC)));
        Self {
            counters: LocalCounters::new(clock.clone(), MAX_KEYS),
            clock,
        }
    }
}

#[async_trait]
impl Place for Local {
    fn counters(&self) -> &dyn Counters {
        &self.counters
    }

    async fn pass(&self, _key: &str, time: Duration) {
        self.clock.advance(time);
    }
}

/// The server's clock cannot be moved, but the end of a window can be brought nearer.
struct Shared {
    counters: RedisCounters,
    connection: deadpool_redis::redis::aio::MultiplexedConnection,
}

impl Shared {
    async fn new() -> Self {
        let client = deadpool_redis::redis::Client::open(redis::address().expose()).unwrap();
        let connection = client.get_multiplexed_async_connection().await.unwrap();
        Self {
            counters: RedisCounters::new(redis::server()),
            connection,
        }
    }
}

#[async_trait]
impl Place for Shared {
    fn counters(&self) -> &dyn Counters {
        &self.counters
    }

    async fn pass(&self, key: &str, time: Duration) {
        let mut connection = self.connection.clone();
        let name = format!("acs:counter:{key}");
        let left: i64 = cmd("PTTL").arg(&name).query_async(&mut connection).await.unwrap();
        let left = left - i64::try_from(time.as_millis()).unwrap();
        cmd("PEXPIRE")
            .arg(&name)
            .arg(left)
            .exec_async(&mut connection)
            .await
            .unwrap();
    }
}

/// A key that no other test counts.
fn key(name: &str) -> String {
    format!("{name}:{}", SystemEntropy.uuid(datetime!(2026-01-01 0:00 UTC)))
}

/// Whether a window ends so much later, as well as a clock that goes on can tell.
fn about(resets_in: Duration, expected: Duration) -> bool {
    resets_in <= expected && resets_in > expected.saturating_sub(MINUTE / 2)
}

async fn used(place: &dyn Place, key: &str) -> Option<u64> {
    place
        .counters()
        .peek(key, MINUTE)
        .await
        .unwrap()
        .map(|count| count.used)
}

async fn events_of_a_key_add_up_within_its_window(place: &dyn Place) {
    let (a, b) = (key("a"), key("b"));
    for (cost, sum) in [(1, 1), (5, 6), (0, 6), (2, 8)] {
        let count = place.counters().add(&a, cost, 2 * MINUTE).await.unwrap();
        assert_eq!(count.used, sum);
        assert!(about(count.resets_in, 2 * MINUTE), "{count:?}");
    }
    assert_eq!(
        place.counters().add(&b, 1, MINUTE).await.unwrap().used,
        1,
        "another key is counted apart"
    );
}

async fn a_window_ends_when_its_time_is_over_whatever_is_counted_in_it(place: &dyn Place) {
    let key = key("window");
    place.counters().add(&key, 3, 3 * MINUTE).await.unwrap();
    place.pass(&key, 2 * MINUTE).await;
    let count = place.counters().add(&key, 1, 100 * MINUTE).await.unwrap();
    assert_eq!(count.used, 4);
    assert!(
        about(count.resets_in, MINUTE),
        "a later event does not make it longer: {count:?}"
    );
    place.pass(&key, MINUTE).await;
    assert_eq!(used(place, &key).await, None);
    let count = place.counters().add(&key, 1, 100 * MINUTE).await.unwrap();
    assert_eq!(count.used, 1, "the next event opens a new one");
    assert!(about(count.resets_in, 100 * MINUTE), "{count:?}");
}

async fn looking_does_not_count(place: &dyn Place) {
    let key = key("peek");
    assert_eq!(used(place, &key).await, None);
    place.counters().add(&key, 2, MINUTE).await.unwrap();
    for _ in 0..3 {
        let count = place.counters().peek(&key, MINUTE).await.unwrap().unwrap();
        assert!(count.used == 2 && about(count.resets_in, MINUTE), "{count:?}");
    }
}

async fn a_forgotten_key_begins_anew(place: &dyn Place) {
    let (key, other) = (key("reset"), key("other"));
    for key in [&key, &other] {
        place.counters().add(key, 4, MINUTE).await.unwrap();
    }
    place.counters().reset(&key).await.unwrap();
    place.counters().reset(&key).await.unwrap();
    assert_eq!(
        (used(place, &key).await, used(place, &other).await),
        (None, Some(4))
    );
    assert_eq!(place.counters().add(&key, 1, MINUTE).await.unwrap().used, 1);
}

async fn events_at_the_same_time_are_all_counted(place: &dyn Place) {
    let key = key("together");
    let counts = join_all((0..64).map(|_| place.counters().add(&key, 1, MINUTE))).await;
    let mut seen: Vec<_> = counts.into_iter().map(|count| count.unwrap().used).collect();
    seen.sort_unstable();
    assert_eq!(
        seen,
        (1..=64).collect::<Vec<_>>(),
        "each event sees another count"
    );
}

async fn any_text_is_a_key(place: &dyn Place) {
    let [empty, odd, long] = [String::new(), "a b\r\n:*{é}\0".to_owned(), "x".repeat(10_000)];
    for text in [&empty, &odd, &long] {
        let key = key(text);
        place.counters().add(&key, 1, MINUTE).await.unwrap();
        assert_eq!(used(place, &key).await, Some(1));
    }
}

async fn the_shortest_and_the_longest_window_are_windows(place: &dyn Place) {
    for window in [Duration::ZERO, Duration::from_nanos(1), Duration::MAX] {
        let key = key("extreme");
        assert_eq!(
            place.counters().add(&key, 1, window).await.unwrap().used,
            1,
            "{window:?}"
        );
        place.counters().reset(&key).await.unwrap();
    }
}

macro_rules! contract {
    ($($promise:ident)*) => {
        mod local {
            $(#[tokio::test] async fn $promise() { super::$promise(&super::Local::new()).await; })*
        }
        mod shared {
            $(#[tokio::test] async fn $promise() { super::$promise(&super::Shared::new().await).await; })*
        }
    };
}

contract! {
    events_of_a_key_add_up_within_its_window
    a_window_ends_when_its_time_is_over_whatever_is_counted_in_it
    looking_does_not_count
    a_forgotten_key_begins_anew
    events_at_the_same_time_are_all_counted
    any_text_is_a_key
    the_shortest_and_the_longest_window_are_windows
}

#[tokio::test]
async fn a_count_that_someone_left_without_an_end_gets_one() {
    let place = Shared::new().await;
    let key = key("endless");
    let set = cmd("SET")
        .arg(format!("acs:counter:{key}"))
        .arg(5)
        .exec_async(&mut place.connection.clone())
        .await;
    set.unwrap();
    assert_eq!(used(&place, &key).await, None);
    let count = place.counters().add(&key, 1, MINUTE).await.unwrap();
    assert!(count.used == 6 && about(count.resets_in, MINUTE), "{count:?}");
}

#[tokio::test]
async fn processes_that_share_a_server_count_together() {
    let (one, other) = (Shared::new().await, Shared::new().await);
    let key = key("shared");
    one.counters().add(&key, 1, MINUTE).await.unwrap();
    assert_eq!(other.counters().add(&key, 1, MINUTE).await.unwrap().used, 2);
}
