//! Where a model's bytes come from.

use std::borrow::Cow;
use std::path::Path;

use super::folder;
use super::reading::Reading;
use crate::Error;

/// A sentence model, not yet loaded.
#[derive(Debug, Clone)]
pub struct ModelFiles {
    /// What it is called: the folder's name, or `name` in its `config.json`.
    pub(super) name: String,
    /// ONNX.
    pub(super) weights: Cow<'static, [u8]>,
    /// The `tokenizer.json` of the tokenizers library.
    pub(super) tokenizer: Cow<'static, [u8]>,
    /// How it reads a text.
    pub(super) reading: Reading,
    /// The length of its vectors, where the folder says it: the network must agree.
    pub(super) dimensions: Option<usize>,
    /// The cosine of texts on different subjects.
    pub(super) strangers: f32,
}

impl ModelFiles {
    /// The model that is part of the program: all-MiniLM-L6-v2, int8, English. Its licence and notice lie beside its
    /// weights, its figures in `docs/models/all-minilm-l6-v2-int8.md`.
    #[must_use]
    pub fn bundled() -> Self {
        Self {
            name: "all-minilm-l6-v2-int8".into(),
            weights: Cow::Borrowed(include_bytes!("../../models/all-minilm-l6-v2-int8/model.onnx")),
            tokenizer: Cow::Borrowed(include_bytes!(
                "../../models/all-minilm-l6-v2-int8/tokenizer.json"
            )),
            reading: Reading::default(),
            dimensions: None,
            strangers: 0.0,
        }
    }

    /// Reads a model from a folder as sentence-transformers lays it out, for networks of BERT's or XLM-RoBERTa's form:
    ///
    /// | file | what is read of it |
    /// |---|---|
    /// | `model.onnx` | takes `input_ids`, `attention_mask` and perhaps `token_type_ids`; its first output holds a vector for each token |
    /// | `tokenizer.json` | all |
    /// | `config.json`, if there is one | `name`, `model_type`, `hidden_size`, `max_position_embeddings`, `pad_token_id`, `max_tokens`, `strangers_cosine` (of texts on different subjects; 0 unless the model keeps all its vectors close together) |
    /// | `sentence_bert_config.json`, if there is one | `max_seq_length`, unless there is `max_tokens` |
    /// | `config_sentence_transformers.json`, if there is one | `prompts`: `query` before questions, `passage` or `document` before what may answer them |
    /// | `1_Pooling/config.json`, if there is one | `pooling_mode_mean_tokens` or `pooling_mode_cls_token`; without it, the mean |
    pub fn read(folder: &Path) -> Result<Self, Error> {
        let settings = folder::Settings::read(folder)?;
        Ok(Self {
            name: settings.name,
            weights: Cow::Owned(folder::bytes(folder, "model.onnx")?),
            tokenizer: Cow::Owned(folder::bytes(folder, "tokenizer.json")?),
            reading: settings.reading,
            dimensions: settings.dimensions,
            strangers: settings.strangers,
        })
    }
}
