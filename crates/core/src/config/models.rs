//! Language models: where each is, and how it is asked.

use std::path::PathBuf;
use std::time::Duration;

use figment::value::Value;

use super::schema::choice::choice;
use super::schema::rule::{between, not_blank, seconds, when_set};
use super::schema::setting::{Setting, Unfit};
use super::schema::table::{Table, tables};
use super::schema::url::HttpUrl;
use crate::secret::Secret;

choice! {
    /// Whose protocol a model's server speaks.
    ModelProvider {
        /// OpenAI's chat completions, as many servers speak it.
        OpenAi = "openai";
        /// The same, as Azure wants to be asked.
        Azure = "azure";
        /// Anthropic's messages.
        Anthropic = "anthropic";
        /// None: the model is a file, and runs in this process.
        Gguf = "gguf";
    }
}

impl ModelProvider {
    /// The address of the provider's own service; Azure has one for each customer, and a file none.
    #[must_use]
    pub fn own_url(self) -> Option<HttpUrl> {
        match self {
            Self::OpenAi => HttpUrl::parse("https://api.openai.com/v1"),
            Self::Anthropic => HttpUrl::parse("https://api.anthropic.com/v1"),
            Self::Azure | Self::Gguf => None,
        }
    }
}

/// Where a model runs.
#[derive(Debug, Clone)]
pub enum ModelPlace {
    /// On the server at this address.
    Server(HttpUrl),
    /// In this process.
    File(ModelFile),
}

/// A model's file, and what of this machine it may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelFile {
    /// A GGUF file.
    pub path: PathBuf,
    /// How many threads work at one reply. They wait for each other busily, so more than there are free cores slow it down.
    pub threads: usize,
    /// How many replies are written at a time. Memory for the window of each is taken at the start.
    pub concurrency: usize,
    /// How many more may wait for that.
    pub queue: usize,
}

/// One language model.
#[derive(Debug, Clone)]
pub struct LanguageModel {
    /// What chains call it.
    pub name: String,
    /// Whose protocol it speaks.
    pub provider: ModelProvider,
    /// Its server, or its file.
    pub place: ModelPlace,
    /// The key for it.
    pub api_key: Option<Secret>,
    /// The model, as its provider calls it; on Azure, the deployment.
    pub model: String,
    /// The version of Azure's protocol.
    pub api_version: Option<String>,
    /// How freely it words its answers; `None` leaves it to the provider.
    pub temperature: Option<f64>,
    /// The longest answer, in tokens.
    pub max_tokens: u32,
    /// How many tokens it reads and writes together.
    pub window: u32,
    /// What a million tokens that it reads cost, in any one currency.
    pub input_price: f64,
    /// What a million tokens that it writes cost.
    pub output_price: f64,
    /// How long to wait for the first token.
    pub first_token_timeout: Duration,
    /// How long the whole answer may take.
    pub timeout: Duration,
}

/// The tables `[ai.models.NAME]`, by name.
#[derive(Debug, Clone, Default)]
pub struct LanguageModels(pub Vec<LanguageModel>);

impl Setting for LanguageModels {
    // A table may hold a key.
    const SHOWN: bool = false;

    fn kind() -> String {
        "a table for each model: `[ai.models.NAME]` with `provider` (`openai`, `azure`, `anthropic`, `gguf`), `model`, \
         `base_url`, `api_key` or `api_key_file`, `api_version`, `temperature`, `max_tokens`, `window_tokens`, \
         `first_token_timeout_seconds`, `timeout_seconds`, `input_price` and `output_price` of a million tokens; `gguf` is a \
         file in this process, with `path`, `threads`, `concurrency` and `queue` instead of an address and a key"
            .to_owned()
    }

    fn read(value: &Value) -> Result<Self, Unfit> {
        let mut problems = Vec::new();
        let tables = tables(value).ok_or_else(Self::unfit)?;
        let models = tables
            .into_iter()
            .filter_map(|(name, values)| read(name, Table::new(name, values), &mut problems));
        let models = models.collect();
        if problems.is_empty() {
            Ok(Self(models))
        } else {
            Err(Unfit(problems.join("; ")))
        }
    }

    fn show(&self) -> Option<String> {
        None
    }
}

fn read(name: &str, mut table: Table<'_>, problems: &mut Vec<String>) -> Option<LanguageModel> {
    let provider = table.field("provider", ModelProvider::OpenAi, &[]);
    let server = provider != ModelProvider::Gguf;
    let place = if server {
        server_at(&mut table, provider)
    } else {
        file(&mut table)
    };
    let model: Option<String> = table.field("model", None, &[when_set(not_blank())]);
    if model.is_none() {
        table.problem("model", "is missing");
    }
    let (api_key, api_version) = if server {
        let api_version = table.field("api_version", None, &[when_set(not_blank())]);
        (table.secret("api_key"), api_version)
    } else {
        (None, None)
    };
    let temperature = table.field("temperature", None, &[when_set(between(0.0, 2.0))]);
    let max_tokens = table.field("max_tokens", 2_000, &[between(1, 128_000)]);
    let window = table.field("window_tokens", 8_192, &[between(1_024, 10_000_000)]);
    let first_token_timeout = table.field(
        "first_token_timeout_seconds",
        Duration::from_secs(8),
        &[seconds(0.1, 300.0)],
    );
    let timeout = table.field("timeout_seconds", Duration::from_secs(20), &[seconds(0.1, 600.0)]);
    let input_price = table.field("input_price", 0.0, &[between(0.0, 1_000_000.0)]);
    let output_price = table.field("output_price", 0.0, &[between(0.0, 1_000_000.0)]);
    problems.extend(table.finish());
    Some(LanguageModel {
        name: name.to_owned(),
        provider,
        place: place?,
        api_key,
        model: model?,
        api_version,
        temperature,
        max_tokens,
        window,
        input_price,
        output_price,
        first_token_timeout,
        timeout,
    })
}

fn server_at(table: &mut Table<'_>, provider: ModelProvider) -> Option<ModelPlace> {
    let base_url: Option<HttpUrl> = table.field("base_url", None, &[]);
    let base_url = base_url.or_else(|| provider.own_url());
    if base_url.is_none() {
        table.problem("base_url", "is missing: Azure has an address for each customer");
    }
    base_url.map(ModelPlace::Server)
}

fn file(table: &mut Table<'_>) -> Option<ModelPlace> {
    let path: Option<PathBuf> = table.field("path", None, &[]);
    if path.is_none() {
        table.problem("path", "is missing: the model is a GGUF file");
    }
    let threads = table.field("threads", 1, &[between(1, 256)]);
    let concurrency = table.field("concurrency", 1, &[between(1, 64)]);
    let queue = table.field("queue", 4, &[between(0, 1_024)]);
    Some(ModelPlace::File(ModelFile {
        path: path?,
        threads,
        concurrency,
        queue,
    }))
}
