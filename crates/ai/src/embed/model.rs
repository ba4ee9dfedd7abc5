//! The sentence model: tokens in, unit vector out.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;

use acs_domain::knowledge::Vector;
use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool};
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, NdTensorView};
use sha2::{Digest, Sha256};
use tokenizers::{Tokenizer, TruncationParams};

use super::ModelFiles;
use crate::Error;

/// Bytes of a text that are looked at, for each token that the model reads. English has about five; what a text of
/// longer words loses at its end, it loses before a tokenizer spends time on it.
const BYTES_PER_TOKEN: usize = 32;

/// A loaded sentence model; shared by all its [`Encoder`]s.
pub struct SentenceModel {
    name: String,
    network: Model,
    tokenizer: Tokenizer,
    inputs: Inputs,
    output: NodeId,
    dimensions: usize,
    max_bytes: usize,
}

/// The places of the network's inputs.
struct Inputs {
    ids: NodeId,
    mask: NodeId,
    types: Option<NodeId>,
}

impl SentenceModel {
    /// Loads a model and tries it on one text, so that a file that does not fit is refused here and not at the first
    /// question. Takes tens of milliseconds.
    pub fn load(files: ModelFiles) -> Result<Arc<Self>, Error> {
        let ModelFiles {
            name,
            weights,
            tokenizer,
            max_tokens,
        } = files;
        let bad = |part| {
            let model = name.clone();
            move |source| Error::BadModel { model, part, source }
        };
        let version = version(&weights, &tokenizer);
        let tokenizer = read_tokenizer(&tokenizer, max_tokens).map_err(bad("tokenizer"))?;
        let mut options = ModelOptions::with_all_ops();
        options.prepack_weights(true);
        let network = match weights {
            Cow::Borrowed(bytes) => options.load_static_slice(bytes),
            Cow::Owned(bytes) => options.load(bytes),
        }
        .map_err(|error| bad("weights")(error.into()))?;

        let input = |id| network.node_id(id).map_err(|error| bad("weights")(error.into()));
        let inputs = Inputs {
            ids: input("input_ids")?,
            mask: input("attention_mask")?,
            types: network.find_node("token_type_ids"),
        };
        let output = *network
            .output_ids()
            .first()
            .ok_or_else(|| bad("weights")("the network has no output".into()))?;
        let mut model = Self {
            name: format!("{name}@{version}"),
            network,
            tokenizer,
            inputs,
            output,
            dimensions: 0,
            max_bytes: max_tokens * BYTES_PER_TOKEN,
        };
        model.dimensions = model
            .run("ready?", &one_thread())
            .map_err(|error| bad("weights")(error.into()))?
            .len();
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
        let failed = |error: rten::RunError| Error::Run(error.into());
        let ids = self.tokens(text)?;
        let length = ids.len();
        let row = |values| NdTensor::from_data([1, length], values);
        let mut inputs = vec![
            (self.inputs.ids, row(ids).into()),
            (self.inputs.mask, row(vec![1; length]).into()),
        ];
        if let Some(types) = self.inputs.types {
            inputs.push((types, row(vec![0; length]).into()));
        }
        let mut options = RunOptions::default();
        options.thread_pool = Some(Arc::clone(threads));
        let [output] = self
            .network
            .run_n(inputs, [self.output], Some(options))
            .map_err(failed)?;
        let states: NdTensor<f32, 3> = output.try_into().map_err(|error| Error::Run(Box::new(error)))?;
        Ok(pool(states.view()))
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

    /// The meaning of a text as a unit vector. About 1.5 ms for a question: keep it off async threads.
    pub fn encode(&self, text: &str) -> Result<Vector, Error> {
        self.model.run(text, &self.threads)
    }
}

fn one_thread() -> Arc<ThreadPool> {
    Arc::new(ThreadPool::with_num_threads(1))
}

fn read_tokenizer(bytes: &[u8], max_tokens: usize) -> Result<Tokenizer, tokenizers::Error> {
    let mut tokenizer = Tokenizer::from_bytes(bytes)?;
    tokenizer.with_padding(None);
    tokenizer.with_truncation(Some(TruncationParams {
        max_length: max_tokens,
        ..TruncationParams::default()
    }))?;
    // A customer who writes `[SEP]` writes five characters, not a mark of the model.
    tokenizer.set_encode_special_tokens(true);
    Ok(tokenizer)
}

/// The first digits of the SHA-256 of all that a vector depends on.
fn version(weights: &[u8], tokenizer: &[u8]) -> String {
    let digest = Sha256::new()
        .chain_update(weights)
        .chain_update(tokenizer)
        .finalize();
    digest.iter().take(6).fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The mean of the tokens' vectors, as a unit vector. No token is padding, so the attention mask is all ones.
fn pool(states: NdTensorView<'_, f32, 3>) -> Vector {
    let [_, tokens, dimensions] = states.shape();
    let states = states.to_contiguous();
    let mut sum = vec![0.0_f32; dimensions];
    for token in states.data().chunks_exact(dimensions).take(tokens) {
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
