//! The adapter for models on servers: OpenAI's `POST /v1/embeddings`, which many servers speak (vLLM, Ollama, LiteLLM, TEI).
//!
//! The same text gives the same vector as long as the server's model is the same: it is asked at the start how long its vectors
//! are, and a vector of another length is refused ever after. What customers say is sent without personal data, as rules find it.

use std::time::Duration;

use acs_domain::knowledge::Vector;
use acs_domain::port::chat::ModelError;
use acs_domain::port::embed::{EmbedError, Embedder, Role};
use async_trait::async_trait;
use futures::stream::{self, StreamExt, TryStreamExt};
use moka::sync::Cache;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use super::QUESTION_TEXTS;
use crate::provider::{Asker, ConnectError, ServerOptions};
use crate::understand::entity::mask::RuleMasker;

/// Vectors that are remembered.
const CACHE: u64 = 16_384;
/// The characters of a text that are sent: about what the servers' models read.
const MAX_CHARS: usize = 16_000;

/// A model that embeds on a server.
#[derive(Clone)]
pub struct RemoteOptions {
    /// The server and its model.
    pub server: ServerOptions,
    /// The length of a vector, if it is known.
    pub dimensions: Option<usize>,
    /// So many texts are sent at once at the most.
    pub batch: usize,
    /// What the model wants to read before a question.
    pub question_prefix: String,
    /// What it wants to read before what may answer.
    pub passage_prefix: String,
    /// The cosine that it gives texts on different subjects.
    pub strangers: f32,
}

/// Why a server's model cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// It cannot be asked at all.
    #[error("the embedding server cannot be asked")]
    Connect(#[from] ConnectError),
    /// It gave no vector.
    #[error("the embedding server gave no vector for a first text")]
    NoVector(#[source] ModelError),
    /// Its vectors are not as long as they should be.
    #[error("the embedding server's vectors have {is} dimensions, not {told}")]
    Dimensions {
        /// As it was told.
        told: usize,
        /// As it is.
        is: usize,
    },
}

/// Embeds with a model on a server.
pub struct RemoteEmbedder {
    name: String,
    dimensions: usize,
    options: RemoteOptions,
    asker: Asker,
    /// The same, while somebody waits.
    hurried: Asker,
    cache: Cache<[u8; 32], Vector>,
    /// Places for questions, which never wait behind imports.
    questions: Semaphore,
    /// Places for everything else.
    bulk: Semaphore,
}

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    input: &'a [String],
    encoding_format: &'static str,
}

#[derive(Deserialize)]
struct Answer {
    data: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    index: usize,
    embedding: Vec<f32>,
}

impl RemoteEmbedder {
    /// Asks the server for the vector of a first text. One that is only away now is taken at its word, if it is told how long
    /// its vectors are.
    pub async fn connect(options: RemoteOptions) -> Result<Self, RemoteError> {
        let asker = Asker::new(&options.server, "embeddings")?;
        let at_once = options.server.at_once.max(1);
        let mut embedder = Self {
            name: name(&options),
            dimensions: 0,
            hurried: asker.hurried(),
            asker,
            cache: Cache::new(CACHE),
            questions: Semaphore::new(at_once),
            bulk: Semaphore::new(at_once),
            options,
        };
        let first = embedder.ask(&embedder.hurried, &["ready?".to_owned()]).await;
        let is = first.map(|vectors| vectors.first().map_or(0, Vec::len));
        embedder.dimensions = match (is, embedder.options.dimensions) {
            (Ok(is), Some(told)) if is != told => return Err(RemoteError::Dimensions { told, is }),
            (Ok(is), _) => is,
            (
                Err(ModelError::Timeout(_) | ModelError::RateLimited { .. } | ModelError::Failed { .. }),
                Some(told),
            ) => {
                tracing::warn!(
                    model = embedder.name,
                    "the embedding server is away: until it is there, words alone find"
                );
                told
            }
            (Err(error), _) => return Err(RemoteError::NoVector(error)),
        };
        Ok(embedder)
    }

    fn prompted(&self, text: &str, role: Role) -> String {
        let prefix = match role {
            Role::Question => &self.options.question_prefix,
            Role::Passage => &self.options.passage_prefix,
        };
        prefix.chars().chain(text.chars().take(MAX_CHARS)).collect()
    }

    /// The texts as they are sent.
    async fn prepared(&self, texts: Vec<String>, role: Role) -> Result<Vec<String>, EmbedError> {
        let texts = match role {
            Role::Passage => texts,
            Role::Question => {
                let masked = tokio::task::spawn_blocking(move || {
                    let masked = |text: &String| RuleMasker::masked(&[text]).texts;
                    texts.iter().flat_map(masked).collect()
                });
                masked.await.map_err(|error| EmbedError::Failed(error.into()))?
            }
        };
        Ok(texts.iter().map(|text| self.prompted(text, role)).collect())
    }

