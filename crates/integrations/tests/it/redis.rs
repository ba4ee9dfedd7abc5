//! The Redis server that the tests use, and servers that do not answer.

use std::time::Duration;

use acs_core::config::RedisUrl;
use acs_domain::port::counter::Counters as _;
use acs_integrations::counter::RedisCounters;
use acs_integrations::{Error, Redis};
use tokio::net::TcpListener;

/// A pool on the server that `tests/run` starts.
pub(crate) fn server() -> Redis {
    Redis::open(&address(), 4, Duration::from_secs(10)).unwrap()
}

/// Where the server is that `tests/run` starts.
#[expect(
    clippy::disallowed_methods,
    reason = "tests are told by their environment where the server is"
)]
pub(crate) fn address() -> RedisUrl {
    let url = std::env::var("ACS_TEST_REDIS_URL")
        .expect("ACS_TEST_REDIS_URL is not set: run the tests with `tests/run`, which starts a Redis server and sets it");
    RedisUrl::parse(&url).expect("ACS_TEST_REDIS_URL must begin with redis:// or rediss://")
}

#[tokio::test]
async fn a_server_that_answers_can_be_pinged() {
    server().ping().await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_away_is_an_error_at_once() {
    let gone = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let url = RedisUrl::parse(&format!("redis://{gone}")).unwrap();
    let redis = Redis::open(&url, 1, Duration::from_secs(10)).unwrap();
    assert!(matches!(redis.ping().await, Err(Error::RedisConnection(_))));
    assert!(
        RedisCounters::new(redis)
            .add("key", 1, Duration::from_secs(1))
            .await
            .is_err()
    );
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_answers_is_given_up_at_the_deadline() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = RedisUrl::parse(&format!("redis://{}", silent.local_addr().unwrap())).unwrap();
    let counters = RedisCounters::new(Redis::open(&url, 1, Duration::from_secs(3)).unwrap());
    let begun = tokio::time::Instant::now();
    assert!(counters.add("key", 1, Duration::from_secs(1)).await.is_err());
    assert!(begun.elapsed() <= Duration::from_secs(4), "{:?}", begun.elapsed());
}
