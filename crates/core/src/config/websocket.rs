//! Live connections.

use std::time::Duration;

use super::schema::rule::seconds;
use super::schema::section;

section! {
    /// Live connections. Reserved: read by the WebSocket.
    WebSocket = "websocket" {
        /// How long a new connection may take to say who it is.
        connect_timeout_seconds: Duration = Duration::from_secs(10), seconds(0.1, 300.0);
        /// How often the server sends a sign of life.
        heartbeat_seconds: Duration = Duration::from_secs(30), seconds(0.1, 3600.0);
        /// How long a silent peer is kept; longer than the heartbeat.
        timeout_seconds: Duration = Duration::from_secs(60), seconds(0.1, 7200.0);
    }
}
