//! One way to ask a provider over HTTP: where, with which key, for how long, and what its refusals mean.

use std::fmt;
use std::time::Duration;

use acs_domain::port::chat::ModelError;
use reqwest::header::{AUTHORIZATION, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode, Url, redirect};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;
use tokio::time::{Instant, timeout_at};

use super::{ConnectError, ModelOptions};

/// No more of an error's body is read.
const MAX_ERROR_BYTES: usize = 16 << 10;

/// One address of a provider.
#[derive(Debug)]
pub(super) struct Endpoint {
    client: Client,
    url: Url,
    key: Option<HeaderValue>,
    first_words: Duration,
    whole: Duration,
}

/// When a reply must have begun, and when it must have ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadlines {
    first_words: (Instant, Duration),
    whole: (Instant, Duration),
}

impl Endpoint {
    /// The address `path` below the base address.
    pub(super) fn new(options: &ModelOptions, path: &str) -> Result<Self, ConnectError> {
        let url = format!("{}/{path}", options.base_url.trim_end_matches('/'));
        let url = Url::parse(&url).map_err(|_| ConnectError::Address)?;
        if !matches!(url.scheme(), "http" | "https") || url.query().is_some() || url.fragment().is_some() {
            return Err(ConnectError::Address);
        }
        let bearer = |key: &acs_core::secret::Secret| {
            let mut value = HeaderValue::try_from(format!("Bearer {}", key.expose()))?;
            value.set_sensitive(true);
            Ok(value)
        };
        let key = options.api_key.as_ref().map(bearer).transpose();
        let key = key.map_err(|_: reqwest::header::InvalidHeaderValue| ConnectError::Key)?;
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            return Err(ConnectError::NoCryptography);
        }
        let client = Client::builder()
            // A provider's address is exact: a redirect could carry the customer's words elsewhere.
            .redirect(redirect::Policy::none())
            .user_agent(concat!("acs/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| ConnectError::Client(error.into()))?;
        Ok(Self {
            client,
            url,
            key,
            first_words: options.first_token_timeout,
            whole: options.timeout,
        })
    }

    /// The host that is asked.
    pub(super) fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// Sends a request and waits for the head of a response that promises a reply.
    pub(super) async fn post(
        &self,
        body: &(impl Serialize + Sync),
    ) -> Result<(Response, Deadlines), ModelError> {
        let deadlines = Deadlines::from_now(self.first_words, self.whole);
        let mut request = self.client.post(self.url.clone()).json(body);
        if let Some(key) = &self.key {
            request = request.header(AUTHORIZATION, key.clone());
        }
        let response = deadlines.first_words(request.send()).await?.map_err(failed)?;
        if response.status().is_success() {
            return Ok((response, deadlines));
        }
        let (status, headers) = (response.status(), response.headers().clone());
        let body = deadlines.first_words(error_body(response)).await?;
        Err(refusal(status, &headers, ErrorCode::of_body(&body)))
    }
}

impl Deadlines {
    fn from_now(first_words: Duration, whole: Duration) -> Self {
        let now = Instant::now();
        let first_words = first_words.min(whole);
        Self {
            first_words: (now + first_words, first_words),
            whole: (now + whole, whole),
        }
    }

    /// Waits for something that belongs to the beginning of a reply.
    pub(super) async fn first_words<T>(&self, work: impl Future<Output = T>) -> Result<T, ModelError> {
        within(self.first_words, work).await
    }

    /// Waits for something that belongs to the rest of a reply.
    pub(super) async fn whole<T>(&self, work: impl Future<Output = T>) -> Result<T, ModelError> {
        within(self.whole, work).await
    }
}

async fn within<T>(limit: (Instant, Duration), work: impl Future<Output = T>) -> Result<T, ModelError> {
    timeout_at(limit.0, work)
        .await
        .map_err(|_| ModelError::Timeout(limit.1))
}

/// The provider could not be reached, or went away before it said anything.
fn failed(error: reqwest::Error) -> ModelError {
    ModelError::Failed(error.without_url().into())
}

async fn error_body(mut response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    while let Ok(Some(piece)) = response.chunk().await {
        body.extend_from_slice(&piece);
        if body.len() > MAX_ERROR_BYTES {
            break;
        }
    }
    body
}

fn refusal(status: StatusCode, headers: &HeaderMap, code: ErrorCode) -> ModelError {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => ModelError::Unauthorized,
        StatusCode::TOO_MANY_REQUESTS => ModelError::RateLimited {
            retry_after: retry_after(headers),
        },
        _ if status.is_client_error() && status != StatusCode::REQUEST_TIMEOUT => {
            ModelError::Refused(format!("{}{code}", status.as_u16()))
        }
        _ => ModelError::Failed(Box::new(ErrorStatus { status, code })),
    }
}

