//! What can go wrong between ACS and another system.

use std::time::Duration;

/// Any cause below, as the libraries give it.
type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why another system did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Redis cannot be asked at all: a setting is wrong.
    #[error("the settings of Redis are not usable")]
    RedisSettings(#[source] Cause),
    /// Redis gives no connection: it is away, or refuses the password.
    #[error("Redis gives no connection")]
    RedisConnection(#[source] Cause),
    /// Redis refused a command, or the connection broke.
    #[error("a Redis command failed")]
    RedisCommand(#[source] Cause),
    /// Redis took too long.
    #[error("Redis did not answer within {} ms", .0.as_millis())]
    RedisTooSlow(Duration),
}
