//! Networks of BERT's form, run in this process: tokens in, a row of numbers for each token out. What the sentence model and
//! the personal-data model share.

use std::sync::Arc;

use rten::{Model, NodeId, RunOptions, ThreadPool};
use rten_tensor::NdTensor;
use tokenizers::{Tokenizer, TruncationParams};

use crate::Error;

/// A network with the places of its inputs and its output.
pub(crate) struct Transformer {
    network: Model,
    ids: NodeId,
    mask: NodeId,
    /// Not all have this input.
    types: Option<NodeId>,
    output: NodeId,
}

impl Transformer {
    /// A network that takes token ids and a mask, and maybe types. Fails for one of another form.
    pub(crate) fn new(network: Model) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self {
            ids: network.node_id("input_ids")?,
            mask: network.node_id("attention_mask")?,
            types: network.find_node("token_type_ids"),
            output: *network.output_ids().first().ok_or("the network has no output")?,
            network,
        })
    }

    /// The rows of one text's tokens: `[1, tokens, numbers]`. Nothing is padding, so the mask is all ones.
    pub(crate) fn run(&self, ids: Vec<i32>, threads: &Arc<ThreadPool>) -> Result<NdTensor<f32, 3>, Error> {
        let length = ids.len();
        let row = |values| NdTensor::from_data([1, length], values);
        let mut inputs = vec![
            (self.ids, row(ids).into()),
            (self.mask, row(vec![1; length]).into()),
        ];
        if let Some(types) = self.types {
            inputs.push((types, row(vec![0; length]).into()));
        }
        let mut options = RunOptions::default();
        options.thread_pool = Some(Arc::clone(threads));
        let [output] = self
            .network
            .run_n(inputs, [self.output], Some(options))
            .map_err(|error| Error::Run(error.into()))?;
        output.try_into().map_err(|error| Error::Run(Box::new(error)))
    }
}

/// A tokenizer that cuts texts off behind so many tokens, or nowhere.
pub(crate) fn tokenizer(bytes: &[u8], most: Option<usize>) -> Result<Tokenizer, tokenizers::Error> {
    let mut tokenizer = Tokenizer::from_bytes(bytes)?;
    tokenizer.with_padding(None);
    tokenizer.with_truncation(most.map(|max_length| TruncationParams {
        max_length,
        ..TruncationParams::default()
    }))?;
    // A customer who writes `[SEP]` writes five characters, not a mark of the model.
    tokenizer.set_encode_special_tokens(true);
    Ok(tokenizer)
}
