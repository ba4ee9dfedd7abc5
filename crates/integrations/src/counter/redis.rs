//! Counters on Redis: every process that uses the same server counts together.

use std::sync::LazyLock;
use std::time::Duration;

use acs_domain::port::counter::{Count, CounterError, Counters};
use async_trait::async_trait;
use deadpool_redis::redis::{Script, pipe};

use crate::error::Error;
use crate::redis::{KEY_PREFIX, Redis};

/// Counts, and opens a window if there is none. It is one step for the server, so that no window can stay open for ever
/// because its caller died in between. A count without an end would be one that someone else wrote: it gets one.
static ADD: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local used = redis.call('INCRBY', KEYS[1], ARGV[1])
         local left = redis.call('PTTL', KEYS[1])
         if left < 0 then
           left = tonumber(ARGV[2])
           redis.call('PEXPIRE', KEYS[1], left)
         end
         return {used, left}",
    )
});

/// The largest number that the server's scripts count exactly: they calculate in 64-bit floating point.
const EXACT: u64 = 1 << 53;

/// Counts on a Redis server, by the server's clock.
pub struct RedisCounters {
    redis: Redis,
}

impl RedisCounters {
    /// Counters on this server.
    #[must_use]
    pub fn new(redis: Redis) -> Self {
        Self { redis }
    }
}

#[async_trait]
impl Counters for RedisCounters {
    async fn add(&self, key: &str, cost: u64, window: Duration) -> Result<Count, CounterError> {
        let window = u64::try_from(window.as_millis()).unwrap_or(EXACT).clamp(1, EXACT);
        let mut script = ADD.key(name(key));
        script.arg(cost.min(EXACT)).arg(window);
        let (used, left): (u64, u64) = self.redis.run(&script).await.map_err(away)?;
        Ok(Count {
            used,
            resets_in: Duration::from_millis(left),
        })
    }

    async fn peek(&self, key: &str, _window: Duration) -> Result<Option<Count>, CounterError> {
        let name = name(key);
        let mut commands = pipe();
        commands.atomic().get(&name).pttl(&name);
        let (used, left): (Option<u64>, i64) = self.redis.send(&commands).await.map_err(away)?;
        // A count without an end is none of ours.
        let left = u64::try_from(left).ok().map(Duration::from_millis);
        Ok(used.zip(left).map(|(used, resets_in)| Count { used, resets_in }))
    }

    async fn reset(&self, key: &str) -> Result<(), CounterError> {
        let mut commands = pipe();
        commands.del(name(key)).ignore();
        self.redis.send::<()>(&commands).await.map_err(away)
    }
}

fn name(key: &str) -> String {
    format!("{KEY_PREFIX}counter:{key}")
}

fn away(error: Error) -> CounterError {
    CounterError(Box::new(error))
}
