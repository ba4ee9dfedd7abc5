//! Addresses of other services.

use std::fmt;
use std::path::Path;

use figment::value::Value;
use url::Url;

use super::setting::{Setting, Unfit};
use crate::secret::Secret;

/// The address of a web service: `http` or `https`, a host, no user or password, no trailing slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpUrl(String);

impl HttpUrl {
    /// The address, if the text is one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text.trim()).ok()?;
        let plain = url.username().is_empty() && url.password().is_none() && url.query().is_none();
        (matches!(url.scheme(), "http" | "https") && plain && url.has_host() && url.fragment().is_none())
            .then(|| Self(url.as_str().trim_end_matches('/').to_owned()))
    }

    /// The address, without a trailing slash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Setting for HttpUrl {
    const SHOWN: bool = false;

    fn kind() -> String {
        "a URL that begins with `http://` or `https://` and holds no password".to_owned()
    }

    fn read(value: &Value) -> Result<Self, Unfit> {
        value.as_str().and_then(Self::parse).ok_or_else(Self::unfit)
    }

    fn show(&self) -> Option<String> {
        Some(self.0.clone())
    }
}

/// Whose pages may call the API: a scheme with a host and perhaps a port, or `*` for anyone's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebOrigin(String);

impl WebOrigin {
    /// The origin, if the text is one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self(text.to_owned()));
        }
        let url = Url::parse(text).ok()?;
        let bare = url.path() == "/" && url.username().is_empty() && url.password().is_none();
        (matches!(url.scheme(), "http" | "https")
            && bare
            && url.query().is_none()
            && url.fragment().is_none())
        .then(|| Self(url.origin().ascii_serialization()))
    }

    /// The origin as a browser sends it, or `*`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it stands for anyone.
    #[must_use]
    pub fn is_wildcard(&self) -> bool {
        self.0 == "*"
    }
}

impl Setting for WebOrigin {
    fn kind() -> String {
        "an origin such as `https://shop.example` or `*`".to_owned()
    }

    fn read(value: &Value) -> Result<Self, Unfit> {
        value
            .as_str()
            .map(str::trim)
            .and_then(Self::parse)
            .ok_or_else(Self::unfit)
    }

    fn show(&self) -> Option<String> {
        Some(self.0.clone())
    }
}

/// Which database keeps the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreKind {
    /// A file of the embedded default.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}

/// The address of a database. May hold a password, so it never prints whole.
#[derive(Clone)]
pub struct StoreUrl {
    kind: StoreKind,
    url: Secret,
}

impl StoreUrl {
    /// The address, if the text is one: `sqlite:<path>`, or `postgres://user:password@host/database`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let kind = match text.split_once(':')? {
            ("sqlite", path) if !path.trim_matches('/').is_empty() => StoreKind::Sqlite,
            ("postgres" | "postgresql", _) if Url::parse(text).is_ok_and(|url| url.has_host()) => {
                StoreKind::Postgres
            }
            _ => return None,
        };
        Some(Self {
            kind,
            url: Secret::new(text),
        })
    }

    /// The address of a SQLite file.
    #[must_use]
    pub fn sqlite(path: &Path) -> Self {
        Self {
            kind: StoreKind::Sqlite,
            url: Secret::new(format!("sqlite:{}", path.display())),
        }
    }

    /// Which database it is.
    #[must_use]
    pub fn kind(&self) -> StoreKind {
        self.kind
    }

    /// The address with its password, for the driver.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.url.expose()
    }
}

impl fmt::Debug for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoreUrl({:?}, ***)", self.kind)
    }
}

impl Setting for StoreUrl {
    const SECRET: bool = true;

    fn kind() -> String {
        "`sqlite:<path>` or `postgres://user:password@host/database`".to_owned()
    }

    fn read(value: &Value) -> Result<Self, Unfit> {
        value.as_str().and_then(Self::parse).ok_or_else(Self::unfit)
    }

    fn show(&self) -> Option<String> {
        None
    }
}

/// The address of a Redis server. May hold a password, so it never prints.
#[derive(Debug, Clone)]
pub struct RedisUrl(Secret);

impl RedisUrl {
    /// The address, if the text is one: `redis://` or, with TLS, `rediss://`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text.trim()).ok()?;
        (matches!(url.scheme(), "redis" | "rediss") && url.has_host()).then(|| Self(Secret::new(text.trim())))
    }

    /// The address with its password, for the driver.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl Setting for RedisUrl {
    const SECRET: bool = true;

    fn kind() -> String {
        "`redis://[user:password@]host[:port][/database]`, or `rediss://` with TLS".to_owned()
    }

    fn read(value: &Value) -> Result<Self, Unfit> {
        value.as_str().and_then(Self::parse).ok_or_else(Self::unfit)
    }

    fn show(&self) -> Option<String> {
        None
    }
}
