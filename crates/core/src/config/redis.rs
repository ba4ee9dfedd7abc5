//! The Redis server.

use std::time::Duration;

use url::Url;

use super::schema::rule::{between, seconds};
use super::schema::section;
use super::schema::url::RedisUrl;
use crate::secret::Secret;

section! {
    /// The Redis server that several processes share for cache, limits and live events. Without one (neither `url` nor
    /// `host`), they are kept in the process.
    Redis = "redis" {
        /// The server's address; stands for host, port, user, password and database together.
        url: Option<RedisUrl> = None;
        /// The server's host name, instead of `url`.
        host: Option<String> = None;
        /// The server's port, with `host`.
        port: u16 = 6379, between(1, 65_535);
        /// The user's name, with `host`.
        username: Option<String> = None;
        /// The password, with `host`.
        password: Option<Secret> = None;
        /// The number of the database, with `host`.
        db: u8 = 0;
        /// How many connections may be open at once.
        max_connections: u32 = 20, between(1, 1000);
        /// How long a command may take.
        timeout_seconds: Duration = Duration::from_secs(5), seconds(0.1, 60.0);
    }
}

impl Redis {
    /// The server's address, however it was set; `None` when there is no server.
    #[must_use]
    pub fn connection_url(&self) -> Option<RedisUrl> {
        self.url.clone().or_else(|| self.url_of_parts())
    }

    fn url_of_parts(&self) -> Option<RedisUrl> {
        let host = self.host.as_deref()?;
        // An IPv6 address stands in brackets within a URL.
        let host = if host.contains(':') {
            format!("[{host}]")
        } else {
            host.to_owned()
        };
        let mut url = Url::parse(&format!("redis://{host}:{}/{}", self.port, self.db)).ok()?;
        url.set_username(self.username.as_deref().unwrap_or_default())
            .ok()?;
        url.set_password(self.password.as_ref().map(Secret::expose))
            .ok()?;
        RedisUrl::parse(url.as_str())
    }
}
