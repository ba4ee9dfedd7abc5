//! The HTTP server.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use ipnet::IpNet;

use super::schema::rule::{between, seconds, when_set};
use super::schema::section;

section! {
    /// The HTTP server.
    Server = "server" {
        /// The address to listen on. By default only this machine reaches it; `0.0.0.0` lets others in, as a container
        /// needs.
        host: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
        /// The port to listen on.
        port: u16 = 8000, between(1, 65_535);
        /// How many threads serve requests; one for each processor unless set.
        workers: Option<usize> = None, when_set(between(1, 1024));
        /// How long a request may take before it is answered with 504.
        request_timeout_seconds: Duration = Duration::from_secs(30), seconds(0.1, 3600.0);
        /// How many connections are open at once; others wait to be accepted until one of these ends.
        max_connections: usize = 8192, between(1, 1_000_000);
        /// How many of them one address may have; trusted proxies and this machine itself are not counted.
        max_connections_per_address: usize = 512, between(1, 1_000_000);
        /// How long a connection may be silent before a request's headers are complete; then it is closed. So nobody holds
        /// connections that ask nothing.
        header_timeout_seconds: Duration = Duration::from_secs(60), seconds(0.1, 3600.0);
        /// How long a client may take nothing of an answer that is written to it; then its connection is closed.
        write_timeout_seconds: Duration = Duration::from_secs(30), seconds(0.1, 3600.0);
        /// The proxies whose `X-Forwarded-For` is believed. From anyone else it is ignored, so that nobody escapes a
        /// rate limit by writing one.
        trusted_proxies: Vec<IpNet> = Vec::new();
        /// The largest request body, in bytes.
        max_body_bytes: usize = 1024 * 1024, between(1024, 100 * 1024 * 1024);
        /// The largest uploaded file, in bytes.
        max_upload_bytes: usize = 10 * 1024 * 1024, between(1024, 1024 * 1024 * 1024);
        /// How long a stop waits for work in progress before it cuts it off.
        shutdown_grace_seconds: Duration = Duration::from_secs(20), seconds(0.0, 600.0);
    }
}
