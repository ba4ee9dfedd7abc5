//! Language models of other companies, of one's own servers and in this process, behind [`ChatModel`].
//!
//! A provider is one file that knows its wire format, and one line in `PROVIDERS`. What all of them share is here
//! too: `net` (connections, and where they may lead), `http` (one address, deadlines), `refusal` (what errors mean), `json` (answers that come at once), `sse` (server-sent events), `stream` (a reply as it
//! arrives) and `calls` (tools that a reply asks for). Nothing here tries again: [`crate::router`] does.
//! `gguf`, only with the cargo feature of that name, needs no wire: it runs a file.
//!
//! Neither the key nor any text of a request, a reply or an error is ever logged.

mod anthropic;
mod calls;
#[cfg(feature = "gguf")]
mod gguf;
mod http;
mod json;
mod net;
mod openai;
mod refusal;
mod sse;
mod stream;
#[cfg(any(feature = "gguf", test))]
mod text;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use acs_core::secret::Secret;
use acs_domain::port::chat::ChatModel;

pub use anthropic::Anthropic;
pub(crate) use json::Asker;
pub use json::ServerOptions;
pub use net::Net;
pub(crate) use net::check_public;
pub use openai::OpenAi;

/// The providers by name.
const PROVIDERS: &[(&str, Connect)] = &[
    ("openai", |options| Ok(Arc::new(OpenAi::new(options)?))),
    ("azure", |options| Ok(Arc::new(OpenAi::on_azure(options)?))),
    ("anthropic", |options| Ok(Arc::new(Anthropic::new(options)?))),
    (IN_PROCESS, in_process),
];

/// The provider that is a file: nobody has a key for it.
const IN_PROCESS: &str = "gguf";

/// The providers of which everyone may have a server.
const OWN_ADDRESSES: [&str; 2] = ["openai", "azure"];

/// The version of Azure's protocol, where none is chosen.
const AZURE_API_VERSION: &str = "2024-10-21";

type Connect = fn(ModelOptions) -> Result<Arc<dyn ChatModel>, ConnectError>;

/// Which model to ask, where, and for how long.
#[derive(Debug, Clone)]
pub struct ModelOptions {
    /// The address under which the provider's paths lie: `https://api.openai.com/v1`.
    pub base_url: String,
    /// The key, where the provider wants one.
    pub api_key: Option<Secret>,
    /// The model, as the provider calls it; on Azure, the deployment.
    pub model: String,
    /// The version of the protocol, where the provider has several: Azure.
    pub api_version: Option<String>,
    /// How freely it words its replies; `None` leaves it to the provider.
    pub temperature: Option<f64>,
    /// The longest reply, in tokens; `None` leaves it to the provider.
    pub max_tokens: Option<u32>,
    /// How long the first words may take, from the request on.
    pub first_token_timeout: Duration,
    /// How long the whole reply may take, from the request on.
    pub timeout: Duration,
    /// The connections that are used.
    pub net: Net,
    /// The model's file, where it runs in this process.
    pub file: Option<FileOptions>,
}

/// A model's file, and what of this machine it may use.
#[derive(Debug, Clone)]
pub struct FileOptions {
    /// A GGUF file.
    pub path: PathBuf,
    /// How much it reads and writes at once, in tokens.
    pub window_tokens: u32,
    /// How many threads work at one reply.
    pub threads: usize,
    /// How many replies are written at a time, each with a context of its own.
    pub concurrency: usize,
    /// How many requests may wait; with more the model is overloaded.
    pub queue: usize,
}

/// Why a model cannot be asked at all: a mistake in its options, found at start.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// There is no such provider.
    #[error("there is no provider {0:?}; there are: {known}", known = names())]
    UnknownProvider(String),
    /// The address is not one of a web server.
    #[error("the address of the model's provider is not an http or https URL")]
    Address,
    /// The key holds characters that no header can.
    #[error("the key of the model's provider holds characters that cannot be sent")]
    Key,
    /// The process has chosen no cryptography for TLS.
    #[error("no cryptography provider for TLS is installed")]
    NoCryptography,
    /// The client could not be made.
    #[error("the client for the model's provider could not be made")]
    Client(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The program was built without it.
    #[error("its `provider` is `{0}`, and this program was built without the cargo feature `{0}`")]
    NotBuilt(&'static str),
    /// A model that runs in this process is a file, and none is named.
    #[error("its file is not named")]
    NoFile,
    /// The model's file cannot be used.
    #[error("its file {} cannot be used", path.display())]
    File {
        /// Where it was looked for.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// A model of the provider with this name. Asks nothing yet.
pub fn connect(provider: &str, options: ModelOptions) -> Result<Arc<dyn ChatModel>, ConnectError> {
    let (_, connect) = PROVIDERS
        .iter()
        .find(|(name, _)| *name == provider)
        .ok_or_else(|| ConnectError::UnknownProvider(provider.to_owned()))?;
    connect(options)
}

#[cfg(feature = "gguf")]
fn in_process(options: ModelOptions) -> Result<Arc<dyn ChatModel>, ConnectError> {
    Ok(Arc::new(gguf::Gguf::load(options)?))
}

#[cfg(not(feature = "gguf"))]
fn in_process(_: ModelOptions) -> Result<Arc<dyn ChatModel>, ConnectError> {
    Err(ConnectError::NotBuilt(IN_PROCESS))
}

/// Whether a model of this provider is asked with a key.
pub(crate) fn takes_key(provider: &str) -> bool {
    provider != IN_PROCESS
}

/// Whether a model of this provider may be asked at an address of one's own.
pub(crate) fn takes_own_address(provider: &str) -> bool {
    OWN_ADDRESSES.contains(&provider)
}

fn names() -> String {
    PROVIDERS
        .iter()
        .map(|(name, _)| *name)
        .collect::<Vec<_>>()
        .join(", ")
}
