//! Counters: in Redis, where processes share one, else in this process.

use std::sync::Arc;

use acs_api::state::Check;
use acs_core::clock::Clock;
use acs_core::config;
use acs_domain::port::counter::Counters;
use acs_integrations::Redis;
use acs_integrations::counter::{LocalCounters, MAX_KEYS, RedisCounters};
use anyhow::{Context as _, Result};

/// The counters, and the check whether what they stand on answers.
pub(super) fn connect(
    settings: &config::Redis,
    clock: Arc<dyn Clock>,
) -> Result<(Arc<dyn Counters>, Option<Check>)> {
    let Some(url) = settings.connection_url() else {
        return Ok((Arc::new(LocalCounters::new(clock, MAX_KEYS)), None));
    };
    let max_connections = usize::try_from(settings.max_connections).unwrap_or(usize::MAX);
    let redis = Redis::open(&url, max_connections, settings.timeout_seconds)
        .context("Redis cannot be used (ACS__REDIS__URL)")?;
    let asked = redis.clone();
    let check = Check::new("redis", move || {
        let redis = asked.clone();
        async move { redis.ping().await.map_err(Into::into) }
    });
    Ok((Arc::new(RedisCounters::new(redis)), Some(check)))
}
