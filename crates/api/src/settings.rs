//! What the operator may choose about HTTP.

use std::time::Duration;

use acs_core::config::Config;
use axum::http::{HeaderName, HeaderValue, Method};
use ipnet::IpNet;

/// What the operator may choose about HTTP.
#[derive(Debug, Clone)]
pub struct ApiSettings {
    /// The path before all endpoints of the contract.
    pub prefix: String,
    /// How long a request may take before it is answered with 504.
    pub request_timeout: Duration,
    /// How long the upload of a file may take.
    pub upload_timeout: Duration,
    /// How many requests are worked on at once; more are turned away.
    pub max_in_flight: usize,
    /// The largest body, in bytes.
    pub max_body_bytes: usize,
    /// The largest uploaded file, in bytes.
    pub max_upload_bytes: usize,
    /// Which web pages may call.
    pub cors: CorsSettings,
    /// How much a caller may ask.
    pub rate_limit: RateLimitSettings,
    /// The proxies whose word about the client's address is taken.
    pub trusted_proxies: Vec<IpNet>,
    /// The chat page at `/`; without one there is none.
    pub chat_page: Option<ChatPage>,
}

/// Which web pages may call the API from a browser.
#[derive(Debug, Clone)]
pub struct CorsSettings {
    /// Whose pages; `None`: everyone's, and then without credentials.
    pub origins: Option<Vec<HeaderValue>>,
    /// Whether such calls may carry cookies and credentials.
    pub allow_credentials: bool,
    /// The methods; `None`: whichever is asked for.
    pub methods: Option<Vec<Method>>,
    /// The headers; `None`: whichever are asked for.
    pub headers: Option<Vec<HeaderName>>,
}

/// How much a caller may ask.
#[derive(Debug, Clone, Copy)]
pub struct RateLimitSettings {
    /// Whether there are limits at all.
    pub enabled: bool,
    /// Requests of one user, one API key or, without either, one address in a window.
    pub requests: u64,
    /// Requests of one organization in a window, over all its users and keys.
    pub organization_requests: u64,
    /// How long a window is.
    pub window: Duration,
}

/// The organization that the chat page speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatPage {
    /// Its short name.
    pub slug: String,
    /// The name that customers see.
    pub name: String,
}

/// A setting that HTTP cannot use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{setting}` holds `{value}`, which is not a valid {what}")]
pub struct SettingsError {
    setting: &'static str,
    value: String,
    what: &'static str,
}

impl Default for ApiSettings {
    fn default() -> Self {
        Self {
            prefix: "/api/v1".to_owned(),
            request_timeout: Duration::from_secs(30),
            upload_timeout: Duration::from_secs(600),
            max_in_flight: 1_024,
            max_body_bytes: 1024 * 1024,
            max_upload_bytes: 10 * 1024 * 1024,
            cors: CorsSettings {
                origins: Some(Vec::new()),
                allow_credentials: false,
                methods: None,
                headers: None,
            },
            rate_limit: RateLimitSettings {
                enabled: true,
                requests: 100,
                organization_requests: 1_000,
                window: Duration::from_secs(60),
            },
            trusted_proxies: Vec::new(),
            chat_page: None,
        }
    }
}

impl ApiSettings {
    /// The settings as configured, without a chat page.
    ///
    /// # Errors
    ///
    /// [`SettingsError`] when a method, header or origin is not one that HTTP knows.
    pub fn from_config(config: &Config) -> Result<Self, SettingsError> {
        Ok(Self {
            request_timeout: config.server.request_timeout_seconds,
            max_body_bytes: config.server.max_body_bytes,
            max_upload_bytes: config.server.max_upload_bytes,
            cors: CorsSettings::from_config(config)?,
            rate_limit: RateLimitSettings {
                enabled: config.rate_limit.enabled,
                requests: config.rate_limit.requests.into(),
                organization_requests: config.rate_limit.organization_requests.into(),
                window: config.rate_limit.window_seconds,
            },
            trusted_proxies: config.server.trusted_proxies.clone(),
            ..Self::default()
        })
    }
}

impl CorsSettings {
    fn from_config(config: &Config) -> Result<Self, SettingsError> {
        let cors = &config.cors;
        let origins: Vec<String> = cors
            .origins
            .iter()
            .map(|origin| origin.as_str().to_owned())
            .collect();
        Ok(Self {
            origins: listed("cors.origins", "origin", &origins)?,
            allow_credentials: cors.allow_credentials,
            methods: listed("cors.allow_methods", "method", &cors.allow_methods)?,
            headers: listed("cors.allow_headers", "header name", &cors.allow_headers)?,
        })
    }
}

/// The values of a list; `None` when it holds `*`.
fn listed<T: std::str::FromStr>(
    setting: &'static str,
    what: &'static str,
    values: &[String],
) -> Result<Option<Vec<T>>, SettingsError> {
    if values.iter().any(|value| value == "*") {
        return Ok(None);
    }
    let parse = |value: &String| {
        value.parse().map_err(|_| SettingsError {
            setting,
            value: value.clone(),
            what,
        })
    };
    values.iter().map(parse).collect::<Result<_, _>>().map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_of_the_configuration_can_be_used() {
        let settings = ApiSettings::from_config(&Config::default()).unwrap();
        assert_eq!(settings.prefix, "/api/v1");
        assert_eq!(settings.cors.methods, None);
        assert_eq!(settings.cors.origins.map(|origins| origins.len()), Some(2));
    }

    #[test]
    fn a_method_that_http_does_not_know_is_named() {
        let mut config = Config::default();
        config.cors.allow_methods = vec!["GET".to_owned(), "NOT A METHOD".to_owned()];
        let error = ApiSettings::from_config(&config).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`cors.allow_methods` holds `NOT A METHOD`, which is not a valid method"
        );
    }
}