    /// The vectors of some texts, as the server gives them.
    async fn ask(&self, asker: &Asker, texts: &[String]) -> Result<Vec<Vec<f32>>, ModelError> {
        let body = Body {
            model: &self.options.server.model,
            input: texts,
            encoding_format: "float",
        };
        let Answer { data } = asker.ask(&body).await?;
        in_order(data, texts.len()).ok_or_else(|| broken("the vectors are not those of the texts"))
    }

    async fn embed_batch(&self, texts: Vec<String>, places: &Semaphore) -> Result<Vec<Vector>, EmbedError> {
        let _place = places.acquire().await.map_err(|_closed| EmbedError::Stopped)?;
        self.embed_in_place(&self.asker, &texts).await
    }

    /// The vectors of texts that have got their place.
    async fn embed_in_place(&self, asker: &Asker, texts: &[String]) -> Result<Vec<Vector>, EmbedError> {
        let given = self
            .ask(asker, texts)
            .await
            .map_err(|error| EmbedError::Failed(error.into()))?;
        let vectors: Option<Vec<Vector>> = given
            .into_iter()
            .map(|vector| unit(vector, self.dimensions))
            .collect();
        let vectors = vectors
            .ok_or_else(|| EmbedError::Failed(broken("a vector is of another length, or none").into()))?;
        for (text, vector) in texts.iter().zip(&vectors) {
            self.cache.insert(key(text), vector.clone());
        }
        Ok(vectors)
    }

    async fn place(&self, within: Duration) -> Result<SemaphorePermit<'_>, EmbedError> {
        match timeout(within, self.questions.acquire()).await {
            Ok(place) => place.map_err(|_closed| EmbedError::Stopped),
            Err(_late) => Err(EmbedError::Busy),
        }
    }
}

#[async_trait]
impl Embedder for RemoteEmbedder {
    fn model(&self) -> &str {
        &self.name
    }

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    fn strangers(&self) -> f32 {
        self.options.strangers
    }

    async fn embed(&self, texts: Vec<String>, role: Role) -> Result<Vec<Vector>, EmbedError> {
        let places = if texts.len() <= QUESTION_TEXTS {
            &self.questions
        } else {
            &self.bulk
        };
        let texts = self.prepared(texts, role).await?;
        let mut vectors: Vec<Option<Vector>> = texts.iter().map(|text| self.cache.get(&key(text))).collect();
        let unknown = vectors.iter().zip(texts).filter(|(known, _)| known.is_none());
        let unknown: Vec<String> = unknown.map(|(_, text)| text).collect();
        let batches: Vec<Vec<String>> = unknown
            .chunks(self.options.batch.max(1))
            .map(<[String]>::to_vec)
            .collect();
        let given: Vec<Vec<Vector>> = stream::iter(batches)
            .map(|batch| self.embed_batch(batch, places))
            .buffered(self.options.server.at_once.max(1))
            .try_collect()
            .await?;
        let missing = vectors.iter_mut().filter(|vector| vector.is_none());
        for (place, vector) in missing.zip(given.into_iter().flatten()) {
            *place = Some(vector);
        }
        Ok(vectors.into_iter().flatten().collect())
    }

    async fn embed_soon(&self, text: String, role: Role, within: Duration) -> Result<Vector, EmbedError> {
        let texts = self.prepared(vec![text], role).await?;
        if let Some(known) = texts.first().and_then(|text| self.cache.get(&key(text))) {
            return Ok(known);
        }
        let _place = self.place(within).await?;
        let vectors = self.embed_in_place(&self.hurried, &texts).await?;
        vectors
            .into_iter()
            .next()
            .ok_or_else(|| EmbedError::Failed(broken("there is no vector").into()))
    }
}

/// What vectors of the model are known by: other prefixes make others of them.
fn name(options: &RemoteOptions) -> String {
    let prefixes = [&options.question_prefix, &options.passage_prefix];
    let digest = Sha256::digest(prefixes.map(String::as_str).join("\n"));
    let version: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("{}@remote-{version}", options.server.model)
}

fn key(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

fn broken(reason: &str) -> ModelError {
    ModelError::Broken(reason.to_owned())
}

/// The vectors in the order of their texts; `None` unless each text has one.
fn in_order(items: Vec<Item>, texts: usize) -> Option<Vec<Vec<f32>>> {
    let mut vectors = vec![None; texts];
    for item in items {
        let place = vectors.get_mut(item.index).filter(|place| place.is_none())?;
        *place = Some(item.embedding);
    }
    vectors.into_iter().collect()
}

/// The vector at length one; `None` if it has another number of dimensions, or no direction.
fn unit(vector: Vec<f32>, dimensions: usize) -> Option<Vector> {
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    let usable = vector.len() == dimensions && length.is_finite() && length > 0.0;
    usable.then(|| vector.into_iter().map(|x| x / length).collect())
}
