//! The network: tokens in, what each may be part of out.

use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use rten::{ModelOptions, ThreadPool};
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, NdTensorView};
use serde::Deserialize;
use tokenizers::Tokenizer;

use super::PersonalData;
use super::decode::{self, Part, Word};
use crate::Error;
use crate::transformer::{self, Transformer};

/// The bundled weights.
pub(crate) static WEIGHTS: &[u8] = include_bytes!("../../../../models/rampart-pii/model_q4.onnx");

const NAME: &str = "rampart-pii";
/// Tokens of a text that are read together, without the two marks around them.
const WINDOW: usize = 254;
/// Tokens that two windows share: half of them are read with what stands before, half with what comes behind.
const OVERLAP: usize = 32;
/// Bytes of a text that are read: those of 5,000 code points.
const MOST_BYTES: usize = 20_000;

/// A loaded model, shared by the threads that run it.
pub struct PersonalDataModel {
    network: Transformer,
    tokenizer: Tokenizer,
    /// What each output stands for, and whether it begins a thing.
    labels: Vec<(Part, bool)>,
    first: i32,
    last: i32,
}

/// What is read of the model's `config.json`.
#[derive(Deserialize)]
struct Config {
    id2label: std::collections::BTreeMap<usize, String>,
}

impl PersonalDataModel {
    /// Loads the model that is part of the program and tries it on one text. Takes tens of milliseconds.
    pub fn bundled() -> Result<Arc<Self>, Error> {
        let bad = |part| {
            move |source| Error::BadModel {
                model: NAME.into(),
                part,
                source,
            }
        };
        let config: Config =
            serde_json::from_slice(include_bytes!("../../../../models/rampart-pii/config.json"))
                .map_err(|error| bad("config")(error.into()))?;
        let tokenizer = include_bytes!("../../../../models/rampart-pii/tokenizer.json");
        let tokenizer = transformer::tokenizer(tokenizer, None).map_err(bad("tokenizer"))?;
        let mark = |token: &str| {
            let id = tokenizer.token_to_id(token);
            id.map(u32::cast_signed)
                .ok_or_else(|| bad("tokenizer")(format!("there is no {token}").into()))
        };
        let (first, last) = (mark("[CLS]")?, mark("[SEP]")?);

        let mut options = ModelOptions::with_all_ops();
        options.prepack_weights(true);
        let network = options
            .load_static_slice(WEIGHTS)
            .map_err(|error| bad("weights")(error.into()))?;
        let model = Self {
            network: Transformer::new(network).map_err(bad("weights"))?,
            tokenizer,
            labels: config
                .id2label
                .values()
                .map(|label| Part::of_label(label))
                .collect(),
            first,
            last,
        };
        let threads = Arc::new(ThreadPool::with_num_threads(1));
        model
            .find("ready?", &threads, None)
            .map_err(|error| bad("weights")(error.into()))?;
        Ok(Arc::new(model))
    }

    /// The personal data in a text, in its order, and whether all of it was read before the deadline. About 0.3 ms a
    /// token: keep it off async threads.
    pub fn find(
        &self,
        text: &str,
        threads: &Arc<ThreadPool>,
        until: Option<Instant>,
    ) -> Result<(Vec<PersonalData>, bool), Error> {
        let seen = &text[..text.floor_char_boundary(MOST_BYTES)];
        let encoding = self.tokenizer.encode(seen, false).map_err(Error::Run)?;
        let ids = encoding.get_ids();
        let mut words: Vec<Word> = Vec::new();
        let mut whole = seen.len() == text.len();
        let mut read_to = 0;
        let mut start = 0;
        while start < ids.len() {
            if start > 0 && until.is_some_and(|until| Instant::now() >= until) {
                whole = false;
                break;
            }
            let end = ids.len().min(start + WINDOW);
            let scores = self.run(&ids[start..end], threads)?;
            // The shared tokens' second half is read with the next window.
            let stop = if end == ids.len() { end } else { end - OVERLAP / 2 };
            for token in read_to..stop {
                let (from, to) = encoding.get_offsets()[token];
                let same_word =
                    token > 0 && encoding.get_word_ids()[token] == encoding.get_word_ids()[token - 1];
                let shares = self.shares(scores.view(), token - start);
                match words.last_mut().filter(|_| same_word) {
                    Some(word) => word.extend(to, &shares),
                    None => words.push(Word::new(Range { start: from, end: to }, shares)),
                }
            }
            read_to = stop;
            start = if end == ids.len() { end } else { end - OVERLAP };
        }
        Ok((decode::things(seen, &words), whole))
    }

    /// The scores of each label for each token, the marks around them left out.
    fn run(&self, ids: &[u32], threads: &Arc<ThreadPool>) -> Result<NdTensor<f32, 3>, Error> {
        let length = ids.len() + 2;
        let scores = self.network.run(row_ids(self.first, ids, self.last), threads)?;
        if scores.shape() != [1, length, self.labels.len()] {
            return Err(Error::Run("the network's output has another shape".into()));
        }
        Ok(scores)
    }

    /// How likely a token is part of each kind of thing, and how likely it begins one.
    fn shares(&self, scores: NdTensorView<'_, f32, 3>, token: usize) -> decode::Shares {
        // The first row is the mark's.
        let row: Vec<f32> = (0..self.labels.len())
            .map(|label| scores[[0, token + 1, label]])
            .collect();
        let most = row.iter().copied().fold(f32::MIN, f32::max);
        let sum: f32 = row.iter().map(|score| (score - most).exp()).sum();
        let mut shares = decode::Shares::default();
        for (score, (part, begins)) in row.iter().zip(&self.labels) {
            shares.add(*part, *begins, (score - most).exp() / sum);
        }
        shares
    }
}

fn row_ids(first: i32, ids: &[u32], last: i32) -> Vec<i32> {
    // Ids are below the vocabulary's size, far from the sign bit.
    let ids = ids.iter().map(|&id| id.cast_signed());
    std::iter::once(first).chain(ids).chain([last]).collect()
}

impl std::fmt::Debug for PersonalDataModel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PersonalDataModel").finish_non_exhaustive()
    }
}