/// When to come again: seconds, or a date that counts from the `Date` of the same response, so that no clock of ours is
/// compared with one of theirs (RFC 9110, 10.2.3).
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: HeaderName| headers.get(name)?.to_str().ok();
    let date = |text: &str| OffsetDateTime::parse(text.trim(), &Rfc2822).ok();
    let value = text(RETRY_AFTER)?;
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    Some(
        (date(value)? - date(text(DATE)?)?)
            .try_into()
            .unwrap_or(Duration::ZERO),
    )
}

/// What a provider calls its error. Its message is left out: it may quote the request or the key.
#[derive(Debug, Default, Deserialize)]
pub(super) struct ErrorCode {
    #[serde(default, rename = "type")]
    kind: serde_json::Value,
    #[serde(default)]
    code: serde_json::Value,
    #[serde(default)]
    param: serde_json::Value,
}

impl ErrorCode {
    /// Out of a body `{"error":{…}}`.
    fn of_body(body: &[u8]) -> Self {
        #[derive(Deserialize)]
        struct Body {
            error: ErrorCode,
        }
        serde_json::from_slice(body).map_or_else(|_| Self::default(), |body: Body| body.error)
    }

    /// Whether the provider names the rate as the reason.
    pub(super) fn is_rate_limit(&self) -> bool {
        [&self.kind, &self.code].iter().any(|name| {
            name.as_str().is_some_and(|name| name.starts_with("rate_limit")) || name.as_u64() == Some(429)
        })
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (label, value) in [("type", &self.kind), ("code", &self.code), ("param", &self.param)] {
            let name = match value {
                serde_json::Value::Number(number) => number.to_string(),
                serde_json::Value::String(name) => name.clone(),
                _ => continue,
            };
            let is_name = |c: char| c.is_ascii_alphanumeric() || "_-.[]".contains(c);
            if !name.is_empty() && name.len() <= 64 && name.chars().all(is_name) {
                write!(f, ", {label} {name}")?;
            }
        }
        Ok(())
    }
}

#[derive(Debug, thiserror::Error)]
#[error("status {}{code}", status.as_u16())]
struct ErrorStatus {
    status: StatusCode,
    code: ErrorCode,
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn headers(pairs: &[(HeaderName, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap()))
            .collect()
    }

    #[rstest]
    #[case(&[(RETRY_AFTER, "7")], Some(7))]
    #[case(&[(RETRY_AFTER, "Sun, 06 Nov 1994 08:49:37 GMT"), (DATE, "Sun, 06 Nov 1994 08:49:07 GMT")], Some(30))]
    #[case(&[(RETRY_AFTER, "Sun, 06 Nov 1994 08:49:07 GMT"), (DATE, "Sun, 06 Nov 1994 08:49:37 GMT")], Some(0))]
    #[case(&[(RETRY_AFTER, "Sun, 06 Nov 1994 08:49:37 GMT")], None)]
    #[case(&[(RETRY_AFTER, "soon")], None)]
    #[case(&[], None)]
    fn retry_after_is_seconds_or_a_date(#[case] given: &[(HeaderName, &str)], #[case] seconds: Option<u64>) {
        assert_eq!(retry_after(&headers(given)), seconds.map(Duration::from_secs));
    }

    #[test]
    fn an_error_is_told_by_its_names_and_never_by_its_message() {
        let body = br#"{"error":{"message":"You said: secret","type":"invalid_request_error","code":"my secret","param":null}}"#;
        assert_eq!(
            ErrorCode::of_body(body).to_string(),
            ", type invalid_request_error"
        );
        assert_eq!(ErrorCode::of_body(b"<html>").to_string(), "");
    }
}
