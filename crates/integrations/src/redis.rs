//! The Redis server that several processes share.

use std::time::Duration;

use acs_core::config::RedisUrl;
use deadpool_redis::redis::{AsyncConnectionConfig, FromRedisValue, Pipeline, ScriptInvocation, cmd};
use deadpool_redis::{Connection, Manager, Pool, Runtime};

use crate::error::Error;

/// Begins every key of ACS, so that it can share a server with others.
pub(crate) const KEY_PREFIX: &str = "acs:";

/// A pool of connections to a Redis server. Cheap to clone; clones share the pool.
#[derive(Clone)]
pub struct Redis {
    pool: Pool,
    timeout: Duration,
}

impl Redis {
    /// A pool of at most `max_connections`. Nothing is connected yet: a server that is away when ACS starts is found
    /// when it comes. `timeout` bounds each command, with the wait for a connection. With `rediss://` the process needs
    /// a default provider of TLS.
    ///
    /// # Errors
    /// [`Error::RedisSettings`] if the driver cannot use the address.
    pub fn open(url: &RedisUrl, max_connections: usize, timeout: Duration) -> Result<Self, Error> {
        // The driver's own limits are shorter than what an operator may have set.
        let limits = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(timeout))
            .set_response_timeout(Some(timeout));
        let manager = Manager::new_with_config(url.expose(), limits)
            .map_err(|error| Error::RedisSettings(Box::new(error)))?;
        let pool = Pool::builder(manager)
            .max_size(max_connections)
            .runtime(Runtime::Tokio1)
            .build();
        Ok(Self {
            pool: pool.map_err(|error| Error::RedisSettings(Box::new(error)))?,
            timeout,
        })
    }

    /// Whether the server answers.
    ///
    /// # Errors
    /// If it does not, or not in time.
    pub async fn ping(&self) -> Result<(), Error> {
        self.within(async {
            let answer: Result<String, _> = cmd("PING").query_async(&mut self.connection().await?).await;
            answer
                .map(|_| ())
                .map_err(|error| Error::RedisCommand(Box::new(error)))
        })
        .await
    }

    /// Runs a script on the server, which runs nothing else meanwhile.
    pub(crate) async fn run<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Result<T, Error> {
        self.within(async {
            let answer = script.invoke_async(&mut self.connection().await?).await;
            answer.map_err(|error| Error::RedisCommand(Box::new(error)))
        })
        .await
    }

    /// Sends commands in one go.
    pub(crate) async fn send<T: FromRedisValue>(&self, commands: &Pipeline) -> Result<T, Error> {
        self.within(async {
            let answer = commands.query_async(&mut self.connection().await?).await;
            answer.map_err(|error| Error::RedisCommand(Box::new(error)))
        })
        .await
    }

    async fn connection(&self) -> Result<Connection, Error> {
        self.pool
            .get()
            .await
            .map_err(|error| Error::RedisConnection(Box::new(error)))
    }

    async fn within<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        tokio::time::timeout(self.timeout, work)
            .await
            .unwrap_or(Err(Error::RedisTooSlow(self.timeout)))
    }
}
