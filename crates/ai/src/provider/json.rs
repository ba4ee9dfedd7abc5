//! One question, one answer, both JSON: asked again where that may help, within one deadline.

use std::sync::Arc;
use std::time::Duration;

use acs_core::entropy::Entropy;
use acs_core::secret::Secret;
use acs_domain::port::chat::ModelError;
use reqwest::Response;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::{Instant, sleep, timeout};

use super::http::{Endpoint, KeyIn};
use super::{ConnectError, ModelOptions, Net};
use crate::router::{RetrySettings, chance};

/// A longer answer is not read.
const MAX_BYTES: usize = 32 << 20;
/// From this length on, an answer is read on a thread that may take its time.
const LONG_BYTES: usize = 64 << 10;

/// How a server of models is asked.
#[derive(Clone)]
pub struct ServerOptions {
    /// The address under which its paths lie: `https://api.openai.com/v1`.
    pub base_url: String,
    /// The key, where it wants one.
    pub api_key: Option<Secret>,
    /// The model, as the server calls it.
    pub model: String,
    /// How long an answer may take, with every try.
    pub timeout: Duration,
    /// How often it is asked again, and how patiently.
    pub retry: RetrySettings,
    /// So many questions are asked side by side at the most.
    pub at_once: usize,
    /// The connections that are used.
    pub net: Net,
    /// Chance, so that those who failed together do not come back together.
    pub entropy: Arc<dyn Entropy>,
}

/// One path of a server.
#[derive(Clone)]
pub(crate) struct Asker {
    endpoint: Endpoint,
    timeout: Duration,
    retry: RetrySettings,
    entropy: Arc<dyn Entropy>,
}

impl Asker {
    pub(crate) fn new(options: &ServerOptions, path: &str) -> Result<Self, ConnectError> {
        let at = ModelOptions {
            base_url: options.base_url.clone(),
            api_key: options.api_key.clone(),
            model: options.model.clone(),
            api_version: None,
            temperature: None,
            max_tokens: None,
            first_token_timeout: options.timeout,
            timeout: options.timeout,
            net: options.net.clone(),
            file: None,
        };
        Ok(Self {
            endpoint: Endpoint::new(&at, &[path], KeyIn::Bearer)?,
            timeout: options.timeout,
            retry: options.retry,
            entropy: Arc::clone(&options.entropy),
        })
    }

    /// The same path for who has less patience: a question is asked again once at the most.
    pub(crate) fn hurried(&self) -> Self {
        let mut hurried = self.clone();
        hurried.retry.retries = hurried.retry.retries.min(1);
        hurried
    }

    /// The answer to a question.
    pub(crate) async fn ask<A: DeserializeOwned + Send + 'static>(
        &self,
        question: &(impl Serialize + Sync),
    ) -> Result<A, ModelError> {
        let deadline = Instant::now() + self.timeout;
        let asked = timeout(self.timeout, self.persist(question, deadline));
        let answer = asked.await.map_err(|_late| ModelError::Timeout(self.timeout))??;
        if answer.len() < LONG_BYTES {
            return read(&answer);
        }
        let reading = tokio::task::spawn_blocking(move || read(&answer));
        reading.await.map_err(ModelError::failed)?
    }

    async fn persist(
        &self,
        question: &(impl Serialize + Sync),
        deadline: Instant,
    ) -> Result<Vec<u8>, ModelError> {
        let mut tries = 1;
        loop {
            let asked = async {
                let (response, _) = self.endpoint.post(question).await?;
                whole(response).await
            };
            let error = match asked.await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let left = deadline.saturating_duration_since(Instant::now());
            let Some(wait) = self.retry.wait(&error, tries, left, chance(&*self.entropy)) else {
                return Err(error);
            };
            sleep(wait).await;
            tries += 1;
        }
    }
}

fn read<A: DeserializeOwned>(answer: &[u8]) -> Result<A, ModelError> {
    // What serde says of it may quote it.
    serde_json::from_slice(answer)
        .map_err(|_| ModelError::Broken("the answer is not what was asked for".to_owned()))
}

async fn whole(mut response: Response) -> Result<Vec<u8>, ModelError> {
    let failed = |error: reqwest::Error| ModelError::failed(error.without_url());
    let mut answer = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(failed)? {
        if answer.len() + piece.len() > MAX_BYTES {
            return Err(ModelError::Broken("the answer is too long".to_owned()));
        }
        answer.extend_from_slice(&piece);
    }
    Ok(answer)
}
