//! One way to ask a provider over HTTP: where, with which key, and for how long.

use std::time::Duration;

use acs_domain::port::chat::ModelError;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Response, Url};
use serde::Serialize;
use tokio::time::{Instant, timeout_at};

use super::refusal::refusal;
use super::{ConnectError, ModelOptions, Net};

/// No more of an error's body is read.
const MAX_ERROR_BYTES: usize = 16 << 10;

/// One address of a provider.
#[derive(Debug, Clone)]
pub(super) struct Endpoint {
    net: Net,
    url: Url,
    headers: HeaderMap,
    first_words: Duration,
    whole: Duration,
}

/// When a reply must have begun, and when it must have ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadlines {
    first_words: (Instant, Duration),
    whole: (Instant, Duration),
}

/// Where a provider looks for its key.
#[derive(Debug, Clone, Copy)]
pub(super) enum KeyIn {
    /// `Authorization: Bearer …`
    Bearer,
    /// A header of its own.
    Header(&'static str),
}

impl Endpoint {
    /// The address at this path below the base address.
    pub(super) fn new(options: &ModelOptions, path: &[&str], key_in: KeyIn) -> Result<Self, ConnectError> {
        let mut url = Url::parse(&options.base_url).map_err(|_| ConnectError::Address)?;
        if !matches!(url.scheme(), "http" | "https") || url.query().is_some() || url.fragment().is_some() {
            return Err(ConnectError::Address);
        }
        url.path_segments_mut()
            .map_err(|()| ConnectError::Address)?
            .pop_if_empty()
            .extend(path);
        let mut headers = HeaderMap::new();
        if let Some(key) = &options.api_key {
            let (name, value) = match key_in {
                KeyIn::Bearer => (AUTHORIZATION, format!("Bearer {}", key.expose())),
                KeyIn::Header(name) => (HeaderName::from_static(name), key.expose().to_owned()),
            };
            let mut value = HeaderValue::try_from(value).map_err(|_| ConnectError::Key)?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        Ok(Self {
            net: options.net.clone(),
            url,
            headers,
            first_words: options.first_token_timeout,
            whole: options.timeout,
        })
    }

    /// The address, asked with this header too.
    pub(super) fn with_header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.insert(name, HeaderValue::from_static(value));
        self
    }

    /// The address, asked with this query too.
    pub(super) fn with_query(mut self, name: &str, value: &str) -> Self {
        self.url.query_pairs_mut().append_pair(name, value);
        self
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
        let request = self
            .net
            .client()
            .post(self.url.clone())
            .headers(self.headers.clone())
            .json(body);
        let response = deadlines.first_words(request.send()).await?.map_err(failed)?;
        if response.status().is_success() {
            return Ok((response, deadlines));
        }
        let (status, headers) = (response.status(), response.headers().clone());
        let body = deadlines.first_words(error_body(response)).await?;
        Err(refusal(status, &headers, &body))
    }
}

impl Deadlines {
    pub(super) fn from_now(first_words: Duration, whole: Duration) -> Self {
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
    ModelError::failed(error.without_url())
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
