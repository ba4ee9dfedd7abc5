//! Use of the machine.

use std::time::Duration;

use super::schema::rule::{between, seconds, when_set};
use super::schema::section;

section! {
    /// Use of the machine.
    Performance = "performance" {
        /// How long what was read from the store may be served again from memory. Reserved.
        cache_ttl_seconds: Duration = Duration::from_secs(300), seconds(0.0, 86_400.0);
        /// How many live connections one customer or agent may hold. Reserved: read by the WebSocket.
        max_connections_per_client: usize = 10, between(1, 10_000);
        /// How many turns are under way at once, with those that wait for a language model; the rest queues.
        max_turns: usize = 1024, between(1, 100_000);
        /// How many messages are analysed at once, each on one thread; one for each processor unless set. Sixteen times as many
        /// turns work at once.
        understanding_threads: Option<usize> = None, when_set(between(1, 1024));
    }
}
