//! The sentence model: tokens in, unit vector out.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;

use acs_domain::knowledge::Vector;
use acs_domain::port::embed::Role;
use rten::{ModelOptions, ThreadPool};
use rten_tensor::NdTensorView;
use rten_tensor::prelude::*;
use sha2::{Digest, Sha256};
use tokenizers::Tokenizer;

use super::ModelFiles;
use super::reading::{Pooling, Reading};
use crate::Error;
use crate::transformer::{self, Transformer};

/// Bytes of a text that are looked at, for each token that the model reads. English has about five; what a text of
/// longer words loses at its end, it loses before a tokenizer spends time on it.
const BYTES_PER_TOKEN: usize = 32;

/// A loaded sentence model; shared by all its [`Encoder`]s.
pub struct SentenceModel {
    name: String,
    network: Transformer,
    tokenizer: Tokenizer,
    reading: Reading,
    dimensions: usize,
    strangers: f32,
    max_bytes: usize,
}

impl SentenceModel {
    /// Loads a model and tries it on one text, so that a file that does not fit is refused here and not at the first
    /// question. Takes tens of milliseconds.
    pub fn load(files: ModelFiles) -> Result<Arc<Self>, Error> {
        let ModelFiles {
            name,
            weights,
            tokenizer,
            reading,
            dimensions,
            strangers,
        } = files;
        let bad = |part| {
            let model = name.clone();
            move |source| Error::BadModel { model, part, source }
        };
        let version = version(&weights, &tokenizer, &reading);
        let tokenizer =
            transformer::tokenizer(&tokenizer, Some(reading.max_tokens)).map_err(bad("tokenizer"))?;
        let mut options = ModelOptions::with_all_ops();
        options.prepack_weights(true);
        let network = match weights {
            Cow::Borrowed(bytes) => options.load_static_slice(bytes),
            Cow::Owned(bytes) => options.load(bytes),
        }
        .map_err(|error| bad("weights")(error.into()))?;
        let network = Transformer::new(network).map_err(bad("weights"))?;
        let mut model = Self {
            name: format!("{name}@{version}"),
            network,
            tokenizer,
            max_bytes: reading.max_tokens * BYTES_PER_TOKEN,
            reading,
            dimensions: 0,
            strangers,
        };
        model.dimensions = model
            .run("ready?", &one_thread())
            .map_err(|error| bad("weights")(error.into()))?
            .len();
        if let Some(told) = dimensions.filter(|told| *told != model.dimensions) {
            let reason = format!(
                "its vectors have {} numbers, and hidden_size says {told}",
                model.dimensions
            );
            return Err(bad("weights")(reason.into()));
        }
        Ok(Arc::new(model))
    }

    /// The model's name with the first digits of its files' SHA-256: vectors of other weights never meet these.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The length of its vectors.
    #[must_use]
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// The cosine that it gives a question and a text on another subject.
    #[must_use]
    pub fn strangers(&self) -> f32 {
        self.strangers
    }

    /// The text as the model is given it: behind its prompt, if the model has one for this role.
    #[must_use]
    pub fn prompted(&self, text: String, role: Role) -> String {
        self.reading.prompted(text, role)
    }

    /// Tokens of a text as the model counts them, its two marks included, up to the most that it reads.
    pub fn count_tokens(&self, text: &str) -> Result<usize, Error> {
        Ok(self.tokens(text)?.len())
    }

    fn tokens(&self, text: &str) -> Result<Vec<i32>, Error> {
        let seen = &text[..text.floor_char_boundary(self.max_bytes)];
        let encoding = self.tokenizer.encode_fast(seen, true).map_err(Error::Run)?;
        // Ids are below the vocabulary's size, far from the sign bit.
        Ok(encoding.get_ids().iter().map(|&id| id.cast_signed()).collect())
    }

    fn run(&self, text: &str, threads: &Arc<ThreadPool>) -> Result<Vector, Error> {
        let states = self.network.run(self.tokens(text)?, threads)?;
        Ok(pool(states.view(), self.reading.pooling))
    }
}

impl std::fmt::Debug for SentenceModel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SentenceModel")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// A model with a thread to run on: one for each thread that embeds. More compute threads than cores would slow all
/// of them down, so one inference takes one thread, and inferences run side by side.
#[derive(Debug, Clone)]
pub struct Encoder {
    model: Arc<SentenceModel>,
    threads: Arc<ThreadPool>,
}

impl Encoder {
    /// An encoder with a compute thread of its own.
    #[must_use]
    pub fn new(model: Arc<SentenceModel>) -> Self {
        Self {
            model,
            threads: one_thread(),
        }
    }

    /// What its model is called.
    #[must_use]
    pub fn name(&self) -> &str {
        self.model.name()
    }

    /// The meaning of a text as a unit vector. About 1.5 ms for a question with the bundled model: keep it off async
    /// threads.
    pub fn encode(&self, text: &str, role: Role) -> Result<Vector, Error> {
        self.encode_prompted(&self.model.prompted(text.to_owned(), role))
    }

    /// The meaning of a text that stands behind its prompt already.
    pub(super) fn encode_prompted(&self, text: &str) -> Result<Vector, Error> {
        self.model.run(text, &self.threads)
    }
}

fn one_thread() -> Arc<ThreadPool> {
    Arc::new(ThreadPool::with_num_threads(1))
}

/// The first digits of the SHA-256 of all that a vector depends on.
fn version(weights: &[u8], tokenizer: &[u8], reading: &Reading) -> String {
    let digest = Sha256::new()
        .chain_update(weights)
        .chain_update(tokenizer)
        .chain_update(reading.mark())
        .finalize();
    digest.iter().take(6).fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The text's vector of its tokens', as a unit vector. No token is padding, so the attention mask is all ones.
fn pool(states: NdTensorView<'_, f32, 3>, pooling: Pooling) -> Vector {
    let [_, tokens, dimensions] = states.shape();
    let states = states.to_contiguous();
    let counted = match pooling {
        Pooling::Mean => tokens,
        Pooling::First => 1,
    };
    let mut sum = vec![0.0_f32; dimensions];
    for token in states.data().chunks_exact(dimensions.max(1)).take(counted) {
        for (total, value) in sum.iter_mut().zip(token) {
            *total += value;
        }
    }
    let norm = sum
        .iter()
        .map(|v| v * v)
        .sum::<f32>()
        .sqrt()
        .max(f32::MIN_POSITIVE);
    sum.iter().map(|v| v / norm).collect()
}
